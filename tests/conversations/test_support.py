"""A master and the operators talk through the bot, over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from infra.local.sandbox.environment import OPERATORS
from infra.local.telegram.person import Person
from shared.settings import Dialect
from tests.support.master import CONFIRM, NB, Master
from tests.support.photos import snapshot
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

_operators: Iterator[int] = count(690_001)


def operator(world: World) -> Person:
    """Somebody of the operators' chat."""
    return Person(world.http, world.addresses["telegram"], next(_operators), OPERATORS)


async def topic_of(world: World, user_id: int) -> dict[str, Any]:
    """The only topic of this master, with its messages."""
    view = await operator(world).chat()
    (topic,) = [topic for topic in view["topics"] if topic["name"].endswith(f"· {user_id}")]
    messages = [message for message in view["messages"] if message["thread_id"] == topic["id"]]
    return {
        **topic,
        "messages": [message for message in messages if message["from"] == "bot" and not message["service"]],
    }


async def test_a_question_and_its_answer(both_worlds: World):
    world = both_worlds
    master, helper = await world.master(), operator(world)
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Когда привезут дрель?")
    await master.sees("Передали менеджеру")
    await world.rests()
    topic = await topic_of(world, master.user_id)
    assert [message["text"].split("\n")[-1] for message in topic["messages"]] == [
        f"Покупатель в Битриксе: {master.buyer}",
        "Когда привезут дрель?",
    ]
    await helper.says("Завтра до обеда", topic=topic["id"])
    await world.rests()
    assert len(await master.hears("Завтра до обеда")) == 1
    await master.says("/cancel")
    await master.sees("Разговор с менеджером закончен")
    await master.finds()
    await helper.says("Уже выехали", topic=topic["id"])
    await world.rests()
    await master.taps("💬 Ответить менеджеру")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Спасибо")
    await world.rests()
    assert (await topic_of(world, master.user_id))["messages"][-1]["text"] == "Спасибо"


async def test_an_album_lands_in_one_topic_and_pictures_come_back(any_world: World):
    world = any_world
    master, helper = await world.master(), operator(world)
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.sends_photos([snapshot(1) for _ in range(5)], "Скол на корпусе")
    await master.settles()
    await world.rests()
    topic = await topic_of(world, master.user_id)
    assert len([message for message in topic["messages"] if message["photo"]]) == 5
    assert len(await master.hears("Передали менеджеру")) == 1
    await helper.sends_photos([snapshot(1)], "Накладная", topic=topic["id"])
    await helper.settles()
    await world.rests()
    assert [message["caption"] for message in await master.hears("Накладная")] == ["Накладная"]


async def test_a_deleted_topic_is_made_anew(any_world: World):
    world = any_world
    master, helper = await world.master(), operator(world)
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Есть кто?")
    await world.rests()
    first = await topic_of(world, master.user_id)
    await helper.manages_topic("delete", first["id"])
    await master.says("Ау")
    await world.rests()
    second = await topic_of(world, master.user_id)
    assert second["id"] != first["id"]
    assert second["messages"][-1]["text"] == "Ау"
    view = await helper.chat()
    assert [message["text"] for message in view["messages"] if message["text"] == "Ау"] == ["Ау"], (
        "nothing is left beside"
    )
    await helper.says("Слушаем", topic=second["id"])
    await world.rests()
    assert len(await master.hears("Слушаем")) == 1


async def test_operators_learn_that_a_master_is_out_of_reach(any_world: World):
    world = any_world
    master, helper = await world.master(), operator(world)
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Перезвоните")
    await world.rests()
    topic = await topic_of(world, master.user_id)
    await master.blocks_bot()
    await world.rests()
    await helper.says("Не дозвонились", topic=topic["id"])
    await world.rests()
    assert "Мастеру не доставлено" in (await topic_of(world, master.user_id))["messages"][-1]["text"]


async def asks(world: World, command: str) -> str:
    """What the bot answers to a command beside the topics."""
    helper = operator(world)
    await helper.says(command)
    await world.rests()
    messages = [message for message in (await helper.chat())["messages"] if message["from"] == "bot"]
    return str(messages[-1]["text"])


