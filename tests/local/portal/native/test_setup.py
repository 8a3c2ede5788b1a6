"""Portals as managers make them: numbers of orders, dates, odd answers, methods that rest, and the pages for it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.portal import NativeOptions
from tests.local.portal.conftest import RestClient
from tests.local.portal.native.conftest import NativeClient
from tests.local.portal.native.test_goods_states import sim
from tests.support.clock import Clock

COURIER = {"id": "3", "name": "Курьер", "price": None, "description": "", "active": True}
PLAIN = {
    "stores": 3,
    "inventory": True,
    "multiple_article": False,
    "account_prefix": "",
    "next_account_number": None,
    "site_dates": False,
    "deals": False,
    "two_funnels": False,
    "delivery_price": "0",
    "deliveries": [COURIER],
    "slots": [],
    "telegram_source": False,
    "returns_fields": True,
}


async def test_the_settings_are_shown_and_changed(rest: NativeClient):
    assert (await rest.http.get("/_sim/setup")).json() == PLAIN
    changed = {
        "stores": 6,
        "inventory": False,
        "multiple_article": True,
        "account_prefix": "ИМ-",
        "next_account_number": 880,
        "site_dates": True,
        "deals": True,
        "two_funnels": True,
        "delivery_price": "350.5",
        "deliveries": [COURIER, {**COURIER, "id": "7", "price": "250", "description": "1–2 дня", "active": False}],
        "slots": ["Завтра, 18–21"],
        "telegram_source": True,
        "returns_fields": False,
    }
    assert await sim(rest, "setup", changed) == changed


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"nonsense": 1},
        {"stores": 0},
        {"stores": 61},
        {"stores": 2.5},
        {"account_prefix": "x" * 21},
        {"delivery_price": -1},
        {"deliveries": []},
        {"deliveries": [{**COURIER, "price": -1}]},
    ],
)
async def test_settings_that_make_no_sense_change_nothing(rest: NativeClient, body):
    assert (await rest.http.post("/_sim/setup", json=body)).status_code == 400
    assert (await rest.http.get("/_sim/setup")).json() == PLAIN


async def test_the_number_of_an_order_is_not_its_id(rest: NativeClient):
    await sim(rest, "setup", {"account_prefix": "ИМ-"})
    made = await rest.whole_order()
    order = await rest.get(made.id)
    assert (order["id"], order["accountNumber"]) == (5121, "ИМ-5121")
    assert order["payments"][0]["accountNumber"] == "ИМ-5121/1"
    found = await rest.result("sale.order.list", {"filter": {"=accountNumber": "ИМ-5121"}, "select": ["id"]})
    assert found["orders"] == [{"id": 5121}]
    desk = (await rest.http.get("/")).text
    assert "№\N{NO-BREAK SPACE}ИМ-5121" in desk
    assert 'href="/setup"' in desk


async def test_people_write_dates_their_own_way(rest: NativeClient):
    await sim(rest, "setup", {"site_dates": True})
    made = await rest.whole_order()
    changed = await sim(rest, f"orders/{made.id}", {"eta": "2026-12-05"})
    assert changed["SHIPMENT"][0]["ETA"] == "2026-12-05"
    (value,) = (await rest.get(made.id))["propertyValues"]
    assert (value["code"], value["value"]) == ("ETA", "05.12.2026")


async def test_an_order_may_answer_with_codes_nobody_knows(rest: NativeClient):
    made = await rest.whole_order()
    odd: dict[str, dict[str, Any]] = {
        "order": {"statusId": "QQ"},
        "payment": {"isReturn": "P", "paySystemIsCash": "A"},
        "shipment": {"statusId": "XX", "trackingNumber": None},
        "line": {"measureName": None, "quantity": "2.5000"},
    }
    assert await sim(rest, f"orders/{made.id}/odd", odd) == odd
    order = await rest.get(made.id)
    assert order["statusId"] == "QQ"
    assert (order["payments"][0]["isReturn"], order["payments"][0]["paySystemIsCash"]) == ("P", "A")
    assert {one["statusId"] for one in order["shipments"]} == {"XX"}
    assert order["basketItems"][0]["quantity"] == "2.5000"
    await sim(rest, f"orders/{made.id}/odd", {})
    assert (await rest.get(made.id))["statusId"] == "N"
    assert (await rest.http.post(f"/_sim/orders/{made.id}/odd", json={"order": 5})).status_code == 400
    assert (await rest.http.post("/_sim/orders/9/odd", json={})).status_code == 404


async def test_a_method_whose_time_is_used_up_rests(rest: NativeClient, clock: Clock):
    answer = await sim(rest, "budget", {"method": "Catalog.Store.List"})
    assert answer == {"method": "catalog.store.list", "reset_at": 1_796_115_600 + 600}
    assert await rest.refusal("catalog.store.list") == (429, "OPERATION_TIME_LIMIT")
    assert set((await rest.batch({"a": "catalog.store.list", "b": "scope"}))["result_error"]) == {"a"}
    clock.passed += 600
    assert (await rest.body("catalog.store.list"))["total"] == 3


async def test_the_link_of_a_file_has_its_name_as_it_is(rest: NativeClient):
    upload = {"id": 8930, "data": {"NAME": "вид спереди 1.jpg"}, "fileContent": ["x.jpg", "/9j/AA=="]}
    file = await rest.result("disk.folder.uploadFile", upload)
    assert file["DETAIL_URL"].endswith("/вид спереди 1.jpg")
    assert (await rest.http.get(urlsplit(file["DETAIL_URL"]).path)).status_code == 200


async def test_the_settings_have_a_page(rest: NativeClient):
    await rest.http.post("/desk/setup", data={"stores": "2", "account_prefix": "<A>", "inventory": "N"})
    page = (await rest.http.get("/setup")).text
    assert 'value="2"' in page
    assert 'value="&lt;A&gt;"' in page
    assert '<option value="N" selected>одно число у товара' in page
    refused = await rest.http.post("/desk/setup", data={"stores": "0"})
    assert refused.status_code == 400


async def test_goods_are_changed_in_full_on_their_page(rest: NativeClient):
    form = {"articles": "DF333DWYE, DF-333", "measure": "м", "ratio": "0.5", "vat": "", "active": "N", "section": "0"}
    assert (await rest.http.post("/desk/products/1001", data=form)).status_code == 303
    page = (await rest.http.get("/goods", params={"q": "DF-333"})).text
    assert 'value="DF333DWYE, DF-333"' in page
    assert '<option value="м" selected>Метр' in page
    offer = {"parent": "1001", "name": "Шуруповёрт, синий", "article": "DF-333-B", "price": "10"}
    answer = await rest.http.post("/desk/products", data=offer)
    shown = (await rest.http.get(answer.headers["location"])).text
    assert shown.count('class="card"') == 1
    assert "Добавить вариацию" not in shown


async def test_a_portal_of_the_contract_has_no_such_settings(make_portal):
    rest = RestClient(make_portal(dialect="contract", native=NativeOptions()))
    for path in ("/setup", "/_sim/setup"):
        assert (await rest.http.get(path)).status_code == 404
    assert "/setup" not in (await rest.http.get("/")).text
    await rest.http.aclose()


async def test_the_properties_of_goods_say_whether_they_hold_many_values(rest: NativeClient):
    asked = {"filter": {"iblockId": 23}, "select": ["id", "multiple"]}
    assert (await rest.result("catalog.productProperty.list", asked))["productProperties"] == [
        {"id": 105, "multiple": "N"}
    ]
    await sim(rest, "setup", {"multiple_article": True})
    await sim(rest, "products", {"parent": "1001", "name": "Шуруповёрт, синий", "price": 10})
    found = (await rest.result("catalog.productProperty.list", {"filter": {"iblockId": 25}}))["productProperties"]
    assert {(one["id"], one["multiple"]) for one in found} == {(110, "N"), (205, "Y"), (210, "N")}


async def press(rest: NativeClient, path: str, form: dict[str, str]) -> str:
    """Send a form of the desk; return the page it leads to."""
    answer = await rest.http.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return (await rest.http.get(answer.headers["location"])).text


async def test_a_mass_change_is_a_form_on_the_desk(rest: NativeClient):
    first, second = await rest.whole_order(), await rest.whole_order()
    page = await press(rest, "/desk/orders", {"ids": f"{first.id}, {second.id}", "status": "SHIPPED"})
    assert "Изменить несколько заказов сразу" in page
    assert {(await rest.get(one.id))["statusId"] for one in (first, second)} == {"S"}
    assert (await rest.http.post("/desk/orders", data={"ids": "9", "status": "SHIPPED"})).status_code == 404


async def test_odd_values_are_a_form_on_the_desk(rest: NativeClient):
    made = await rest.whole_order()
    for form in (
        {"part": "payment", "field": "isReturn", "value": "P"},
        {"part": "payment", "field": "sum", "value": ""},
        {"part": "line", "field": "quantity", "value": "2.5"},
    ):
        assert "Странные ответы портала" in await press(rest, f"/desk/orders/{made.id}/odd", form)
    order = await rest.get(made.id)
    assert (order["payments"][0]["isReturn"], order["payments"][0]["sum"]) == ("P", None)
    assert order["basketItems"][0]["quantity"] == 2.5
    await press(rest, f"/desk/orders/{made.id}/odd", {})
    assert (await rest.get(made.id))["payments"][0]["isReturn"] == "N"
    refused = await rest.http.post(f"/desk/orders/{made.id}/odd", data={"part": "x", "field": "y", "value": "z"})
    assert refused.status_code == 400


async def test_a_method_a_buyer_and_a_large_catalogue_are_forms_of_the_settings(rest: NativeClient):
    await press(rest, "/desk/budget", {"method": "catalog.store.list"})
    assert await rest.refusal("catalog.store.list") == (429, "OPERATION_TIME_LIMIT")
    await press(rest, "/desk/buyers", {"buyer": "17", "price_type": "4"})
    made = await rest.whole_order()
    assert (await rest.get(made.id))["price"] == 7191
    assert 'value="400"' in await press(rest, "/desk/catalogue", {"goods": "400"})


async def test_prices_by_quantity_and_dates_are_fields_of_the_goods(rest: NativeClient):
    form = {"ranges": "1-9=100, 10-=90.50", "active_from": "2026-12-01T09:00", "active_to": ""}
    page = await press(rest, "/desk/products/1001", form)
    assert 'value="1-9=100, 10-=90.5"' in page
    assert 'value="2026-12-01T09:00"' in page
    asked = {"filter": {"productId": 1001, "catalogGroupId": 1}, "select": ["quantityFrom", "quantityTo", "price"]}
    assert (await rest.result("catalog.price.list", asked))["prices"] == [
        {"price": 100, "quantityFrom": 1, "quantityTo": 9},
        {"price": 90.5, "quantityFrom": 10, "quantityTo": None},
    ]
    assert 'value=""' in await press(rest, "/desk/products/1001", {"ranges": ""})
    assert (await rest.http.post("/desk/products/1001", data={"ranges": "cheap"})).status_code == 400


async def test_goods_are_added_on_their_page(rest: NativeClient):
    page = await press(rest, "/desk/products", {"name": "Лом <стальной>", "article": "L-1", "price": "500"})
    assert "Лом &lt;стальной&gt;" in page
    assert page.count('class="card"') == 1


async def test_the_next_number_of_an_order_is_a_form_of_the_settings(rest: NativeClient):
    assert 'value="9000"' in await press(rest, "/desk/setup", {"next_account_number": "9000"})
    made = await rest.whole_order()
    assert (await rest.get(made.id))["accountNumber"] == "9000"
