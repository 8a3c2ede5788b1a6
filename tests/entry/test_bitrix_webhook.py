"""Events of the portal: proven, remembered, and turned into «look again»."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.domain.order_record import OrderRecord
from shared.domain.orders import PaymentKind
from shared.entry.container import Container
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork
from tests.entry.conftest import Lines
from tests.entry.world import BITRIX_SECRET, MASTER, call, forever
from tests.pipeline.bench import NOW
from tests.support.queues import FakeQueue
from tests.support.stores import FaultyStore

pytestmark = pytest.mark.usefixtures("here")

DUE = NOW + timedelta(seconds=2)


def about(order: str, event_id: str = "e1", name: str = "OnSaleOrderPayment_Paid") -> dict[str, Any]:
    return {"event": name, "event_id": event_id, "data": {"ORDER_ID": order}}


def signed(body: bytes, secret: str = BITRIX_SECRET) -> dict[str, str]:
    return {"X-Webhook-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


async def event(here: Container, body: bytes | dict[str, Any], **headers: str) -> httpx.Response:
    """Send an event with a right signature, or with these headers."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await call(here, "bitrix_webhook", raw, headers=headers or signed(raw))


async def order_of_ours(store: FaultyStore, clock: Any, number: str = "77") -> None:
    order = OrderRecord(number, MASTER, MASTER, PaymentKind.CASH, Decimal("10.50"), "RUB", NOW)
    unit = UnitOfWork(store, clock)
    await unit.get(Key("orders", number))
    order.save(unit)
    await unit.commit()
    store.commits = 0


async def wanted(store: FaultyStore) -> list[str]:
    return [record.key.id for record in await store.due("jobs", DUE, 10)]


async def test_an_event_of_our_order_has_it_looked_at_again(
    here: Container, store: FaultyStore, queue: FakeQueue, lines: Lines
):
    await order_of_ours(store, here.now)
    response = await event(here, about("77"))
    assert (response.status_code, response.text) == (200, "ok")
    assert await wanted(store) == ["sync_order:77:PAYED"]
    assert queue.permits == [DUE]
    record = await store.get(Key("inbox_bitrix", "e1"))
    assert record is not None
    assert record.expires_at == NOW + timedelta(minutes=10)
    [entry] = lines()
    assert (entry["bitrix_event"], entry["handled"]) == ("e1", "done")


async def test_a_repeated_event_writes_nothing(here: Container, store: FaultyStore, queue: FakeQueue):
    """Whether the first one's permit was made nobody noted: one more does no harm."""
    await order_of_ours(store, here.now)
    await event(here, about("77"))
    commits = store.commits
    assert (await event(here, about("77"))).status_code == 200
    assert store.commits == commits
    assert queue.permits == [DUE] * 2
    assert await wanted(store) == ["sync_order:77:PAYED"]


async def test_ten_events_of_one_order_are_one_look(here: Container, store: FaultyStore, queue: FakeQueue):
    await order_of_ours(store, here.now)
    for number in range(10):
        await event(here, about("77", f"e{number}"))
    assert await wanted(store) == ["sync_order:77:PAYED"]
    assert queue.permits == [DUE]


@pytest.mark.parametrize(
    "body", [about("78"), about("77", name="OnCrmDealAdd"), {"event": "RMA_STATUS_CHANGED", "data": {"RMA_ID": 5}}]
)
async def test_what_is_not_about_our_orders_is_handled_and_leads_to_nothing(
    here: Container, store: FaultyStore, queue: FakeQueue, body: dict[str, Any]
):
    await order_of_ours(store, here.now)
    assert (await event(here, body)).status_code == 200
    assert await wanted(store) == []
    assert queue.tasks == []
    assert store.commits == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Other": "1"},
        {"X-Webhook-Signature": ""},
        {"X-Webhook-Signature": "00" * 32},
        signed(b"another body"),
        signed(json.dumps(about("77")).encode(), "another secret"),
    ],
)
async def test_who_cannot_sign_is_turned_away(here: Container, store: FaultyStore, headers: dict[str, str]):
    await order_of_ours(store, here.now)
    response = await event(here, about("77"), **headers)
    assert (response.status_code, response.json()) == (401, {"error": "unauthorized"})
    assert store.commits == 0


