"""The cart: changing it, and what survives."""

from __future__ import annotations

import pytest

from tests.support.master import NB
from tests.support.sandbox import World
from tests.support.shop import Ask, asked

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_lines_are_changed_removed_and_cleared(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart(position=1)
    await master.fills_cart(position=5)
    cart = await master.still_sees(f"2. Шуруповёрт Bosch GSR 12V-15 FC — 1{NB}шт. × 14{NB}590{NB}₽")
    assert f"Итого: 22{NB}580{NB}₽" in cart["text"]
    await master.taps("+", cart["id"])
    assert f"Итого: 30{NB}570{NB}₽" in (await master.sees(f"1 · 2{NB}шт."))["text"]
    await master.taps("−", cart["id"])
    await master.sees(f"Итого: 22{NB}580{NB}₽")
    await master.taps("−", cart["id"])
    left = await master.sees(f"Итого: 14{NB}590{NB}₽")
    assert "Makita" not in left["text"]
    await master.taps("✕", cart["id"])
    await master.sees("Корзина пуста")
    await master.fills_cart(position=1)
    await master.taps("Очистить")
    await master.sees("Корзина пуста")
    await master.says("/cart")
    await master.sees("Корзина пуста")


async def test_the_cart_survives_a_new_start_and_a_broken_off_checkout(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart(position=1, quantity=3)
    await master.taps("Оформить заказ")
    await master.sees("Куда доставить?")
    await master.says("/start")
    await master.sees("что ищем?")
    await master.says("Тверь, ул. Советская, 10")
    await master.sees("ничего нет")
    assert f"3{NB}шт. × 7{NB}990{NB}₽" in (await master.opens_cart())["text"]
    await master.checks_out()
    await master.taps("Отмена")
    await master.sees("Заказ не создан, корзина на месте.")
    await master.opens_cart()
    assert await world.shop.orders(master.buyer) == []


async def test_the_cart_is_emptied_of_what_was_ordered_only(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart(position=1)
    await master.checks_out()
    await master.finds()
    await master.opens_card(5)
    await master.puts_into_cart()
    await master.confirms()
    cart = await master.opens_cart()
    assert "Bosch GSR 12V-15 FC" in cart["text"]
    assert "Makita DF333DWYE" not in cart["text"]


async def test_a_button_of_an_old_screen_is_answered_with_a_fresh_one(both_worlds: World):
    world = both_worlds
    master = await world.master()
    found = await master.finds()
    data = found["buttons"][1][2]["data"]
    world.clock.skip(25 * 3600)
    await master.taps_old(data, found["id"])
    await master.sees("что ищем?")
    await master.sees_toast("Эта кнопка устарела. Вот свежий экран.")


async def test_a_second_search_of_the_minute_asks_only_for_prices(both_worlds: World):
    world = both_worlds
    first, second = await world.masters(2)
    await first.finds("перчатки")
    await world.rests()
    since = world.clock.now()
    await second.finds("Перчатки")
    (prices,) = await world.shop.calls(since)
    assert Ask.NAMES not in asked(prices)
    world.clock.skip(61)
    since = world.clock.now()
    await second.finds("перчатки")
    names, prices = await world.shop.calls(since)
    assert Ask.NAMES in asked(names)
    assert Ask.NAMES not in asked(prices)


async def test_nothing_found_and_odd_messages(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.says("шурповерт")
    await master.sees("По запросу «шурповерт» ничего нет.")
    await master.says("ж")
    await master.sees("Напишите хотя бы два знака")
    await master.shares_location(56.86, 35.9)
    await master.sees("Такое сообщение прочитать не получится")
    await master.says("/nosuch")
    await master.sees("/myorders — ваши заказы")


async def test_what_a_master_types_is_shown_as_typed(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.says("<b>дрель</b> & «бита» $&")
    await master.sees("По запросу «<b>дрель</b> & «бита» $&» ничего нет.")
    await master.fills_cart()
    await master.checks_out(address="<i>Тверь</i> & К°, 1")
    await master.confirms()
    (order,) = await world.shop.orders(master.buyer)
    assert order["PROPERTY_VALUES"]["ADDRESS"] == "<i>Тверь</i> & К°, 1"
