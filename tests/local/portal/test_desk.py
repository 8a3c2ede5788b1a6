"""The shop's desk: photos of returns, the marks of payment, goods with their price and stock. In both dialects."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from infra.local.portal import Portal
from tests.local.portal.conftest import HOST, MakePortal, RestClient

JPEG = b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture(params=["contract", "native"])
async def desk(request: pytest.FixtureRequest, make_portal: MakePortal) -> AsyncIterator[RestClient]:
    client = RestClient(make_portal(dialect=request.param))
    yield client
    await client.http.aclose()


def is_native(desk: RestClient) -> bool:
    return desk.portal.front is desk.portal.native


async def put_photo(desk: RestClient, content: bytes, name: str = "1.jpg") -> dict[str, Any]:
    encoded = base64.b64encode(content).decode()
    params = {"id": 8930, "data": {"NAME": name}, "fileContent": [name, encoded], "generateUniqueName": True}
    file: dict[str, Any] = await desk.result("disk.folder.uploadfile", params)
    return file


async def put_return(desk: RestClient, order_id: str, *photos: dict[str, Any]) -> None:
    if is_native(desk):
        goods = '[{"productId": 1070, "quantity": 2}, {"productId": 77, "quantity": 1}]'
        fields = {"ufCrm12OrderId": order_id, "ufCrm12Items": goods, "ufCrm12Reason": "<b>Брак"}
        files = {"ufCrm12DiskFiles": [photo["ID"] for photo in photos]}
        await desk.result("crm.item.add", {"entityTypeId": 1038, "fields": {**fields, **files}})
        return
    links = [photo["DETAIL_URL"] for photo in photos]
    items = [{"PRODUCT_ID": 1070, "QUANTITY": 2}]
    await desk.result("app.rma.add", {"order_id": order_id, "items": items, "photos": links, "reason": "<b>Брак"})


async def put_order(desk: RestClient) -> str:
    if not is_native(desk):
        await desk.result("sale.basketitem.add", {"fields": {"PRODUCT_ID": 1070, "QUANTITY": 4, "FUSER_ID": 17}})
        properties = {"ADDRESS": "Тверь", "PHONE": "+79990000000", "COMMENT": "<i>Звоните"}
        params = {
            "USER_ID": 17,
            "PAYMENT": [{"PAY_SYSTEM_ID": 2}],
            "SHIPMENT": [{"DELIVERY_SERVICE_ID": 3}],
            "PROPERTY_VALUES": properties,
        }
        return str(await desk.result("sale.order.add", {"fields": params}))
    fields = {"lid": "s1", "personTypeId": 3, "currency": "RUB", "userId": 17, "userDescription": "<i>Звоните"}
    order_id = (await desk.result("sale.order.add", {"fields": fields}))["order"]["id"]
    line = {"orderId": order_id, "productId": 1070, "quantity": 4, "currency": "RUB"}
    await desk.result("sale.basketitem.addCatalogProduct", {"fields": line})
    given = ((26, "Тверь"), (22, "+79990000000"))
    values = [{"orderPropsId": number, "value": value} for number, value in given]
    await desk.result("sale.propertyvalue.modify", {"fields": {"order": {"id": order_id, "propertyValues": values}}})
    payment = {"orderId": order_id, "paySystemId": 2, "sum": 180}
    await desk.result("sale.payment.add", {"fields": payment})
    return str(order_id)


async def text_of(desk: RestClient, path: str = "/") -> str:
    page = await desk.http.get(path)
    assert page.status_code == 200
    return page.text


async def test_a_return_is_seen_with_its_goods_reason_and_photos(desk: RestClient):
    order_id = await put_order(desk)
    photo = await put_photo(desk, JPEG)
    await put_return(desk, order_id, photo, {"ID": "999", "DETAIL_URL": "https://elsewhere.example/1.jpg"})
    page = await text_of(desk)
    assert "Бита PH2 50 мм" in page
    assert "причина мастера: &lt;b&gt;Брак" in page
    assert "фото: 2" in page
    assert page.count("<img ") == 1
    assert photo["DETAIL_URL"].startswith(f"{HOST}/docs/file/{photo['ID']}/")
    shown = await desk.http.get(photo["DETAIL_URL"].removeprefix(HOST))
    assert (shown.content, shown.headers["content-type"]) == (JPEG, "image/jpeg")


async def test_what_is_no_picture_is_downloaded_and_not_shown(desk: RestClient):
    file = await put_photo(desk, b"<script>alert(1)</script>", "1.html")
    answer = await desk.http.get(f"/docs/file/{file['ID']}/")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert (await desk.http.get("/docs/file/1/")).status_code == 404


async def test_a_rejected_return_shows_why(desk: RestClient):
    await put_return(desk, await put_order(desk))
    (item,) = desk.portal.front.returns.all()
    form = {"status": "RETURN_REJECTED", "reason": "Следы удара"}
    answer = await desk.http.post(f"/desk/returns/{item.id}", data=form)
    assert answer.headers["location"] == f"/#return-{item.id}"
    page = await text_of(desk)
    assert "причина отказа: Следы удара" in page
    assert '<option value="RETURN_REJECTED" selected>' in page


async def test_an_order_is_seen_with_phone_comment_and_stores(desk: RestClient):
    await put_order(desk)
    page = await text_of(desk)
    assert "телефон +79990000000" in page
    assert "комментарий: &lt;i&gt;Звоните" in page
    assert "Склад на Советской" in page


async def test_an_order_is_marked_as_paid_and_not(desk: RestClient):
    order_id = await put_order(desk)
    for value, label, words in (("Y", "Снять отметку об оплате", "оплачен"), ("N", "Отметить оплату", "не оплачен")):
        answer = await desk.http.post(f"/desk/orders/{order_id}", data={"paid": value})
        assert answer.status_code == 303
        page = await text_of(desk)
        assert label in page
        assert f"· {words} ·" in page


async def test_goods_change_their_price_and_stock(desk: RestClient):
    answer = await desk.http.post("/desk/products/1001", data={"price": "7500.50", "stock[1]": "0", "stock[3]": "9"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/goods?q=DF333DWYE#product-1001")
    product = desk.portal.shop.catalogue.get("1001")
    assert product is not None
    assert (str(product.price), product.stock) == ("7500.50", {"1": 0, "2": 0, "3": 9})
    page = await text_of(desk, "/goods?q=DF333DWYE")
    assert 'value="7500.5"' in page
    assert page.count('class="card"') == 1


async def test_a_change_that_makes_no_sense_changes_nothing(desk: RestClient):
    refused: list[httpx.Response] = [
        await desk.http.post("/desk/products/1001", data=form)
        for form in ({}, {"price": "-1"}, {"price": "5", "stock[1]": "-1"}, {"price": "5", "stock[9]": "1"})
    ]
    assert [answer.status_code for answer in refused] == [400] * 4
    assert 'value="7990"' in await text_of(desk, "/goods?q=DF333DWYE")
    assert (await desk.http.post("/desk/products/9", data={"price": "5"})).status_code == 404


async def test_goods_are_found_and_escaped(desk: RestClient, portal: Portal):
    everything = await text_of(desk, "/goods")
    assert everything.count('id="product-') == 30
    assert f"из {len(portal.shop.catalogue)}" in everything
    nothing = await text_of(desk, '/goods?q="><script>')
    assert "Ничего не нашлось" in nothing
    assert "<script" not in nothing


async def test_a_manager_changes_what_is_in_an_order(desk: RestClient):
    order_id = await put_order(desk)
    page = {"referer": f"{HOST}/orders/{order_id}"}
    answer = await desk.http.post(f"/desk/orders/{order_id}", data={"lines[1070]": "3"}, headers=page)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/orders/{order_id}")
    order = desk.portal.front.orders.get(order_id)
    assert order is not None
    assert [(line.product_id, line.quantity) for line in order.lines] == [("1070", Decimal(3))]
    assert 'name="lines[1070]" min="0" max="9999" value="3"' in await text_of(desk)
    await desk.http.post(f"/desk/orders/{order_id}", data={"lines[1070]": "0"})
    emptied = desk.portal.front.orders.get(order_id)
    assert emptied is not None
    assert list(emptied.lines) == []


async def test_what_was_asked_and_told_of_an_order_stands_beside_it(desk: RestClient):
    desk.portal.webhooks.url = "http://127.0.0.1:9/"
    order_id = await put_order(desk)
    await desk.call("sale.order.get", {"id": order_id})
    await desk.call("sale.order.get", {"id": "999999"})
    await desk.http.post(f"/desk/orders/{order_id}", data={"status": "SHIPPED"})
    page = await text_of(desk, f"/orders/{order_id}")
    assert page.count("<b>sale.order.get</b>") == 1
    assert page.count("<b>sale.order.add</b>") == 1, "what made it"
    assert re.search("← <b>onsale", page, re.IGNORECASE)
    assert f'action="/desk/orders/{order_id}"' in page
    assert (await desk.http.get("/orders/999999")).status_code == 404
