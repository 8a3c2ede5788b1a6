"""Invite links: signed, expiring, for one person (issue: `assistant invite --bitrix-user ID`).

A token is 29 bytes, base64url (39 of the 64 characters a start parameter may have)::

    version 1 | expires, unix seconds 4 | Bitrix user id 8 | HMAC-SHA256 of the rest, first 16

Nothing is stored when a link is made. When it is used, a record `invites/<hash of the token>` names who came in by it,
so that a forwarded link lets nobody else in; he himself may use it again.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.store.port import Key

COLLECTION = "invites"
_VERSION = 1
_BODY = struct.Struct(">BIQ")
_MAC = 16


@dataclass(frozen=True)
class Invite:
    """Whom the link binds to, and until when it may be used."""

    bitrix_user_id: str
    expires_at: datetime


def _mac(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()[:_MAC]


def sign(invite: Invite, secret: str) -> str:
    """Return the start parameter of the link. ValueError when the user id is no number of 64 bits."""
    try:
        body = _BODY.pack(_VERSION, int(invite.expires_at.timestamp()), int(invite.bitrix_user_id))
    except (struct.error, ValueError) as error:
        raise ValueError("a Bitrix user id is a positive number") from error
    return base64.urlsafe_b64encode(body + _mac(body, secret)).rstrip(b"=").decode()


def read(token: str, secret: str | None, now: datetime) -> Invite | None:
    """Return what the token says, or None when it is forged, cut, expired, or no secret is set (fail closed)."""
    if not secret:
        return None
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    if len(raw) != _BODY.size + _MAC or not hmac.compare_digest(mac, _mac(body, secret)):
        return None
    version, expires, user = _BODY.unpack(body)
    expires_at = datetime.fromtimestamp(expires, UTC)
    if version != _VERSION or expires_at <= now:
        return None
    return Invite(str(user), expires_at)


def key(token: str) -> Key:
    """Where the use of the token is recorded."""
    return Key(COLLECTION, hashlib.sha256(token.encode()).hexdigest())
