"""Inbound events of a portal. Pure.

In the spec's form (§4) they are JSON, signed with HMAC-SHA256 over the raw body; a real portal posts forms, with a
token inside (`shared.bitrix.form_events`). An event says «look again»: who gets one re-reads the order or the return
from the portal. A signed one may say the new status as well, for portals where nothing can be read.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum
from types import MappingProxyType

from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, flag, text
from shared.domain.ids import clean_id
from shared.status import Status

_PREFIX = "sha256="
_EVENT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}")
_SECONDS = re.compile(r"[0-9]{1,11}")
_EVENT_NAME = re.compile(r"[A-Za-z0-9_.]{1,128}")


class UnreadableEvent(Exception):  # noqa: N818 - it says what it is
    """The body is no event: not JSON, no name, or without the id of what changed. The text repeats nothing of it."""


class EventKind(Enum):
    """What an event tells to look at again.

    PAYMENT, SHIPMENT and DEAL are those of an order that the event does not name: `Portal.order_of_payment`,
    `order_of_shipment` and `orders_of_deal` do.
    """

    ORDER = "order"
    PAYMENT = "payment"
    SHIPMENT = "shipment"
    RETURN = "return"
    DEAL = "deal"
    UNUSED = "unused"


_KINDS: Mapping[str, EventKind] = MappingProxyType({
    "ONSALEORDERPAYMENT_PAID": EventKind.ORDER,
    "ONSALEORDERDELIVERY_SHPMENTSETMARKED": EventKind.ORDER,
    "ONSALEORDER_ENTITY_SAVED": EventKind.ORDER,
    "RMA_STATUS_CHANGED": EventKind.RETURN,
})  # fmt: skip
HEARD = tuple(_KINDS)
"""The events a sender in the spec's form must send (§4)."""
_SAME: Mapping[str, str] = MappingProxyType({
    "PAYMENT.STATUS.CHANGED": "ONSALEORDERPAYMENT_PAID",
    "RMA.STATUS.CHANGED": "RMA_STATUS_CHANGED",
})  # fmt: skip
"""The spec's §3 has names of its own for two of them."""
_IMPLIED: Mapping[str, str] = MappingProxyType({"ONSALEORDERPAYMENT_PAID": Status.PAYED.value})
"""What a name alone says, unless a field of the event says that it is not so any more."""
_CODE = re.compile(r"[A-Za-z0-9_]{1,40}")
_LONGEST_REASON = 1000
_ABOUT_THE_ORDER_ITSELF = "ONSALEORDER_ENTITY_SAVED"
"""In the other events a bare `ID` is that of a payment or a shipment."""


@dataclass(frozen=True)
class Event:
    """An event. `event` is its name in upper case; `event_id` is safe as a document's id.

    `order_id` is set for kind ORDER, `rma_id` for kind RETURN (which may name its order too), `payment_id`,
    `shipment_id` and `deal_id` for theirs. `status` is the new one in the sender's own word, `reason` why; "" where it
    is not told. `sent_at` is when its sender says it happened, None where it does not.
    """

    event: str
    event_id: str
    kind: EventKind
    order_id: str | None = None
    rma_id: str | None = None
    payment_id: str | None = None
    shipment_id: str | None = None
    deal_id: str | None = None
    status: str = ""
    reason: str = field(default="", repr=False)
    sent_at: datetime | None = None


