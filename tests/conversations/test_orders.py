"""From the invite to «Оплата получена», on both stores."""

from __future__ import annotations

import asyncio

import pytest

from tests.support.master import ADDRESS, CASH, DRIVER, NB, PREPAID
from tests.support.sandbox import World
from tests.support.shop import goods

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_from_the_invite_to_a_paid_order(any_world: World):
    master = any_world.stranger()
    await master.says("привет")
    await master.sees("Бот работает по приглашению")
    await master.comes_in()
    first = await master.finds(DRIVER)
    assert first["text"].startswith(f"🔎 «{DRIVER}» — 23{NB}товара")
    await master.taps("›")
    second = await master.sees("2 из 5")
    assert second["id"] == first["id"]
    assert "6. " in second["text"]
    await master.taps("‹")
    assert (await master.sees("1 из 5"))["text"] == first["text"]
    card = await master.opens_card(1)
    assert card["photo"]
    assert "Шуруповёрт Makita DF333DWYE" in card["caption"]
    assert f"7{NB}990{NB}₽" in card["caption"]
    await master.puts_into_cart(2)
    await master.sees_toast(f"В корзине: 2{NB}шт.")
    await master.taps(f"🛒 В корзине · 2{NB}шт.")
    assert f"15{NB}980{NB}₽" in (await master.sees("Итого:"))["text"]
    confirmation = await master.checks_out(PREPAID)
    assert f"2{NB}шт. × 7{NB}990{NB}₽" in confirmation["text"]
    assert ADDRESS in confirmation["text"]
    assert "Цены и наличие проверены только что." in confirmation["text"]
    number = await master.confirms()
    made = await master.still_sees(f"Заказ №{NB}{number} создан.")
    assert made["id"] == confirmation["id"]
    assert "Заказ принят, ждём оплату" in made["text"]
    assert f"К оплате: 15{NB}980{NB}₽" in made["text"]
    (order,) = await any_world.shop.orders(master.buyer)
    assert (order["ID"], goods(order), order["PROPERTY_VALUES"]["ADDRESS"]) == (number, {"1001": 2}, ADDRESS)
    page = await master.opens("💳 Оплатить")
    assert (await any_world.http.get(page)).is_success
    assert (await any_world.http.post(page)).is_success
    await any_world.rests()
    (paid,) = await master.hears("Оплата получена")
    assert f"Заказ №{NB}{number}" in paid["text"]
    await any_world.http.post(page)
    await any_world.rests()
    assert len(await master.hears("Оплата получена")) == 1
    (order,) = await any_world.shop.orders(master.buyer)
    assert order["PAYMENT"][0]["PAID"] == "Y"


async def test_cash_and_the_saved_address(any_world: World):
    master = await any_world.master()
    number = await master.orders(payment=CASH)
    made = await master.still_sees(f"Заказ №{NB}{number} создан.")
    assert "К оплате курьеру: " in made["text"]
    buttons = [button["text"] for row in made["buttons"] for button in row]
    assert "💳 Оплатить" not in buttons
    await master.fills_cart(position=5)
    await master.taps("Оформить заказ")
    confirmation = await master.sees("Проверьте заказ")
    assert ADDRESS in confirmation["text"]
    assert "💵 Наличными при получении" in confirmation["text"]
    second = await master.confirms()
    orders = await any_world.shop.orders(master.buyer)
    assert [(order["ID"], goods(order)) for order in orders] == [(number, {"1001": 1}), (second, {"1005": 1})]
    assert [order["PAYMENT"][0]["PAY_SYSTEM_ID"] for order in orders] == ["2", "2"]


async def test_two_masters_of_one_buyer_order_at_the_same_moment(any_world: World):
    first = await any_world.master()
    second = await any_world.master(first.buyer)
    await asyncio.gather(first.fills_cart(position=1, quantity=2), second.fills_cart(position=5))
    await asyncio.gather(first.checks_out(CASH, "Тверь, проспект Ленина, 1"), second.checks_out(CASH))
    numbers = await asyncio.gather(first.confirms(), second.confirms())
    await any_world.rests()
    orders = {order["ID"]: order for order in await any_world.shop.orders(first.buyer)}
    assert {number: goods(order) for number, order in orders.items()} == {
        numbers[0]: {"1001": 2},
        numbers[1]: {"1005": 1},
    }
    assert orders[numbers[0]]["PROPERTY_VALUES"]["ADDRESS"] == "Тверь, проспект Ленина, 1"
    assert orders[numbers[1]]["PROPERTY_VALUES"]["ADDRESS"] == ADDRESS
    for master in (first, second):
        assert len(await master.hears("создан.")) == 1


async def test_the_status_comes_to_the_master_whose_order_it_is(any_world: World):
    first, second = await any_world.masters(2)
    number, other = await asyncio.gather(first.orders(), second.orders())
    await any_world.shop.moves(number, status="WAITING_FOR_DELIVERY")
    await first.sees("Собираем заказ, готовим к отправке")
    await any_world.rests()
    assert number != other
    assert not await second.hears("Собираем заказ")
