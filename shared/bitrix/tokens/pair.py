"""The token pair: what the OAuth server gives and the vault keeps (shared/bitrix/README.md, «Tokens»)."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from shared.bitrix.envelope import count, parse_json

_LONGEST_LIFE = timedelta(days=365)


class BadPair(ValueError):  # noqa: N818 - it is what it says
    """Something that should be a token pair is none; the text names the field and no value."""


@dataclass(frozen=True)
class TokenPair:
    """An access token (an hour) with the refresh token (180 days) that buys the next pair, once.

    `client_endpoint` is the portal's host alone, `scope` the comma list the server gives. The tokens are in no repr.
    """

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    client_endpoint: str = ""
    member_id: str = ""
    scope: str = ""

    def is_usable(self, at: datetime, stale: str = "") -> bool:
        """Tell whether the access token is good until `at` and is not the one known to be `stale`."""
        return self.expires_at > at and not hmac.compare_digest(self.access.encode(), stale.encode())

    def encode(self) -> bytes:
        """Return the pair as the vault keeps it."""
        kept = {**vars(self), "expires_at": self.expires_at.isoformat()}
        return json.dumps(kept, ensure_ascii=False).encode()


def decode(data: bytes) -> TokenPair:
    """Read a pair back. Raises BadPair."""
    kept = _map(parse_json(data))
    try:
        expires_at = datetime.fromisoformat(_text(kept, "expires_at"))
    except ValueError:
        expires_at = None
    if expires_at is None or expires_at.tzinfo is None:
        raise BadPair("expires_at is no moment")
    return TokenPair(
        access=_text(kept, "access"),
        refresh=_text(kept, "refresh"),
        expires_at=expires_at,
        client_endpoint=_text(kept, "client_endpoint", optional=True),
        member_id=_text(kept, "member_id", optional=True),
        scope=_text(kept, "scope", optional=True),
    )


def from_answer(answer: object, asked_at: datetime) -> TokenPair:
    """Read the OAuth server's answer, or the `auth` of an installation event. Raises BadPair.

    The life counts from the moment of asking and by our own clock (`expires_in`), so that a server whose clock is off
    does no harm and an answer that took long is not trusted for too long.
    """
    said = _map(answer)
    seconds = count(said.get("expires_in"))
    if not seconds or seconds > _LONGEST_LIFE.total_seconds():
        raise BadPair("expires_in is no lifetime")
    return TokenPair(
        access=_text(said, "access_token"),
        refresh=_text(said, "refresh_token"),
        expires_at=asked_at + timedelta(seconds=seconds),
        client_endpoint=_host(_text(said, "client_endpoint", optional=True)),
        member_id=_text(said, "member_id", optional=True),
        scope=_text(said, "scope", optional=True),
    )


def _map(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise BadPair("not a JSON object")
    return value


def _text(found: Mapping[str, object], name: str, *, optional: bool = False) -> str:
    value = found.get(name, "")
    if not isinstance(value, str) or not (value or optional):
        raise BadPair(f"{name} is not there")
    return value


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
