"""The control end points and the desk over a native portal."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.portal import NativeOptions, Portal
from tests.local.portal.native.conftest import NativeClient

PROCESS = {"entityTypeId": 1038}


async def sim(rest: NativeClient, path: str, body: dict[str, Any] | None = None) -> Any:
    url = f"/_sim/{path}"
    answer = await (rest.http.get(url) if body is None else rest.http.post(url, json=body))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_orders_look_alike_in_both_dialects(rest: NativeClient):
    made = await rest.whole_order(lines={1001: 2})
    values = [{"orderPropsId": 26, "value": "Тверь"}, {"orderPropsId": 22, "value": "+79990000000"}]
    await rest.result("sale.propertyvalue.modify", {"fields": {"order": {"id": made.id, "propertyValues": values}}})
    (order,) = await sim(rest, "orders")
    assert (order["ID"], order["STATUS_ID"], order["PRICE"], order["USER_ID"]) == ("5121", "NEW", "15980.00", "17")
    assert order["BASKET"][0]["PRODUCT_ID"] == "1001"
    assert order["PROPERTY_VALUES"] == {"ADDRESS": "Тверь", "PHONE": "+79990000000", "COMMENT": ""}
    assert (order["PAYMENT"][0]["PAY_SYSTEM_ID"], order["SHIPMENT"][0]["DELIVERY_SERVICE_ID"]) == ("1", "3")
    link = (await rest.result("salescenter.payment.getPublicUrl", {"id": made.payment}))["payment"]["shortUrl"]
    assert order["payment_url"] == link


@pytest.mark.parametrize(
    ("word", "order", "shipment"),
    [
        ("NEW", ("N", "N", "N"), ("DN", "N", "N")),
        ("PAYED", ("N", "Y", "N"), ("DN", "N", "N")),
        ("WAITING_FOR_DELIVERY", ("P", "N", "N"), ("DN", "Y", "N")),
        ("SHIPPED", ("S", "N", "N"), ("DF", "Y", "Y")),
        ("DELIVERED", ("S", "N", "N"), ("DV", "Y", "Y")),
        ("FINISHED", ("F", "Y", "N"), ("DV", "Y", "Y")),
        ("CANCELED", ("N", "N", "Y"), ("DN", "N", "N")),
    ],
)
async def test_the_words_become_statuses_and_flags(rest: NativeClient, word, order, shipment):
    made = await rest.whole_order()
    changed = await sim(rest, f"orders/{made.id}", {"status": word, "reason": "Нет товара"})
    assert (changed["STATUS_ID"], changed["REASON_CANCELED"]) == (word, "Нет товара")
    native = await rest.get(made.id)
    assert (native["statusId"], native["payed"], native["canceled"]) == order
    own = native["shipments"][1]
    assert (own["statusId"], own["allowDelivery"], own["deducted"]) == shipment


async def test_an_order_can_go_all_the_way_and_back(rest: NativeClient, portal: Portal):
    made = await rest.whole_order()
    words = ("PAYED", "WAITING_FOR_DELIVERY", "SHIPPED", "DELIVERED", "FINISHED", "CANCELED", "NEW")
    for word in words:
        assert (await sim(rest, f"orders/{made.id}", {"status": word}))["STATUS_ID"] == word
    assert portal.native.ledger.all()[0].payed is False


async def test_a_half_made_order_gets_what_it_lacks(rest: NativeClient):
    order_id = await rest.order()
    await rest.line(order_id)
    assert (await sim(rest, f"orders/{order_id}", {"status": "FINISHED"}))["STATUS_ID"] == "FINISHED"
    order = await rest.get(order_id)
    assert [payment["sum"] for payment in order["payments"]] == [7990]
    assert [shipment["system"] for shipment in order["shipments"]] == ["Y", "N"]


async def test_tracking_and_day_of_delivery(rest: NativeClient):
    made = await rest.whole_order()
    values = [{"orderPropsId": 26, "value": "Тверь"}]
    await rest.result("sale.propertyvalue.modify", {"fields": {"order": {"id": made.id, "propertyValues": values}}})
    changed = await sim(rest, f"orders/{made.id}", {"tracking": "RU1", "eta": "2026-12-05"})
    assert (changed["SHIPMENT"][0]["TRACKING_NUMBER"], changed["SHIPMENT"][0]["ETA"]) == ("RU1", "2026-12-05")
    assert changed["STATUS_ID"] == "NEW"
    order = await rest.get(made.id)
    assert {one["code"]: one["value"] for one in order["propertyValues"]} == {"ADDRESS": "Тверь", "ETA": "2026-12-05"}
    assert order["shipments"][1]["trackingNumber"] == "RU1"
    cleared = await sim(rest, f"orders/{made.id}", {"eta": ""})
    assert cleared["SHIPMENT"][0]["ETA"] == ""


async def test_a_reason_alone(rest: NativeClient):
    order_id = await rest.order()
    assert (await sim(rest, f"orders/{order_id}", {"reason": "x"}))["REASON_CANCELED"] == "x"
    assert (await rest.get(order_id))["version"] == 2


@pytest.mark.parametrize(
    ("word", "stage"),
    [("RETURN_IN_PROGRESS", "CHECK"), ("RETURN_COMPLETED", "SUCCESS"), ("RETURN_REJECTED", "FAIL")],
)
async def test_a_word_for_returns_moves_the_orders_return(rest: NativeClient, word, stage):
    order_id = await rest.order()
    for _ in range(2):  # the first call makes the return, the second finds it
        changed = await sim(rest, f"orders/{order_id}", {"status": word, "reason": "Следы вскрытия"})
        assert changed["STATUS_ID"] == word
    (item,) = (await rest.result("crm.item.list", PROCESS))["items"]
    assert (item["stageId"], item["ufCrm12OrderId"]) == (f"DT1038_12:{stage}", str(order_id))
    assert item["ufCrm12RejectReason"] == "Следы вскрытия"
    assert (await rest.get(order_id))["reasonCanceled"] == ""


async def test_returns_are_listed_and_decided(rest: NativeClient):
    fields = {
        "ufCrm12OrderId": "5121",
        "ufCrm12Items": '[{"productId": 1070, "quantity": 2}, "nonsense"]',
        "ufCrm12DiskFiles": ["8901"],
        "ufCrm12Photos": [["1.jpg", "eHl6"]],
    }
    await rest.result("crm.item.add", {**PROCESS, "fields": fields})
    (item,) = await sim(rest, "returns")
    assert item == {
        "id": "342",
        "order_id": "5121",
        "status": "RETURN_IN_PROGRESS",
        "reason": "",
        "wish": "",
        "items": {"1070": 2},
        "photos": ["8901", "60001"],
        "created_at": "2026-12-01T12:00:00+03:00",
    }
    decided = await sim(rest, "returns/342", {"status": "RETURN_REJECTED", "reason": "Следы вскрытия"})
    assert (decided["status"], decided["reason"]) == ("RETURN_REJECTED", "Следы вскрытия")


@pytest.mark.parametrize("items", ["", "not JSON", "5", '{"a": 1}'])
async def test_pieces_that_make_no_sense_are_no_pieces(rest: NativeClient, items):
    await rest.result("crm.item.add", {**PROCESS, "fields": {"ufCrm12Items": items, "title": "x"}})
    assert (await sim(rest, "returns"))[0]["items"] == {}


@pytest.mark.parametrize("path", ["orders/1", "orders/x", "returns/1"])
async def test_what_is_not_there_is_404(rest: NativeClient, path):
    answer = await rest.http.post(f"/_sim/{path}", json={"status": "PAYED"})
    assert answer.status_code == 404


async def test_the_desk_works_on_native_orders(rest: NativeClient):
    made = await rest.whole_order(pay_system=2)
    page = (await rest.http.get("/")).text
    assert "Стол заказов" in page
    assert "Шуруповёрт Makita" in page
    assert "Оплата при получении" in page
    moved = await rest.http.post(f"/desk/orders/{made.id}", data={"status": "SHIPPED"})
    assert moved.status_code == 303
    assert (await rest.get(made.id))["statusId"] == "S"
    await rest.result("crm.item.add", {**PROCESS, "fields": {"ufCrm12OrderId": str(made.id), "title": "x"}})
    await rest.http.post("/desk/returns/342", data={"status": "RETURN_COMPLETED"})
    assert (await sim(rest, "returns"))[0]["status"] == "RETURN_COMPLETED"


async def test_order_status_d_is_a_cancellation_too(rest: NativeClient):
    order_id = await rest.order(statusId="D")
    assert (await sim(rest, "orders"))[0]["STATUS_ID"] == "CANCELED"
    assert (await rest.get(order_id))["canceled"] == "N"


async def test_products_are_changed_for_both(make_rest):
    rest = make_rest(native=NativeOptions(price_type_id=5))
    await sim(rest, "products/1001", {"price": "8100.50", "stock": {"2": 7}})
    filters = {"productId": 1001, "catalogGroupId": 5}
    (price,) = (await rest.result("catalog.price.list", {"filter": filters}))["prices"]
    assert price["price"] == 8100.5


async def price_of(rest: NativeClient, buyer: int) -> float:
    order_id = await rest.order(userId=buyer)
    await rest.line(order_id, 1001, 2)
    return float((await rest.get(order_id))["price"])


async def test_a_buyer_is_charged_his_kind_of_price(rest: NativeClient):
    assert await sim(rest, "buyers/17", {"price_type": 4}) == {"id": "17", "price_type": 4}
    assert (await price_of(rest, 17), await price_of(rest, 18)) == (14382, 15980)
    await sim(rest, "buyers/17", {"price_type": 1})
    assert await price_of(rest, 17) == 15980


@pytest.mark.parametrize(("buyer", "body"), [("17", {"price_type": 2}), ("17", {}), ("17", {"price_type": "x"})])
async def test_a_kind_of_price_there_is_not_is_refused(rest: NativeClient, buyer: str, body: dict[str, Any]):
    assert (await rest.http.post(f"/_sim/buyers/{buyer}", json=body)).status_code == 400
    assert await price_of(rest, 17) == 15980
