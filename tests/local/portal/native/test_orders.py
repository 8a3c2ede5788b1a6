"""Orders and their lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from infra.local.portal import NativeOptions, Portal
from tests.local.portal.native.conftest import ORDER, SHIPMENT, NativeClient
from tests.support.clock import Clock

LINE = {"productId": 1001, "quantity": 1, "currency": "RUB"}


async def test_an_order_is_made_empty(rest: NativeClient):
    order = (await rest.result("sale.order.add", {"fields": {**ORDER, "userDescription": "Звонить"}}))["order"]
    assert (order["id"], order["accountNumber"], order["statusId"], order["payed"]) == (5121, "5121", "N", "N")
    assert (order["xmlId"], order["userId"], order["userDescription"]) == ("tg-1", 17, "Звонить")
    assert (order["price"], order["version"], order["requisiteLink"]) == (0, 1, [])


async def test_what_is_not_writable_is_dropped_without_a_word(rest: NativeClient):
    nested = {
        "PAYMENT": [{"PAY_SYSTEM_ID": 1}],
        "SHIPMENT": [{"DELIVERY_SERVICE_ID": 3}],
        "PROPERTY_VALUES": {"ADDRESS": "Тверь"},
        "basketItems": [LINE],
        "payments": [{"paySystemId": 1}],
        "USER_ID": 99,
        "payed": "Y",
        "version": 50,
        "accountNumber": "A-1",
    }
    order = await rest.get(await rest.order(**nested))
    assert (order["payments"], order["shipments"], order["propertyValues"], order["basketItems"]) == ([], [], [], [])
    assert (order["userId"], order["payed"], order["version"], order["accountNumber"]) == (17, "N", 1, "5121")


@pytest.mark.parametrize("field", ["lid", "personTypeId", "currency"])
async def test_required_fields(rest: NativeClient, field):
    fields = {name: value for name, value in ORDER.items() if name != field}
    answer = await rest.call("sale.order.add", {"fields": fields})
    assert (answer.status_code, answer.json()["error"]) == (400, 0)
    assert field in answer.json()["error_description"]


@pytest.mark.parametrize("change", [{"lid": "s2"}, {"personTypeId": 4}, {"statusId": "DF"}, {"statusId": "WAITING"}])
async def test_values_that_make_no_sense(rest: NativeClient, portal: Portal, change):
    assert await rest.refusal("sale.order.add", {"fields": {**ORDER, **change}}) == (400, "BX_INVALID_VALUE")
    assert portal.native.ledger.all() == []


async def test_the_contracts_call_is_refused(rest: NativeClient):
    fields = {"USER_ID": 17, "PAYMENT": [{"PAY_SYSTEM_ID": 1}], "SHIPMENT": [{"DELIVERY_SERVICE_ID": 3}]}
    assert await rest.refusal("sale.order.add", {"fields": fields}) == (400, 0)
    assert await rest.refusal("sale.order.add") == (400, 100)
    assert await rest.refusal("app.rma.add", {"order_id": 1}) == (404, "ERROR_METHOD_NOT_FOUND")


async def test_xml_id_is_kept_made_up_and_not_unique(rest: NativeClient):
    first, second = await rest.order(), await rest.order()
    third = await rest.order(xmlId="")
    assert (await rest.get(first))["xmlId"] == (await rest.get(second))["xmlId"] == "tg-1"
    assert (await rest.get(third))["xmlId"].startswith("bx_")
    found = await rest.body("sale.order.list", {"filter": {"=xmlId": "tg-1"}, "order": {"id": "asc"}})
    assert [order["id"] for order in found["result"]["orders"]] == [first, second]
    missed = await rest.body("sale.order.list", {"filter": {"=xmlId": "tg-2"}})
    assert (missed["total"], missed["result"]["orders"]) == (0, [])
    misspelt = await rest.body("sale.order.list", {"filter": {"=xmlID": "tg-2"}})
    assert misspelt["total"] == 3


async def test_lines_take_the_catalogues_price_and_make_the_orders(rest: NativeClient):
    order_id = await rest.order()
    body = await rest.body(
        "sale.basketitem.addCatalogProduct", {"fields": {**LINE, "orderId": order_id, "quantity": "2"}}
    )
    line = body["result"]["basketItem"]
    assert body["total"] == 1
    assert (line["id"], line["orderId"], line["price"], line["quantity"]) == (255, order_id, 7990, 2)
    order = await rest.get(order_id)
    assert (order["price"], order["version"]) == (15980, 2)
    assert (order["basketItems"][0]["id"], order["basketItems"][0]["orderId"]) == ("255", str(order_id))
    assert order["basketItems"][0]["measureName"] == "шт"
    (system,) = order["shipments"]
    assert (system["system"], system["shipmentItems"]) == ("Y", [])


async def test_a_line_may_have_its_own_price(rest: NativeClient):
    order_id = await rest.order()
    custom = {"customPrice": "Y", "price": 100.5, "basePrice": 110, "xmlId": "line-1"}
    made = await rest.result("sale.basketitem.add", {"fields": {**LINE, "orderId": order_id, **custom}})
    line = made["basketItem"]
    assert (line["price"], line["discountPrice"], line["xmlId"]) == (100.5, 9.5, "line-1")
    ignored = {"price": 1}
    await rest.result("sale.basketitem.add", {"fields": {**LINE, "orderId": order_id, **ignored}})
    lines = (await rest.result("sale.basketitem.list", {"filter": {"orderId": order_id}}))["basketItems"]
    assert [one["price"] for one in lines] == [100.5, 7990]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"orderId": None}, 200140400008),
        ({"orderId": 1}, 200140400009),
        ({"orderId": "$result[order][order][id]"}, 200140400009),
        ({"productId": 1}, 200140400007),
        ({"currency": "EUR"}, 200140400011),
        ({"currency": ""}, 0),
        ({"quantity": None}, 0),
        ({"quantity": 0}, "BX_INVALID_VALUE"),
        ({"quantity": "few"}, "BX_INVALID_VALUE"),
    ],
)
async def test_lines_that_are_refused(rest: NativeClient, change, code):
    order_id = await rest.order()
    fields = {**LINE, "orderId": order_id, **change}
    assert await rest.refusal("sale.basketitem.add", {"fields": fields}) == (400, code)
    assert (await rest.get(order_id))["basketItems"] == []


async def test_properties_are_replaced_as_a_set(rest: NativeClient):
    order_id = await rest.order()

    async def modify(*values: dict[str, Any]) -> Any:
        fields = {"order": {"id": order_id, "propertyValues": list(values)}}
        return (await rest.result("sale.propertyvalue.modify", {"fields": fields}))["propertyValues"]

    first = await modify({"orderPropsId": 26, "value": "Тверь"}, {"orderPropsId": 30, "value": "2026-12-05"})
    assert [(one["code"], one["value"]) for one in first] == [("ADDRESS", "Тверь"), ("ETA", "2026-12-05")]
    second = await modify({"orderPropsId": "26", "value": "Ржев"}, {"orderPropsId": 999, "value": "x"})
    assert [(one["id"], one["code"], one["value"]) for one in second] == [(first[0]["id"], "ADDRESS", "Ржев")]
    assert (await rest.get(order_id))["propertyValues"] == second


async def test_properties_of_nothing(rest: NativeClient):
    order_id = await rest.order()
    for fields, code in (
        ({"order": {"id": 1, "propertyValues": [{"orderPropsId": 26, "value": "x"}]}}, 200540400001),
        ({"order": {"id": order_id}}, 100),
        ({"order": {"propertyValues": []}}, 100),
        ({"x": 1}, 100),
    ):
        assert await rest.refusal("sale.propertyvalue.modify", {"fields": fields}) == (400, code)


async def test_an_order_is_read_whole(rest: NativeClient):
    made = await rest.whole_order(lines={1001: 2, 1070: 1})
    order = await rest.get(made.id)
    system, shipment = order["shipments"]
    assert (system["system"], shipment["system"], shipment["statusId"]) == ("Y", "N", "DN")
    assert [item["basketId"] for item in shipment["shipmentItems"]] == made.lines
    (payment,) = order["payments"]
    assert (payment["accountNumber"], payment["paid"], payment["sum"]) == (f"{made.id}/1", "N", order["price"])
    assert (payment["paySystemName"], payment["paySystemIsCash"], payment["datePaid"]) == ("Картой онлайн", "A", None)
    assert order["dateInsert"] == "2026-12-01T12:00:00+03:00"


async def test_what_is_not_there(rest: NativeClient):
    assert await rest.refusal("sale.order.get", {"id": 1}) == (400, 200540400001)
    assert await rest.refusal("sale.order.get") == (400, 100)
    assert await rest.refusal("sale.order.update", {"id": 1, "fields": {"canceled": "Y"}}) == (400, 200540400001)
    assert await rest.refusal("sale.order.delete", {"id": 1}) == (400, 200540400001)


async def test_changed_orders_are_found_by_their_moment(rest: NativeClient, clock: Clock):
    old = await rest.order()
    clock.passed += 600
    new = await rest.order()

    async def since(moment: str) -> list[int]:
        params = {"select": ["id", "dateUpdate"], "filter": {">=dateUpdate": moment}}
        return [order["id"] for order in (await rest.result("sale.order.list", params))["orders"]]

    assert await since("2026-12-01T12:05:00+03:00") == [new]
    assert await since("2026-12-01T09:05:00") == [new]
    assert await since("2026-12-01T12:00:00 03:00") == [old, new]
    assert await since("nonsense") == [old, new], "what is no moment is dropped"
    await rest.result("sale.order.update", {"id": old, "fields": {"comments": "x"}})
    assert await since("2026-12-01T12:05:00+03:00") == [old, new]


async def test_cancelling_frees_the_goods_and_can_be_taken_back(rest: NativeClient, portal: Portal):
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    order_id = await rest.order()
    await rest.line(order_id, quantity=3)
    assert product.available == 1
    fields = {"canceled": "Y", "reasonCanceled": "bot: incomplete"}
    order = (await rest.result("sale.order.update", {"id": order_id, "fields": fields}))["order"]
    assert (order["canceled"], order["reasonCanceled"], order["statusId"]) == ("Y", "bot: incomplete", "N")
    assert product.available == 4
    await rest.result("sale.order.update", {"id": order_id, "fields": {"canceled": "Y"}})
    assert product.available == 4
    await rest.result(
        "sale.order.update", {"id": order_id, "fields": {"canceled": "N", "statusId": "P", "xmlId": "tg-9"}}
    )
    assert product.available == 1
    order = await rest.get(order_id)
    assert (order["statusId"], order["xmlId"]) == ("P", "tg-9")


async def test_a_line_of_a_cancelled_order_sets_nothing_aside(rest: NativeClient, portal: Portal):
    order_id = await rest.order(canceled="Y")
    await rest.line(order_id)
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    assert product.available == 4


async def test_a_paid_order_is_neither_cancelled_nor_deleted(rest: NativeClient):
    made = await rest.whole_order()
    await rest.result("sale.payment.update", {"id": made.payment, "fields": {"paySystemId": 1, "paid": "Y"}})
    code = "SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE"
    assert await rest.refusal("sale.order.update", {"id": made.id, "fields": {"canceled": "Y"}}) == (400, code)
    assert await rest.refusal("sale.order.delete", {"id": made.id}) == (400, code)
    order = await rest.get(made.id)
    assert (order["payed"], order["canceled"]) == ("Y", "N")


async def test_an_order_that_was_handed_over_is_not_cancelled(rest: NativeClient):
    made = await rest.whole_order()
    await rest.http.post(f"/_sim/orders/{made.id}", json={"status": "SHIPPED"})
    code = "SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED"
    assert await rest.refusal("sale.order.update", {"id": made.id, "fields": {"canceled": "Y"}}) == (400, code)


async def test_of_what_is_sold_from_stock_only_no_more_is_sold_than_there_is(rest: NativeClient, portal: Portal):
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    product.on_order = False
    order_id = await rest.order()
    fields = {**LINE, "orderId": order_id}
    too_many = {"fields": {**fields, "quantity": 5}}
    add = "sale.basketitem.addCatalogProduct"
    assert await rest.refusal(add, too_many) == (400, "SALE_BASKET_AVAILABLE_QUANTITY")
    await rest.line(order_id, quantity=4)
    assert await rest.refusal(add, {"fields": fields}) == (400, "SALE_BASKET_ITEM_WRONG_AVAILABLE_QUANTITY")


async def test_an_order_is_deleted(rest: NativeClient, portal: Portal):
    order_id = await rest.order()
    await rest.line(order_id, quantity=4)
    assert await rest.result("sale.order.delete", {"id": order_id}) is True
    assert await rest.refusal("sale.order.get", {"id": order_id}) == (400, 200540400001)
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    assert product.available == 4


async def test_an_order_is_payed_when_its_payments_cover_the_price(rest: NativeClient):
    order_id = await rest.order(price=100)
    assert (await rest.get(order_id))["price"] == 100
    await rest.line(order_id)
    ids = []
    for amount in (7000, 990):
        fields = {"orderId": order_id, "paySystemId": 2, "sum": amount}
        ids.append((await rest.result("sale.payment.add", {"fields": fields}))["payment"]["id"])
    for payment, payed in zip(ids, "NY", strict=True):
        await rest.result("sale.payment.update", {"id": payment, "fields": {"paySystemId": 2, "paid": "Y"}})
        assert (await rest.get(order_id))["payed"] == payed


async def test_a_covered_order_may_move_by_itself(make_rest):
    rest = make_rest(native=NativeOptions(paid_status="P"))
    made = await rest.whole_order()
    await rest.result("sale.payment.update", {"id": made.payment, "fields": {"paySystemId": 1, "paid": "Y"}})
    order = await rest.get(made.id)
    assert (order["payed"], order["statusId"]) == ("Y", "P")


async def test_delivery_counts_into_the_price(make_rest):
    rest = make_rest(native=NativeOptions(delivery_price=Decimal(500)))
    made = await rest.whole_order()
    assert (await rest.get(made.id))["price"] == 8490
    fields = {**SHIPMENT, "basePriceDelivery": 0}
    await rest.result("sale.shipment.update", {"id": made.shipment, "fields": fields})
    assert (await rest.get(made.id))["price"] == 7990
