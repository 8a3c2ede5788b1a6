"""Payments and shipments."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from infra.local.portal import Portal
from tests.local.portal.native.conftest import SHIPMENT, NativeClient


async def test_the_sum_is_not_filled_in(rest: NativeClient):
    order_id = await rest.order()
    await rest.line(order_id)
    fields = {"orderId": order_id, "paySystemId": 1, "xmlId": "pay-1", "comments": "x"}
    payment = (await rest.result("sale.payment.add", {"fields": fields}))["payment"]
    assert (payment["sum"], payment["xmlId"], payment["comments"], payment["paid"]) == (0, "pay-1", "x", "N")


async def test_a_payment_is_marked_paid_and_back(rest: NativeClient):
    made = await rest.whole_order(pay_system=2)
    change = {"id": made.payment, "fields": {"paySystemId": 2, "paid": "Y", "sum": 10}}
    payment = (await rest.result("sale.payment.update", change))["payment"]
    assert (payment["paid"], payment["sum"], payment["datePaid"]) == ("Y", 10, "2026-12-01T12:00:00+03:00")
    assert payment["paySystemIsCash"] == "Y"
    change = {"id": made.payment, "fields": {"paySystemId": 2, "paid": "N"}}
    assert (await rest.result("sale.payment.update", change))["payment"]["datePaid"] is None
    assert (await rest.result("sale.payment.get", {"id": made.payment}))["payment"]["orderId"] == made.id
    listed = (await rest.result("sale.payment.list", {"filter": {"orderId": made.id}}))["payments"]
    assert [one["id"] for one in listed] == [made.payment]


async def test_payments_that_are_refused(rest: NativeClient):
    made = await rest.whole_order()
    assert await rest.refusal("sale.payment.update", {"id": made.payment, "fields": {"paid": "Y"}}) == (400, 0)
    assert await rest.refusal("sale.payment.update", {"id": 1, "fields": {"paySystemId": 1}}) == (400, 200640400001)
    assert await rest.refusal("sale.payment.get", {"id": 1}) == (400, 200640400001)
    bad = {"orderId": made.id, "paySystemId": 77}
    assert await rest.refusal("sale.payment.add", {"fields": bad}) == (400, "SALE_PAYMENT_WRONG_PAYMENT_SERVICE")
    assert await rest.refusal("sale.payment.add", {"fields": {"orderId": made.id}}) == (400, 0)
    nobody = {"orderId": 1, "paySystemId": 1}
    assert await rest.refusal("sale.payment.add", {"fields": nobody}) == (400, 200540400001)


async def test_a_payment_is_paid_by_its_link_once(rest: NativeClient):
    made = await rest.whole_order()
    link = (await rest.result("salescenter.payment.getPublicUrl", {"id": made.payment}))["payment"]
    assert set(link) == {"url", "shortUrl", "qr"}
    assert f"orderId={made.id}" in link["url"]
    for url in (link["url"], link["shortUrl"]):
        page = await rest.http.get(urlsplit(url).path)
        assert "Оплатить" in page.text
    assert "Спасибо" in (await rest.http.post(urlsplit(link["shortUrl"]).path)).text
    assert "уже оплачен" in (await rest.http.post(urlsplit(link["shortUrl"]).path)).text
    assert (await rest.get(made.id))["payed"] == "Y"
    assert (await rest.http.get("/pay/nothing")).status_code == 404
    assert await rest.refusal("salescenter.payment.getPublicUrl", {"id": 1}) == (400, 200640400001)


async def test_a_cancelled_order_is_not_paid(rest: NativeClient):
    made = await rest.whole_order()
    link = (await rest.result("salescenter.payment.getPublicUrl", {"id": made.payment}))["payment"]["shortUrl"]
    await rest.result("sale.order.update", {"id": made.id, "fields": {"canceled": "Y"}})
    assert "отменён" in (await rest.http.post(urlsplit(link).path)).text
    assert (await rest.get(made.id))["payed"] == "N"


async def test_a_shipment_is_made_empty_and_filled(rest: NativeClient):
    order_id = await rest.order()
    line_id = await rest.line(order_id, quantity=2)
    fields = {"orderId": order_id, **SHIPMENT, "xmlId": "ship-1", "trackingNumber": "RU1", "comments": "утром"}
    shipment = (await rest.result("sale.shipment.add", {"fields": fields}))["shipment"]
    assert (shipment["shipmentItems"], shipment["statusId"], shipment["xmlId"]) == ([], "DN", "ship-1")
    assert (shipment["trackingNumber"], shipment["comments"]) == ("RU1", "утром")
    item = {"orderDeliveryId": shipment["id"], "basketId": line_id, "quantity": 2, "xmlId": "si-1"}
    made = (await rest.result("sale.shipmentitem.add", {"fields": item}))["shipmentItem"]
    assert (made["basketId"], made["xmlId"]) == (line_id, "si-1")
    assert await rest.refusal("sale.shipmentitem.add", {"fields": item}) == (400, 201250000001)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"orderDeliveryId": 1}, 201240400002),
        ({"basketId": 1}, 201240400003),
        ({"quantity": 0}, "BX_INVALID_VALUE"),
        ({"quantity": None}, 0),
    ],
)
async def test_positions_that_are_refused(rest: NativeClient, change, code):
    order_id = await rest.order()
    line_id = await rest.line(order_id)
    shipment = (await rest.result("sale.shipment.add", {"fields": {"orderId": order_id, **SHIPMENT}}))["shipment"]
    fields = {"orderDeliveryId": shipment["id"], "basketId": line_id, "quantity": 1, **change}
    assert await rest.refusal("sale.shipmentitem.add", {"fields": fields}) == (400, code)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"orderId": 1}, 200540400001),
        ({"orderId": None}, 0),
        ({"allowDelivery": None}, 0),
        ({"deducted": None}, 0),
        ({"deliveryId": None}, 0),
        ({"deliveryId": 77}, "SALE_SHIPMENT_WRONG_DELIVERY_SERVICE"),
        ({"statusId": "N"}, "BX_INVALID_VALUE"),
    ],
)
async def test_shipments_that_are_refused(rest: NativeClient, change, code):
    order_id = await rest.order()
    fields = {"orderId": order_id, **SHIPMENT, **change}
    assert await rest.refusal("sale.shipment.add", {"fields": fields}) == (400, code)
    assert (await rest.result("sale.shipment.list"))["shipments"] == []


async def test_handing_over_takes_the_goods_out_of_the_store(rest: NativeClient, portal: Portal):
    made = await rest.whole_order(lines={1001: 3})
    fields = {"allowDelivery": "Y", "deducted": "Y", "deliveryId": 3, "statusId": "DF", "trackingNumber": "RU2"}
    shipment = (await rest.result("sale.shipment.update", {"id": made.shipment, "fields": fields}))["shipment"]
    assert (shipment["deducted"], shipment["allowDelivery"], shipment["statusId"]) == ("Y", "Y", "DF")
    assert (await rest.get(made.id))["deducted"] == "Y"
    assert portal.native.ledger.stockroom.reserved("1001", "1") == 0
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    assert product.available == 1
    canceled = {"id": made.id, "fields": {"canceled": "Y"}}
    assert await rest.refusal("sale.order.update", canceled) == (400, "SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED")
    assert product.available == 1


async def test_shipments_are_read(rest: NativeClient):
    made = await rest.whole_order()
    assert (await rest.result("sale.shipment.get", {"id": made.shipment}))["shipment"]["orderId"] == made.id
    assert await rest.refusal("sale.shipment.get", {"id": 1}) == (400, 201140400001)
    assert await rest.refusal("sale.shipment.update", {"id": 1, "fields": SHIPMENT}) == (400, 201140400001)
    assert await rest.refusal("sale.shipment.update", {"id": made.shipment, "fields": {"statusId": "DF"}}) == (400, 0)
    listed = (await rest.result("sale.shipment.list", {"filter": {"orderId": made.id, "system": "N"}}))["shipments"]
    assert [one["id"] for one in listed] == [made.shipment]
