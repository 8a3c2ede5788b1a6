"""`Idempotency-Key`: one key, one change."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from infra.local.portal import Portal, PortalOptions, create_portal
from infra.local.portal.faults import FaultKind
from tests.local.portal.conftest import KEY, RestClient, order_params
from tests.support.clock import Clock

LINE = {"fields": {"PRODUCT_ID": "1001", "QUANTITY": 1, "FUSER_ID": "17"}}
OTHER = {"fields": {"PRODUCT_ID": "1002", "QUANTITY": 1, "FUSER_ID": "17"}}


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


MODIFYING = [
    ("sale.basketitem.add", LINE),
    ("sale.order.add", order_params()),
    ("app.rma.add", {}),
    ("sale.orderreserves.add", {}),
    ("disk.folder.uploadfile", {}),
    ("disk.file.delete", {"id": "1"}),
    ("batch", {"cmd": {"a": "sale.order.get?id=1", "b": "sale.order.add?fields[USER_ID]=17"}}),
]


@pytest.mark.parametrize(("method", "params"), MODIFYING)
@pytest.mark.parametrize("bad", ["", "abc", "c232ab00-9414-11ec-b3c8-9f68deced846", "x" * 300])
async def test_a_modifying_call_without_a_uuid4_is_refused(rest: RestClient, portal: Portal, method, params, bad):
    answer = await rest.call(method, params, key=bad)
    assert (answer.status_code, answer.json()["error"]) == (400, "INVALIDIDEMPOTENCYKEYEXCEPTION")
    assert "Idempotency-Key" in answer.json()["error_description"]
    assert portal.shop.orders.basket("17") == []


async def test_a_reading_call_needs_no_key_and_ignores_one(rest: RestClient, key):
    for _ in range(2):
        answer = await rest.call("batch", {"cmd": {"a": "sale.order.get?id=1"}}, key=key)
        assert answer.status_code == 200
        assert "Idempotent-Replayed" not in answer.headers


async def test_the_same_again_is_answered_the_same_and_done_once(rest: RestClient, portal: Portal, key):
    first = await rest.call("sale.basketitem.add", LINE, key=key)
    again = await rest.call("sale.basketitem.add", LINE, key=key.upper())
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.content == first.content
    assert len(portal.shop.orders.basket("17")) == 1
    assert [record.replayed for record in portal.rest.calls.since()] == [False, True]


async def test_an_order_is_made_once_with_the_same_payment_link(rest: RestClient, portal: Portal, key):
    await rest.call("sale.basketitem.add", LINE, key=str(uuid.uuid4()))
    answers = [await rest.call("sale.order.add", order_params(), key=key) for _ in range(3)]
    assert len({answer.json()["result_data"]["payment_url"] for answer in answers}) == 1
    assert len(portal.shop.orders.all()) == 1


async def test_the_order_of_fields_and_the_encoding_of_credentials_do_not_matter(rest: RestClient, portal, key):
    headers = {"Idempotency-Key": key}
    one = {"fields": {"PRODUCT_ID": "1001", "QUANTITY": "1", "FUSER_ID": "17"}, "auth": "good-token"}
    form = {"fields[FUSER_ID]": "17", "fields[QUANTITY]": "1", "fields[PRODUCT_ID]": "1001"}
    await rest.http.post("/rest/sale.basketitem.add", json=one, headers=headers)
    again = await rest.http.post("/rest/sale.basketitem.add?auth=good-token", data=form, headers=headers)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(portal.shop.orders.basket("17")) == 1


async def test_another_body_under_the_key_is_refused(rest: RestClient, portal: Portal, key):
    await rest.call("sale.basketitem.add", LINE, key=key)
    answer = await rest.call("sale.basketitem.add", OTHER, key=key)
    assert (answer.status_code, answer.json()["error"]) == (422, "IDEMPOTENCYKEYREUSEDEXCEPTION")
    assert len(portal.shop.orders.basket("17")) == 1


async def test_a_key_belongs_to_one_method_of_one_caller(rest: RestClient, portal: Portal, key):
    await rest.call("sale.basketitem.add", LINE, key=key)
    by_token = await rest.http.post(
        "/rest/sale.basketitem.add?auth=good-token", json=LINE, headers={"Idempotency-Key": key}
    )
    assert "Idempotent-Replayed" not in by_token.headers
    order = await rest.call("sale.order.add", order_params(), key=key)
    assert order.status_code == 200
    assert portal.shop.orders.all()[0].quantity_of("1001") == 2


async def test_a_key_is_honoured_for_72_hours(rest: RestClient, portal: Portal, clock: Clock, key):
    await rest.call("sale.basketitem.add", LINE, key=key)
    clock.passed += 72 * 3600 - 60
    assert "Idempotent-Replayed" in (await rest.call("sale.basketitem.add", LINE, key=key)).headers
    clock.passed += 120
    assert "Idempotent-Replayed" not in (await rest.call("sale.basketitem.add", LINE, key=key)).headers
    assert len(portal.shop.orders.basket("17")) == 2


async def test_a_refusal_leaves_the_key_free(rest: RestClient, portal: Portal, key):
    refused = await rest.call("sale.order.add", order_params(), key=key)
    assert refused.status_code == 400
    await rest.call("sale.basketitem.add", LINE, key=str(uuid.uuid4()))
    done = await rest.call("sale.order.add", order_params(), key=key)
    assert done.status_code == 200
    assert "Idempotent-Replayed" not in done.headers
    assert len(portal.shop.orders.all()) == 1


async def test_a_batch_is_kept_when_it_changed_something(rest: RestClient, portal: Portal, key):
    cmd = {"a": "sale.basketitem.add?fields[PRODUCT_ID]=1001&fields[QUANTITY]=1&fields[FUSER_ID]=17", "b": "nothing"}
    first = await rest.call("batch", {"cmd": cmd}, key=key)
    again = await rest.call("batch", {"cmd": cmd}, key=key)
    assert again.content == first.content
    assert len(portal.shop.orders.basket("17")) == 1


async def test_simultaneous_calls_are_done_once(rest: RestClient, portal: Portal, key):
    answers = await asyncio.gather(*(rest.call("sale.basketitem.add", LINE, key=key) for _ in range(20)))
    assert {answer.content for answer in answers} == {answers[0].content}
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 19
    assert len(portal.shop.orders.basket("17")) == 1


async def test_a_lost_answer_is_given_again(rest: RestClient, portal: Portal, key):
    portal.rest.faults.add(FaultKind.TIMEOUT_AFTER)
    lost = await rest.call("sale.basketitem.add", LINE, key=key)
    assert lost.status_code == 504
    again = await rest.call("sale.basketitem.add", LINE, key=key)
    assert (again.status_code, again.json()["result"]) == (200, 1)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(portal.shop.orders.basket("17")) == 1


async def test_a_change_is_finished_when_its_client_has_gone(make_portal, key):
    class Gate:
        """A clock whose sleeps last until the gate opens."""

        def __init__(self) -> None:
            self.reached = asyncio.Event()
            self.open = asyncio.Event()
            self._fake = Clock()
            self.now, self.monotonic = self._fake.now, self._fake.monotonic

        async def sleep(self, _seconds: float) -> None:
            self.reached.set()
            await self.open.wait()

    gate = Gate()
    rest = RestClient(create_portal(PortalOptions(), clock=gate, http=make_portal().webhooks._http))
    asking = asyncio.create_task(rest.call("sale.basketitem.add", LINE, key=key))
    await gate.reached.wait()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    gate.open.set()
    again = await rest.call("sale.basketitem.add", LINE, key=key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(rest.portal.shop.orders.basket("17")) == 1
    await rest.http.aclose()


async def test_a_crash_leaves_the_key_free(rest: RestClient, portal: Portal, monkeypatch, key):
    def broken(*_args: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(portal.shop.orders, "add_to_basket", broken)
        with pytest.raises(ZeroDivisionError):
            await rest.call("sale.basketitem.add", LINE, key=key)
    answer = await rest.http.post(f"/rest/1/{KEY}/sale.basketitem.add", json=LINE, headers={"Idempotency-Key": key})
    assert answer.status_code == 200
