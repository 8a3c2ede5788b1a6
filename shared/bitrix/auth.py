"""How a request proves who sends it (bitrix24 reference §1.1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol


class Auth(Protocol):
    """What goes into each request's parameters. May raise `BitrixError` when there is no usable credential."""

    async def parameters(self) -> Mapping[str, str]:
        """Return the parameters to add to the body (or to the query of a GET)."""
        ...


class WebhookAuth:
    """The key is in the address (`/rest/<user>/<key>/`); nothing is added."""

    async def parameters(self) -> Mapping[str, str]:
        """Return nothing to add."""
        return {}


class TokenAuth:
    """OAuth: each request carries the access token that `get_token` returns at that moment."""

    def __init__(self, get_token: Callable[[], Awaitable[str]]) -> None:
        self._get_token = get_token

    async def parameters(self) -> Mapping[str, str]:
        """Return the token as `auth`."""
        return {"auth": await self._get_token()}
