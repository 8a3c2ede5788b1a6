"""A master is understood as he means it: the order he asks for, the word he types for a button, the photos he sends."""

from __future__ import annotations

import pytest

from tests.conversations.test_returns import begins, gives_reason, received, registers
from tests.support.master import CASH, NB
from tests.support.photos import snapshot
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_where_is_my_order_means_the_one_on_its_way(both_worlds: World):
    master = await both_worlds.master()
    shipped, canceled = await master.orders(), await master.orders(position=5)
    await both_worlds.shop.moves(shipped, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await both_worlds.shop.moves(canceled, status="CANCELED", reason="нет на складе")
    await master.sees("Заказ отменён")
    for asked in ("/track", "Где мой заказ?"):
        await master.says(asked)
        assert f"Заказ №{NB}{shipped}" in (await master.sees("🔄 Обновить"))["text"]
    await master.says(canceled)
    await master.sees("Это номер вашего заказа")
    await master.sees("Заказ отменён. Причина: нет на складе\n")


async def test_an_album_that_nobody_asked_for_is_answered_once(both_worlds: World):
    master = await both_worlds.master()
    await master.sends_photos([snapshot(shade) for shade in range(4)])
    await both_worlds.rests()
    (told,) = await master.hears("Штрихкода на фото не видим")
    assert [button["text"] for row in told["buttons"] for button in row][:2] == [
        "↩️ Вернуть товар",
        "💬 Спросить менеджера",
    ]


async def test_done_stands_below_the_album_and_may_be_typed(both_worlds: World):
    master = await both_worlds.master()
    number = await received(both_worlds, master)
    await begins(master, number)
    await gives_reason(master)
    await master.sends_photos([snapshot(shade) for shade in range(3)])
    await both_worlds.rests()
    newest = (await master.chat())["messages"][-1]
    assert newest["text"].startswith("📷 Принимаем фото")
    assert len(await master.hears("Принимаем фото")) == 1
    await master.says("Готово")
    assert f"3{NB}фото" in (await master.sees("Проверьте возврат"))["text"]
    await master.taps("✅ Оформить возврат")
    await master.sees("зарегистрирован.")


async def test_who_breaks_off_a_return_is_told_of_the_return(both_worlds: World):
    master = await both_worlds.master()
    number = await received(both_worlds, master)
    for word in ("/cancel", "отмена"):
        await begins(master, number)
        await gives_reason(master)
        await master.says(word)
        assert "Возврат не оформлен" in (await master.sees("Возврат"))["text"]
    await both_worlds.rests()
    assert await both_worlds.shop.returns(number) == []


async def test_a_return_is_opened_with_all_that_is_known_of_it(both_worlds: World):
    master = await both_worlds.master()
    number = await received(both_worlds, master)
    await begins(master, number)
    await gives_reason(master)
    await master.sends_photos([snapshot(8)])
    await master.sees("Принято: 1.")
    made = await registers(master)
    await both_worlds.rests()
    await both_worlds.shop.decides(made, status="RETURN_REJECTED", reason="нет чека")
    await master.sees("Возврат отклонён: нет чека")
    await master.says("/return")
    await master.sees("Ваши возвраты")
    await master.taps(f"↩️ Возврат №{NB}{made}")
    shown = (await master.sees("Причина возврата: Брак"))["text"]
    for part in ("Возврат отклонён: нет чека", "Шуруповёрт Makita DF333DWYE", f"1{NB}фото"):
        assert part in shown
    await master.taps("💬 Спросить менеджера")


async def test_a_typed_no_leaves_the_order_and_a_yes_cancels_it(both_worlds: World):
    master = await both_worlds.master()
    number = await master.orders()
    for word, said in (("нет", "остаётся в силе"), ("Да", "Заказ отменён")):
        await master.says(f"/track {number}")
        await master.sees("Отменить заказ")
        await master.taps("Отменить заказ")
        await master.sees("Да, отменить")
        await master.says(word)
        await master.sees(said)
    await both_worlds.rests()
    (order,) = await both_worlds.shop.orders(master.buyer)
    assert order["CANCELED"] == "Y"


async def test_a_typed_yes_answers_the_question_about_cash(both_worlds: World):
    master = await both_worlds.master()
    number = await master.orders(payment=CASH)
    await both_worlds.shop.moves(number, status="DELIVERED")
    await master.sees("Оплатили курьеру")
    await master.says("да")
    await master.sees("оплачено")


async def test_an_order_that_is_over_shows_no_day_and_refuses_at_once(both_worlds: World):
    master = await both_worlds.master()
    number = await master.orders()
    await both_worlds.shop.moves(number, status="WAITING_FOR_DELIVERY", eta="2027-01-12")
    await master.sees("Собираем заказ")
    await master.says(f"/track {number}")
    shown = await master.sees("Доставка: 12")
    off = next(button for row in shown["buttons"] for button in row if button["text"] == "Отменить заказ")
    await both_worlds.shop.moves(number, status="FINISHED")
    await master.sees("Заказ закрыт")
    await both_worlds.rests()
    await master.taps_old(off["data"], shown["id"])
    await master.sees("уже нельзя отменить здесь")
    assert await master.hears("Да, отменить") == []
    await master.says(f"/track {number}")
    assert "Доставка:" not in (await master.sees("🔄 Обновить"))["text"]
