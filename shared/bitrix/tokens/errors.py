"""What can go wrong with the token, in the terms of `shared.bitrix.errors`."""

from __future__ import annotations

from shared.bitrix.auth import OAUTH_METHOD
from shared.bitrix.errors import AuthFailed, NotRun

METHODS = (OAUTH_METHOD,)
"""The `methods` of every error of this package."""


class TokenDead(AuthFailed):
    """The refresh token is not accepted any more: a person must install the application again."""

    usual_code = "token_dead"


class TokenMissing(AuthFailed):
    """No token pair was ever installed, or what is kept cannot be read."""

    usual_code = "token_missing"


class TokenUnavailable(NotRun):
    """There is no usable token at this moment, but there may be one soon (TRANSIENT)."""

    usual_code = "token_unavailable"


class GrantRefused(AuthFailed):
    """The server said `invalid_grant` to one refresh token. Whether that is the end, the token manager finds out."""

    usual_code = "invalid_grant"
