"""The side that makes the HTTP requests."""

from __future__ import annotations

from typing import Protocol

import httpx

from infra.local.cloud_tasks.model import HttpCall, Reply

_CONNECT_SECONDS = 10.0
_LONGEST_SECONDS = 1830.0
_MOST_OF_A_BODY = 1 << 20


class Target(Protocol):
    """Whoever delivers a request. Never raises for what the other side did or failed to do."""

    async def send(self, call: HttpCall) -> Reply:
        """Make the request and say how it ended."""
        ...


class HttpTarget:
    """Delivery over real HTTP. Redirects are not followed: a 3xx is a failed attempt."""

    def __init__(self) -> None:
        self._http: httpx.AsyncClient | None = None

    async def send(self, call: HttpCall) -> Reply:
        """Make the request; the dispatch deadline is the caller's business."""
        # Made here, because a client belongs to the loop it is used in.
        http = self._http = self._http or _client()
        try:
            async with http.stream(call.method, call.url, headers=dict(call.headers), content=call.body) as answer:
                await drain(answer)
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return Reply(None, "UNAVAILABLE")
        return Reply(answer.status_code, f"HTTP {answer.status_code}", answer.headers.get("Retry-After"))

    async def close(self) -> None:
        """Let go of connections; a later `send` makes new ones."""
        http, self._http = self._http, None
        if http is not None:
            await http.aclose()


def _client() -> httpx.AsyncClient:
    """Return a client fit for dispatching.

    Connections are not kept: one that the worker closed in the meantime would look like a failed attempt.
    """
    return httpx.AsyncClient(
        timeout=httpx.Timeout(_LONGEST_SECONDS, connect=_CONNECT_SECONDS),
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        trust_env=False,
    )


async def drain(answer: httpx.Response) -> None:
    """Read the answer's body, so that the worker can finish it, but no endless one."""
    seen = 0
    async for chunk in answer.aiter_raw():
        seen += len(chunk)
        if seen > _MOST_OF_A_BODY:
            return