async def test_operators_look_a_master_up_shut_him_out_and_let_him_in(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    card = await asks(world, f"/who {master.user_id}")
    assert f"Покупатель в Битриксе: {master.buyer}" in card
    assert number in card
    assert "Доступ закрыт" in await asks(world, f"/block {master.user_id}")
    for text in ("шуруповёрт", "/cart", "/start"):
        await master.says(text)
    await master.settles()
    await world.rests()
    assert len(await master.hears("Доступ закрыт. Обратитесь к вашему менеджеру.")) == 1
    await master.starts()
    await master.settles()
    await world.rests()
    assert len(await master.hears("Доступ открыт")) == 1, "his old invite does not help"
    assert "Доступ открыт" in await asks(world, f"/unblock {master.user_id}")
    await master.finds()
    assert "Запросов к Битриксу ждёт: 0" in await asks(world, "/stats")


USUAL = f"7{NB}990{NB}₽"
WHOLESALE = 4
CHOSEN = {Dialect.CONTRACT: "Вид цен здесь не выбирается", Dialect.NATIVE: f"видит цены вида {WHOLESALE}"}
PRICES = {Dialect.CONTRACT: USUAL, Dialect.NATIVE: f"7{NB}191{NB}₽"}


async def buys(master: Master, price: str) -> None:
    """Go the whole way from the list to the order, and see this price everywhere."""
    assert price in (await master.finds("DF333"))["text"]
    assert price in (await master.opens_card())["caption"]
    await master.puts_into_cart()
    assert price in (await master.opens_cart())["text"]
    confirmation = await master.checks_out()
    assert f"1{NB}шт. × {price}" in confirmation["text"]
    number = await master.confirms()
    made = await master.still_sees(f"Заказ №{NB}{number} создан.")
    assert f"К оплате: {price}" in made["text"]
    assert "Вы подтверждали" not in made["text"]
    assert await master.hears("изменилась цена") == []


async def test_each_master_buys_at_his_own_prices(both_worlds: World):
    world = both_worlds
    wholesaler, other = await world.masters(2)
    assert CHOSEN[world.dialect] in await asks(world, f"/price {wholesaler.user_id} {WHOLESALE}")
    await world.shop.charges(wholesaler.buyer, WHOLESALE)
    await asyncio.gather(buys(wholesaler, PRICES[world.dialect]), buys(other, USUAL))


async def test_who_is_charged_otherwise_than_he_was_shown_is_told(both_worlds: World):
    world = both_worlds
    master = await world.master()
    assert CHOSEN[world.dialect] in await asks(world, f"/price {master.user_id} {WHOLESALE}")
    await master.fills_cart("DF333")
    await master.checks_out()
    await master.taps(CONFIRM)
    if world.dialect is Dialect.NATIVE:
        asked = await master.sees("создан, но сумма другая.")
        assert f"{PRICES[world.dialect].removesuffix(f'{NB}₽')} → {USUAL}" in asked["text"], "what the portal charges"
    else:
        assert f"К оплате: {USUAL}" in (await master.sees("создан."))["text"]
    await world.rests()


async def test_a_talk_says_where_each_message_goes_and_ends_by_whatever_else_is_done(both_worlds: World):
    master = await both_worlds.master()
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Когда привезут дрель?")
    await master.sees("Передали менеджеру")
    await master.says("шуруповёрт")
    await master.sees("→ менеджеру")
    await master.says("/cart")
    await master.sees("Корзина пуста")
    assert await master.hears("Разговор с менеджером закончен.")
    await master.finds()
    await master.says("/support")
    await master.sees("Напишите вопрос менеджеру")
    await master.says("Ещё вопрос")
    await master.sees("Передали менеджеру")
    await master.taps("Закончить разговор")
    await master.sees("Что ищем?")
    await master.finds()


async def test_a_word_that_found_nothing_finds_after_one_tap_until_the_next(both_worlds: World):
    world = both_worlds
    master, helper = await world.master(), operator(world)
    await master.says("лобзичище")
    await master.sees("ничего нет")
    await world.rests()
    world.clock.skip(timedelta(days=7).total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await helper.sees("Мастера искали и не нашли за неделю")
    await helper.taps("➕ лобзичище — это лобзик")
    await helper.sees_toast("Добавили: поиск уже понимает это слово.")
    await master.says("лобзичище")
    await master.sees("Лобзик Makita")
    await helper.taps("✅ лобзичище = лобзик · убрать")
    await helper.sees_toast("Убрали: поиск этого слова больше не знает.")
