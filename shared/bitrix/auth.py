"""How a request proves who sends it (shared/bitrix/README.md, «Calling a method»)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from shared.bitrix.errors import BitrixError, TokenExpired

OAUTH_METHOD = "oauth/token"
"""What errors about the token name as the method: no request to the portal was made, or helped."""


class Auth(Protocol):
    """What goes into each request's parameters. May raise `BitrixError` when there is no usable credential."""

    async def parameters(self) -> Mapping[str, str]:
        """Return the parameters to add to the body (or to the query of a GET)."""
        ...

    async def failed(self, parameters: Mapping[str, str], error: BitrixError) -> None:
        """Hear that a request with these parameters failed so. May raise a `BitrixError` that says it better."""
        ...


class WebhookAuth:
    """The key is in the address (`/rest/<user>/<key>/`); nothing is added."""

    async def parameters(self) -> Mapping[str, str]:
        """Return nothing to add."""
        return {}

    async def failed(self, parameters: Mapping[str, str], error: BitrixError) -> None:
        """Do nothing: a webhook's key does not expire."""


class TokenAuth:
    """OAuth: each request carries the access token that `get_token` returns at that moment.

    `renew` gets the token that the portal called expired and sees to a new one (`TokenManager.expired`). The request
    itself is not repeated here: it costs a permit of its own, and the job comes again (shared/pipeline/README.md, «Jobs
    and permits»).
    """

    def __init__(
        self, get_token: Callable[[], Awaitable[str]], renew: Callable[[str], Awaitable[object]] | None = None
    ) -> None:
        self._get_token = get_token
        self._renew = renew

    async def parameters(self) -> Mapping[str, str]:
        """Return the token as `auth`."""
        return {"auth": await self._get_token()}

    async def failed(self, parameters: Mapping[str, str], error: BitrixError) -> None:
        """Renew the token when the portal called it expired. Raises what `renew` raises."""
        if isinstance(error, TokenExpired) and self._renew is not None:
            await self._renew(parameters["auth"])
