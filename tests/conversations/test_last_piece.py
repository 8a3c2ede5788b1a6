"""Goods that are sold from stock only, and masters who want more of them than there is."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.master import AGREE, CONFIRM, NB, Master
from tests.support.sandbox import World
from tests.support.shop import goods

pytestmark = pytest.mark.asyncio(loop_scope="module")

DRILL = "1001"


async def holds(world: World, pieces: int) -> None:
    await world.shop.sells(DRILL, stock={"1": pieces, "2": 0, "3": 0}, on_order=False)


async def opens_it(master: Master) -> None:
    await master.finds()
    await master.opens_card()


async def wants(master: Master, quantity: int) -> None:
    await opens_it(master)
    await master.puts_into_cart(quantity)
    await master.opens_cart()


async def test_no_more_is_put_into_the_cart_than_there_is(both_worlds: World):
    world = both_worlds
    await holds(world, 2)
    master = await world.master()
    await opens_it(master)
    await master.taps("+")
    await master.sees(f"15{NB}980")
    await master.taps("+")
    await master.sees_toast(f"Больше нет: в наличии 2{NB}шт.")
    await master.taps(await master.button("В корзину ·"))
    await master.sees("🛒 В корзине ·")
    cart = await master.opens_cart()
    assert "больше нет" in cart["text"]
    await master.taps("+", cart["id"])
    await master.sees_toast(f"Больше нет: в наличии 2{NB}шт.")
    shown = await master.checks_out()
    assert "под заказ" not in shown["text"]
    await master.confirms()
    (order,) = await world.shop.orders(master.buyer)
    assert goods(order) == {DRILL: 2}


async def test_the_second_buyer_of_the_last_piece_is_told_before_he_is_asked_for_money(both_worlds: World):
    world = both_worlds
    await holds(world, 1)
    first, second = await world.masters(2)
    for master in (first, second):
        await wants(master, 1)
        await master.checks_out()
    await first.confirms()
    await second.taps(CONFIRM)
    told = await second.sees("товар закончился")
    assert "Заказ не создан, деньги не списаны." in told["text"]
    assert await world.shop.orders(second.buyer) == []
    await second.says("/cart")
    await second.sees("нет в наличии, спросите менеджера")


async def test_what_is_left_is_offered_when_others_bought_some(both_worlds: World):
    world = both_worlds
    await holds(world, 5)
    master = await world.master()
    await wants(master, 3)
    await master.checks_out()
    await holds(world, 1)
    await master.taps(CONFIRM)
    asked = await master.sees("Пока вы оформляли")
    assert f"3{NB}шт. → 1{NB}шт., больше нет" in asked["text"]
    await master.confirms(AGREE)
    (order,) = await world.shop.orders(master.buyer)
    assert goods(order) == {DRILL: 1}


async def test_two_taps_at_once_for_the_last_piece_make_one_order(both_worlds: World):
    world = both_worlds
    await holds(world, 1)
    masters = await world.masters(2)
    for master in masters:
        await wants(master, 1)
        await master.checks_out()
    await world.rests()
    await asyncio.gather(*(master.taps(CONFIRM) for master in masters))
    await world.rests()
    lucky = [master for master in masters if await master.hears("создан.")]
    told = [master for master in masters if await master.hears("Заказ не создан, деньги не списаны.")]
    assert (len(lucky), len(told)) == (1, 1)
    made = [order for master in masters for order in await world.shop.orders(master.buyer)]
    assert sum(goods(order).get(DRILL, 0) for order in made if order["STATUS_ID"] != "CANCELED") == 1
    assert [text for master in masters for text in await master.hears("Магазин не")] == []
