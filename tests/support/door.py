"""The way to a portal on a socket, which a test can shut, and on which nobody waits for what will not come.

A client's timeout is real time, which a busy machine uses up while all is well. So here a client gives up in the moment
in which the portal begins to keep silent, and never otherwise.
"""

import asyncio
from collections import defaultdict
from itertools import count

import httpx
from starlette.requests import Request
from starlette.responses import Response

from infra.local.portal import Portal
from infra.local.portal.faults import Fault, FaultKind

PATIENCE = 0.5
"""Seconds of the portal's slowness that a client waits for."""

LONGEST = 240.0
"""Real seconds until a test gives up waiting for what it is sure to get: for a hang only, a machine may be busy."""

NUMBER = "X-Request-Number"


class Door(httpx.AsyncHTTPTransport):
    """A transport that refuses so many of the next writes (`shut`); reads pass.

    `kept`, where there is one, is set in the moment in which the portal begins to be slow, and then the client waits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shut = 0
        self.kept: asyncio.Event | None = None
        self._numbers = count(1)
        self._hopeless: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    def leads_to(self, portal: Portal) -> None:
        """Have the portal say which requests it keeps waiting."""
        rest = portal.rest
        keep_silent, spoil = rest._keep_silent, rest._spoil

        async def kept_silent(request: Request) -> Response:
            self._hopeless[request.headers[NUMBER]].set()
            return await keep_silent(request)

        async def spoilt(fault: Fault, request: Request) -> object:
            if fault.kind is FaultKind.SLOW and fault.seconds > PATIENCE:
                (self.kept or self._hopeless[request.headers[NUMBER]]).set()
            return await spoil(fault, request)

        vars(rest).update(_keep_silent=kept_silent, _spoil=spoilt)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let through what may pass, until it is answered or hopeless."""
        if self.shut and "Idempotency-Key" in request.headers:
            self.shut -= 1
            raise httpx.ConnectError("connection refused", request=request)
        number = request.headers[NUMBER] = str(next(self._numbers))
        asking = asyncio.ensure_future(super().handle_async_request(request))
        giving_up = asyncio.ensure_future(self._hopeless[number].wait())
        try:
            await asyncio.wait([asking, giving_up], return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                return asking.result()
            raise httpx.ReadTimeout("no answer", request=request)
        finally:
            asking.cancel()
            giving_up.cancel()
            await asyncio.gather(asking, giving_up, return_exceptions=True)
            del self._hopeless[number]
