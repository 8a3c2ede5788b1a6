"""Invite links: signed, expiring, for one person (issue: `assistant invite --bitrix-user ID`).

A token is 33 bytes, base64url (44 of the 64 characters a start parameter may have)::

    version 1 | expires, unix seconds 4 | Bitrix user id 8 | random 4 | HMAC-SHA256 of the rest, first 16

The random part makes two links for one user two links, also when they are made in the same second.

Nothing is stored when a link is made. When it is used, a record `invites/<hash of the token>` names who came in by it,
so that a forwarded link lets nobody else in; to him it says only that he is in, unless he was forgotten meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.store.collections import INVITES
from shared.store.port import Key

_VERSION = 1
_NONCE = 4
_BODY = struct.Struct(f">BIQ{_NONCE}s")
_MAC = 16
_USER_ID = re.compile(r"[1-9][0-9]{0,19}")
_ABOVE = 2**64


@dataclass(frozen=True)
class Invite:
    """Whom the link binds to, and until when it may be used."""

    bitrix_user_id: str
    expires_at: datetime


def _mac(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()[:_MAC]


def sign(invite: Invite, secret: str) -> str:
    """Return the start parameter of the link. ValueError when the user id is no positive number of 64 bits."""
    if not _USER_ID.fullmatch(invite.bitrix_user_id) or int(invite.bitrix_user_id) >= _ABOVE:
        raise ValueError("a Bitrix user id is a positive number of 64 bits")
    body = _BODY.pack(
        _VERSION, int(invite.expires_at.timestamp()), int(invite.bitrix_user_id), secrets.token_bytes(_NONCE)
    )
    return _written(body + _mac(body, secret))


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(token: str, secret: str | None, now: datetime) -> Invite | None:
    """Return what the token says, or None when it is forged, cut, expired, or no secret is set (fail closed)."""
    if not secret:
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    if _written(raw) != token:
        # Base64 has several spellings of the same bytes; each would count as a link of its own that nobody used yet.
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    if len(raw) != _BODY.size + _MAC or not hmac.compare_digest(mac, _mac(body, secret)):
        return None
    version, expires, user, _ = _BODY.unpack(body)
    expires_at = datetime.fromtimestamp(expires, UTC)
    if version != _VERSION or expires_at <= now:
        return None
    return Invite(str(user), expires_at)


def key(token: str) -> Key:
    """Where the use of the token is recorded."""
    return INVITES.key(hashlib.sha256(token.encode()).hexdigest())
