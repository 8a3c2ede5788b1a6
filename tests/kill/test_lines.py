"""A line that is silent: what becomes of requests meanwhile, and what their senders hear in the end."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from tests.kill.lines import Line


@pytest.mark.parametrize(("takes", "status", "taken"), [(True, 200, 2), (False, 502, 1)])
async def test_a_silent_line_answers_in_the_end(takes: bool, status: int, taken: int):
    asked = []

    async def simulator(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        await PlainTextResponse("done")(scope, receive, send)

    line = Line(lambda: simulator)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(line), base_url="http://line.test") as http:
        assert (await http.post("/first")).status_code == 200
        line.shut(takes=takes)
        waiting = asyncio.create_task(http.post("/second"))
        done, _ = await asyncio.wait([waiting], timeout=0.01)
        assert not done
        line.open()
        assert (await waiting).status_code == status
    assert len(asked) == taken
