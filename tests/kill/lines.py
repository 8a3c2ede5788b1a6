"""The functions' way to a simulator, which may be silent for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Line:
    """Passes requests on to the application that `leads_to` names.

    While it is silent nobody gets an answer: what comes in is not passed on, or (`takes`) it is, and its answer is
    kept back. Who is kept waiting hears an error at the end of the silence, if he is still there.
    """

    def __init__(self, leads_to: Callable[[], ASGIApp]) -> None:
        self._leads_to = leads_to
        self._open = asyncio.Event()
        self._open.set()
        self._takes = False

    def shut(self, *, takes: bool) -> None:
        self._takes = takes
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._open.is_set():
            await self._leads_to()(scope, receive, send)
            return
        if self._takes:
            with suppress(Exception):
                await self._leads_to()(scope, receive, _nowhere)
        await self._open.wait()
        await send({"type": "http.response.start", "status": 502, "headers": []})
        await send({"type": "http.response.body", "body": b"bad gateway"})


async def _nowhere(_: Message) -> None:
    """Keep an answer back."""