def verify_signature(raw: bytes, header: str | None, secret: str | None) -> bool:
    """Tell whether `header` is the hex HMAC-SHA256 of the body, with or without `sha256=`. False without a secret."""
    if not secret or not header:
        return False
    expected = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    given = header.strip().lower().removeprefix(_PREFIX)
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def parse_event(raw: bytes) -> Event:
    """Read a JSON event; raise `UnreadableEvent`.

    Without an `event_id` the body's own hash takes its place: a repeated delivery has the same body.
    """
    body = _parsed(raw)
    name = find(body, "event")
    if not isinstance(name, str) or not _EVENT_NAME.fullmatch(name.strip()):
        raise UnreadableEvent("the event has no name")
    name = name.strip().upper()
    meant = _SAME.get(name, name)
    kind = _KINDS.get(meant, EventKind.UNUSED)
    event_id = _event_id(find(body, "event_id"), raw)
    order_id, rma_id, payment_id = _order_id(meant, body), None, None
    if kind is EventKind.RETURN:
        rma_id = _return_id(body)
    if kind is EventKind.ORDER and order_id is None and meant in _IMPLIED:
        kind, payment_id = EventKind.PAYMENT, _first(body, "PAYMENT_ID")
    named = {EventKind.ORDER: order_id, EventKind.RETURN: rma_id, EventKind.PAYMENT: payment_id}
    if kind is not EventKind.UNUSED and named[kind] is None:
        raise UnreadableEvent("the event does not say what changed")
    return Event(
        name, event_id, kind, order_id, rma_id, payment_id, None, None, *_told(meant, body), _moment(find(body, "ts"))
    )


def _told(name: str, body: Row) -> tuple[str, str]:
    """Return the status that an event tells, and its reason."""
    places = _places(body)
    implied = "" if any(_is_no(find(place, "PAID", "PAYED")) for place in places) else _IMPLIED.get(name, "")
    code = next(filter(None, (text(place, "STATUS_ID", "STATUS") for place in places)), implied)
    named = (text(place, "REASON", "REASON_CANCELED", "REJECT_REASON") for place in places)
    # Half a surrogate pair cannot be stored.
    reason = next(filter(None, named), "")[:_LONGEST_REASON].encode("utf-8", "replace").decode()
    return code if _CODE.fullmatch(code) else "", reason


def _is_no(value: object) -> bool:
    """Tell whether a flag is there and says no; one that makes no sense says nothing."""
    try:
        return value is not None and not flag(value, "PAID")
    except BadAnswer:
        return False


def _first(body: Row, *names: str) -> str | None:
    return next(filter(None, (clean_id(find(place, *names)) for place in _places(body))), None)


def _moment(given: object) -> datetime | None:
    """Return the moment that unix seconds say; None for anything else, which is not ours to judge."""
    text = str(given) if isinstance(given, int | str) and not isinstance(given, bool) else ""
    return datetime.fromtimestamp(int(text), UTC) if _SECONDS.fullmatch(text) else None


def _parsed(raw: bytes) -> Row:
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, Mapping):
        raise UnreadableEvent("the body is not a JSON object")
    return body


def _event_id(given: object, raw: bytes) -> str:
    """Return the event's own id; an unusual one is replaced by its hash, a missing one by that of the body."""
    if isinstance(given, bool) or not isinstance(given, str | int) or given == "":
        return _hash(raw)
    text = str(given).strip()
    return text if _EVENT_ID.fullmatch(text) else _hash(text.encode("utf-8", "replace"))


def _hash(data: bytes) -> str:
    return f"sha256-{hashlib.sha256(data).hexdigest()}"


def _places(body: Row) -> list[Row]:
    """Return the objects that may hold ids: `data`, `data.FIELDS`, and the body itself."""
    data = find(body, "data")
    fields = find(data, "FIELDS") if isinstance(data, Mapping) else None
    return [place for place in (data, fields, body) if isinstance(place, Mapping)]


def _order_id(name: str, body: Row) -> str | None:
    places = _places(body)
    named = [clean_id(find(place, "ORDER_ID")) for place in places]
    if name == _ABOUT_THE_ORDER_ITSELF:
        # Not in the body itself: an `ID` there is the event's own.
        named += [clean_id(find(place, "ID")) for place in places if place is not body]
    return next((found for found in named if found), None)


def _return_id(body: Row) -> str | None:
    places = _places(body)
    named = [clean_id(find(place, "RMA_ID", "RETURN_ID")) for place in places]
    named += [clean_id(find(place, "ID")) for place in places if place is not body]
    return next((found for found in named if found), None)
