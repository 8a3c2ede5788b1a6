"""A master who has ordered before needs three taps and a word; everything can be changed where it stands."""

from __future__ import annotations

import pytest

from tests.support.master import ADDRESS, CASH, CONFIRM, NB, PREPAID
from tests.support.sandbox import World
from tests.support.shop import Ask, goods

pytestmark = pytest.mark.asyncio(loop_scope="module")

ELSEWHERE = "Тверь, пр-т Победы, 3"


async def test_three_taps_from_the_need_to_the_order(both_worlds: World):
    master = await both_worlds.master()
    await master.orders(payment=CASH)
    await master.fills_cart(position=5)
    await master.says("DF333DWYE")
    await master.sees("⚡ Заказать сразу")
    await master.taps("⚡ Заказать сразу")
    shown = await master.sees("Проверьте заказ")
    for part in (ADDRESS, CASH, "Корзину не трогаем."):
        assert part in shown["text"]
    await master.taps(CONFIRM)
    await master.sees("создан.")
    await both_worlds.rests()
    assert [goods(order) for order in await both_worlds.shop.orders(master.buyer)] == [{"1001": 1}] * 2
    assert "Bosch GSR 12V-15 FC" in (await master.opens_cart())["text"]


async def test_address_and_payment_are_changed_in_place(both_worlds: World):
    master = await both_worlds.master()
    await master.orders(payment=CASH)
    await master.fills_cart()
    await master.taps("Оформить заказ")
    first = await master.sees("Проверьте заказ")
    await master.taps("💳 Платить по ссылке")
    assert (await master.sees(PREPAID))["id"] == first["id"]
    await master.taps("📍 Адрес")
    assert (await master.sees("Куда доставить?"))["id"] == first["id"]
    await master.taps("Отмена")
    assert ADDRESS in (await master.sees("Проверьте заказ"))["text"]
    await master.taps("📍 Адрес")
    await master.sees("Куда доставить?")
    await master.says(ELSEWHERE)
    shown = await master.sees("Проверьте заказ")
    assert ELSEWHERE in shown["text"]
    assert PREPAID in shown["text"]
    await master.confirms()
    await both_worlds.rests()
    *_, order = await both_worlds.shop.orders(master.buyer)
    assert order["PROPERTY_VALUES"]["ADDRESS"] == ELSEWHERE


async def test_who_orders_at_once_for_the_first_time_is_asked(both_worlds: World):
    master = await both_worlds.master()
    await master.finds()
    await master.opens_card()
    await master.taps("⚡ Заказать сразу")
    await master.sees("Куда доставить?")
    await master.says(ADDRESS)
    await master.sees("Как оплатите?")
    await master.taps(PREPAID)
    assert "Корзину не трогаем." in (await master.sees("Проверьте заказ"))["text"]
    await master.confirms()
    await both_worlds.rests()
    (order,) = await both_worlds.shop.orders(master.buyer)
    assert goods(order) == {"1001": 1}


async def test_a_list_is_ordered_at_once(both_worlds: World):
    """A pasted one, and one that was saved; the cart stays as it is."""
    master = await both_worlds.master()
    await master.says("DF333DWYE x2\nHR2470 - 1 шт")
    await master.sees("нашли 2 из 2")
    await master.taps(f"⚡ Заказать сразу · 2{NB}поз.")
    await master.sees("Куда доставить?")
    await master.says(ADDRESS)
    await master.sees("Как оплатите?")
    await master.taps(CASH)
    assert "Корзину не трогаем." in (await master.sees("Проверьте заказ"))["text"]
    await master.confirms()
    await master.says("/cart")
    await master.sees("Корзина пуста")
    await master.fills_cart(position=5, quantity=3)
    await master.says("/lists")
    await master.sees("💾 Сохранить корзину списком")
    await master.taps("💾 Сохранить корзину списком")
    await master.sees("Как назвать список?")
    await master.says("Ванная")
    await master.sees("Ванная ·")
    await master.taps(await master.button("Ванная ·"))
    await master.sees("нашли 1 из 1")
    await master.taps(f"⚡ Заказать сразу · 1{NB}поз.")
    shown = await master.sees("Проверьте заказ")
    assert ADDRESS in shown["text"]
    await master.confirms()
    await both_worlds.rests()
    orders = await both_worlds.shop.orders(master.buyer)
    assert [sorted(goods(order).values()) for order in orders] == [[1, 2], [3]]
    assert f"3{NB}шт." in (await master.opens_cart())["text"]


async def test_many_pieces_are_one_tap_or_a_number(both_worlds: World):
    master = await both_worlds.master()
    await master.finds()
    await master.opens_card()
    await master.taps(f"1{NB}шт.")
    await master.sees_toast("напишите числом")
    await master.sees(f"20{NB}шт.")
    await master.taps(f"20{NB}шт.")
    await master.sees("В корзину ·")
    assert f"20{NB}шт." in await master.buttons()
    await master.taps(f"20{NB}шт.")
    await master.sees("‹ Назад")
    await master.says("37")
    await master.sees(f"37{NB}шт. × 7{NB}990")
    await master.taps(await master.button("В корзину ·"))
    await master.sees(f"🛒 В корзине · 37{NB}шт.")


async def test_an_article_with_a_count_opens_its_card(both_worlds: World):
    master = await both_worlds.master()
    await master.says("SD-SAN-W 3")
    await master.sees("В корзину ·")
    assert f"3{NB}шт." in await master.buttons()
    await master.says("HSS-2,5")
    card = await master.sees("Сверло по металлу HSS Bosch 2,5 мм")
    assert "HSS-2.5" in card["text"] + card["caption"]


async def test_thanks_are_answered(both_worlds: World):
    master = await both_worlds.master()
    await both_worlds.rests()
    since = both_worlds.clock.now()
    await master.says("Спасибо!")
    await master.sees("Пожалуйста.")
    await both_worlds.rests()
    assert await both_worlds.shop.calls(since) == []


async def test_what_was_asked_in_vain_is_asked_again_by_a_button(both_worlds: World):
    master = await both_worlds.master()
    await both_worlds.shop.fails("5xx", Ask.NAMES, count=3)
    await master.says("перчатки")
    told = await master.sees("Магазин не отвечает")
    await both_worlds.shop.works()
    await master.taps("🔄 Попробовать ещё раз")
    assert (await master.sees("🔎 «перчатки»"))["id"] == told["id"]


async def test_a_list_goes_into_the_cart_after_all(both_worlds: World):
    master = await both_worlds.master()
    await master.says("DF333DWYE x2\nHR2470 - 1 шт")
    quote = await master.sees("нашли 2 из 2")
    await both_worlds.shop.fails("5xx", Ask.OFFERS, count=3)
    await master.taps(f"В корзину всё · 2{NB}поз.")
    told = await master.sees("Магазин не отвечает")
    await both_worlds.shop.works()
    await master.taps("🔄 Попробовать ещё раз")
    assert (await master.sees(f"Теперь список в корзине: 2{NB}позиции."))["id"] == told["id"]
    (shown,) = [one for one in (await master.chat())["messages"] if one["id"] == quote["id"]]
    assert f"🛒 В корзине · 2{NB}поз." in [button["text"] for row in shown["buttons"] for button in row]
