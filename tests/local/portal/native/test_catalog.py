"""Goods: lists, one alone, pictures, sections."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from infra.local.portal import NativeOptions, Portal
from tests.local.portal.conftest import KEY
from tests.local.portal.native.conftest import NativeClient

FIELDS = ["id", "iblockId", "name", "property105", "detailPicture", "quantity", "type", "measure"]


OF_MORE = {"fileId": 41001, "fieldName": "propertyMorePhoto"}


def search(**filters: Any) -> dict[str, Any]:
    return {"select": FIELDS, "filter": {"iblockId": 23, **filters}, "order": {"name": "asc"}}


async def names(rest: NativeClient, params: dict[str, Any]) -> list[str]:
    return [product["name"] for product in (await rest.result("catalog.product.list", params))["products"]]


async def test_a_product_has_the_types_of_the_reference(rest: NativeClient):
    body = await rest.body("catalog.product.list", search(**{"%name": "DF333"}))
    assert body["total"] == 1
    assert "next" not in body
    (product,) = body["result"]["products"]
    picture = product.pop("detailPicture")
    assert product == {
        "id": 1001,
        "iblockId": 23,
        "name": "Шуруповёрт Makita DF333DWYE",
        "quantity": 4,
        "type": 1,
        "measure": 5,
        "property105": {"value": "DF333DWYE", "valueId": "9001"},
    }
    assert picture["id"] == "21001"
    assert KEY not in picture["url"]
    assert picture["urlMachine"].startswith(f"/rest/1/{KEY}/catalog.product.download?")


async def test_a_product_may_have_no_picture(rest: NativeClient):
    products = (await rest.result("catalog.product.list", search(id=[1017, 1018])))["products"]
    assert {product["id"]: bool(product["detailPicture"]) for product in products} == {1017: False, 1018: True}


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"select": ["id"], "filter": {"iblockId": 23}},
        {"select": ["iblockId", "name"], "filter": {"iblockId": 23}},
        {"select": FIELDS},
        {"select": FIELDS, "filter": {"name": "x"}},
        {"select": FIELDS, "filter": {"=iblockId": 23}},
    ],
)
async def test_what_must_be_there_is_demanded(rest: NativeClient, params):
    assert await rest.refusal("catalog.product.list", params) == (400, 0)


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"%name": "шуруповерт makita"}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"?name": "df333 makita"}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"name": "%DF333%"}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"name": "DF333%"}, set()),
        ({"property105": "DF333DWYE"}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"=property105": ["DF333DWYE", "nothing"]}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"%property105": "f333"}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"id": 1001}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"id": "1001"}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"id": {"0": 1001}}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"<=id": 1001}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"<id": 1002, ">id": 1000}, {"Шуруповёрт Makita DF333DWYE"}),
        ({">=id": 1001, "<id": 1002}, {"Шуруповёрт Makita DF333DWYE"}),
        ({"name": "nothing"}, set()),
        ({"<id": "many"}, set()),
        ({"%id": 1001}, {"Шуруповёрт Makita DF333DWYE"}),
    ],
)
async def test_filters(rest: NativeClient, filters, found):
    got = await names(rest, search(**filters))
    assert found <= set(got)
    assert bool(got) is bool(found)


@pytest.mark.parametrize(
    "dropped",
    [{"%nmae": "DF333"}, {"=%name": "%DF333%"}, {"%=name": "DF333%"}, {"@id": [1001]}, {"%name": ""}, {"?name": "("}],
)
async def test_a_filter_that_makes_no_sense_returns_the_whole_catalogue(rest: NativeClient, portal: Portal, dropped):
    body = await rest.body("catalog.product.list", search(**dropped))
    assert body["total"] == len(portal.shop.catalogue)


async def test_a_portal_of_the_documentation_knows_patterns(make_rest):
    rest = make_rest(native=NativeOptions(core_rules=False))
    assert (await rest.body("catalog.product.list", search(**{"=%name": "%DF333%"})))["total"] == 1


async def test_beyond_the_last_page_the_first_comes_again(rest: NativeClient):
    assert len(await names(rest, {**search(**{"%name": "DF333"}), "start": 50})) == 1
    params = {"select": ["id"], "filter": {"productId": 1001}, "start": 50}
    assert (await rest.result("catalog.storeproduct.list", params))["storeProducts"] == []


async def test_nothing_and_zero_look_alike(rest: NativeClient, portal: Portal):
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    product.stock = dict.fromkeys(product.stock, 0)
    params = {"select": ["amount", "quantityReserved"], "filter": {"productId": 1001}}
    rows = (await rest.result("catalog.storeproduct.list", params))["storeProducts"]
    assert rows == [{"amount": None, "quantityReserved": None}] * 3
    (found,) = (await rest.result("catalog.product.list", search(id=1001)))["products"]
    assert found["quantity"] is None


async def test_a_query_asks_as_well_as_json(rest: NativeClient):
    query = "select[5]=id&select[7]=iblockId&select[9]=name&filter[iblockId]=23&filter[%25name]=DF333&start=0"
    answer = await rest.http.get(f"/rest/1/{KEY}/catalog.product.list.json?{query}")
    assert answer.json()["result"]["products"] == [{"id": 1001, "iblockId": 23, "name": "Шуруповёрт Makita DF333DWYE"}]


async def test_another_catalogue_is_empty(rest: NativeClient):
    assert await names(rest, {"select": FIELDS, "filter": {"iblockId": 24}}) == []


async def test_negations(rest: NativeClient, portal: Portal):
    everything = len(portal.shop.catalogue)
    for key, value in (("!id", 1001), ("!=id", 1001), ("!%name", "DF333"), ("!name", "%DF333%")):
        assert (await rest.body("catalog.product.list", search(**{key: value})))["total"] == everything - 1


async def test_a_portal_may_not_know_substrings_of_properties(make_rest):
    rest = make_rest(native=NativeOptions(property_substring=False))
    assert len(await names(rest, search(**{"%property105": "DF333"}))) == 50
    assert len(await names(rest, search(property105="DF333DWYE"))) == 1


async def test_pages(rest: NativeClient, portal: Portal):
    seen: list[int] = []
    start: int | None = 0
    while start is not None:
        body = await rest.body("catalog.product.list", {**search(), "order": {"id": "desc"}, "start": start})
        assert body["total"] == len(portal.shop.catalogue)
        seen += [product["id"] for product in body["result"]["products"]]
        start = body.get("next")
    assert seen == sorted((int(product.id) for product in portal.shop.catalogue.all()), reverse=True)


async def test_without_a_count_there_is_neither_total_nor_next(rest: NativeClient):
    body = await rest.body("catalog.product.list", {**search(**{">id": 1050}), "order": {"id": "asc"}, "start": -1})
    assert [product["id"] for product in body["result"]["products"]] == list(range(1051, 1101))
    assert not {"total", "next"} & set(body)


async def test_order_by_the_property_and_by_what_is_not_there(rest: NativeClient):
    params = {**search(), "order": {"property105": "asc", "nonsense": "desc"}}
    products = (await rest.result("catalog.product.list", params))["products"]
    articles = [product["property105"]["value"] for product in products]
    assert articles == sorted(articles)


async def test_one_product(rest: NativeClient):
    product = (await rest.result("catalog.product.get", {"id": 1001}))["product"]
    assert (product["id"], product["xmlId"], product["canBuyZero"]) == (1001, "a-1001", "Y")
    assert await rest.refusal("catalog.product.get", {"id": 1}) == (400, 0)
    assert await rest.refusal("catalog.product.get") == (400, 100)


async def test_prices_and_stock(rest: NativeClient, portal: Portal):
    ids = {"@productId": [1001, 1002]}
    prices = (await rest.result("catalog.price.list", {"filter": {**ids, "catalogGroupId": 1}}))["prices"]
    assert prices[0] == {
        "id": 11001,
        "productId": 1001,
        "catalogGroupId": 1,
        "price": 7990,
        "currency": "RUB",
        "quantityFrom": None,
        "quantityTo": None,
        "priceScale": 7990,
        "extraId": None,
    }
    body = await rest.body("catalog.storeproduct.list", {"select": ["storeId", "amount"], "filter": ids})
    assert body["total"] == 6
    assert body["result"]["storeProducts"][0] == {"storeId": 1, "amount": 4}
    product = portal.shop.catalogue.get("1001")
    assert product is not None
    product.price = product.price / 3
    prices = (await rest.result("catalog.price.list", {"filter": {"productId": 1001}}))["prices"]
    assert prices[0]["price"] == pytest.approx(2663.33, abs=0.01)
    assert (prices[1]["catalogGroupId"], prices[1]["price"]) == (4, 2397), "wholesale, to the kopeck"
    assert prices[0]["id"] != prices[1]["id"]
    assert (await rest.result("catalog.price.list", {"filter": {**ids, "catalogGroupId": 2}}))["prices"] == []


async def test_reserved_pieces_are_in_the_store_but_not_for_sale(rest: NativeClient):
    order_id = await rest.order()
    await rest.line(order_id, 1001, 3)
    shelf = (await rest.result("catalog.storeproduct.list", {"filter": {"productId": 1001, "storeId": 1}}))[
        "storeProducts"
    ]
    assert (shelf[0]["amount"], shelf[0]["quantityReserved"]) == (4, 3)
    assert (await rest.result("catalog.product.get", {"id": 1001}))["product"]["quantity"] == 1


async def test_catalogues_price_types_stores(rest: NativeClient):
    (catalog,) = (await rest.result("catalog.catalog.list"))["catalogs"]
    assert (catalog["iblockId"], catalog["productIblockId"]) == (23, None)
    (price_type,) = (await rest.result("catalog.priceType.list", {"filter": {"base": "Y"}}))["priceTypes"]
    assert price_type["id"] == 1
    others = (await rest.result("catalog.priceType.list", {"filter": {"base": "N"}}))["priceTypes"]
    assert [(other["id"], other["name"]) for other in others] == [(4, "Оптовая")]
    stores = (await rest.result("catalog.store.list"))["stores"]
    assert [store["id"] for store in stores] == [1, 2, 3]
    assert (await rest.result("crm.currency.list"))[0]["CURRENCY"] == "RUB"


async def test_pictures_are_listed_and_downloaded(rest: NativeClient):
    image, *more = (await rest.result("catalog.productImage.list", {"productId": 1001}))["productImages"]
    assert (image["id"], image["type"]) == (21001, "DETAIL_PICTURE")
    assert [(one["id"], one["type"]) for one in more] == [(41001, "MORE_PHOTO"), (61001, "MORE_PHOTO")]
    select = {"productId": 1001, "select": ["id"]}
    assert (await rest.result("catalog.productImage.list", select))["productImages"][0] == {"id": 21001}
    assert KEY in image["downloadUrl"]
    link = urlsplit(image["downloadUrl"])
    picture = await rest.http.get(f"{link.path}?{link.query}")
    assert (picture.status_code, picture.content[:2]) == (200, b"\xff\xd8")
    fields = {"fileId": 21001, "productId": 1001, "fieldName": "detailPicture"}
    again = await rest.call("catalog.product.download", {"fields": fields})
    assert again.content == picture.content
    assert (await rest.body("catalog.productImage.list", {"productId": 1017}))["total"] == 0
    assert await rest.refusal("catalog.productImage.list") == (400, 100)
    another = await rest.call("catalog.product.download", {"fields": {**fields, **OF_MORE}})
    assert another.content[:2] == b"\xff\xd8"
    for wrong in ({"fileId": 5}, {"fileId": 41001}, {"fieldName": "propertyMorePhoto"}, {"fieldName": "name"}):
        assert await rest.refusal("catalog.product.download", {"fields": {**fields, **wrong}}) == (400, 0)


async def test_sections_of_the_catalogue(rest: NativeClient):
    body = await rest.body("catalog.section.list", {"filter": {"iblockId": 23}})
    assert body["total"] == 19
    assert body["result"]["sections"][1] == {
        "id": 302,
        "iblockId": 23,
        "iblockSectionId": 301,
        "name": "Шуруповёрты и дрели",
        "active": "Y",
        "code": "section-302",
        "sort": 500,
        "xmlId": "302",
        "description": None,
        "descriptionType": "text",
    }
    top = {"filter": {"iblockId": 23, "iblockSectionId": 0}, "select": ["id", "iblockSectionId"]}
    found = (await rest.result("catalog.section.list", top))["sections"]
    assert found[0] == {"id": 301, "iblockSectionId": None}
    assert len(found) == 8
    assert await rest.refusal("catalog.section.list", {"filter": {"active": "Y"}}) == (400, 0)


async def test_products_of_a_section(rest: NativeClient):
    params = {**search(iblockSectionId=302), "select": ["id", "iblockId", "iblockSectionId"]}
    products = (await rest.result("catalog.product.list", params))["products"]
    assert len(products) == 23
    assert {product["iblockSectionId"] for product in products} == {302}


async def test_links_for_an_application_carry_its_token(rest: NativeClient):
    answer = await rest.http.post("/rest/catalog.product.get", json={"id": 1001, "auth": "good-token"})
    picture = answer.json()["result"]["product"]["detailPicture"]
    assert picture["urlMachine"].startswith("/rest/catalog.product.download?")
    assert picture["urlMachine"].endswith("&auth=good-token")
    assert (await rest.http.get(picture["urlMachine"])).content[:2] == b"\xff\xd8"
