"""The line to the simulated portal: in-process, and as unreliable as the weather has it.

The portal works in a task of its own, as a server does: a client that gives up or dies does not stop it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.clock import LoopClock

REFUSED = "connection refused"
TORN_BEFORE = "torn while sending"
TORN_DURING = "torn while the portal works"
LOST_ANSWER = "answer lost"


@dataclass
class Wire(httpx.AsyncBaseTransport):
    """`rates` has, per kind of request (`read`, `write`, else), the probability of each trouble.

    `before` is called with each request that reaches the portal, before it does. `events` takes what the portal tells
    the bot, at its host.
    """

    clock: LoopClock
    dice: random.Random
    app: Any = None
    rates: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    before: Callable[[httpx.Request], Awaitable[None]] | None = None
    events: Mapping[str, Callable[[httpx.Request], Awaitable[httpx.Response]]] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    crashes: list[BaseException] = field(default_factory=list)
    _serving: set[asyncio.Task[httpx.Response]] = field(default_factory=set)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Bring the request to the portal and the answer back, or not; an event to whom it is for."""
        if request.url.host in self.events:
            return await self.events[request.url.host](request)
        trouble = self._trouble(kind_of(request))
        if trouble is not None:
            self.troubles[trouble] += 1
        if trouble == REFUSED:
            raise httpx.ConnectError("refused", request=request)
        if trouble == TORN_BEFORE:
            raise httpx.WriteError("torn", request=request)
        if self.before is not None:
            await self.before(request)
        serving = self._serve(request)
        if trouble == TORN_DURING:
            await asyncio.wait([serving], timeout=self.dice.uniform(0.0, 0.5))
            raise httpx.ReadError("torn", request=request)
        response = await asyncio.shield(serving)
        if trouble == LOST_ANSWER:
            raise httpx.RemoteProtocolError("disconnected", request=request)
        return response

    def _trouble(self, kind: str) -> str | None:
        luck = self.dice.random()
        for trouble, rate in self.rates.get(kind, {}).items():
            if luck < rate:
                return trouble
            luck -= rate
        return None

    def _serve(self, request: httpx.Request) -> asyncio.Task[httpx.Response]:
        serving = asyncio.create_task(httpx.ASGITransport(self.app).handle_async_request(request))
        self._serving.add(serving)
        serving.add_done_callback(self._served)
        return serving

    def _served(self, serving: asyncio.Task[httpx.Response]) -> None:
        self._serving.discard(serving)
        if not serving.cancelled() and (crash := serving.exception()) is not None:
            self.crashes.append(crash)

    async def aclose(self) -> None:
        """Let the portal finish what it is at; whom it keeps waiting hangs up."""
        for serving in self._serving:
            serving.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)


def kind_of(request: httpx.Request) -> str:
    """Tell reads from writes (which have a key), and from the token server's requests."""
    if not request.url.path.startswith("/rest/"):
        return "token"
    return "write" if "Idempotency-Key" in request.headers else "read"
