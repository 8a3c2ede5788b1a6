"""The catalogue as shops have it: variations, units, ranges, VAT, currencies, stores, stock, pictures."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from infra.local.portal import Portal
from tests.local.portal.native.conftest import NativeClient

FIELDS = ["id", "iblockId", "name", "type"]


async def sim(rest: NativeClient, path: str, body: dict[str, Any]) -> Any:
    answer = await rest.http.post(f"/_sim/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def product(rest: NativeClient, product_id: int = 1001, block: int = 23) -> dict[str, Any]:
    params = {"select": ["*", "id", "iblockId"], "filter": {"iblockId": block, "id": product_id}}
    (found,) = (await rest.result("catalog.product.list", params))["products"]
    return dict(found)


@pytest.fixture
async def offers(rest: NativeClient) -> list[int]:
    """Two variations of the product 1001."""
    colours = (("синий", "DF333-B"), ("красный", "DF333-R"))
    return [
        int(
            (
                await sim(
                    rest,
                    "products",
                    {
                        "parent": "1001",
                        "name": f"Шуруповёрт Makita DF333DWYE, {colour}",
                        "articles": [article],
                        "price": 8000,
                        "stock": {"1": 3},
                    },
                )
            )["id"]
        )
        for colour, article in colours
    ]


async def test_variations_lie_in_a_block_of_their_own(rest: NativeClient, offers: list[int]):
    first, second = (await rest.result("catalog.catalog.list"))["catalogs"]
    assert (first["iblockId"], first["productIblockId"]) == (23, None)
    assert (second["iblockId"], second["productIblockId"], second["skuPropertyId"]) == (25, 23, 110)
    select = {"select": ["id", "iblockId", "type", "parentId", "property205"]}
    found = await rest.result(
        "catalog.product.list", {**select, "filter": {"iblockId": 25, "=property205": ["DF333-R"]}}
    )
    assert found["products"] == [
        {
            "id": offers[1],
            "iblockId": 25,
            "type": 4,
            "property205": {"value": "DF333-R", "valueId": str(offers[1] + 8000)},
            "parentId": {"value": "1001", "valueId": str(offers[1] + 58_000)},
        }
    ]
    of_parent = await rest.result(
        "catalog.product.offer.list", {**select, "filter": {"iblockId": 25, "parentId": 1001}}
    )
    assert [one["id"] for one in of_parent["offers"]] == offers
    parents = await rest.result("catalog.product.sku.list", {"select": FIELDS, "filter": {"iblockId": 23}})
    assert [(one["id"], one["type"]) for one in parents["units"]] == [(1001, 3)]
    assert (await rest.result("catalog.product.get", {"id": offers[0]}))["product"]["iblockId"] == 25


async def test_a_parent_has_neither_price_nor_stock(rest: NativeClient, offers: list[int]):
    both = {"filter": {"@productId": [1001, offers[0]]}}
    assert {row["productId"] for row in (await rest.result("catalog.price.list", both))["prices"]} == {offers[0]}
    rows = (await rest.result("catalog.storeproduct.list", both))["storeProducts"]
    assert {row["productId"] for row in rows} == {offers[0]}


async def test_lists_of_variations_want_the_right_block(rest: NativeClient, offers: list[int]):
    assert offers
    for method, block in (("offer", 23), ("sku", 25)):
        params = {"select": FIELDS, "filter": {"iblockId": block}}
        assert await rest.refusal(f"catalog.product.{method}.list", params) == (400, 0)
    plain = {"select": FIELDS, "filter": {"iblockId": 23, "type": 4}}
    assert (await rest.body("catalog.product.list", plain))["total"] == 0


async def test_a_variation_is_ordered_by_its_own_id(rest: NativeClient, offers: list[int]):
    order_id = await rest.order()
    await rest.line(order_id, offers[0])
    (line,) = (await rest.get(order_id))["basketItems"]
    assert (line["productId"], line["price"]) == (offers[0], 8000)


async def test_nothing_is_a_variation_of_a_variation(rest: NativeClient, offers: list[int]):
    for parent in (offers[0], 9):
        body = {"parent": str(parent), "name": "x", "price": 1}
        assert (await rest.http.post("/_sim/products", json=body)).status_code == 400


async def test_metres_are_sold_in_halves(rest: NativeClient):
    await sim(rest, "products/1001", {"measure": "м", "ratio": 0.5, "stock": {"1": 12.5, "2": 0, "3": 0}})
    assert (await product(rest))["measure"] == 1
    (unit,) = (await rest.result("catalog.measure.list", {"filter": {"id": 1}}))["measures"]
    assert (unit["code"], unit["symbol"], unit["isDefault"], unit["symbolIntl"]) == (6, "м", "N", None)
    (ratio,) = (await rest.result("catalog.ratio.list", {"filter": {"@productId": [1001]}}))["ratios"]
    assert ratio == {"id": 1001, "productId": 1001, "ratio": 0.5, "isDefault": "Y"}
    order_id = await rest.order()
    await rest.line(order_id, 1001, 2.5)
    (line,) = (await rest.get(order_id))["basketItems"]
    assert (line["quantity"], line["measureCode"], line["measureName"]) == (2.5, "6", "м")
    assert "2.5 м × 7\N{NO-BREAK SPACE}990" in (await rest.http.get("/")).text
    assert (await rest.http.get("/_sim/products?q=DF333DWYE")).json()[0]["stock"] == {"1": 10, "2": 0, "3": 0}
    (shelf, *_rest) = (await rest.result("catalog.storeproduct.list", {"filter": {"productId": 1001}}))["storeProducts"]
    assert (shelf["amount"], shelf["quantityReserved"]) == (12.5, 2.5)


async def test_prices_go_by_quantity(rest: NativeClient):
    ranges = [{"to": 9, "price": 100}, {"from": 10, "to": 99, "price": 90}, {"from": 100, "price": 80}]
    await sim(rest, "products/1001", {"ranges": ranges})
    params = {"filter": {"productId": 1001, "catalogGroupId": 1}}
    rows = (await rest.result("catalog.price.list", params))["prices"]
    assert [(row["quantityFrom"], row["quantityTo"], row["price"]) for row in rows] == [
        (None, 9, 100),
        (10, 99, 90),
        (100, None, 80),
    ]
    assert len({row["id"] for row in rows}) == 3
    order_id = await rest.order()
    for quantity in (9, 10, 250):
        await rest.line(order_id, 1001, quantity)
    assert [line["price"] for line in (await rest.get(order_id))["basketItems"]] == [100, 90, 80]


async def test_a_quantity_without_a_price_cannot_be_ordered(rest: NativeClient):
    await sim(rest, "products/1001", {"ranges": [{"from": 10, "price": 90}]})
    fields = {"orderId": await rest.order(), "productId": 1001, "quantity": 1, "currency": "RUB"}
    refusal = await rest.refusal("sale.basketitem.addCatalogProduct", {"fields": fields})
    assert refusal == (400, "SALE_BASKET_ITEM_WRONG_AVAILABLE_QUANTITY")


async def test_vat_may_be_on_top(rest: NativeClient):
    await sim(rest, "products/1001", {"price": 100, "vat": 20, "vat_included": False})
    found = await product(rest)
    assert (found["vatId"], found["vatIncluded"]) == (1, "N")
    assert [row["rate"] for row in (await rest.result("catalog.vat.list", {"filter": {"id": 1}}))["vats"]] == [20]
    order_id = await rest.order()
    await rest.line(order_id, 1001, 2)
    assert (await rest.get(order_id))["price"] == 240


async def test_a_rate_of_vat_that_the_portal_has_not_is_refused(rest: NativeClient):
    """Else the order would cost it, and no list of the portal would say so."""
    answer = await rest.http.post("/_sim/products/1001", json={"price": 100, "vat": 18})
    assert (answer.status_code, "one of 20, 10, 0" in answer.text) == (400, True)
    assert (await product(rest))["vatId"] is None


async def test_a_price_is_kept_to_the_kopeck_halves_up(rest: NativeClient, portal: Portal):
    await sim(rest, "products/1001", {"price": "100.125"})
    found = portal.shop.catalogue.get("1001")
    assert found is not None
    assert str(found.price) == "100.13"


async def test_a_price_in_another_currency_is_converted_in_the_order(rest: NativeClient):
    await sim(rest, "products/1001", {"price": 150, "currency": "USD"})
    rows = (await rest.result("catalog.price.list", {"filter": {"productId": 1001}}))["prices"]
    assert (rows[0]["price"], rows[0]["currency"]) == (150, "USD")
    order_id = await rest.order()
    await rest.line(order_id)
    (line,) = (await rest.get(order_id))["basketItems"]
    assert (line["price"], line["currency"]) == (13_500, "RUB")


async def test_an_order_in_another_currency(rest: NativeClient):
    order_id = await rest.order(currency="USD")
    fields = {"orderId": order_id, "paySystemId": 1, "sum": 5}
    assert (await rest.result("sale.payment.add", {"fields": fields}))["payment"]["currency"] == "USD"
    line = {"orderId": order_id, "productId": 1001, "quantity": 1, "currency": "USD"}
    await rest.result("sale.basketitem.addCatalogProduct", {"fields": line})
    assert "88,78\N{NO-BREAK SPACE}USD" in (await rest.http.get("/")).text


async def test_a_price_on_request_is_nothing(rest: NativeClient):
    await sim(rest, "products/1001", {"price": 0})
    rows = (await rest.result("catalog.price.list", {"filter": {"productId": 1001}}))["prices"]
    assert [row["price"] for row in rows] == [None, None]


async def test_inactive_dated_and_out_of_all_sections(rest: NativeClient):
    await sim(
        rest,
        "products/1001",
        {"active": False, "active_from": "2027-01-01T00:00:00+03:00", "active_to": "", "section": 0},
    )
    found = await product(rest)
    assert (found["active"], found["iblockSectionId"]) == ("N", None)
    assert (found["dateActiveFrom"], found["dateActiveTo"]) == ("2027-01-01T00:00:00+03:00", None)
    for key, value, total in (("active", "Y", 372), (">dateActiveFrom", "2026-12-01T00:00:00+03:00", 1)):
        params = {"select": FIELDS, "filter": {"iblockId": 23, key: value}}
        assert (await rest.body("catalog.product.list", params))["total"] == total


async def test_an_article_may_have_many_values(rest: NativeClient):
    await sim(rest, "setup", {"multiple_article": True})
    await sim(rest, "products/1001", {"articles": ["DF333DWYE", "50%"]})
    assert [one["value"] for one in (await product(rest))["property105"]] == ["DF333DWYE", "50%"]
    for wanted, total in ((["50%"], 1), ("50%", 373), (["5012"], 0)):
        params = {"select": FIELDS, "filter": {"iblockId": 23, "=property105": wanted}}
        assert (await rest.body("catalog.product.list", params))["total"] == total
    await sim(rest, "products/1001", {"articles": []})
    assert (await product(rest))["property105"] is None


async def test_stores_up_to_sixty(rest: NativeClient, portal: Portal):
    await sim(rest, "setup", {"stores": 60})
    stores = await rest.body("catalog.store.list", {"select": ["id", "title"]})
    assert (stores["total"], stores["next"], stores["result"]["stores"][6]) == (60, 50, {"id": 7, "title": "Склад № 7"})
    rows = await rest.body("catalog.storeproduct.list", {"filter": {"@productId": [1001, 1002]}})
    assert (rows["total"], len(rows["result"]["storeProducts"])) == (120, 50)
    await sim(rest, "products/1001", {"stock": {"Склад № 60": 4}})
    await sim(rest, "setup", {"stores": 1})
    found = portal.shop.catalogue.get("1001")
    assert found is not None
    assert found.stock == {"1": 4}


async def test_what_was_taken_from_a_closed_store_is_gone_with_it(rest: NativeClient, portal: Portal):
    await sim(rest, "products/1001", {"stock": {"1": 1, "2": 1}})
    made = await rest.whole_order(lines={1001: 2})
    await sim(rest, "setup", {"stores": 1})
    await sim(rest, f"orders/{made.id}", {"status": "CANCELED"})
    found = portal.shop.catalogue.get("1001")
    assert found is not None
    assert found.stock == {"1": 1}


async def test_stock_without_stores(rest: NativeClient):
    await sim(rest, "setup", {"inventory": False})
    assert (await rest.body("catalog.storeproduct.list", {"filter": {"productId": 1001}}))["total"] == 0
    assert (await product(rest))["quantity"] == 4


async def test_a_catalogue_of_many_goods(rest: NativeClient):
    assert await sim(rest, "catalogue", {"goods": 5000}) == {"goods": 5000}
    params = {"select": FIELDS, "filter": {"iblockId": 23, "?name": "болт 4999"}, "start": -1}
    assert len((await rest.result("catalog.product.list", params))["products"]) == 1
    assert (await rest.http.post("/_sim/catalogue", json={"goods": 900_000})).status_code == 400


@pytest.mark.parametrize(("kind", "size"), [("huge", 30 * 1024 * 1024), ("webp", None)])
async def test_pictures_may_be_huge_or_webp(rest: NativeClient, kind, size):
    await sim(rest, "products/1001", {"picture": kind})
    fields = {"fileId": 21001, "productId": 1001, "fieldName": "detailPicture"}
    content = (await rest.call("catalog.product.download", {"fields": fields})).content
    assert Image.open(io.BytesIO(content)).format == ("WEBP" if kind == "webp" else "JPEG")
    assert size is None or len(content) == size
    shown = await rest.http.get("/upload/1001.jpg")
    assert shown.headers["content-type"] == ("image/webp" if kind == "webp" else "image/jpeg")


async def test_a_picture_may_be_gone(rest: NativeClient):
    await sim(rest, "products/1001", {"picture": "missing"})
    assert (await product(rest))["detailPicture"]["id"] == "21001"
    assert (await rest.result("catalog.productImage.list", {"productId": 1001}))["productImages"] == []
    fields = {"fileId": 21001, "productId": 1001, "fieldName": "detailPicture"}
    assert await rest.refusal("catalog.product.download", {"fields": fields}) == (404, "ERROR_NOT_FOUND")
    assert (await rest.http.get("/upload/1001.jpg")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"measure": "пуд"},
        {"currency": "РУБ"},
        {"picture": "oil"},
        {"ratio": 0},
        {"active_from": "soon"},
        {"ranges": [{"from": 1}]},
        {"articles": [7]},
        {"stock": {"1": "x"}},
        {"price": 5, "active": "maybe"},
    ],
)
async def test_a_change_that_makes_no_sense_changes_nothing(rest: NativeClient, body):
    before = (await rest.http.get("/_sim/products/1001")).json()
    assert (await rest.http.post("/_sim/products/1001", json=body)).status_code == 400
    assert (await rest.http.get("/_sim/products/1001")).json() == before


async def test_what_may_be_changed_is_shown(rest: NativeClient):
    body = {
        "ranges": [{"from": 1, "price": "7000.00"}],
        "vat": 10,
        "measure": "упак",
        "ratio": 10,
        "active_to": "2027-01-01",
        "currency": "KZT",
        "picture": "webp",
        "on_order": False,
    }
    await sim(rest, "products/1001", body)
    shown = (await rest.http.get("/_sim/products/1001")).json()
    assert shown["ranges"] == [{"from": 1, "to": None, "price": "7000.00"}]
    assert (shown["vat"], shown["measure"], shown["ratio"], shown["currency"]) == (10, "упак", "10", "KZT")
    assert (shown["picture"], shown["on_order"], shown["section"]) == ("webp", False, 302)
    assert shown["active_to"] == "2027-01-01T03:00:00+03:00"
    assert (await rest.http.get("/_sim/products/9")).status_code == 404


@pytest.mark.parametrize(
    "state", [{"active": False}, {"active_from": "2099-01-01T00:00:00Z"}, {"active_to": "2020-01-01T00:00:00Z"}]
)
async def test_what_is_not_sold_today_is_not_ordered(rest: NativeClient, state: dict[str, Any]):
    await sim(rest, "products/1001", state)
    fields = {"orderId": await rest.order(), "productId": 1001, "quantity": 1, "currency": "RUB"}
    refused = await rest.refusal("sale.basketitem.addcatalogproduct", {"fields": fields})
    assert refused[1] == "SALE_BASKET_ITEM_WRONG_AVAILABLE_QUANTITY"
