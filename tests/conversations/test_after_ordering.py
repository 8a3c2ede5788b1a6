"""What can be done with an order that was made: hand its bill on, order the same again, cancel it."""

from __future__ import annotations

import re

import pytest

from tests.support.master import CASH, NB
from tests.support.sandbox import World
from tests.support.shop import goods

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOR_CLIENT = "🔗 Ссылка для клиента"
REPEAT = "🔁 Повторить"


async def test_the_bill_for_the_client(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    page = await master.opens("💳 Оплатить")
    await master.taps(FOR_CLIENT)
    bill = await master.sees("Счёт на")
    words = f"Счёт на 7{NB}990{NB}₽ по заказу №{NB}{number}: {page}"
    assert bill["text"] == words
    assert [[button["text"] for button in row] for row in bill["buttons"]] == [["📋 Скопировать"]]
    assert (await world.http.post(page)).is_success
    await master.sees("Оплата получена")
    (made,) = await master.hears(f"Заказ №{NB}{number} создан")
    labels = [button["text"] for row in made["buttons"] for button in row]
    assert labels == [f"📦 Заказ №{NB}{number}", "📦 Мои заказы"], "nothing is to be paid under it"


async def test_an_order_is_repeated_at_prices_of_now(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders(quantity=2, payment=CASH)
    await master.says(f"/track {number}")
    await master.sees(f"Заказ №{NB}{number}")
    await master.taps(REPEAT)
    await master.sees("🛒 Корзина")
    await master.taps(REPEAT)
    assert f"2{NB}шт. × 7{NB}990{NB}₽" in (await master.sees("🛒 Корзина"))["text"]
    await master.checks_out(CASH)
    await master.confirms()
    first, second = await world.shop.orders(master.buyer)
    assert goods(first) == goods(second)


async def test_an_order_is_canceled_once_and_told_once(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    await world.rests()
    await master.says(f"/track {number}")
    shown = await master.sees("Отменить заказ")
    await master.taps("Отменить заказ")
    await master.sees("Отменить заказ №")
    await master.taps("Нет, оставить")
    await master.sees("Ждёт оплаты")
    await master.taps("Отменить заказ")
    question = await master.sees("Вернуть его не получится")
    data = question["buttons"][0][0]["data"]
    await master.taps("Да, отменить")
    await master.taps_old(data, shown["id"])
    await world.rests()
    await master.still_sees("по просьбе мастера")
    assert len(await master.hears("Заказ отменён. Причина:")) == 1
    (order,) = await world.shop.orders(master.buyer)
    assert order["STATUS_ID"] == "CANCELED"
    await master.says(f"/track {number}")
    assert "Отменить заказ" not in str((await master.sees(f"Заказ №{NB}{number}"))["buttons"])


async def test_a_paid_order_is_not_canceled_by_an_old_button(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    page = await master.opens("💳 Оплатить")
    await master.says(f"/track {number}")
    await master.sees("Ждёт оплаты")
    await master.taps("Отменить заказ")
    await master.sees("Отменить заказ №")
    assert (await world.http.post(page)).is_success
    await world.rests()
    await master.taps("Да, отменить")
    await master.sees("уже нельзя отменить здесь")
    await world.rests()
    assert not await master.hears("Заказ отменён")


async def test_the_phone_and_the_comment_reach_the_order(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart()
    await master.checks_out(CASH)
    await master.sees("Оставите номер для курьера?")
    await master.says("Пропустить")
    await master.sees("Хорошо, без номера")
    await master.taps("📞 Телефон")
    await master.sees("По какому номеру")
    await master.shares_contact(user_id=1, phone_number="79990000000")
    await master.sees("карточка другого человека")
    await master.says("8 (912) 345-67-89")
    await master.sees(f"+7{NB}912{NB}345-67-89")
    await master.sees("Проверьте заказ")
    await master.taps("💬 Комментарий")
    await master.sees("Напишите комментарий")
    await master.says("Позвоните за час")
    shown = await master.sees("💬 Позвоните за час")
    await master.taps("✕ Убрать комментарий")
    bare = await master.sees("Проверьте заказ")
    assert (bare["id"], "Позвоните" in bare["text"]) == (shown["id"], False)
    await master.taps("💬 Комментарий")
    await master.sees("Напишите комментарий")
    await master.says("Позвоните за два часа")
    await master.sees("💬 Позвоните за два часа")
    number = await master.confirms()
    (order,) = await world.shop.orders(master.buyer)
    assert order["ID"] == number
    assert "Позвоните за два часа" in str(order)
    assert "Позвоните за час" not in str(order)
    await master.fills_cart()
    await master.taps("Оформить заказ")
    assert f"📞 +7{NB}912{NB}345-67-89" in (await master.sees("Проверьте заказ"))["text"]


async def test_a_point_on_the_map_reaches_the_order_and_is_forgotten(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart()
    await master.taps("Оформить заказ")
    await master.sees("Куда доставить?")
    await master.shares_location(56.8587, 35.9176)
    await master.sees("Допишите для курьера")
    await master.shares_venue(56.86, 35.92, "Мастерская", "Тверь, ул. Советская, 10")
    await master.sees("Как оплатите?")
    await master.taps(CASH)
    await master.sees("Оставите номер для курьера?")
    await master.taps("📞 Отправить мой номер")
    await master.sees("передадим курьеру")
    await master.confirms()
    (order,) = await world.shop.orders(master.buyer)
    assert re.fullmatch(r"\+7912\d{7}", order["PROPERTY_VALUES"]["PHONE"])
    place = "Тверь, ул. Советская, 10, Мастерская (точка на карте: 56.86000, 35.92000)"
    assert order["PROPERTY_VALUES"]["ADDRESS"] == place
    await master.fills_cart()
    await master.taps("Оформить заказ")
    await master.sees("Проверьте заказ")
    await master.taps("📍 Адрес")
    await master.sees("Выберите адрес")
    await master.taps("✕")
    await master.sees_toast("Адрес удалён")
    assert "Выберите" not in (await master.sees("Куда доставить?"))["text"]


# The contract tells of no money given back.
@pytest.mark.parametrize("both_worlds", ["native"], indirect=True, scope="module")
async def test_money_given_back_is_said_and_not_asked_for_again(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    await world.shop.moves(number, status="PAYED")
    await master.sees("Оплата получена")
    await world.shop.is_odd(number, order={"payed": "N"}, payment={"isReturn": "P", "paid": "N"})
    await master.says(f"/track {number}")
    shown = await master.sees(f"Деньги возвращены: 7{NB}990{NB}₽")
    labels = [button["text"] for row in shown["buttons"] for button in row]
    assert not {"💳 Оплатить", FOR_CLIENT} & set(labels)
    assert "ждём оплату" not in shown["text"]
