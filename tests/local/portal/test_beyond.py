"""What a proxy offers beside the spec's table."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.portal import Portal
from infra.local.portal.catalogue import Amount
from infra.local.portal.contract.methods import SPEC
from tests.local.portal.conftest import RestClient


async def refusal(rest: RestClient, method: str, params: dict[str, Any]) -> Any:
    answer = await rest.change(method, params)
    assert answer.status_code == 400
    return answer.json()["error"]


def available(portal: Portal) -> Amount:
    (product,) = portal.shop.catalogue.search("DF333DWYE")
    return product.available


async def test_an_order_is_canceled_once(rest: RestClient, portal: Portal):
    portal.webhooks.url = "http://127.0.0.1:9/"
    await rest.order(lines={"1001": 2})
    assert available(portal) == 2
    params = {"id": 5121, "fields": {"CANCELED": "Y", "REASON_CANCELED": "Передумал"}}
    for _ in range(2):
        order = (await rest.result("sale.order.update", params))["order"]
        assert (order["STATUS_ID"], order["CANCELED"], order["REASON_CANCELED"]) == ("CANCELED", "Y", "Передумал")
    assert available(portal) == 4
    assert [str(delivery.event) for delivery in portal.webhooks.all()] == ["ONSALEORDER_ENTITY_SAVED"]


@pytest.mark.parametrize(
    ("method", "params", "error"),
    [
        ("sale.order.update", {"id": 9, "fields": {"CANCELED": "Y"}}, "200540400001"),
        ("sale.order.update", {"id": 5121, "fields": {"PRICE": 1}}, "BX_INVALID_VALUE"),
        ("sale.payment.get", {"id": 9}, "200640400001"),
        ("sale.payment.update", {"id": 9, "fields": {"PAY_SYSTEM_ID": 1}}, "200640400001"),
        ("sale.payment.update", {"id": 5121, "fields": {"PAID": "Y"}}, "100"),
        ("sale.shipment.get", {"id": 9}, "201140400001"),
        ("salescenter.payment.getPublicUrl", {"id": 9}, "200640400001"),
        ("app.rma.get", {"id": 9}, "ERROR_NOT_FOUND"),
    ],
)
async def test_what_makes_no_sense_is_refused(rest: RestClient, method: str, params: dict[str, Any], error: str):
    await rest.order()
    assert str(await refusal(rest, method, params)) == error


async def test_a_payment_is_made_and_taken_back(rest: RestClient, portal: Portal):
    await rest.order(pay_system="2")
    portal.webhooks.url = "http://127.0.0.1:9/"
    for paid in ("Y", "Y", "N"):
        fields = {"PAY_SYSTEM_ID": 2, "PAID": paid}
        made = (await rest.result("sale.payment.update", {"id": 5121, "fields": fields}))["payment"]
        assert made["PAID"] == paid
    assert (await rest.result("sale.payment.get", {"id": 5121}))["payment"]["ORDER_ID"] == "5121"
    events = [str(delivery.event) for delivery in portal.webhooks.all()]
    assert events == ["ONSALEORDERPAYMENT_PAID", "ONSALEORDER_ENTITY_SAVED"]
    assert (await rest.result("salescenter.payment.getPublicUrl", {"id": 5121}))["payment"]["URL"] is None


async def test_a_paid_order_is_not_canceled(rest: RestClient):
    await rest.order()
    await rest.http.post("/_sim/orders/5121", json={"paid": True})
    params = {"id": 5121, "fields": {"CANCELED": "Y"}}
    assert await refusal(rest, "sale.order.update", params) == "SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE"


async def test_an_order_that_was_handed_over_is_not_canceled(rest: RestClient):
    await rest.order()
    await rest.http.post("/_sim/orders/5121", json={"status": "SHIPPED"})
    params = {"id": 5121, "fields": {"CANCELED": "Y"}}
    assert await refusal(rest, "sale.order.update", params) == "SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED"


async def test_lists_come_in_pages(rest: RestClient):
    for _ in range(52):
        await rest.order(buyer="18")
    await rest.order()
    params: dict[str, Any] = {"filter": {"USER_ID": 18}, "select": ["ID"]}
    first = (await rest.call("sale.order.list", params)).json()
    second = (await rest.call("sale.order.list", {**params, "start": 50})).json()
    assert (first["total"], first["next"], len(first["result"]["orders"])) == (52, 50, 50)
    assert second["result"]["orders"] == [{"ID": "5171"}, {"ID": "5172"}]
    assert "next" not in second
    whole = (await rest.result("sale.order.list", {"filter": {"USER_ID": 17}}))["orders"][0]
    assert whole["PROPERTY_VALUES"]["ADDRESS"]


async def test_returns_are_kept_with_their_wish_and_photos(rest: RestClient):
    await rest.order(lines={"1001": 2})
    items = [{"PRODUCT_ID": 1001, "QUANTITY": 1}]
    wanted = {"order_id": 5121, "items": items, "photos": ["https://x.example/1.jpg"], "reason": "Брак"}
    made = await rest.result("app.rma.add", wanted)
    (listed,) = (await rest.result("app.rma.list", {"filter": {"ORDER_ID": 5121}}))["items"]
    assert listed == await rest.result("app.rma.get", {"id": made["RMA_ID"]})
    assert (listed["ITEMS"], listed["PHOTOS"]) == ([{"PRODUCT_ID": "1001", "QUANTITY": 1}], ["https://x.example/1.jpg"])
    assert (await rest.http.get("/_sim/returns")).json()[0]["wish"] == "Брак"
    assert (await rest.result("app.rma.list", {"filter": {"ORDER_ID": 9}}))["items"] == []


async def test_a_portal_may_offer_what_the_spec_names_and_not_one_method_more(make_portal):
    rest = RestClient(make_portal(spec_only=True))
    order_id = await rest.order()
    order = await rest.result("sale.order.get", {"id": order_id})
    assert order["ID"] == order_id
    for method in ("app.rma.get", "sale.order.list", "catalog.section.list", "disk.file.delete", "scope"):
        answer = await rest.call(method, {"id": order_id})
        assert (answer.status_code, answer.json()["error"]) == (404, "ERROR_METHOD_NOT_FOUND")
    await rest.http.aclose()


def test_the_spec_names_only_methods_that_are_there(make_portal):
    assert make_portal(spec_only=True).rest._runner._dialect.keys() == SPEC
