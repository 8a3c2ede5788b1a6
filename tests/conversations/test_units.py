"""Goods that are not sold by the piece at one price: metres, tens, prices by quantity, on request, in dollars."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conversations.test_returns import begins, gives_reason, registers
from tests.support.master import CASH, NB, Master
from tests.support.photos import snapshot
from tests.support.sandbox import World, running_world
from tests.support.shop import Ask

pytestmark = pytest.mark.asyncio(loop_scope="module")

TAPE, PLATE = "LP-20-25", "PL-100-35"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hardware() -> AsyncIterator[World]:
    """A shop that sells tape by half a metre, and plates by tens that are cheaper from a hundred on."""
    async with running_world({"BITRIX_DIALECT": "native", "BITRIX_UNITS": "true"}) as world:
        tape, plate = await _id(world, TAPE), await _id(world, PLATE)
        await world.shop.sells(tape, measure="м", ratio=0.5, price=90, stock={"1": 100.5})
        ranges = [{"to": 99, "price": 2.5}, {"from": 100, "to": 500, "price": 1.9}]
        await world.shop.sells(plate, ratio=10, ranges=ranges, stock={"1": 5000})
        yield world


async def _id(world: World, article: str) -> str:
    return str((await world.shop.product(article))["id"])


async def _puts_metres_into_cart(master: Master) -> None:
    """Two and a half, by steps of a half."""
    await master.says(TAPE)
    await master.sees(f"90{NB}₽ за{NB}м")
    for metres in ("1", "1,5", "2", "2,5"):
        await master.taps("+")
        await master.sees(f"{metres}{NB}м")
    await master.taps(await master.button("В корзину ·"))
    await master.sees(f"🛒 В корзине · 2,5{NB}м")


async def _orders_metres(master: Master) -> str:
    await _puts_metres_into_cart(master)
    await master.opens_cart()
    await master.checks_out(CASH)
    return await master.confirms()


async def test_metres_from_the_card_to_the_order_and_once_more(hardware: World):
    master = await hardware.master()
    number = await _orders_metres(master)
    (order,) = await hardware.shop.orders(master.buyer)
    assert [(line["QUANTITY"], line["PRICE"]) for line in order["BASKET"]] == [("2.5", "90.00")]
    assert await master.hears(f"225{NB}₽")
    await master.says(f"/track {number}")
    await master.sees(f"2,5{NB}м × 90{NB}₽")
    await master.taps("🔁 Повторить")
    assert f"— 2,5{NB}м × 90{NB}₽" in (await master.sees("🛒 Корзина"))["text"]
    await master.taps("−")
    await master.sees(f"— 2{NB}м × 90{NB}₽")


async def test_bot_and_portal_round_each_line_alike(hardware: World):
    master = await hardware.master()
    tape = await _id(hardware, TAPE)
    await _puts_metres_into_cart(master)
    await hardware.shop.sells(tape, price=90.33)
    try:
        assert f"Итого: 225,83{NB}₽" in (await master.opens_cart())["text"]
        await master.checks_out(CASH)
        await master.confirms()
    finally:
        await hardware.shop.sells(tape, price=90)
    (order,) = await hardware.shop.orders(master.buyer)
    assert order["PRICE"] == "225.83"
    assert not await master.hears("итог посчитал магазин")


async def test_half_a_metre_comes_back_and_the_rest_may_later(hardware: World):
    master = await hardware.master()
    number = await _orders_metres(master)
    await hardware.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await begins(master, number)
    await master.taps(await master.button("Лента"))
    await master.sees("1 из 2,5")
    await master.taps("−")
    await master.sees("0,5 из 2,5")
    await gives_reason(master)
    await master.sends_photos([snapshot(1)])
    await master.sees("Принято: 1.")
    await registers(master)
    (made,) = await hardware.shop.returns(number)
    assert list(made["items"].values()) == [0.5]
    await begins(master, number)
    await master.sees(f"до 2{NB}м")


async def test_a_list_takes_metres_and_says_what_it_rounds(hardware: World):
    master = await hardware.master()
    await master.says(f"{TAPE} 2,3 м\n{PLATE} 7 шт")
    quote = await master.sees("Ваш список")
    assert f"— 2,5{NB}м × 90{NB}₽\n   вы писали 2,3{NB}м, продаётся по 0,5{NB}м" in quote["text"]
    assert f"— 10{NB}шт. × 2,50{NB}₽\n   вы писали 7, продаётся по 10{NB}шт." in quote["text"]
    assert f"Итого: 250{NB}₽" in quote["text"]


async def test_the_price_is_that_of_the_quantity_wherever_it_is_told(hardware: World):
    master = await hardware.master()
    await master.says(PLATE)
    card = await master.sees(f"· от 100 до 500{NB}шт. — 1,90{NB}₽")
    assert f"2,50{NB}₽ за{NB}шт., по 10{NB}шт." in card["caption"] + card["text"]
    for pieces in range(20, 100, 10):
        await master.taps("+")
        await master.sees(f"{pieces}{NB}шт.")
    await master.taps(f"В корзину · 225{NB}₽")
    await master.sees("🛒 В корзине ·")
    cart = await master.opens_cart()
    assert f"90{NB}шт. × 2,50{NB}₽" in cart["text"]
    await master.taps("+")
    assert f"Итого: 190{NB}₽" in (await master.sees(f"100{NB}шт. × 1,90{NB}₽"))["text"]
    await master.checks_out(CASH)
    await master.confirms()
    (order,) = await hardware.shop.orders(master.buyer)
    assert (order["PRICE"], order["BASKET"][0]["QUANTITY"]) == ("190.00", "100")


async def test_what_has_no_price_is_never_ordered(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart()
    await master.checks_out()
    drill = await _id(world, "DF333DWYE")
    before = (await world.shop.product("DF333DWYE"))["price"]
    await world.shop.sells(drill, price=0)
    try:
        await master.taps("✅ Заказать")
        await master.sees("Заказ не создан")
        await master.opens_cart()
        await master.sees("цена по запросу, спросите менеджера")
        await master.finds()
        await master.taps("1")
        card = await master.sees("Цена по запросу")
        assert "В корзину ·" not in str(card["buttons"])
        assert "Спросить менеджера" in str(card["buttons"])
    finally:
        await world.shop.sells(drill, price=before)
    assert await world.shop.orders(master.buyer) == []


async def test_two_currencies_are_never_one_sum(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart(position=1)
    await master.fills_cart(position=5)
    drill = await _id(world, "DF333DWYE")
    await world.shop.sells(drill, currency="USD")
    try:
        cart = await master.opens_cart()
        assert "USD — цена в другой валюте, закажите у менеджера" in cart["text"]
        assert f"Итого: 14{NB}590{NB}₽" in cart["text"]
        shown = await master.checks_out()
        assert "DF333DWYE" not in shown["text"]
        await master.confirms()
    finally:
        await world.shop.sells(drill, currency="RUB")
    (order,) = await world.shop.orders(master.buyer)
    assert (order["CURRENCY"], order["PRICE"]) == ("RUB", "14590.00")


async def test_a_cart_is_emptied_whatever_the_portal_answers(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart()
    await world.shop.fails("access_denied", count=1, at=Ask.OFFERS)
    await master.says("/cart")
    shown = await master.sees("Цены сейчас не узнать")
    assert f"DF333DWYE — 1{NB}шт." in shown["text"]
    await master.taps("Очистить")
    await master.sees("Корзина пуста")
