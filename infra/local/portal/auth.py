"""Who may call: a webhook key in the path or an access token."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from typing import Any

from infra.local.portal.dialect import Caller
from infra.local.portal.errors import expired_token, no_auth
from infra.local.portal.oauth import TokenServer
from infra.local.portal.options import PortalOptions

_BEARER = "bearer "


class Credentials:
    """The keys and tokens the portal knows; tokens may be added and expired while it runs.

    Beside the tokens stated by hand those of the token server count.
    """

    def __init__(self, options: PortalOptions, tokens: TokenServer) -> None:
        self._issued = tokens
        self._webhook = f"{options.webhook_user}/{options.webhook_key}"
        self._valid = set(options.access_tokens)
        self._expired = set(options.expired_tokens)

    def accept(self, token: str) -> None:
        """Let a token in from now on."""
        self._expired.discard(token)
        self._valid.add(token)

    def expire(self, token: str) -> None:
        """Answer `expired_token` to a token from now on."""
        self._valid.discard(token)
        self._expired.add(token)

    def check_webhook(self, user: str, key: str) -> Caller:
        """Return who has a webhook key; raises `RestError` NO_AUTH_FOUND."""
        if not _same(f"{user}/{key}", self._webhook):
            raise no_auth()
        return Caller(f"webhook:{user}", f"/rest/{user}/{key}/")

    def check_token(self, headers: Mapping[str, str], params: Mapping[str, Any]) -> Caller:
        """Return who has a token; the Bearer header is read before the parameters.

        Raises `RestError` NO_AUTH_FOUND, expired_token or invalid_token.
        """
        token = _token(headers, params)
        if token and self._issued.admits(token):
            return Caller("application", token=token)
        if token and _known(token, self._expired):
            raise expired_token()
        if not token or not _known(token, self._valid):
            raise no_auth()
        return Caller("application", token=token)


def _token(headers: Mapping[str, str], params: Mapping[str, Any]) -> str:
    header = headers.get("authorization", "")
    if header.lower().startswith(_BEARER):
        return header[len(_BEARER) :].strip()
    given = params.get("auth") or params.get("access_token")
    return given if isinstance(given, str) else ""


def _known(token: str, tokens: Iterable[str]) -> bool:
    return any(_same(token, known) for known in tokens)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
