"""Rows 1 and 2 of the spec's §2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from infra.local.portal import Portal
from tests.local.portal.conftest import HOST, RestClient

SELECT = ["ID", "NAME", "PRICE", "DETAIL_PICTURE"]


def search(query: str, start: Any = 0, **more: Any) -> dict[str, Any]:
    return {"filter": {"q": query, **more}, "select": SELECT, "start": start}


async def test_the_answer_is_that_of_the_contract(rest: RestClient):
    body = (await rest.call("catalog.product.list", search("шуруповёрт"))).json()
    assert body["result"]["items"][0] == {
        "ID": "1001",
        "NAME": "Шуруповёрт Makita DF333DWYE",
        "SKU": "DF333DWYE",
        "PRICE": "7990.00",
        "CURRENCY": "RUB",
        "CAN_BUY_ZERO": "Y",
        "DETAIL_PICTURE": f"{HOST}/upload/1001.jpg",
    }
    assert body["total"] == 23
    assert "next" not in body


async def test_pages_are_of_fifty(rest: RestClient, portal: Portal):
    seen: list[str] = []
    start: int | None = 0
    while start is not None:
        body = (await rest.call("catalog.product.list", search("м", start))).json()
        seen += [item["ID"] for item in body["result"]["items"]]
        start = body.get("next")
    assert seen == [product.id for product in portal.shop.catalogue.search("м")]
    assert len(seen) == body["total"] > 100


async def test_start_is_rounded_down_to_its_page_and_may_lie_beyond_the_end(rest: RestClient):
    pages = [(await rest.call("catalog.product.list", search("м", start))).json() for start in (50, "70", 5000)]
    assert pages[0]["result"] == pages[1]["result"]
    assert pages[2]["result"] == {"items": []}
    assert "next" not in pages[2]


async def test_only_what_is_selected_comes_along(rest: RestClient):
    params = {**search("DF333DWYE"), "select": ["NAME"]}
    item = (await rest.call("catalog.product.list", params)).json()["result"]["items"][0]
    assert set(item) == {"ID", "NAME", "SKU", "CURRENCY", "CAN_BUY_ZERO"}


async def test_select_may_be_written_as_in_the_spec(rest: RestClient):
    params = {**search("DF333DWYE"), "select": ["ID,NAME,PRICE,DETAIL_PICTURE"]}
    item = (await rest.call("catalog.product.list", params)).json()["result"]["items"][0]
    assert set(item) == {*SELECT, "SKU", "CURRENCY", "CAN_BUY_ZERO"}


async def test_products_are_read_by_id(rest: RestClient):
    params = search("", ID=["1002", 1001, "999999"])
    items = (await rest.call("catalog.product.list", params)).json()["result"]["items"]
    assert [item["ID"] for item in items] == ["1001", "1002"]
    one = (await rest.call("catalog.product.list", search("bosch", ID="1001"))).json()
    assert (one["result"]["items"], one["total"]) == ([], 0)


async def test_some_products_have_no_picture(rest: RestClient, portal: Portal):
    bare = next(product for product in portal.shop.catalogue.all() if not product.has_picture)
    items = (await rest.call("catalog.product.list", search("", ID=bare.id))).json()["result"]["items"]
    assert items[0]["DETAIL_PICTURE"] is None


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({}, "filter"),
        ({"filter": "x", "select": SELECT, "start": 0}, "filter"),
        ({"filter": {}, "select": SELECT, "start": 0}, "filter[q]"),
        ({"filter": {"ID": "1001"}, "select": SELECT, "start": 0}, "filter[q]"),
        (search(""), "filter[q]"),
        (search("   "), "filter[q]"),
        ({"filter": {"q": 5}, "select": SELECT, "start": 0}, "filter[q]"),
        (search("x", ID="abc"), "filter[ID]"),
        (search("x", ID=["1", "b"]), "filter[ID][1]"),
        (search("x", NAME="y"), "filter[NAME]"),
        ({"filter": {"q": "x"}, "start": 0}, "select"),
        ({"filter": {"q": "x"}, "select": [], "start": 0}, "select"),
        ({"filter": {"q": "x"}, "select": "ID", "start": 0}, "select"),
        ({"filter": {"q": "x"}, "select": ["NANE"], "start": 0}, "select"),
        ({"filter": {"q": "x"}, "select": SELECT}, "start"),
        (search("x", start="abc"), "start"),
        (search("x", start=-1), "start"),
    ],
)
async def test_a_bad_search_is_refused_by_name(rest: RestClient, params, name):
    answer = await rest.call("catalog.product.list", params)
    assert answer.status_code == 400
    assert f"{{{name}}}" in answer.json()["error_description"]
    assert "error" in answer.json()


async def test_offers_have_price_and_stock_per_store(rest: RestClient):
    cmd = {"sku_1001": "catalog.product.get?id=1001", "sku_1002": "catalog.product.get?id=1002"}
    body = (await rest.call("crm.product.batch", {"cmd": cmd})).json()
    assert body["result"]["result_error"] == []
    assert body["result"]["result"]["sku_1001"] == {
        "PRICE": "7990.00",
        "CURRENCY": "RUB",
        "STORE_AMOUNT": [
            {"STORE_ID": "1", "STORE_NAME": "Склад на Советской", "AMOUNT": "4"},
            {"STORE_ID": "2", "STORE_NAME": "Магазин на Вагжанова", "AMOUNT": "0"},
            {"STORE_ID": "3", "STORE_NAME": "Склад на Промышленной", "AMOUNT": "0"},
        ],
    }
    assert [store["AMOUNT"] for store in body["result"]["result"]["sku_1002"]["STORE_AMOUNT"]] == ["0", "0", "0"]


async def test_offers_come_by_a_form_too(rest: RestClient):
    form = {"cmd[sku_1001]": "catalog.product.get?id=1001", "cmd[sku_1003]": "catalog.product.get?id=1003"}
    answer = await rest.http.post("/rest/1/local-webhook-key/crm.product.batch", data=form)
    assert set(answer.json()["result"]["result"]) == {"sku_1001", "sku_1003"}


async def test_offers_are_never_old(rest: RestClient, portal: Portal):
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    product.price = Decimal("8000.5")
    product.stock["2"] = 9
    cmd = {"cmd": {"sku_1001": "catalog.product.get?id=1001"}}
    offer = (await rest.call("crm.product.batch", cmd)).json()["result"]["result"]["sku_1001"]
    assert offer["PRICE"] == "8000.50"
    assert offer["STORE_AMOUNT"][1]["AMOUNT"] == "9"


async def test_unknown_products_are_errors_of_their_own_key(rest: RestClient):
    cmd = {
        "sku_1": "catalog.product.get?id=999999",
        "sku_2": "catalog.product.get?id=abc",
        "sku_3": "catalog.product.get",
        "sku_4": "sale.order.get?id=1001",
    }
    result = (await rest.call("crm.product.batch", {"cmd": cmd})).json()["result"]
    assert result["result"] == []
    assert {key: error["error"] for key, error in result["result_error"].items()} == {
        "sku_1": "ERROR_NOT_FOUND",
        "sku_2": "100",
        "sku_3": "100",
        "sku_4": "ERROR_METHOD_NOT_FOUND",
    }


async def test_fifty_fit_and_fifty_one_do_not(rest: RestClient):
    cmd = {f"sku_{number}": f"catalog.product.get?id={number}" for number in range(1001, 1051)}
    assert len((await rest.call("crm.product.batch", {"cmd": cmd})).json()["result"]["result"]) == 50
    answer = await rest.call("crm.product.batch", {"cmd": {**cmd, "sku_1": "catalog.product.get?id=1"}})
    assert (answer.status_code, answer.json()["error"]) == (400, "ERROR_BATCH_LENGTH_EXCEEDED")


@pytest.mark.parametrize(
    ("params", "name"),
    [
        ({}, "cmd"),
        ({"cmd": {}}, "cmd"),
        ({"cmd": "sku_1"}, "cmd"),
        ({"cmd": {"1001": "catalog.product.get?id=1001"}}, "cmd[1001]"),
        ({"cmd": {"sku_x": "catalog.product.get?id=1001"}}, "cmd[sku_x]"),
        ({"cmd": {"sku_1": 5}}, "cmd[sku_1]"),
    ],
)
async def test_a_bad_batch_of_offers_is_refused_by_name(rest: RestClient, params, name):
    answer = await rest.call("crm.product.batch", params)
    assert answer.status_code == 400
    assert f"{{{name}}}" in answer.json()["error_description"]


async def test_sections_of_the_catalogue(rest: RestClient):
    params = {"filter": {"ACTIVE": "Y"}, "start": 0}
    body = (await rest.call("catalog.section.list", params)).json()
    assert body["total"] == 18
    assert body["result"]["sections"][1] == {
        "ID": "302",
        "IBLOCK_SECTION_ID": "301",
        "NAME": "Шуруповёрты и дрели",
        "SORT": "500",
        "ACTIVE": "Y",
    }
    assert (await rest.call("catalog.section.list", {"start": 0})).json()["total"] == 19


async def test_products_of_a_section_by_name(rest: RestClient):
    params = {**search("", IBLOCK_SECTION_ID=302), "order": {"NAME": "ASC"}}
    items = (await rest.call("catalog.product.list", params)).json()["result"]["items"]
    assert len(items) == 23
    assert items[0]["NAME"].startswith("Аккумулятор")


async def test_a_product_in_words_and_pictures(rest: RestClient):
    params = {**search("", ID="1001"), "select": ["IBLOCK_SECTION_ID", "DETAIL_TEXT", "MORE_PHOTO"]}
    (item,) = (await rest.call("catalog.product.list", params)).json()["result"]["items"]
    assert item["IBLOCK_SECTION_ID"] == "302"
    assert "<b>Шуруповёрт Makita DF333DWYE</b>" in item["DETAIL_TEXT"]
    assert item["MORE_PHOTO"] == [f"{HOST}/upload/1001-1.jpg", f"{HOST}/upload/1001-2.jpg"]
    assert (await rest.http.get("/upload/1001-2.jpg")).content[:2] == b"\xff\xd8"
    assert (await rest.http.get("/upload/1001-3.jpg")).status_code == 404
