"""Events as a real portal posts them: forms with bracket keys and a token inside. Pure.

The token is a fixed secret in the body: it proves where the post is from, not that it is new or whole. So nothing but
an id is taken from it.

See shared/bitrix/README.md, «Events».
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import parse_qsl

from shared.bitrix.events import Event, EventKind, UnreadableEvent
from shared.domain.ids import clean_id

LONGEST_FORM = 64 * 1024
"""Bytes; an event is about one thousand."""
_MOST_FIELDS = 200
_EVENT_NAME = re.compile(r"[A-Z0-9_.]{1,128}")
_RETURN_CHANGED = "ONCRMDYNAMICITEMUPDATE"
_KINDS: Mapping[str, EventKind] = MappingProxyType({
    "ONSALEORDERSAVED": EventKind.ORDER,
    "ONORDERENTITYSAVED": EventKind.ORDER,
    "ONORDERDELETED": EventKind.ORDER,
    "ONPAYMENTENTITYSAVED": EventKind.PAYMENT,
    "ONSHIPMENTENTITYSAVED": EventKind.SHIPMENT,
    _RETURN_CHANGED: EventKind.RETURN,
})  # fmt: skip
"""Of what is deleted only orders are looked at, which their masters are told of, and deals, which take orders along."""
HEARD = tuple(_KINDS)
"""The events a portal must be told to send."""
HEARD_OF_DEALS = ("ONCRMDEALUPDATE", "ONCRMDEALDELETE")
"""The events it must send besides where the stages of deals mean something."""
_TELLING = ("auth[member_id]", "event_handler_id", "data[fields][id]", "ts")


class UntrustedEvent(Exception):  # noqa: N818 - it says what it is
    """The event is not from our portal, or no token is set to know it by. The text repeats nothing of it."""


def parse_form_event(
    raw: bytes,
    application_token: str | None,
    member_id: str | None = None,
    returns_entity_type_id: str = "",
    *,
    deals: bool = False,
) -> Event:
    """Read an event; raise `UnreadableEvent`, or `UntrustedEvent` for a wrong token or another portal.

    Without an `application_token` nothing is trusted; without a `member_id` any portal's. `returns_entity_type_id` is
    the smart process of the returns: items of others are not used; `deals` says whether events
    of deals are. The event's id is made of what tells two events apart: two changes of one thing in the same second
    look like one. The look comes two seconds later and sees both; if one was under way already between the two,
    housekeeping finds the second (`notifications/scheduling.py`).
    """
    fields = _fields(raw)
    if not application_token or not _same(fields.get("auth[application_token]", ""), application_token):
        raise UntrustedEvent("the application token is not ours")
    if member_id and not _same(fields.get("auth[member_id]", ""), member_id):
        raise UntrustedEvent("the event is another portal's")
    name = fields.get("event", "").strip().upper()
    if not _EVENT_NAME.fullmatch(name):
        raise UnreadableEvent("the event has no name")
    is_deals = deals and name in HEARD_OF_DEALS
    kind = EventKind.DEAL if is_deals else _kind(name, fields, returns_entity_type_id)
    changed = clean_id(fields.get("data[fields][id]"))
    if kind is not EventKind.UNUSED and changed is None:
        raise UnreadableEvent("the event does not say what changed")
    return Event(
        name,
        _event_id(name, fields),
        kind,
        order_id=changed if kind is EventKind.ORDER else None,
        rma_id=changed if kind is EventKind.RETURN else None,
        payment_id=changed if kind is EventKind.PAYMENT else None,
        shipment_id=changed if kind is EventKind.SHIPMENT else None,
        deal_id=changed if kind is EventKind.DEAL else None,
    )


def _fields(raw: bytes) -> dict[str, str]:
    """Return the form's fields by name in lower case. The last of two counts, as in PHP."""
    if len(raw) > LONGEST_FORM:
        raise UnreadableEvent("the form is huge")
    try:
        pairs = parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise UnreadableEvent("the body is no form") from None
    return {name.lower(): value for name, value in pairs}


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


def _kind(name: str, fields: Mapping[str, str], returns_entity_type_id: str) -> EventKind:
    """Return the kind. A smart process's events may end in its id: `ONCRMDYNAMICITEMUPDATE_1038`."""
    kind = _KINDS.get(name) or _KINDS.get(name.removesuffix(f"_{returns_entity_type_id}"), EventKind.UNUSED)
    if kind is not EventKind.RETURN:
        return kind
    ours = bool(returns_entity_type_id) and fields.get("data[fields][entity_type_id]") == returns_entity_type_id
    return EventKind.RETURN if ours else EventKind.UNUSED


def _event_id(name: str, fields: Mapping[str, str]) -> str:
    member, *apart = (fields.get(key, "") for key in _TELLING)
    return f"sha256-{hashlib.sha256(json.dumps([member, name, *apart]).encode()).hexdigest()}"
