"""Inbound events: signatures and what an event says changed."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.events import Event, EventKind, UnreadableEvent, parse_event, verify_signature

SECRET = "webhook-secret"
RAW = b'{"event": "ONSALEORDER_ENTITY_SAVED", "event_id": "e-1", "data": {"ID": 5}}'
GOOD = hmac.new(SECRET.encode(), RAW, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("header", [GOOD, GOOD.upper(), f"sha256={GOOD}", f" {GOOD} ", f"SHA256={GOOD}"])
def test_a_good_signature(header: str) -> None:
    assert verify_signature(RAW, header, SECRET)


@pytest.mark.parametrize(
    ("raw", "header", "secret"),
    [
        (RAW, None, SECRET),
        (RAW, "", SECRET),
        (RAW, GOOD, None),
        (RAW, GOOD, ""),
        (RAW, hmac.new(b"", RAW, hashlib.sha256).hexdigest(), ""),
        (RAW, GOOD[:-1], SECRET),
        (RAW, GOOD + "0", SECRET),
        (RAW, "подпись", SECRET),
        (RAW, "\ud83d", SECRET),
        (RAW, GOOD, "other"),
        (RAW + b" ", GOOD, SECRET),
        (RAW, f"sha1={GOOD}", SECRET),
    ],
)
def test_a_bad_signature(raw: bytes, header: str | None, secret: str | None) -> None:
    assert not verify_signature(raw, header, secret)


def event(name: str, data: Any, **more: Any) -> Event:
    return parse_event(json.dumps({"event": name, "event_id": "e-1", "data": data, **more}).encode())


@pytest.mark.parametrize(
    "name", ["ONSALEORDERPAYMENT_PAID", "ONSALEORDERDELIVERY_SHPMENTSETMARKED", "ONSALEORDER_ENTITY_SAVED"]
)
@pytest.mark.parametrize(
    "data",
    [
        {"ORDER_ID": 5},
        {"order_id": "5"},
        {"orderId": 5, "ID": 9},
        {"FIELDS": {"ORDER_ID": "5", "ID": 9}},
        {"fields": {"orderId": 5}},
    ],
)
def test_order_events(name: str, data: Any) -> None:
    told = "PAYED" if name.endswith("PAID") else ""
    assert event(name.lower(), data) == Event(name, "e-1", EventKind.ORDER, "5", status=told)


@pytest.mark.parametrize("data", [{"ID": 5}, {"FIELDS": {"id": "5"}}])
def test_a_bare_id_is_an_orders_only_in_the_orders_own_event(data: Any) -> None:
    assert event("ONSALEORDER_ENTITY_SAVED", data).order_id == "5"
    with pytest.raises(UnreadableEvent):
        event("ONSALEORDERPAYMENT_PAID", data)


def test_an_order_id_beside_the_data() -> None:
    assert event("ONSALEORDERPAYMENT_PAID", [], ORDER_ID=5).order_id == "5"
    with pytest.raises(UnreadableEvent):
        event("ONSALEORDER_ENTITY_SAVED", None, ID=5)


@pytest.mark.parametrize("data", [{"RMA_ID": 3}, {"rmaId": "3"}, {"ID": 3}, {"FIELDS": {"ID": 3}}, {"RETURN_ID": 3}])
def test_return_events(data: Any) -> None:
    assert event("RMA_STATUS_CHANGED", data) == Event("RMA_STATUS_CHANGED", "e-1", EventKind.RETURN, None, "3")
    assert event("RMA_STATUS_CHANGED", {**data, "ORDER_ID": 5}).order_id == "5"


@pytest.mark.parametrize("name", ["ONCRMDEALADD", "onAppInstall", "X.Y_1"])
def test_events_we_do_not_use(name: str) -> None:
    assert event(name, {"ID": 1}) == Event(name.upper(), "e-1", EventKind.UNUSED)


@pytest.mark.parametrize("order_id", [None, "", "a/b", "../5", "x" * 65, True, 1.5, {}, [5], "5 6", -5])
def test_ids_that_are_none(order_id: Any) -> None:
    with pytest.raises(UnreadableEvent, match="what changed"):
        event("ONSALEORDERPAYMENT_PAID", {"ORDER_ID": order_id})
    with pytest.raises(UnreadableEvent, match="what changed"):
        event("RMA_STATUS_CHANGED", {"RMA_ID": order_id})


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"5",
        b"event=ONSALEORDER_ENTITY_SAVED",
        b"\xff\xff",
        b"[" * 100_000,
        b"{}",
        b'{"event": null}',
        b'{"event": 5}',
        b'{"event": ""}',
        b'{"event": "two words"}',
        b'{"event": "<script>"}',
    ],
)
def test_what_is_no_event(raw: bytes) -> None:
    with pytest.raises(UnreadableEvent):
        parse_event(raw)


def test_a_missing_event_id_is_made_of_the_body() -> None:
    raw = b'{"event": "ONSALEORDER_ENTITY_SAVED", "data": {"ID": 5}}'
    made = f"sha256-{hashlib.sha256(raw).hexdigest()}"
    assert parse_event(raw).event_id == made
    assert parse_event(raw).event_id == parse_event(raw).event_id
    assert parse_event(raw + b" ").event_id != made


@pytest.mark.parametrize("given_id", [7, "7", " 7 "])
def test_an_event_id_may_be_a_number(given_id: Any) -> None:
    assert event("X", {}, event_id=given_id).event_id == "7"


@pytest.mark.parametrize("given_id", ["a/b", "..", "__x__", "x" * 200, "пять", "\ud83d"])
def test_an_unusual_event_id_becomes_its_hash(given_id: str) -> None:
    first, second = event("X", {"n": 1}, event_id=given_id), event("X", {"n": 2}, event_id=given_id)
    assert first.event_id == second.event_id
    assert first.event_id.startswith("sha256-")


@pytest.mark.parametrize("given_id", [None, "", True, [], {}, 1.5])
def test_an_event_id_that_is_none_counts_as_missing(given_id: Any) -> None:
    first, second = event("X", {"n": 1}, event_id=given_id), event("X", {"n": 2}, event_id=given_id)
    assert first.event_id != second.event_id


def test_an_unreadable_event_repeats_nothing() -> None:
    with pytest.raises(UnreadableEvent) as caught:
        parse_event(b'{"event": "secret words"}')
    assert "secret" not in str(caught.value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda i: st.lists(i) | st.dictionaries(st.text(), i)
    )
)
def test_no_body_breaks_the_parser(data: Any) -> None:
    raw = json.dumps({"event": "ONSALEORDER_ENTITY_SAVED", "data": data, "event_id": data}).encode()
    try:
        parsed = parse_event(raw)
    except UnreadableEvent:
        return
    assert parsed.order_id
    assert "/" not in parsed.event_id + parsed.order_id


@pytest.mark.parametrize(
    ("name", "data", "kind", "ids"),
    [
        ("payment.status.changed", {"ORDER_ID": 5}, EventKind.ORDER, ("5", None, None)),
        ("payment.status.changed", {"PAYMENT_ID": 9}, EventKind.PAYMENT, (None, None, "9")),
        ("rma.status.changed", {"RMA_ID": 77, "ORDER_ID": 5}, EventKind.RETURN, ("5", "77", None)),
    ],
)
def test_the_names_of_the_third_section(
    name: str, data: Any, kind: EventKind, ids: tuple[str | None, str | None, str | None]
) -> None:
    found = event(name, data)
    assert (found.event, found.kind) == (name.upper(), kind)
    assert (found.order_id, found.rma_id, found.payment_id) == ids
    with pytest.raises(UnreadableEvent):
        event(name, {})


def test_an_event_of_a_return_must_name_the_return() -> None:
    with pytest.raises(UnreadableEvent):
        event("RMA_STATUS_CHANGED", {"ORDER_ID": 5, "STATUS": "RETURN_COMPLETED"})


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("RMA_STATUS_CHANGED", {"RMA_ID": 7, "STATUS": "RETURN_REJECTED", "REASON": "бой"}, ("RETURN_REJECTED", "бой")),
        ("RMA_STATUS_CHANGED", {"RMA_ID": 7, "STATUS": "не слово", "REASON": ["x"]}, ("", "")),
        ("ONSALEORDER_ENTITY_SAVED", {"ORDER_ID": 7, "STATUS_ID": "CANCELED", "REASON_CANCELED": " нет "},
         ("CANCELED", "нет")),
        ("ONSALEORDER_ENTITY_SAVED", {"FIELDS": {"ORDER_ID": 7, "STATUS_ID": "F"}}, ("F", "")),
        ("ONSALEORDER_ENTITY_SAVED", {"ORDER_ID": 7, "REASON": "я" * 2000}, ("", "я" * 1000)),
        ("ONSALEORDERPAYMENT_PAID", {"ORDER_ID": 7}, ("PAYED", "")),
        ("payment.status.changed", {"ORDER_ID": 7, "STATUS": "NEW"}, ("NEW", "")),
        ("payment.status.changed", {"ORDER_ID": 7, "PAID": "Y"}, ("PAYED", "")),
        ("payment.status.changed", {"ORDER_ID": 7, "PAID": "N"}, ("", "")),
        ("ONSALEORDERPAYMENT_PAID", {"FIELDS": {"ORDER_ID": 7, "PAYED": False}}, ("", "")),
    ],
)  # fmt: skip
def test_what_an_event_itself_tells(name: str, data: Any, told: tuple[str, str]) -> None:
    found = event(name, data)
    assert (found.status, found.reason) == told
    assert found.reason not in repr(found) or not found.reason
