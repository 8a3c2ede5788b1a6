"""The control end points."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.portal import Portal
from tests.local.portal.conftest import HOST, RestClient
from tests.support.clock import Clock


async def get(rest: RestClient, path: str) -> Any:
    answer = await rest.http.get(f"/_sim/{path}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(rest: RestClient, path: str, body: dict[str, Any]) -> Any:
    answer = await rest.http.post(f"/_sim/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_calls_since_a_moment(rest: RestClient, clock: Clock):
    await rest.call("sale.order.get", {"id": 1})
    clock.passed = 60
    await rest.call("sale.order.get", {"id": 2})
    assert [call["params"]["id"] for call in await get(rest, "calls")] == [1, 2]
    for since in ("2026-12-01T12:01:00%2B03:00", "2026-12-01T12:01:00+03:00", "2026-12-01T09:01:00", "1796115660"):
        assert [call["params"]["id"] for call in await get(rest, f"calls?since={since}")] == [2]
    assert (await get(rest, "calls"))[1]["time"] == "2026-12-01T09:01:00.000+00:00"


async def test_calls_may_be_forgotten(rest: RestClient):
    await rest.call("sale.order.get", {"id": 1})
    assert (await rest.http.delete("/_sim/calls")).status_code == 200
    assert await get(rest, "calls") == []


@pytest.mark.parametrize("since", ["yesterday", "1e400", "nan"])
async def test_a_bad_moment_is_refused(rest: RestClient, since):
    assert (await rest.http.get(f"/_sim/calls?since={since}")).status_code == 400


async def test_orders_are_listed_with_their_links(rest: RestClient, portal: Portal):
    await rest.order()
    await rest.order(pay_system="2")
    prepaid, cash = await get(rest, "orders")
    assert prepaid["ID"] == "5121"
    assert prepaid["payment_url"] == f"{HOST}/pay/{portal.shop.orders.all()[0].pay_token}"
    assert cash["payment_url"] is None


async def test_an_order_is_changed(rest: RestClient):
    order_id = await rest.order()
    body = {"status": "SHIPPED", "tracking": "RU123", "eta": "2026-12-03"}
    changed = await post(rest, f"orders/{order_id}", body)
    order = (await rest.call("sale.order.get", {"id": order_id})).json()["result"]
    assert order["STATUS_ID"] == changed["STATUS_ID"] == "SHIPPED"
    assert order["SHIPMENT"][0]["TRACKING_NUMBER"] == "RU123"
    assert order["SHIPMENT"][0]["ETA"] == "2026-12-03"
    await post(rest, f"orders/{order_id}", {"status": "CANCELED", "reason": "Нет товара"})
    order = (await rest.call("sale.order.get", {"id": order_id})).json()["result"]
    assert (order["STATUS_ID"], order["REASON_CANCELED"]) == ("CANCELED", "Нет товара")
    assert order["SHIPMENT"][0]["ETA"] == "2026-12-03"
    assert (await post(rest, f"orders/{order_id}", {"eta": ""}))["SHIPMENT"][0]["ETA"] == ""


@pytest.mark.parametrize("word", ["NEW", "PAYED", "DELIVERED", "FINISHED", "RETURN_IN_PROGRESS"])
async def test_any_of_the_ten_may_be_set(rest: RestClient, word):
    order_id = await rest.order()
    changed = await post(rest, f"orders/{order_id}", {"status": word})
    assert changed["STATUS_ID"] == word
    assert changed["PAYMENT"][0]["PAID"] == ("Y" if word in ("PAYED", "FINISHED") else "N")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"x": 1},
        {"status": "PAID"},
        {"status": 5},
        {"status": ""},
        {"status": "PAYED", "eta": "tomorrow"},
        {"status": "PAYED", "eta": 5},
        {"status": "PAYED", "tracking": 5},
        {"status": "PAYED", "reason": 5},
    ],
)
async def test_a_bad_change_is_refused_whole(rest: RestClient, portal: Portal, body):
    order_id = await rest.order()
    before = await get(rest, "orders")
    answer = await rest.http.post(f"/_sim/orders/{order_id}", json=body)
    assert answer.status_code == 400
    assert await get(rest, "orders") == before
    assert portal.webhooks.all() == []


@pytest.mark.parametrize("path", ["orders/1", "returns/1", "products/1"])
async def test_what_is_not_there_is_404(rest: RestClient, path):
    answer = await rest.http.post(f"/_sim/{path}", json={"status": "PAYED"})
    assert (answer.status_code, answer.json()["error"]) == (404, "ERROR_NOT_FOUND")


async def test_products_are_found_and_changed(rest: RestClient):
    assert len(await get(rest, "products")) >= 300
    assert (await get(rest, "products?q=DF333DWYE"))[0] == {
        "id": "1001",
        "name": "Шуруповёрт Makita DF333DWYE",
        "article": "DF333DWYE",
        "category": "Шуруповёрты и дрели",
        "price": "7990.00",
        "stock": {"1": 4, "2": 0, "3": 0},
    }
    body = {"price": "8100.50", "stock": {"2": 7, "Склад на Советской": 0}}
    changed = await post(rest, "products/1001", body)
    assert (changed["price"], changed["stock"]) == ("8100.50", {"1": 0, "2": 7, "3": 0})
    assert (await post(rest, "products/1001", {"stock": {"3": 1}}))["price"] == "8100.50"
    cmd = {"cmd": {"sku_1001": "catalog.product.get?id=1001"}}
    offer = (await rest.call("crm.product.batch", cmd)).json()["result"]["result"]["sku_1001"]
    assert offer["PRICE"] == "8100.50"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"price": -1},
        {"price": "dear"},
        {"price": 10, "stock": {"9": 1}},
        {"price": 10, "stock": {"1": -1}},
        {"price": 10, "stock": 5},
    ],
)
async def test_a_bad_product_change_is_refused_whole(rest: RestClient, body):
    assert (await rest.http.post("/_sim/products/1001", json=body)).status_code == 400
    assert (await get(rest, "products?q=DF333DWYE"))[0]["price"] == "7990.00"


async def test_returns_are_listed_and_decided(rest: RestClient):
    order_id = await rest.order(lines={"1070": 10})
    items = [{"PRODUCT_ID": 1070, "QUANTITY": 2}]
    await rest.result("app.rma.add", {"order_id": order_id, "items": items, "photos": ["https://x.example/1.jpg"]})
    (item,) = await get(rest, "returns")
    assert item == {
        "id": "77",
        "order_id": order_id,
        "status": "RETURN_IN_PROGRESS",
        "reason": "",
        "wish": "",
        "items": {"1070": 2},
        "photos": ["https://x.example/1.jpg"],
        "created_at": "2026-12-01T12:00:00+03:00",
    }
    decided = await post(rest, "returns/77", {"status": "RETURN_REJECTED", "reason": "Следы вскрытия"})
    assert (decided["status"], decided["reason"]) == ("RETURN_REJECTED", "Следы вскрытия")
    assert (await rest.http.post("/_sim/returns/77", json={"status": "PAYED"})).status_code == 400
    assert (await rest.http.post("/_sim/returns/77", json={})).status_code == 400


async def test_faults_are_put_in_force_listed_and_ended(rest: RestClient):
    put = await post(rest, "faults", {"kind": "slow", "count": 2, "seconds": 1, "method": "sale.order.get"})
    assert put == {
        "id": 1,
        "kind": "slow",
        "count": 2,
        "rate": None,
        "method": "sale.order.get",
        "seconds": 1.0,
        "hits": 0,
    }
    await rest.call("sale.order.get", {"id": 1})
    (fault,) = await get(rest, "faults")
    assert (fault["count"], fault["hits"]) == (1, 1)
    assert (await post(rest, "faults", {"kind": "5xx"}))["count"] == 1
    assert (await post(rest, "faults", {"kind": "5xx", "rate": 0.5}))["rate"] == 0.5
    assert (await rest.http.delete("/_sim/faults")).json() == []
    assert await get(rest, "faults") == []


@pytest.mark.parametrize("kind", ["5xx", "timeout_after", "timeout_before", "rate_limit", "expired_token", "html_502"])
async def test_every_kind_is_known(rest: RestClient, kind):
    assert (await post(rest, "faults", {"kind": kind}))["kind"] == kind


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "earthquake"},
        {"kind": "5xx", "count": "many"},
        {"kind": "5xx", "rate": 2},
        {"kind": "5xx", "rate": 0},
        {"kind": "5xx", "rate": 0.5, "count": 1},
        {"kind": "slow", "seconds": 100_000},
        {"kind": "5xx", "method": 5},
    ],
)
async def test_a_bad_fault_is_refused(rest: RestClient, body):
    assert (await rest.http.post("/_sim/faults", json=body)).status_code == 400
    assert await get(rest, "faults") == []


async def test_webhooks_are_listed(rest: RestClient, portal: Portal):
    assert await get(rest, "webhooks") == []
    portal.webhooks.url = "http://127.0.0.1:9/"
    await post(rest, f"orders/{await rest.order()}", {"status": "PAYED"})
    await portal.webhooks.settle()
    (delivery,) = await get(rest, "webhooks")
    assert (delivery["event"], delivery["state"], len(delivery["attempts"])) == (
        "ONSALEORDERPAYMENT_PAID",
        "given_up",
        6,
    )


async def test_the_contract_knows_one_price(rest: RestClient):
    assert (await rest.http.post("/_sim/buyers/17", json={"price_type": 4})).status_code == 404
