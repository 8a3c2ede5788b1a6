"""Applications of this process behind addresses: requests reach them without sockets."""

from __future__ import annotations

import httpx
from starlette.types import ASGIApp


class Doors(httpx.AsyncBaseTransport):
    """Brings a request to the application that lives at its host; elsewhere nobody answers.

    What an application raises is its 500, as behind a server. `apps` may change at any time.
    """

    def __init__(self) -> None:
        self.apps: dict[str, ASGIApp] = {}

    def open(self, address: str, app: ASGIApp) -> None:
        """Have an application live at an address."""
        self.apps[httpx.URL(address).host] = app

    def shut(self, address: str) -> None:
        """Have nobody live there any more."""
        del self.apps[httpx.URL(address).host]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the application's answer."""
        app = self.apps.get(request.url.host)
        if app is None:
            raise httpx.ConnectError("nobody lives here", request=request)
        return await httpx.ASGITransport(app, raise_app_exceptions=False).handle_async_request(request)
