"""Invite links: signed, expiring, for one person (`assistant invite`).

A token is 33 bytes, base64url (44 of the 64 characters a start parameter may have)::

    kind 1 | expires, unix seconds 4 | the buyer's number 8 | random 4 | HMAC-SHA256 of the rest, first 16

Kind 1 binds to a user of the portal, kind 2 to a contact of its CRM (`shared.domain.buyers`), kind 3 to whichever
contact has the phone of who comes in by it; its number is 0. The random part makes two
links for one buyer two links, also when they are made in the same second.

Nothing is stored when a link is made. When it is used, a record `invites/<hash of the token>` names who came in by it,
so that a forwarded link lets nobody else in; to him it says only that he is in, unless he was forgotten meanwhile.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass
from datetime import UTC, datetime

from shared.domain import buyers
from shared.store.collections import INVITES
from shared.store.port import Key

_USER, _CONTACT, _PHONE = 1, 2, 3
ANYBODY = "anybody"
"""The buyer of an invite that asks who comes in by it for his phone."""
_NONCE = 4
_BODY = struct.Struct(f">BIQ{_NONCE}s")
_MAC = 16
_ABOVE = 2**64


@dataclass(frozen=True)
class Invite:
    """Whom the link binds to (`ANYBODY`: he is asked), and until when it may be used."""

    buyer_id: str
    expires_at: datetime


def _mac(body: bytes, secret: str) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()[:_MAC]


def sign(invite: Invite, secret: str) -> str:
    """Return the start parameter of the link. ValueError when the buyer's number is not positive or over 64 bits."""
    kind, number = _coded(invite.buyer_id)
    body = _BODY.pack(kind, int(invite.expires_at.timestamp()), number, secrets.token_bytes(_NONCE))
    return _written(body + _mac(body, secret))


def _coded(buyer_id: str) -> tuple[int, int]:
    if buyer_id == ANYBODY:
        return _PHONE, 0
    contact = buyers.contact_of(buyer_id)
    kind, number = (_USER, buyer_id) if contact is None else (_CONTACT, contact)
    if (kind == _USER and not buyers.is_user(number)) or int(number) >= _ABOVE:
        raise ValueError("an id at Bitrix is a positive number of 64 bits")
    return kind, int(number)


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
    kind, expires, number, _ = _BODY.unpack(body)
    expires_at = datetime.fromtimestamp(expires, UTC)
    buyer_id = _buyer(kind, str(number))
    return None if buyer_id is None or expires_at <= now else Invite(buyer_id, expires_at)


def _buyer(kind: int, number: str) -> str | None:
    """Return the buyer's id; None for a kind that a later version may have."""
    return {_USER: number, _CONTACT: buyers.of_contact(number), _PHONE: ANYBODY}.get(kind)


def key(token: str) -> Key:
    """Where the use of the token is recorded."""
    return INVITES.key(hashlib.sha256(token.encode()).hexdigest())
