"""The functions' way to a simulator, which may be silent for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Line:
    """Passes requests on to the application that `leads_to` names.

    While it is silent nobody gets an answer: what comes in is not passed on and ends as a 502, or (`takes`) it is, and
    its answer comes when the silence is over.
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
        kept: list[Message] = []
        if self._takes:
            await self._leads_to()(scope, receive, _keeping(kept))
        await self._open.wait()
        for message in kept or BAD_GATEWAY:
            await send(message)


BAD_GATEWAY: list[Message] = [
    {"type": "http.response.start", "status": 502, "headers": []},
    {"type": "http.response.body", "body": b"bad gateway"},
]


def _keeping(kept: list[Message]) -> Send:
    async def keep(message: Message) -> None:
        kept.append(message)

    return keep
