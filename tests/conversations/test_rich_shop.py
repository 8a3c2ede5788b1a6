"""A shop with six stores, variations, metres, prices by quantity, VAT on top and own numbers, all of it at once."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from infra.local.sandbox.options import RICH
from tests.conversations.test_returns import begins, gives_reason, registers
from tests.support.master import CASH, NB, PREPAID, Master
from tests.support.photos import snapshot
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

CABLE, BOLTS, SEALANT, SIZE_L, GLOVES = "VVG-3-2,5", "BD-M10-40", "SD-SAN-W", "GL-NIT-L", "GL-NIT-100"
WANTED = f"{CABLE} 2,5 м\n{BOLTS} 60 шт\n{SIZE_L} 2 шт\n{SEALANT} x 3\nW221412 4 шт"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world(shop=RICH) as running:
        yield running


async def _orders_all(world: World, payment: str = CASH) -> tuple[Master, str]:
    """A master who ordered the five goods by a list; the order's number."""
    master = await world.master()
    await master.says(WANTED)
    await master.sees("нашли 5 из 5")
    await master.taps(await master.button("В корзину всё"))
    await master.sees("🛒 В корзине")
    await master.opens_cart()
    await master.checks_out(payment)
    return master, await master.confirms()


async def test_a_search_names_unit_price_and_stock_of_each_kind(world: World):
    master = await world.master()
    await master.says("кабель ВВГ")
    found = (await master.sees("🔎 «кабель ВВГ»"))["text"]
    assert re.search(rf"129,90{NB}₽ за{NB}м, по 0,5{NB}м · в наличии: 1\d\d(,5)?{NB}м", found)
    await master.says("герметик белый")
    assert f"586,80{NB}₽ за{NB}шт." in (await master.sees("🔎 «герметик белый»"))["text"]
    await master.says("перчатки нитриловые")
    await master.sees("есть варианты")
    await master.taps("1")
    choice = (await master.sees("выберите нужный"))["text"]
    assert f"XL · арт.{NB}GL-NIT-XL" in choice
    await master.taps("2")
    card = await master.sees(f"В наличии: 12{NB}шт.")
    assert f"Склад № 6 — 12{NB}шт." in card["text"] + card["caption"]


async def test_a_list_is_quoted_whole_and_its_cart_costs_one_request(world: World):
    master = await world.master()
    await master.says(f"{WANTED}\nLP-20-25 1 шт\nPF-9-A 1 шт\n{GLOVES} 1 шт")
    quote = (await master.sees("📋 Ваш список"))["text"]
    for line in (
        f"— 2,5{NB}м × 129,90{NB}₽",
        f"— 60{NB}шт. × 15{NB}₽",
        f"шт., L — 2{NB}шт. × 890{NB}₽",
        f"— 3{NB}шт. × 586,80{NB}₽",
        f"— 4{NB}шт. × 42{NB}₽",
        f"9{NB}USD — цена в другой валюте, закажите у менеджера",
        "цена по запросу, спросите менеджера",
        "есть варианты: Перчатки нитриловые",
        f"Итого: 4{NB}933,15{NB}₽",
    ):
        assert line in quote
    await master.taps(await master.button("В корзину всё"))
    await master.sees("🛒 В корзине")
    begun = world.clock.now()
    await master.opens_cart()
    assert len(await world.shop.calls(since=begun)) == 1


async def test_what_was_confirmed_is_what_the_portal_charges(world: World):
    master, number = await _orders_all(world)
    (order,) = await world.shop.orders(master.buyer)
    assert (number, order["ACCOUNT_NUMBER"]) == (f"ИМ-{order['ID']}",) * 2
    assert [(line["QUANTITY"], line["PRICE"]) for line in order["BASKET"]] == [
        ("2.5", "129.90"), ("60", "15.00"), ("2", "890.00"), ("3", "586.80"), ("4", "42.00"),
    ]  # fmt: skip
    assert order["PRICE"] == "4933.15"
    assert order["PAYMENT"][0]["SUM"] == "4933.15"
    assert await master.hears(f"4{NB}933,15{NB}₽")
    assert not await master.hears("итог посчитал магазин")


async def test_an_order_is_paid_followed_and_repeated(world: World):
    master, number = await _orders_all(world, PREPAID)
    (order,) = await world.shop.orders(master.buyer)
    await world.shop.moves(order["ID"], status="PAYED")
    await master.sees("Оплата получена")
    await master.says(f"/track {number}")
    tracked = (await master.sees(f"2,5{NB}м × 129,90{NB}₽"))["text"]
    assert "🏬 Отгрузка: " in tracked
    assert "Склад № 6" in tracked
    await world.shop.moves(order["ID"], status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await master.taps("🔁 Повторить")
    cart = (await master.sees("🛒 Корзина"))["text"]
    assert f"Итого: 4{NB}933,15{NB}₽" in cart
    await master.checks_out(CASH)
    again = await master.confirms()
    assert again != number
    first, second = await world.shop.orders(master.buyer)
    assert [line["QUANTITY"] for line in first["BASKET"]] == [line["QUANTITY"] for line in second["BASKET"]]


async def test_part_of_it_comes_back(world: World):
    master, number = await _orders_all(world)
    (order,) = await world.shop.orders(master.buyer)
    await world.shop.moves(order["ID"], status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await begins(master, number)
    await master.taps(await master.button("Кабель"))
    await master.sees("1 из 2,5")
    await gives_reason(master)
    await master.sends_photos([snapshot(1)])
    await master.sees("Принято: 1.")
    await registers(master)
    (made,) = await world.shop.returns(order["ID"])
    assert list(made["items"].values()) == [1]
    await world.shop.decides(made["id"], status="RETURN_COMPLETED")
    await master.sees("Возврат")
