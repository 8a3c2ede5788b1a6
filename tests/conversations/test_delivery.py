"""Where the shop offers several delivery services the master chooses one, and sees its price before he orders."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import pytest_asyncio

from infra.local.portal.deliveries import Delivery
from shared.settings import Dialect
from tests.support.master import ADDRESS, CASH, CONFIRM, NB, PREPAID
from tests.support.sandbox import World, running_world
from tests.support.shop import WRITES, Ask

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVICES = (Delivery("3", "Курьер", Decimal(350)), Delivery("7", "До терминала", Decimal(900)))
TOLD = {
    "3": {"name": "Курьер", "price": 350, "term": "1–2 дня"},
    "7": {"name": "До терминала", "price": 900},
    "8": {"name": "Почта"},
}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["contract", "native"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    given = {"BITRIX_DIALECT": request.param, "BITRIX_DELIVERIES": json.dumps(TOLD)}
    async with running_world(given, portal={"deliveries": SERVICES}) as running:
        yield running


async def test_the_service_is_chosen_before_the_order_and_kept_for_the_next(world: World):
    master = await world.master()
    await master.fills_cart()
    shown = await master.checks_out(CASH)
    assert "🚚 Курьер · 1–2 дня" in shown["text"]
    assert f"Доставка: 350{NB}₽\nИтого: 8{NB}340{NB}₽" in shown["text"]
    await master.taps("🚚 Доставка")
    asked = await master.sees("Как доставить?")
    assert asked["id"] == shown["id"]
    await master.taps(f"🚚 До терминала · 900{NB}₽")
    chosen = await master.sees("🚚 До терминала")
    assert f"Итого: 8{NB}890{NB}₽" in chosen["text"]
    await master.confirms()
    await world.rests()
    (order,) = await world.shop.orders(master.buyer)
    assert (order["SHIPMENT"][0]["DELIVERY_SERVICE_ID"], order["PRICE"]) == ("7", "8890.00")
    await master.says("DF333DWYE")
    await master.sees("⚡ Заказать сразу")
    await world.rests()
    since = world.clock.now()
    await master.taps("⚡ Заказать сразу")
    again = await master.sees("Корзину не трогаем.")
    assert "🚚 До терминала" in again["text"]
    assert f"Итого: 8{NB}890{NB}₽" in again["text"]
    await master.taps(CONFIRM)
    await master.sees("создан.")
    requests = (Ask.OFFERS, Ask.OFFERS, *WRITES[world.dialect])
    assert (await world.shop.asked(since))[: len(requests)] == list(requests), "no request for the choice alone"


async def test_the_link_comes_with_the_look_at_the_order_and_costs_no_request(world: World):
    master = await world.master()
    await master.fills_cart()
    await master.checks_out(PREPAID)
    await world.rests()
    since = world.clock.now()
    await master.confirms()
    wanted = [Ask.OFFERS, *WRITES[world.dialect], Ask.ORDER]
    assert (await world.shop.asked(since))[: len(wanted)] == wanted
    links = [command["method"] for call in await world.shop.calls(since) for command in call["commands"]]
    assert links.count("salescenter.payment.getpublicurl") == (world.dialect is Dialect.NATIVE)
    assert "💳 Оплатить" in await master.buttons()
    await world.rests()
    await master.says("/track шуруповерты makita")
    assert "Makita DF333DWYE — 1" in (await master.sees("Ждёт оплаты"))["text"]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def with_stores() -> AsyncIterator[World]:
    told = {**TOLD, "7": {"name": "Самовывоз", "price": 0, "pickup": True}}
    given = {"BITRIX_DIALECT": "native", "BITRIX_DELIVERIES": json.dumps(told)}
    services = (SERVICES[0], Delivery("7", "Самовывоз", Decimal(0)))
    given["BITRIX_SLOT_PROPERTY_ID"] = "31"
    async with running_world(given, portal={"deliveries": services}) as running:
        await running.shop.is_set_up(slots=["Завтра, 10–14", "Завтра, 18–21"])
        yield running


STORE = "Склад на Советской"


async def test_who_fetches_is_never_asked_for_an_address(with_stores: World):
    master = await with_stores.master()
    await master.fills_cart(quantity=2)
    await master.taps("Оформить заказ")
    await master.sees("Куда доставить?")
    await master.taps("🏬 Заберу сам")
    await master.sees("Где — покажем на следующем шаге.")
    await master.taps(CASH)
    await master.sees("Где заберёте?")
    await master.taps(f"1. {STORE}")
    assert f"🏬 Самовывоз\n📍 {STORE}" in (await master.sees("Проверьте заказ"))["text"]
    await master.confirms()
    (order,) = await with_stores.shop.orders(master.buyer)
    assert order["PROPERTY_VALUES"]["ADDRESS"] == f"Самовывоз: {STORE}, Тверь, ул. Советская, 12"


async def test_where_nothing_is_fetched_an_address_is_asked_for(world: World):
    master = await world.master()
    await master.fills_cart()
    await master.taps("Оформить заказ")
    await master.sees("Куда доставить?")
    assert "🏬 Заберу сам" not in await master.buttons()


async def test_an_order_is_fetched_at_a_store_that_has_it(with_stores: World):
    master = await with_stores.master()
    await master.fills_cart(quantity=2)
    await master.checks_out(CASH)
    await master.taps("🚚 Доставка")
    await master.sees("Как доставить?")
    await with_stores.rests()
    since = with_stores.clock.now()
    await master.taps("🏬 Самовывоз · бесплатно")
    asked = await master.sees("Где заберёте?")
    assert len(await with_stores.shop.calls(since)) == 1
    assert f"1. {STORE}\n   Тверь, ул. Советская, 12\n   пн–пт 9–18, сб 10–15\n   ✅ сейчас есть всё" in asked["text"]
    assert "Склад на Промышленной" not in asked["text"], "nobody may come there"
    assert "pt=35.91760,56.85870" in str(asked["buttons"])
    await master.taps(f"1. {STORE}")
    shown = await master.sees("Проверьте заказ")
    assert f"🏬 Самовывоз\n📍 {STORE}, Тверь, ул. Советская, 12\n🕒 пн–пт 9–18, сб 10–15" in shown["text"]
    assert "🏬 Другой пункт" in await master.buttons()
    number = await master.confirms()
    await master.sees("К оплате при получении")
    (order,) = await with_stores.shop.orders(master.buyer)
    assert order["PROPERTY_VALUES"]["ADDRESS"] == f"Самовывоз: {STORE}, Тверь, ул. Советская, 12"
    await with_stores.shop.moves(number, status="SHIPPED")
    ready = await master.sees("Заказ готов к выдаче")
    assert f"📍 {STORE}" in ready["text"]
    await with_stores.shop.moves(number, status="DELIVERED")
    await master.sees("Оплатили при получении")
    await master.says("DF333DWYE")
    await master.sees("⚡ Заказать сразу")
    await master.taps("⚡ Заказать сразу")
    assert STORE in (await master.sees("Проверьте заказ"))["text"]
    await master.taps("🚚 Доставка")
    await master.sees("Как доставить?")
    await master.taps(f"🚚 Курьер · 350{NB}₽")
    again = await master.sees("🚚 Курьер")
    assert ADDRESS in again["text"]
    await master.taps("🕒 Время")
    await master.sees("Когда привезти?")
    await master.taps("🕒 Завтра, 18–21")
    assert "🕒 Завтра, 18–21" in (await master.sees("Проверьте заказ"))["text"]
    brought = await master.confirms()
    kept = with_stores.portal.native.ledger.known(int(brought))
    assert kept.properties[31].value == "S2"
