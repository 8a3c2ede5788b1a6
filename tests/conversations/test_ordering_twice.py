"""Nobody orders the same goods twice while their order is being made."""

from __future__ import annotations

import pytest

from tests.conversations.test_support import operator
from tests.support.master import ADDRESS, CASH, CONFIRM, NB
from tests.support.sandbox import World
from tests.support.shop import Ask, goods

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_is_being_ordered_has_left_the_cart(both_worlds: World):
    master = await both_worlds.master()
    await master.fills_cart(quantity=2)
    cart = await master.still_sees("Оформить заказ")
    await master.checks_out()
    with both_worlds.without_permits():
        await master.taps(CONFIRM)
        await master.sees("⏳ Оформляем…")
        await master.says("/cart")
        await master.sees("заказ сейчас оформляется")
        await master.taps_old("o1", cart["id"])
        await master.sees("заказ сейчас оформляется")
    await master.sees("создан.")
    await both_worlds.rests()
    await master.says("/cart")
    assert "оформляется" not in (await master.sees("Корзина пуста"))["text"]
    (order,) = await both_worlds.shop.orders(master.buyer)
    assert goods(order) == {"1001": 2}


async def test_only_the_newest_confirmation_orders(both_worlds: World):
    master = await both_worlds.master()
    await master.fills_cart()
    older = await master.checks_out()
    await master.opens_cart()
    newer = await master.checks_out()
    with both_worlds.without_permits():
        await master.taps(CONFIRM, newer["id"])
        await master.sees("⏳ Оформляем…")
        await master.taps(CONFIRM, older["id"])
        await master.sees_toast("Заказ уже оформляется.")
    await master.sees("создан.")
    await both_worlds.rests()
    await master.taps(CONFIRM, older["id"])
    await master.sees_toast("Эта кнопка устарела")
    await both_worlds.rests()
    assert len(await both_worlds.shop.orders(master.buyer)) == 1


async def test_the_goods_are_back_in_the_cart_when_the_order_fails(both_worlds: World):
    master = await both_worlds.master()
    await master.fills_cart(quantity=3)
    await master.checks_out()
    await both_worlds.shop.fails("access_denied", Ask.NEW_ORDER)
    await master.taps(CONFIRM)
    await master.sees("Корзина на месте")
    assert f"3{NB}шт." in (await master.opens_cart())["text"]
    people = await operator(both_worlds).sees("не получилось оформить заказ")
    assert "Причина: ключу не хватает прав" in people["text"]
    assert f"Телеграм: {master.user_id}" in people["text"].split("👤 ")[1]


async def test_the_goods_are_back_in_the_cart_when_the_price_has_changed(both_worlds: World):
    master = await both_worlds.master()
    await master.fills_cart(quantity=3)
    await master.checks_out()
    await both_worlds.shop.sells("1001", price=8100)
    await master.taps(CONFIRM)
    await master.sees("Пока вы оформляли")
    await both_worlds.shop.sells("1001", price=7990)
    assert f"3{NB}шт." in (await master.opens_cart())["text"]


async def test_three_taps_on_one_button_put_the_product_in_once(both_worlds: World):
    master = await both_worlds.master()
    await master.finds()
    card = await master.opens_card()
    (data,) = [button["data"] for row in card["buttons"] for button in row if button["text"].startswith("В корзину")]
    await master.taps(await master.button("В корзину ·"))
    await master.taps_old(data, card["id"])
    await master.taps_old(data, card["id"])
    await master.sees_toast(f"Уже в корзине: 1{NB}шт.")
    await master.sees(f"🛒 В корзине · 1{NB}шт.")
    await master.taps("+")
    await master.sees(f"🛒 В корзине · 2{NB}шт.")
    await master.taps("−")
    await master.sees(f"🛒 В корзине · 1{NB}шт.")
    await master.taps("−")
    await master.sees("Открыть карточку")
    await master.says("/cart")
    await master.sees("Корзина пуста")


async def test_what_is_said_to_be_canceled_is_not_ordered_afterwards(both_worlds: World):
    master = await both_worlds.master()
    await master.fills_cart()
    shown = await master.checks_out()
    await master.says("/cancel")
    await master.sees("Заказ не создан, корзина на месте")
    await master.taps(CONFIRM, shown["id"])
    await master.sees_toast("Эта кнопка устарела")
    await both_worlds.rests()
    assert await both_worlds.shop.orders(master.buyer) == []


async def test_who_takes_a_question_back_may_still_order(both_worlds: World):
    master = await both_worlds.master()
    await master.fills_cart()
    shown = await master.checks_out()
    for button, word, said in (
        ("💬 Комментарий", "/cancel", "Комментарий не меняем"),
        ("📞 Телефон", "Передумал", "Телефон не меняем"),
    ):
        await master.taps(button, shown["id"])
        await master.settles()
        await master.says(word)
        assert "не создан" not in (await master.sees(said))["text"]
    await master.taps(CONFIRM, shown["id"])
    await master.sees("создан.")
    await both_worlds.rests()
    (order,) = await both_worlds.shop.orders(master.buyer)
    assert "Передумал" not in str(order)


async def test_an_order_without_the_cart_that_failed_is_begun_again_from_its_message(both_worlds: World):
    """Its goods are not in the cart, and what a newcomer chose for it is not asked twice."""
    master = await both_worlds.master()
    await master.finds()
    await master.opens_card()
    await master.taps("⚡ Заказать сразу")
    await master.sees("Куда доставить?")
    await master.says(ADDRESS)
    await master.sees("Как оплатите?")
    await master.taps(CASH)
    confirmation = await master.sees("Проверьте заказ")
    await both_worlds.shop.fails("access_denied", Ask.NEW_ORDER)
    await master.taps(CONFIRM)
    refused = await master.sees("Магазин не принял заказ")
    assert "Корзина" not in refused["text"]
    assert [button for button in await master.buttons() if "Корзина" in button] == []
    await master.taps("🔄 Попробовать ещё раз")
    shown = await master.sees("Проверьте заказ")
    assert shown["id"] == confirmation["id"]
    assert ADDRESS in shown["text"]
    assert CASH in shown["text"]
    await master.confirms()
    await both_worlds.rests()
    assert [goods(order) for order in await both_worlds.shop.orders(master.buyer)] == [{"1001": 1}]


async def test_taps_in_a_hurry_on_ordering_at_once_open_one_order(both_worlds: World):
    master = await both_worlds.master()
    await master.orders(payment=CASH)
    await master.finds()
    await master.opens_card()
    for _ in range(3):
        await master.taps("⚡ Заказать сразу")
    await master.sees_toast("Уже открыли этот заказ, он ниже.")
    await both_worlds.rests()
    assert (
        len([message for message in (await master.chat())["messages"] if "Проверьте заказ" in message.get("text", "")])
        == 1
    )