@pytest.mark.parametrize("here", [{"WEBHOOK_SECRET": ""}], indirect=True)
@pytest.mark.parametrize("secret", ["", "None", BITRIX_SECRET])
async def test_without_a_secret_the_entrance_is_shut(here: Container, store: FaultyStore, secret: str):
    body = json.dumps(about("77")).encode()
    assert (await event(here, body, **signed(body, secret))).status_code == 401
    assert store.commits == 0


@pytest.mark.parametrize("body", [b"", b"hello", b"[]", b"{}", b'{"event": "ONSALEORDERPAYMENT_PAID"}', b"event=x&y=1"])
async def test_what_is_no_event_is_refused(here: Container, store: FaultyStore, body: bytes):
    response = await event(here, body)
    assert (response.status_code, response.json()) == (400, {"error": "not_an_event"})
    assert store.commits == 0


async def test_without_a_store_the_event_is_asked_for_again(here: Container, store: FaultyStore):
    store.down = True
    assert (await event(here, about("77"))).status_code == 503


async def test_without_a_queue_the_repetition_finishes(here: Container, store: FaultyStore, queue: FakeQueue):
    await order_of_ours(store, here.now)
    queue.down = True
    assert (await event(here, about("77"))).status_code == 503
    queue.down = False
    assert (await event(here, about("77"))).status_code == 200
    assert queue.permits == [DUE]


@pytest.mark.parametrize(
    ("age", "status"), [(timedelta(0), 200), (timedelta(hours=1), 200), (timedelta(hours=1, seconds=1), 400)]
)
@pytest.mark.parametrize("written", [int, str])
async def test_a_signed_event_older_than_an_hour_is_refused(
    here: Container, store: FaultyStore, clock: Any, age: timedelta, status: int, written: Callable[[int], Any]
):
    await order_of_ours(store, clock)
    response = await event(here, {**about("77"), "ts": written(int((NOW - age).timestamp()))})
    assert response.status_code == status
    assert response.text == ("ok" if status == 200 else '{"error":"too_old"}')
    assert await wanted(store) == (["sync_order:77:PAYED"] if status == 200 else [])


@pytest.mark.parametrize("said", ["yesterday", None, True, 1e300, {}, -5, "9" * 400])
async def test_what_says_its_time_in_another_way_is_taken_as_before(
    here: Container, store: FaultyStore, clock: Any, said: Any
):
    await order_of_ours(store, clock)
    assert (await event(here, {**about("77"), "ts": said})).status_code == 200
    assert await wanted(store) == ["sync_order:77:PAYED"]


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/x-www-form-urlencoded"}], ids=["json", "form"])
async def test_who_cannot_prove_himself_is_refused_before_his_body_is_there(here: Container, headers: dict[str, str]):
    """Here no form can: there is no application token."""

    async def never() -> AsyncIterator[bytes]:
        await forever()
        yield b""

    response = await call(here, "bitrix_webhook", never(), headers=headers)
    assert (response.status_code, response.json()) == (401, {"error": "unauthorized"})


async def test_half_a_surrogate_pair_in_a_reason_is_no_trouble(here: Container, store: FaultyStore, clock: Any):
    await order_of_ours(store, clock)
    told = {"ORDER_ID": "77", "STATUS_ID": "CANCELED", "REASON": "нет \ud800"}
    told_event = {"event": "OnSaleOrder_Entity_Saved", "event_id": "e1", "data": told}
    assert (await event(here, told_event)).status_code == 200
    assert await wanted(store) == ["sync_order:77:CANCELED"]
