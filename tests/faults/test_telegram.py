"""Telegram in trouble: messages arrive in order and at least once, and what was done stays right."""

from __future__ import annotations

import pytest

from tests.support.master import CONFIRM, Master
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def order_of(master: Master, *texts: str) -> list[int]:
    """Ids of the messages that first hold each text."""
    return [(await master.hears(text))[0]["id"] for text in texts]


@pytest.mark.parametrize(
    ("kind", "how"), [("429", {"retry_after": 1}), ("429", {"retry_after": 40}), ("500", {}), ("drop_answer", {})]
)
@pytest.mark.parametrize("count", [1, 3])
async def test_a_search_arrives(world: World, kind: str, how: dict[str, int], count: int):
    master = await world.master()
    await world.telegram_fails(kind, count=count, method="sendMessage", **how)
    await master.finds()
    await world.rests()
    assert len(await master.hears("🔎 «")) == (1 if kind != "drop_answer" else count + 1)


async def test_a_long_wait_is_kept(world: World):
    master = await world.master()
    await master.finds()
    await world.rests()
    await world.telegram_fails("429", method="sendMessage", retry_after=40)
    since = world.clock.now()
    await master.finds("дрель")
    asked = [call for call in await world.telegram_requests(since) if call["method"] == "sendMessage"]
    assert [call["status"] for call in asked] == [429, 200]
    moments = [world.clock.now().fromisoformat(call["at"]) for call in asked]
    assert (moments[1] - moments[0]).total_seconds() >= 40


@pytest.mark.parametrize("kind", ["429", "500", "drop_answer"])
async def test_an_order_is_told_in_the_end(world: World, kind: str):
    master = await world.master()
    await master.fills_cart(position=5)
    await master.checks_out()
    await world.telegram_fails(kind, count=3, method="editMessageText", retry_after=30)
    number = await master.confirms()
    await world.rests()
    assert [order["ID"] for order in await world.shop.orders(master.buyer)] == [number]
    assert len(await master.hears("создан.")) == 1


@pytest.mark.parametrize(("kind", "count"), [("429", 1), ("429", 2), ("500", 2), ("drop_answer", 1)])
async def test_statuses_keep_their_order(world: World, kind: str, count: int):
    master = await world.master()
    number = await master.orders(position=5)
    await world.rests()
    await world.telegram_fails(kind, count=count, method="sendMessage", retry_after=30)
    await world.shop.moves(number, status="PAYED")
    await world.shop.moves(number, status="WAITING_FOR_DELIVERY")
    await master.sees("Собираем заказ")
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await world.rests()
    ids = await order_of(master, "Оплата получена", "Собираем заказ", "Курьер уже в пути")
    assert ids == sorted(ids)


async def test_a_status_that_comes_while_another_waits_to_be_told(world: World):
    master = await world.master()
    number = await master.orders(position=5)
    await world.rests()
    await world.telegram_fails("429", method="sendMessage", retry_after=300)
    with world.without_skipping():
        await world.shop.moves(number, status="PAYED")
        await world.portal.webhooks.settle()
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await world.rests()
    ids = await order_of(master, "Оплата получена", "Курьер уже в пути")
    assert ids == sorted(ids)
    assert len(await master.hears("Оплата получена")) == 1
    assert len(await master.hears("Курьер уже в пути")) == 1


async def test_a_tap_whose_answer_fails_is_done_all_the_same(world: World):
    master = await world.master()
    await master.finds()
    await master.opens_card(5)
    await world.telegram_fails("500", count=2, method="answerCallbackQuery")
    await master.puts_into_cart()
    assert "Bosch GSR 12V-15 FC" in (await master.opens_cart())["text"]


async def test_a_picture_that_telegram_does_not_know_any_more_is_uploaded_anew(world: World):
    master = await world.master()
    await master.finds()
    assert (await master.opens_card(4))["photo"]
    await world.rests()
    world.telegram.world.files._by_id.clear()
    for has_photo in (False, True):
        await master.taps("4")
        card = await master.sees("В корзину ·")
        await world.rests()
        assert bool(card["photo"]) is has_photo


async def test_a_master_who_blocks_the_bot_is_left_alone_until_he_writes(world: World):
    master = await world.master()
    number = await master.orders(position=5)
    await master.blocks_bot()
    await master.settles()
    await world.rests()
    since = world.clock.now()
    await world.shop.moves(number, status="PAYED")
    await world.rests()
    refused = [call for call in await world.telegram_requests(since) if call["method"] == "sendMessage"]
    assert [call["status"] for call in refused] == [403]
    await master.unblocks_bot()
    await master.says("/myorders")
    listed = await master.sees("Ваши заказы — 1")
    assert "Оплата получена" in listed["text"]
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")


async def test_an_order_of_a_master_who_blocks_the_bot_meanwhile(world: World):
    master = await world.master()
    await master.fills_cart(position=5)
    await master.checks_out()
    with world.without_permits():
        await master.taps(CONFIRM)
        await master.settles()
        await master.blocks_bot()
    await world.rests()
    assert len(await world.shop.orders(master.buyer)) == 1
    await master.unblocks_bot()
    await master.says("/track")
    await master.sees("Ждёт оплаты")
