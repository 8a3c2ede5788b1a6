"""The guard of the sandbox against web pages from elsewhere: they reach this machine's ports by a person's browser.

A browser says whose page asks (`Origin`), and a name that somebody has bound to this machine stands in `Host`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
HARMLESS = frozenset({"GET", "HEAD", "OPTIONS"})


class OwnPages:
    """Passes on what only looks, and what changes something when it comes from this machine's own pages or scripts."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, or refuse with 403."""
        if scope["type"] == "http" and scope["method"] not in HARMLESS and not is_own(Headers(scope=scope)):
            await PlainTextResponse("not from this page", 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def is_own(headers: Headers) -> bool:
    """Whether a request came to a loopback name, and from a page of the same address or from no page at all."""
    host, origin = headers.get("host", ""), headers.get("origin")
    return _name(f"//{host}") in LOOPBACK and origin in (None, f"http://{host}")


def _name(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
