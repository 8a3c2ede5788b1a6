"""The pages of the show and what they ask for, beside the chat page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from infra.local.show.machine import Machine
from infra.local.show.picture import picture
from infra.local.show.records import records_of
from infra.local.show.stories import STORIES
from infra.local.show.theatre import Theatre
from infra.local.show.thread import thread
from infra.local.show.weather import Weather, crowd

STATIC = Path(__file__).parent / "static"
POLICY = "default-src 'self'; img-src 'self' data:; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"

PAUSE = 0.25
"""Real seconds between two pictures of a stream."""

STILL = 1.0
"""Real seconds after which a picture is sent although nothing happened: time went on."""


class ShowPages:
    """The machine room at `/room`. From the first look on, log lines are kept too."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._open = ExitStack()
        self._listening = False
        self._weather = Weather(machine)
        self._theatre = Theatre(machine)

    def routes(self) -> list[Route | Mount]:
        """Return the routes."""
        return [
            Route("/room", self._page),
            Route("/room/owner", self._owner),
            Mount("/room/static", StaticFiles(directory=STATIC)),
            Route("/room/picture", self._picture),
            Route("/room/stream", self._stream),
            Route("/room/thread", self._thread),
            Route("/room/records", self._records),
            Route("/room/bill", self._bill),
            Route("/room/dialect", self._swap, methods=["POST"]),
            Route("/room/weather", self._switch, methods=["POST"]),
            Route("/room/crowd", self._crowd, methods=["POST"]),
            Route("/room/story", self._play, methods=["POST"]),
        ]

    async def close(self) -> None:
        """End what is played, and let go of the log."""
        await self._theatre.stop()
        self._open.close()

    def _look(self) -> None:
        if not self._listening:
            self._listening = True
            self._open.enter_context(self._machine.recorder.listening(self._machine.secrets))

    async def _page(self, _: Request) -> Response:
        self._look()
        return FileResponse(STATIC / "room.html", headers={"Content-Security-Policy": POLICY})

    async def _owner(self, _: Request) -> Response:
        return FileResponse(STATIC / "owner.html", headers={"Content-Security-Policy": POLICY})

    async def _picture(self, _: Request) -> Response:
        self._look()
        return JSONResponse(self._now())

    async def _stream(self, _: Request) -> Response:
        """Server-sent events: a picture whenever something has happened, and at least once a second."""
        self._look()
        return StreamingResponse(
            self._pictures(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _pictures(self) -> AsyncIterator[str]:
        shown, waited = (-1, -1), STILL
        while True:
            changes = (self._machine.recorder.changes, self._theatre.changes)
            if changes != shown or waited >= STILL:
                yield f"data: {json.dumps(self._now(), ensure_ascii=False)}\n\n"
                shown, waited = changes, 0.0
            await asyncio.sleep(PAUSE)
            waited += PAUSE

    def _now(self) -> dict[str, Any]:
        portal = {"dialect": self._machine.dialect, "swaps": self._machine.swap is not None}
        return {
            **picture(self._machine),
            "portal": portal,
            "masters": self._machine.telegram is not None,
            "weather": self._weather.view(),
            "story": self._theatre.view(),
        }

    async def _bill(self, _: Request) -> Response:
        """What can be played here."""
        return JSONResponse(self._theatre.bill())

    async def _switch(self, request: Request) -> Response:
        """`{"name", "on"}`: one switch of the weather."""
        wanted = await request.json()
        try:
            self._weather.switch(str(wanted["name"]), on=wanted["on"] is True)
        except (KeyError, TypeError):
            return _unknown("weather")
        return JSONResponse(self._weather.view())

    async def _crowd(self, _: Request) -> Response:
        """Let 200 masters come at once."""
        if self._machine.telegram is None:
            return _unknown("crowd")
        crowd(self._machine)
        return JSONResponse({})

    async def _play(self, request: Request) -> Response:
        """`{"name"}` begins a story in good weather; an empty name ends the one that is on."""
        name = str((await request.json()).get("name", ""))
        if not name:
            await self._theatre.stop()
        elif self._theatre.open and name in STORIES:
            self._weather.clear()
            await self._theatre.play(name)
        else:
            return _unknown("story")
        return JSONResponse(self._theatre.view())

    async def _swap(self, _: Request) -> Response:
        """Begin anew with a portal of the other dialect."""
        if self._machine.swap is None:
            return _unknown("dialect")
        self._machine.swap()
        return JSONResponse({})

    async def _records(self, request: Request) -> Response:
        """`?order=`: what the functions remember of it."""
        order_id = request.query_params.get("order", "")
        return JSONResponse(await records_of(self._machine.recorder, self._machine.store(), order_id))

    async def _thread(self, request: Request) -> Response:
        """`?update=`, `?job=` or `?span=`: the way of one event."""
        query = request.query_params
        span = query.get("span", "")
        found = thread(
            self._machine.recorder,
            update=query.get("update", ""),
            job=query.get("job", ""),
            span=int(span) if span.isdecimal() else 0,
        )
        return JSONResponse(found)


def _unknown(what: str) -> Response:
    return JSONResponse({"error": f"no such {what}"}, 404)


def beside(pages: ShowPages, chat_page: ASGIApp | None) -> ASGIApp:
    """Return one application: the show's pages, and the chat page where there is one."""
    rest = [Mount("/", chat_page)] if chat_page else []
    return Starlette(routes=[*pages.routes(), *rest])
