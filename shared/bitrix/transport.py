"""One HTTP exchange with a portal: sent once, read up to a limit, in a limited time.

What it takes care of (shared/bitrix/README.md, «Calling a method»):

- a renamed portal answers 302 with its new address; the request is repeated there once, with its body, and the new
  address is remembered as soon as it has answered. This repeat is the one case where a permit makes two HTTP requests.
  The new address must ask for the very same path, or the key would be sent to a login page, and must not fall back to
  http;
- nothing is kept between requests but the connections: no cookies (a PHP session would queue our parallel requests);
- no exception of httpx gets out, because they hold the request with its address.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

import httpx

USER_AGENT = "assistant-mastera/0.1"
_CONNECT_AT_MOST = 5.0
_RENAMED = frozenset({
    HTTPStatus.MOVED_PERMANENTLY,
    HTTPStatus.FOUND,
    HTTPStatus.TEMPORARY_REDIRECT,
    HTTPStatus.PERMANENT_REDIRECT,
})  # fmt: skip
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


@dataclass(frozen=True)
class Outgoing:
    """A request without its address: where on the portal, and what to say there."""

    verb: str
    path: str = field(repr=False)
    query: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Received:
    """An answer: its status, its headers' values we use, its whole body."""

    status: int
    body: bytes = field(repr=False)
    content_type: str = ""


class ExchangeError(Exception):
    """There was no usable answer. `sent` is False only when the request surely never left."""

    def __init__(self, what: str, *, sent: bool) -> None:
        super().__init__(what)
        self.sent = sent


class RedirectRefused(ExchangeError):  # noqa: N818 - it says what happened
    """The portal points elsewhere, but not as a renamed portal does."""

    def __init__(self, what: str) -> None:
        super().__init__(what, sent=False)


class Transport:
    """Sends requests to one portal, wherever it has moved to."""

    def __init__(self, http: httpx.AsyncClient, base_url: str) -> None:
        base = httpx.URL(base_url)
        if base.scheme not in ("http", "https") or not base.host:
            raise ValueError("the portal's address must be http(s)://<host>/rest/…")
        self._http = http
        self._configured = origin_of(base)
        self._origin = self._configured
        self.root = base.raw_path.decode("ascii").split("?")[0].rstrip("/") + "/"
        # The client's own log lines hold addresses, and an address holds the key.
        for chatty in ("httpx", "httpcore"):
            logging.getLogger(chatty).setLevel(logging.WARNING)

    def is_own(self, url: httpx.URL) -> bool:
        """Tell whether the address is on the portal, under its present or its configured name."""
        own = {(origin.host, origin.port) for origin in (self._origin, self._configured)}
        return (url.host, url.port) in own

    async def exchange(self, outgoing: Outgoing, *, timeout: float, limit: int) -> Received:  # noqa: ASYNC109 - httpx needs it too
        """Send and return the whole answer of at most `limit` bytes within `timeout` seconds.

        Raises `ExchangeError`.
        """
        problem: ExchangeError
        try:
            async with asyncio.timeout(timeout):
                return await self._follow(outgoing, timeout, limit)
        except TimeoutError:
            problem = ExchangeError("no answer in time", sent=True)
        except httpx.HTTPError as error:
            problem = ExchangeError(type(error).__name__, sent=not isinstance(error, _NEVER_SENT))
        # Raised outside the handlers: httpx's exception must not even be this one's context.
        raise problem

    async def _follow(self, outgoing: Outgoing, seconds: float, limit: int) -> Received:
        received, target = await self._once(outgoing, self._origin, seconds, limit)
        if target is None:
            return received
        origin = self._renamed_to(target, outgoing.path)
        received, target = await self._once(outgoing, origin, seconds, limit)
        if target is not None:
            raise RedirectRefused("the portal redirects twice in a row")
        self._origin = origin
        return received

    def _renamed_to(self, target: str, path: str) -> httpx.URL:
        """Return the origin a renamed portal points to; refuse every other kind of redirect."""
        url = httpx.URL(target)  # httpx itself has refused what is no URL at all
        safe = url.scheme == "https" or (url.scheme == "http" and self._origin.scheme == "http")
        if not safe or not url.host or url.userinfo:
            raise RedirectRefused("the portal redirects to an unusable address")
        origin = origin_of(url)
        if origin == self._origin or url.raw_path.decode("ascii").split("?")[0] != path:
            raise RedirectRefused("the portal redirects to another page")
        return origin

    async def _once(
        self, outgoing: Outgoing, origin: httpx.URL, seconds: float, limit: int
    ) -> tuple[Received, str | None]:
        """Return the answer, and where it points when it is a redirect."""
        target = outgoing.path + (f"?{outgoing.query}" if outgoing.query else "")
        # Connecting gets less than the whole time, so that «never sent» is told from «no answer».
        connect = min(_CONNECT_AT_MOST, seconds / 2)
        patience = httpx.Timeout(seconds, connect=connect, pool=connect)
        request = httpx.Request(
            outgoing.verb,
            origin.copy_with(raw_path=target.encode("ascii")),
            headers={"User-Agent": USER_AGENT, **outgoing.headers},
            content=outgoing.body or None,
            extensions={"timeout": patience.as_dict()},
        )
        response = await self._http.send(request, stream=True, follow_redirects=False)
        try:
            if response.status_code in _RENAMED:
                return Received(response.status_code, b""), response.headers.get("Location", "")
            body = await _read(response, limit)
        finally:
            await response.aclose()
        return Received(response.status_code, body, response.headers.get("Content-Type", "")), None


async def _read(response: httpx.Response, limit: int) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > limit:
            raise ExchangeError("the answer is too long", sent=True)
    return bytes(body)


def origin_of(url: httpx.URL) -> httpx.URL:
    """Return scheme, host and port alone."""
    return httpx.URL(scheme=url.scheme, host=url.host, port=url.port)
