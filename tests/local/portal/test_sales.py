"""Rows 3 to 5 of the spec's §2."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import pytest

from infra.local.portal import Portal
from infra.local.portal.catalogue import Amount
from infra.local.portal.deliveries import Delivery
from infra.local.portal.orders import NotEnoughError, OrderChange
from shared.status import Status
from tests.local.portal.conftest import HOST, KEY, RestClient, order_params


def stock(portal: Portal, product_id: str) -> Amount:
    product = portal.shop.catalogue.get(product_id)
    assert product is not None
    return product.available


async def test_the_order_of_the_design(rest: RestClient):
    order_id = await rest.order(lines={"1001": 1, "1070": 10})
    assert order_id == "5121"
    order = (await rest.http.get(f"/rest/1/{KEY}/sale.order.get?id={order_id}")).json()["result"]
    assert order == {
        "ID": "5121",
        "STATUS_ID": "NEW",
        "PRICE": "8440.00",
        "CURRENCY": "RUB",
        "USER_ID": "17",
        "DATE_INSERT": "2026-12-01T12:00:00+03:00",
        "DATE_UPDATE": "2026-12-01T12:00:00+03:00",
        "PAYED": "N",
        "CANCELED": "N",
        "REASON_CANCELED": "",
        "PAYMENT": [{"ID": "5121", "PAY_SYSTEM_ID": "1", "SUM": "8440.00", "PAID": "N"}],
        "SHIPMENT": [
            {
                "ID": "5121",
                "DELIVERY_SERVICE_ID": "3",
                "TRACKING_NUMBER": "",
                "ETA": "",
                "DELIVERY_NAME": "Курьер",
                "PRICE_DELIVERY": "0.00",
                "DEDUCTED": "N",
                "STORES": ["Склад на Советской"],
            }
        ],
        "BASKET": [
            {
                "ID": "1",
                "PRODUCT_ID": "1001",
                "NAME": "Шуруповёрт Makita DF333DWYE",
                "QUANTITY": "1",
                "PRICE": "7990.00",
            },
            {"ID": "2", "PRODUCT_ID": "1070", "NAME": "Бита PH2 50 мм", "QUANTITY": "10", "PRICE": "45.00"},
        ],
        "PROPERTY_VALUES": {"ADDRESS": "Тверь, ул. Советская, 10"},
    }


async def test_reading_by_post_gives_the_same(rest: RestClient):
    order_id = await rest.order()
    by_get = (await rest.http.get(f"/rest/1/{KEY}/sale.order.get?id={order_id}")).json()["result"]
    assert (await rest.call("sale.order.get", {"id": int(order_id)})).json()["result"] == by_get


async def test_a_prepaid_order_has_a_payment_link_and_a_cash_one_has_none(rest: RestClient):
    line = {"fields": {"PRODUCT_ID": 1001, "QUANTITY": 1, "FUSER_ID": 17}}
    assert await rest.result("sale.basketitem.add", line) == 1
    prepaid = (await rest.change("sale.order.add", order_params())).json()
    assert prepaid["result"] == 5121
    assert prepaid["result_data"]["payment_url"].startswith(f"{HOST}/pay/")
    assert len(prepaid["result_data"]["payment_url"]) > len(f"{HOST}/pay/") + 20
    await rest.result("sale.basketitem.add", line)
    cash = (await rest.change("sale.order.add", order_params(pay_system="2"))).json()
    assert cash["result"] == 5122
    assert "result_data" not in cash


async def test_form_bodies_make_the_same_order(rest: RestClient):
    await rest.result("sale.basketitem.add", {"fields": {"PRODUCT_ID": "1001", "QUANTITY": "2", "FUSER_ID": "17"}})
    form = {
        "fields[USER_ID]": "17",
        "fields[PAYMENT][0][PAY_SYSTEM_ID]": "2",
        "fields[SHIPMENT][0][DELIVERY_SERVICE_ID]": "3",
        "fields[PROPERTY_VALUES][ADDRESS]": "Тверь",
        "fields[PROPERTY_VALUES][PHONE]": "+7 900 000-00-00",
    }
    key = {"Idempotency-Key": "0b9f6a0e-4d5c-4d0e-9a57-1b2c3d4e5f60"}
    answer = await rest.http.post(f"/rest/1/{KEY}/sale.order.add", data=form, headers=key)
    order = (await rest.call("sale.order.get", {"id": answer.json()["result"]})).json()["result"]
    assert order["PRICE"] == "15980.00"
    assert order["PROPERTY_VALUES"] == {"ADDRESS": "Тверь", "PHONE": "+7 900 000-00-00"}


async def test_lists_may_be_objects_with_numbers_for_keys(rest: RestClient):
    await rest.result("sale.basketitem.add", {"fields": {"PRODUCT_ID": "1001", "QUANTITY": "1", "FUSER_ID": "17"}})
    params = order_params(COMMENT="Позвонить")
    params["fields"]["PAYMENT"] = {"0": params["fields"]["PAYMENT"][0]}
    params["fields"]["SHIPMENT"] = {"0": params["fields"]["SHIPMENT"][0]}
    assert await rest.result("sale.order.add", params) == 5121


async def test_an_order_takes_the_buyers_own_basket_and_empties_it(rest: RestClient, portal: Portal):
    await rest.result("sale.basketitem.add", {"fields": {"PRODUCT_ID": 1003, "QUANTITY": 1, "FUSER_ID": 18}})
    await rest.order(buyer="17")
    assert portal.shop.orders.basket("17") == []
    assert len(portal.shop.orders.basket("18")) == 1
    again = await rest.change("sale.order.add", order_params())
    assert (again.status_code, again.json()["error"]) == (400, 0)
    assert "пуста" in again.json()["error_description"]


async def test_prices_are_those_of_the_moment_of_ordering(rest: RestClient, portal: Portal):
    await rest.result("sale.basketitem.add", {"fields": {"PRODUCT_ID": 1070, "QUANTITY": 10, "FUSER_ID": 17}})
    product = portal.shop.catalogue.get("1070")
    assert product is not None
    product.price = Decimal(52)
    order_id = await rest.result("sale.order.add", order_params())
    product.price = Decimal(60)
    order = (await rest.call("sale.order.get", {"id": order_id})).json()["result"]
    assert (order["PRICE"], order["BASKET"][0]["PRICE"]) == ("520.00", "52.00")


async def test_stock_goes_down_to_zero_and_comes_back_when_cancelled(rest: RestClient, portal: Portal):
    order_id = await rest.order(lines={"1001": 3})
    assert stock(portal, "1001") == 1
    await rest.order(lines={"1001": 3})
    assert stock(portal, "1001") == 0
    order = portal.shop.orders.get(order_id)
    assert order is not None
    portal.shop.change_order(order, OrderChange(status=Status.CANCELED, reason="Передумал"))
    assert stock(portal, "1001") == 3
    portal.shop.change_order(order, OrderChange(status=Status.NEW))
    portal.shop.change_order(order, OrderChange(status=Status.CANCELED))
    assert stock(portal, "1001") == 3


async def test_of_what_is_sold_from_stock_only_no_more_is_sold_than_there_is(rest: RestClient, portal: Portal):
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    product.on_order = False
    book = portal.shop.orders

    async def refused(quantity: int) -> str:
        fields = {"PRODUCT_ID": 1001, "QUANTITY": quantity, "FUSER_ID": 17}
        answer = await rest.change("sale.basketitem.add", {"fields": fields})
        return str(answer.json()["error"])

    assert await refused(5) == "SALE_BASKET_AVAILABLE_QUANTITY"
    for buyer in ("17", "18"):
        book.add_to_basket(buyer, "1001", Decimal(4))
    book.create("17", "2", Delivery("4"), {}, prepaid=True)
    assert await refused(1) == "SALE_BASKET_ITEM_WRONG_AVAILABLE_QUANTITY"
    with pytest.raises(NotEnoughError):
        book.create("18", "2", Delivery("4"), {}, prepaid=True)
    assert stock(portal, "1001") == 0


@pytest.mark.parametrize(
    ("fields", "name", "error"),
    [
        ({"PRODUCT_ID": 999999, "QUANTITY": 1, "FUSER_ID": 17}, "fields[PRODUCT_ID]", 200140400007),
        ({"PRODUCT_ID": "abc", "QUANTITY": 1, "FUSER_ID": 17}, "fields[PRODUCT_ID]", 100),
        ({"PRODUCT_ID": 1001, "QUANTITY": 0, "FUSER_ID": 17}, "fields[QUANTITY]", "BX_INVALID_VALUE"),
        ({"PRODUCT_ID": 1001, "QUANTITY": -2, "FUSER_ID": 17}, "fields[QUANTITY]", "BX_INVALID_VALUE"),
        ({"PRODUCT_ID": 1001, "QUANTITY": 1.5, "FUSER_ID": 17}, "fields[QUANTITY]", 100),
        ({"PRODUCT_ID": 1001, "QUANTITY": "много", "FUSER_ID": 17}, "fields[QUANTITY]", 100),
        ({"PRODUCT_ID": 1001, "QUANTITY": 1}, "fields[FUSER_ID]", 100),
        ({}, "fields[PRODUCT_ID]", 100),
        (None, "fields", 100),
    ],
)
async def test_a_bad_basket_item_is_refused_by_name(rest: RestClient, portal: Portal, fields, name, error):
    answer = await rest.change("sale.basketitem.add", {"fields": fields})
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert f"{{{name}}}" in answer.json()["error_description"]
    assert portal.shop.orders.basket("17") == []


def without(*path: Any) -> dict[str, Any]:
    params = copy.deepcopy(order_params())
    node: Any = params["fields"]
    for step in path[:-1]:
        node = node[step]
    del node[path[-1]]
    return params


def changed(value: Any, *path: Any) -> dict[str, Any]:
    params = copy.deepcopy(order_params())
    node: Any = params["fields"]
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    return params


@pytest.mark.parametrize(
    ("params", "name", "error"),
    [
        (without("USER_ID"), "fields[USER_ID]", 100),
        (without("PAYMENT"), "fields[PAYMENT]", 100),
        (without("SHIPMENT"), "fields[SHIPMENT]", 100),
        (without("PROPERTY_VALUES"), "fields[PROPERTY_VALUES]", 100),
        (without("PROPERTY_VALUES", "ADDRESS"), "fields[PROPERTY_VALUES][ADDRESS]", 100),
        (without("PAYMENT", 0, "PAY_SYSTEM_ID"), "fields[PAYMENT][0][PAY_SYSTEM_ID]", 100),
        (changed("master", "USER_ID"), "fields[USER_ID]", 100),
        (changed([], "PAYMENT"), "fields[PAYMENT]", 100),
        (changed("1", "PAYMENT"), "fields[PAYMENT]", 100),
        (changed(9, "PAYMENT", 0, "PAY_SYSTEM_ID"), "fields[PAYMENT][0][PAY_SYSTEM_ID]", "BX_INVALID_VALUE"),
        (
            changed(9, "SHIPMENT", 0, "DELIVERY_SERVICE_ID"),
            "fields[SHIPMENT][0][DELIVERY_SERVICE_ID]",
            "SALE_SHIPMENT_WRONG_DELIVERY_SERVICE",
        ),
        (changed(" ", "PROPERTY_VALUES", "ADDRESS"), "fields[PROPERTY_VALUES][ADDRESS]", 100),
        (changed(5, "PROPERTY_VALUES", "PHONE"), "fields[PROPERTY_VALUES][PHONE]", 100),
    ],
)
async def test_a_bad_order_is_refused_by_name_and_the_basket_stays(
    rest: RestClient, portal: Portal, params, name, error
):
    await rest.result("sale.basketitem.add", {"fields": {"PRODUCT_ID": 1001, "QUANTITY": 1, "FUSER_ID": 17}})
    answer = await rest.change("sale.order.add", params)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert f"{{{name}}}" in answer.json()["error_description"]
    assert len(portal.shop.orders.basket("17")) == 1
    assert portal.shop.orders.all() == []


@pytest.mark.parametrize("params", [{}, {"id": "abc"}, {"id": ""}, {"id": 9}])
async def test_an_order_that_is_not_there(rest: RestClient, params):
    answer = await rest.call("sale.order.get", params)
    assert answer.status_code == 400
    assert "{id}" in answer.json()["error_description"]
