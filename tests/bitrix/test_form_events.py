"""Events as a real portal posts them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.events import EventKind, UnreadableEvent
from shared.bitrix.form_events import LONGEST_FORM, UntrustedEvent, parse_form_event

TOKEN, MEMBER = "t0ken-of-the-webhook", "0fe1"
NOTHING: Mapping[str, str | None] = {}


def form(event: str = "ONSALEORDERSAVED", differs: Mapping[str, str | None] = NOTHING) -> bytes:
    fields: dict[str, str | None] = {
        "event": event,
        "event_handler_id": "975",
        "data[FIELDS][ID]": "5121",
        "data[FIELDS][XML_ID]": "tg-2f6c",
        "data[FIELDS][ACTION]": "save",
        "ts": "1788000000",
        "auth[domain]": "masters.bitrix24.ru",
        "auth[member_id]": MEMBER,
        "auth[application_token]": TOKEN,
    }
    return urlencode({name: value for name, value in {**fields, **differs}.items() if value is not None}).encode()


@pytest.mark.parametrize(
    ("name", "kind", "ids"),
    [
        ("ONSALEORDERSAVED", EventKind.ORDER, ("5121", None, None, None)),
        ("onOrderEntitySaved", EventKind.ORDER, ("5121", None, None, None)),
        ("ONPAYMENTENTITYSAVED", EventKind.PAYMENT, (None, "5121", None, None)),
        ("ONSHIPMENTENTITYSAVED", EventKind.SHIPMENT, (None, None, "5121", None)),
        ("ONSALEBEFOREORDERDELETE", EventKind.UNUSED, (None, None, None, None)),
        ("ONORDERDELETED", EventKind.ORDER, ("5121", None, None, None)),
        ("ONPAYMENTDELETED", EventKind.UNUSED, (None, None, None, None)),
        ("ONPROPERTYVALUEENTITYSAVED", EventKind.UNUSED, (None, None, None, None)),
        ("ONAPPTEST", EventKind.UNUSED, (None, None, None, None)),
    ],
)
def test_names(name: str, kind: EventKind, ids: tuple[str | None, ...]) -> None:
    event = parse_form_event(form(name), TOKEN, MEMBER)
    assert (event.event, event.kind) == (name.upper(), kind)
    assert (event.order_id, event.payment_id, event.shipment_id, event.rma_id) == ids


@pytest.mark.parametrize("name", ["ONCRMDEALUPDATE", "OnCrmDealDelete"])
def test_deals_are_used_where_their_stages_mean_something(name: str) -> None:
    heard = parse_form_event(form(name), TOKEN, MEMBER, deals=True)
    assert (heard.kind, heard.deal_id, heard.order_id) == (EventKind.DEAL, "5121", None)
    ignored = parse_form_event(form(name), TOKEN, MEMBER)
    assert (ignored.kind, ignored.deal_id) == (EventKind.UNUSED, None)


@pytest.mark.parametrize(
    ("name", "entity", "ours", "kind"),
    [
        ("ONCRMDYNAMICITEMUPDATE", "1038", "1038", EventKind.RETURN),
        ("ONCRMDYNAMICITEMUPDATE_1038", "1038", "1038", EventKind.RETURN),
        ("ONCRMDYNAMICITEMUPDATE_1040", "1040", "1038", EventKind.UNUSED),
        ("ONCRMDYNAMICITEMUPDATE", "1040", "1038", EventKind.UNUSED),
        ("ONCRMDYNAMICITEMUPDATE", "1038", "", EventKind.UNUSED),
        ("ONCRMDYNAMICITEMUPDATE", "", "", EventKind.UNUSED),
        ("ONCRMDYNAMICITEMADD", "1038", "1038", EventKind.UNUSED),
    ],
)
def test_returns(name: str, entity: str, ours: str, kind: EventKind) -> None:
    body = form(name, {"data[FIELDS][ENTITY_TYPE_ID]": entity})
    event = parse_form_event(body, TOKEN, MEMBER, ours)
    assert event.kind is kind
    assert event.rma_id == ("5121" if kind is EventKind.RETURN else None)


@pytest.mark.parametrize(
    ("given_token", "token"),
    [("other", TOKEN), (None, TOKEN), ("", TOKEN), (TOKEN, None), (TOKEN, ""), ("", ""), ("тест", TOKEN)],
)
def test_a_wrong_token(given_token: str | None, token: str | None) -> None:
    with pytest.raises(UntrustedEvent) as caught:
        parse_form_event(form(differs={"auth[application_token]": given_token}), token, MEMBER)
    assert TOKEN not in str(caught.value)


def test_another_portal() -> None:
    with pytest.raises(UntrustedEvent):
        parse_form_event(form(differs={"auth[member_id]": "other"}), TOKEN, MEMBER)
    assert parse_form_event(form(differs={"auth[member_id]": "other"}), TOKEN).order_id == "5121"


@pytest.mark.parametrize(
    "body",
    [
        form(""),
        form("ON SALE"),
        form("Ж"),
        form("X" * 129),
        form(differs={"data[FIELDS][ID]": None}),
        form(differs={"data[FIELDS][ID]": "../5"}),
        form(differs={"data[FIELDS][ID]": ""}),
    ],
)
def test_what_does_not_say_what_changed(body: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        parse_form_event(body, TOKEN, MEMBER)


@pytest.mark.parametrize(
    "body",
    [
        "event=ONSALEORDERSAVED&x=ж".encode(),
        b"event=%FF",
        form() + b"&x=1" * 300,
        form() + b"&x=" + b"1" * LONGEST_FORM,
    ],
)
def test_what_is_no_form(body: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        parse_form_event(body, TOKEN, MEMBER)


def test_an_event_we_do_not_use_needs_no_id() -> None:
    event = parse_form_event(form("ONAPPTEST", {"data[FIELDS][ID]": None}), TOKEN, MEMBER)
    assert event.kind is EventKind.UNUSED


def test_the_id_tells_events_apart() -> None:
    def event_id(differs: Mapping[str, str | None] = NOTHING) -> str:
        return parse_form_event(form(differs=differs), TOKEN).event_id

    same = event_id()
    assert same == event_id({"data[FIELDS][XML_ID]": "other", "auth[domain]": "renamed"})
    different = [
        event_id({"event": "ONORDERENTITYSAVED"}),
        event_id({"event_handler_id": "976"}),
        event_id({"ts": "1788000001"}),
        event_id({"data[FIELDS][ID]": "512", "event_handler_id": "9751"}),
        event_id({"auth[member_id]": "other"}),
    ]
    assert len({same, *different}) == len(different) + 1
    assert same.startswith("sha256-")
    assert len(same) == 71


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    with pytest.raises((UnreadableEvent, UntrustedEvent)):
        parse_form_event(body, TOKEN, MEMBER)
