"""The token server: consent, codes, token pairs and their rotation.

The portal plays its own authorization server, for the one local application there is. Every refresh gives a new pair;
the used refresh token is dead after a grace time, the old access token lives to its end.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from infra.local.clock import Clock
from infra.local.portal.errors import RestError, expired_token, invalid_token
from infra.local.portal.native.options import OAuthOptions


@dataclass
class _Pair:
    access: str = field(repr=False)
    refresh: str = field(repr=False)
    access_until: datetime
    refresh_until: datetime
    revoked: bool = False
    rotated: bool = False


@dataclass(frozen=True)
class Grant:
    """A token pair as it is handed out; both tokens are secrets."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires: int
    expires_in: int


def refused(code: str, why: str) -> RestError:
    """Refuse as the authorization server does."""
    return RestError(code, why, 400)


class TokenServer:
    """Codes and token pairs of the application."""

    def __init__(self, options: OAuthOptions, clock: Clock) -> None:
        self.options = options
        self._clock = clock
        self._codes: dict[str, datetime] = {}
        self._pairs: list[_Pair] = []

    def authorize(self, client_id: str) -> str:
        """Return a code for the application's end of a consent. Raises `RestError` invalid_client."""
        if not _same(client_id, self.options.client_id):
            raise refused("invalid_client", "Client not found")
        code = secrets.token_hex(16)
        self._codes[code] = self._clock.now() + timedelta(seconds=self.options.code_lifetime)
        return code

    def issue(self) -> Grant:
        """Give out a new pair, as the installation of the application does."""
        now = self._clock.now()
        access_until = now + timedelta(seconds=self.options.access_lifetime)
        refresh_until = now + timedelta(seconds=self.options.refresh_lifetime)
        pair = _Pair(secrets.token_hex(35), secrets.token_hex(35), access_until, refresh_until)
        self._pairs.append(pair)
        return Grant(pair.access, pair.refresh, int(access_until.timestamp()), self.options.access_lifetime)

    def grant(self, params: Mapping[str, Any]) -> Grant:
        """Answer a request for tokens.

        Raises `RestError` 400 invalid_request, invalid_client or invalid_grant.
        """
        kind = _text(params, "grant_type")
        if kind not in ("authorization_code", "refresh_token"):
            raise refused("invalid_request", "Grant type is not supported")
        client, secret = _text(params, "client_id"), _text(params, "client_secret")
        if not (_same(client, self.options.client_id) and _same(secret, self.options.client_secret)):
            raise refused("invalid_client", "The client credentials are invalid")
        if kind == "authorization_code":
            return self._exchange(_text(params, "code"))
        return self._refresh(_text(params, "refresh_token"))

    def _exchange(self, code: str) -> Grant:
        until = self._codes.pop(code, None)
        if until is None or until < self._clock.now():
            raise refused("invalid_grant", "Authorization code is invalid or expired")
        return self.issue()

    def _refresh(self, token: str) -> Grant:
        now = self._clock.now()
        pair = next((pair for pair in self._pairs if _same(token, pair.refresh)), None)
        if pair is None or pair.revoked or pair.refresh_until <= now:
            raise refused("invalid_grant", "Refresh token is invalid or expired")
        if not pair.rotated:
            pair.rotated = True
            pair.refresh_until = now + timedelta(seconds=self.options.refresh_grace)
        return self.issue()

    def admits(self, access: str) -> bool:
        """Say whether an access token is good; False for one that was never issued here.

        Raises `RestError` expired_token, or invalid_token once the application was taken away.
        """
        pair = next((pair for pair in self._pairs if _same(access, pair.access)), None)
        if pair is None:
            return False
        if pair.revoked:
            raise invalid_token()
        if pair.access_until <= self._clock.now():
            raise expired_token()
        return True

    def expire(self) -> None:
        """End all access tokens now; refresh tokens stay good."""
        now = self._clock.now()
        for pair in self._pairs:
            pair.access_until = min(pair.access_until, now)

    def revoke(self) -> None:
        """End all pairs for good, as when the application is removed."""
        for pair in self._pairs:
            pair.revoked = True

    def view(self) -> list[dict[str, Any]]:
        """Return the pairs as JSON, oldest first, without the tokens themselves."""
        now = self._clock.now()
        return [
            {
                "access_expires": int(pair.access_until.timestamp()),
                "access": "revoked" if pair.revoked else "good" if pair.access_until > now else "expired",
                "refresh": "revoked" if pair.revoked else "good" if pair.refresh_until > now else "used or expired",
                "rotated": pair.rotated,
            }
            for pair in self._pairs
        ]


def _text(params: Mapping[str, Any], name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str) or not value:
        raise refused("invalid_request", f"Parameter {name} is missing")
    return value


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())
