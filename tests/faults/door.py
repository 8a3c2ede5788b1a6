"""The way to the portal, which can be shut: then no connection is made, and nothing is sent."""

from __future__ import annotations

import httpx


class Door(httpx.AsyncHTTPTransport):
    """A transport that refuses so many of the next writes (`shut`); reads pass."""

    def __init__(self) -> None:
        super().__init__()
        self.shut = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Let through what may pass."""
        if self.shut and "Idempotency-Key" in request.headers:
            self.shut -= 1
            raise httpx.ConnectError("connection refused", request=request)
        return await super().handle_async_request(request)
