"""After the order: lists, tracking, statuses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from tests.support.master import ADDRESS, CASH, NB
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_each_status_is_told_once_with_what_is_known(every_world: World):
    world = every_world
    master = await world.master()
    number = await master.orders()
    for status, extra, text, detail in (
        ("PAYED", {}, "Оплата получена", "Оплата получена"),
        ("WAITING_FOR_DELIVERY", {"eta": "2027-01-12"}, "Собираем заказ, готовим к отправке", "Доставка: 12"),
        ("SHIPPED", {"tracking": "RU123456"}, "Курьер уже в пути", "Трек-номер: RU123456"),
        ("DELIVERED", {}, "Заказ доставлен", "Заказ доставлен"),
        ("FINISHED", {}, "Заказ закрыт", "Заказ закрыт"),
    ):
        await world.shop.moves(number, status=status, **extra)
        news = await master.sees(text)
        assert detail in news["text"]
        assert f"Заказ №{NB}{number}" in news["text"]
        await world.shop.moves(number, status=status, **extra)
        await world.rests()
        assert len(await master.hears(text)) == 1


async def test_a_day_and_a_number_that_change_on_the_way_are_told_once_each(every_world: World):
    world = every_world
    master = await world.master()
    number = await master.orders()
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    for change, told in (
        ({"tracking": "RU123456"}, "RU123456"),
        ({"eta": "2027-01-12"}, "12"),
        ({"eta": "2027-01-14"}, "14"),
    ):
        await world.shop.moves(number, status="SHIPPED", **change)
        assert "Уточнили доставку" in (await master.sees(told))["text"]
        await world.shop.moves(number, status="SHIPPED", **change)
        await world.rests()
    assert len(await master.hears("Уточнили доставку")) == 3
    assert len(await master.hears("Курьер уже в пути")) == 1


async def test_late_events_tell_nothing_old(every_world: World):
    world = every_world
    master = await world.master()
    number = await master.orders()
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await world.shop.moves(number, status="WAITING_FOR_DELIVERY")
    await world.shop.moves(number, status="PAYED")
    await world.rests()
    assert not await master.hears("Собираем заказ")
    await world.shop.moves(number, status="DELIVERED")
    await master.sees("Заказ доставлен")
    await world.shop.moves(number, status="SHIPPED")
    await world.rests()
    assert len(await master.hears("Курьер уже в пути")) == 1


async def test_a_payment_is_told_even_when_the_order_has_moved_on(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    await world.rests()
    await world.shop.moves(number, status="PAYED")
    await world.shop.moves(number, status="SHIPPED", tracking="RU77")
    await master.sees("Курьер уже в пути")
    await world.rests()
    (paid,), (shipped,) = await master.hears("Оплата получена"), await master.hears("Курьер уже в пути")
    assert paid["id"] < shipped["id"]


@pytest.mark.parametrize(
    ("reason", "told"), [("нет на складе", "нет на складе"), ("", "не указана"), (" ", "не указана")]
)
async def test_a_cancellation_has_a_reason(every_world: World, reason: str, told: str):
    world = every_world
    master = await world.master()
    number = await master.orders()
    await world.shop.moves(number, status="CANCELED", reason=reason)
    await master.sees(f"Заказ отменён. Причина: {told}")
    await world.shop.moves(number, status="CANCELED", reason=reason)
    await world.rests()
    assert len(await master.hears("Заказ отменён")) == 1


async def test_a_canceled_order_may_come_back_to_life(every_world: World):
    world = every_world
    master = await world.master()
    number = await master.orders()
    await world.shop.moves(number, status="CANCELED", reason="нет на складе")
    await master.sees("Заказ отменён. Причина: нет на складе")
    await world.shop.moves(number, status="NEW")
    back = await master.sees("Заказ снова в работе")
    assert f"Заказ №{NB}{number}" in back["text"]
    await master.says("/myorders")
    await master.sees("Заказ принят, ждём оплату")
    for status, said in (("PAYED", "Оплата получена"), ("SHIPPED", "Курьер уже в пути"), ("DELIVERED", "доставлен")):
        await world.shop.moves(number, status=status)
        await master.sees(said)
    await world.rests()
    assert len(await master.hears("Заказ снова в работе")) == 1


async def test_cash_is_not_said_to_be_received(every_world: World):
    world = every_world
    master = await world.master()
    number = await master.orders(payment=CASH)
    await world.shop.moves(number, status="PAYED")
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await world.rests()
    assert not await master.hears("Оплата получена")


async def test_lists_and_tracking(every_world: World):
    world = every_world
    master = await world.master()
    await master.says("/myorders")
    await master.sees("Заказов пока нет")
    await master.says("/track")
    await master.sees("Заказов пока нет")
    first = await master.orders()
    second = await master.orders(position=5, payment=CASH)
    await master.says("/myorders")
    listed = await master.sees("Ваши заказы — 2")
    assert listed["text"].index(f"№{NB}{second}") < listed["text"].index(f"№{NB}{first}")
    cash, prepaid = (listed["text"].split(f"№{NB}{number}")[1].split("\n")[1] for number in (second, first))
    assert ("оплата при получении" in cash, "ждём оплату" in prepaid) == (True, True)
    await master.taps("Ждут оплаты", listed["id"])
    unpaid = await master.sees("Ждут оплаты — 1")
    assert (f"№{NB}{first}" in unpaid["text"], f"№{NB}{second}" in unpaid["text"]) == (True, False)
    await master.says("/track")
    newest = await master.sees("Итого:")
    assert f"Заказ №{NB}{second}" in newest["text"]
    assert "Оплата наличными при получении" in newest["text"]
    await master.says(f"/track {first}")
    asked = await master.sees("Ждёт оплаты")
    assert f"Заказ №{NB}{first}" in asked["text"]
    assert "Шуруповёрт Makita DF333DWYE" in asked["text"]
    page = await master.opens("💳 Оплатить")
    await world.http.post(page)
    await master.taps("🔄 Обновить", asked["id"])
    await master.sees("Оплачен")
    await master.taps("📦 Мои заказы", asked["id"])
    await master.sees("Ваши заказы — 2")
    await world.rests()
    await master.taps("Ждут оплаты", asked["id"])
    await master.sees("Таких заказов нет.")
    await master.taps("Все", asked["id"])
    await master.sees("Ваши заказы — 2")
    await master.taps(f"📦 Заказ №{NB}{first}", asked["id"])
    await master.sees("Оплачен")


def seconds_until(world: World, hour: int) -> float:
    """From now to the next such hour by the clock that quiet hours go by."""
    now = world.clock.now().astimezone(world.container.zone)
    then = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    return ((then - now) % timedelta(days=1)).total_seconds()


async def test_a_status_at_night_is_silent_and_by_day_is_not(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.says("/settings")
    settings = await master.sees("Тихие часы — нет")
    await master.taps("Тихо с 22 до 8", settings["id"])
    await master.sees("Тихие часы — с 22 до 8")
    await master.starts()
    await master.sees("что ищем?")
    await master.says("/settings")
    assert "Тихие часы — с 22 до 8" in (await master.sees("Настройки"))["text"]
    number = await master.orders()
    world.clock.skip(seconds_until(world, 23))
    await world.shop.moves(number, status="PAYED")
    night = await master.sees("Оплата получена")
    world.clock.skip(seconds_until(world, 12))
    await world.shop.moves(number, status="SHIPPED")
    day = await master.sees("Курьер уже в пути")
    assert (night["silent"], day["silent"]) == (True, False)


async def test_tracking_copies_the_number_and_says_when_the_portal_has_the_order_no_more(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await world.shop.sells("1001", stock={"1": 50})
    number = await master.orders()
    await master.says(f"/track {number}")
    assert f"📍 {ADDRESS}\n🏬 Отгрузка: Склад" in (await master.sees("Ждёт оплаты"))["text"]
    await world.shop.moves(number, status="SHIPPED", tracking="RU987654")
    await master.sees("Курьер уже в пути")
    await master.says(f"/track {number}")
    shown = await master.sees("Трек-номер: RU987654\n\n")
    copied = [button.get("copy_text") for row in shown["buttons"] for button in row]
    assert {"text": "RU987654"} in copied
    assert "Способ доставки: " in shown["text"]
    world.loses_order(number)
    await master.taps("🔄 Обновить", shown["id"])
    gone = await master.sees(f"Заказ №{NB}{number} не найден среди ваших: в магазине его больше нет.")
    assert gone["id"] == shown["id"]
    await master.taps("📦 Мои заказы", gone["id"])
    await master.sees("Ваши заказы — 1")


async def test_more_orders_than_a_page(both_worlds: World):
    world = both_worlds
    master = await world.master()
    numbers = [await master.orders(position=5, payment=CASH) for _ in range(6)]
    await master.says("/myorders")
    first = await master.sees("Ваши заказы — 6")
    assert f"№{NB}{numbers[0]}" not in first["text"]
    await master.taps("›")
    assert f"№{NB}{numbers[0]}" in (await master.sees("2 из 2"))["text"]


async def test_other_peoples_orders_are_not_shown(both_worlds: World):
    world = both_worlds
    owner, other = await world.masters(2)
    number, _ = await asyncio.gather(owner.orders(), other.orders())
    await world.rests()
    since = world.clock.now()
    for wanted in (number, "999999", "№ 1", "5121; drop", "👍"):
        await other.says(f"/track {wanted}")
        await other.settles()
    await world.rests()
    assert len(await other.hears("не найден среди ваших. Проверьте номер")) >= 3
    assert [call for call in await world.shop.calls(since) if call["params"].get("id") == number] == []
    # A button with somebody else's number can be forged by a client of one's own.
    update = await world.update_of(await other.taps(await other.button("📦 Заказ №")))
    update["update_id"] += 1_000_000
    update["callback_query"]["data"] = update["callback_query"]["data"].replace(
        update["callback_query"]["data"].split(":")[1], number
    )
    since = world.clock.now()
    await world.rests()
    assert (await world.calls("telegram_update", update)).is_success
    await world.rests()
    assert [call for call in await world.shop.calls(since) if call["params"].get("id") == number] == []


async def test_cash_is_asked_for_once_it_is_delivered(every_world: World):
    world = every_world
    master = await world.master()
    number = await master.orders(payment=CASH)
    await world.shop.moves(number, status="DELIVERED")
    question = await master.sees("Оплатили курьеру")
    await master.taps("Да, оплачено", question["id"])
    await master.sees("передаём менеджеру, что курьеру оплачено")
    await world.rests()
    told = [
        call["params"]["text"]
        for call in await world.telegram_requests()
        if "Отметьте оплату в Битриксе" in str(call["params"].get("text"))
    ]
    assert len([text for text in told if f"№{NB}{number}" in text]) == 1
    (order,) = await world.shop.orders(master.buyer)
    assert [payment["PAID"] for payment in order["PAYMENT"]] == ["N"]
