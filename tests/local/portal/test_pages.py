"""The payment page and the shop's desk."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from infra.local.portal import Portal
from infra.local.portal.layout import sum_text
from tests.local.portal.conftest import RestClient


def url(portal: Portal) -> str:
    return f"/pay/{portal.shop.orders.all()[-1].pay_token}"


def status(portal: Portal) -> str:
    return portal.shop.orders.all()[-1].status.value


async def test_paying_by_link(rest: RestClient, portal: Portal):
    await rest.order(lines={"1001": 1, "1070": 10})
    page = await rest.http.get(url(portal))
    assert page.status_code == 200
    assert "Заказ №\u00a05121" in page.text
    assert "8\u00a0440\u00a0₽" in page.text
    assert "<button" in page.text
    assert status(portal) == "NEW"
    paid = await rest.http.post(url(portal))
    assert "оплата получена" in paid.text
    assert "<button" not in paid.text
    order = (await rest.call("sale.order.get", {"id": 5121})).json()["result"]
    assert (order["STATUS_ID"], order["PAYMENT"][0]["PAID"]) == ("PAYED", "Y")


async def test_paying_twice_pays_once(rest: RestClient, portal: Portal):
    portal.webhooks.url = "http://127.0.0.1:9/"
    await rest.order()
    await rest.http.post(url(portal))
    for again in (await rest.http.post(url(portal)), await rest.http.get(url(portal))):
        assert "уже оплачен" in again.text
        assert "<button" not in again.text
    await portal.webhooks.settle()
    assert len(portal.webhooks.all()) == 1


async def test_paying_late_does_not_move_the_order_back(rest: RestClient, portal: Portal):
    await rest.order()
    await rest.http.post("/_sim/orders/5121", json={"status": "CANCELED", "reason": "Передумал"})
    page = await rest.http.post(url(portal))
    assert "Заказ отменён" in page.text
    assert status(portal) == "CANCELED"


async def test_a_wrong_link_shows_nothing(rest: RestClient, portal: Portal):
    await rest.order(pay_system="2")
    for link in ("/pay/x", "/pay/%D1%91"):
        page = await rest.http.get(link)
        assert page.status_code == 404
        assert "нет" in page.text
    assert (await rest.http.post("/pay/x")).status_code == 404
    assert status(portal) == "NEW"


@pytest.mark.parametrize("path", ["/", "pay"])
async def test_what_people_write_is_escaped_and_nothing_is_loaded(rest: RestClient, portal: Portal, path):
    evil = '<script>alert("1")</script>'
    clamp = portal.shop.catalogue.search("RJ45 RJ11")[0]
    await rest.result("sale.basketitem.add", {"fields": {"PRODUCT_ID": clamp.id, "QUANTITY": 1, "FUSER_ID": 17}})
    params: dict[str, Any] = {
        "fields": {
            "USER_ID": 17,
            "PAYMENT": [{"PAY_SYSTEM_ID": 1}],
            "SHIPMENT": [{"DELIVERY_SERVICE_ID": 3}],
            "PROPERTY_VALUES": {"ADDRESS": evil},
        }
    }
    await rest.result("sale.order.add", params)
    await rest.http.post("/_sim/orders/5121", json={"tracking": f'"{evil}', "reason": f"'{evil}"})
    text = (await rest.http.get(url(portal) if path == "pay" else path)).text
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "&lt;RJ45 &amp; RJ11&gt;" in text
    assert not re.search(r"""(src|href|action)=["']?https?:""", text)


async def test_the_desk_moves_an_order_to_its_end(rest: RestClient, portal: Portal):
    await rest.order()
    await rest.http.post(url(portal))
    words = []
    while (step := re.search(r'name="status" value="(\w+)">([^<]+)<', (await rest.http.get("/")).text)) is not None:
        words.append(step[2])
        answer = await rest.http.post("/desk/orders/5121", data={"status": step[1]})
        assert (answer.status_code, answer.headers["location"]) == (303, "/#order-5121")
    assert words == ["Собрать", "Отдать курьеру", "Доставлен", "Завершить"]
    assert status(portal) == "FINISHED"


async def test_a_cash_order_is_not_waiting_for_money(rest: RestClient):
    await rest.order(pay_system="2")
    page = (await rest.http.get("/")).text
    assert 'value="WAITING_FOR_DELIVERY">Собрать<' in page
    assert "Оплата при получении" in page


async def test_the_desk_saves_reason_tracking_and_day(rest: RestClient, portal: Portal):
    await rest.order()
    form = {"status": "SHIPPED", "reason": "", "tracking": "RU123", "eta": "2026-12-03"}
    await rest.http.post("/desk/orders/5121", data=form)
    page = (await rest.http.get("/")).text
    assert "трек-номер RU123" in page
    assert "доставка 03.12.2026" in page
    await rest.http.post("/desk/orders/5121", data={**form, "eta": "", "status": "CANCELED", "reason": "Нет товара"})
    page = (await rest.http.get("/")).text
    assert "причина: Нет товара" in page
    assert "доставка" not in page.replace("дата доставки", "").lower().split("трек-номер ru123", 1)[0]
    assert portal.shop.orders.all()[0].eta is None


async def test_the_desk_decides_on_returns(rest: RestClient, portal: Portal):
    order_id = await rest.order(lines={"1070": 10})
    params = {"order_id": order_id, "items": [{"PRODUCT_ID": 1070, "QUANTITY": 2}], "photos": []}
    await rest.result("app.rma.add", params)
    page = (await rest.http.get("/")).text
    assert "Возврат №\u00a077" in page
    assert "2 шт." in page
    answer = await rest.http.post("/desk/returns/77", data={"status": "RETURN_COMPLETED", "reason": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/#return-77")
    assert portal.shop.returns.all()[0].status == "RETURN_COMPLETED"


async def test_the_desk_refuses_what_is_not_there(rest: RestClient):
    assert "Заказов пока нет" in (await rest.http.get("/")).text
    assert (await rest.http.post("/desk/orders/1", data={"status": "PAYED"})).status_code == 404
    assert (await rest.http.post("/desk/returns/1", data={"status": "PAYED"})).status_code == 404
    await rest.order()
    assert (await rest.http.post("/desk/orders/5121", data={"status": "GONE"})).status_code == 400


@pytest.mark.parametrize(
    ("amount", "text"),
    [("45", "45 ₽"), ("7990.00", "7 990 ₽"), ("1234.5", "1 234,50 ₽"), ("1234567.05", "1 234 567,05 ₽")],
)
def test_sums_are_written_the_russian_way(amount, text):
    assert sum_text(Decimal(amount)) == text.replace(" ", "\u00a0")
