"""Nothing that comes twice happens twice: updates, events, permits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from infra.local.sandbox import environment
from shared.domain.watches import EVERY
from tests.support.events import Post
from tests.support.master import CONFIRM, Master
from tests.support.sandbox import World, eventually
from tests.support.shop import WRITES, Ask, goods

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def post_update(world: World, update: dict[str, Any], times: int) -> None:
    """Post an update several times at once; each must be taken."""
    answers = await asyncio.gather(*(world.calls("telegram_update", update) for _ in range(times)))
    assert [answer.status_code for answer in answers] == [200] * times


async def looks(master: Master) -> tuple[int, list[Any]]:
    """How much was said, and how often it was edited."""
    messages = (await master.chat())["messages"]
    return len(messages), [(message["id"], len(message["edits"])) for message in messages]


async def test_an_update_that_comes_again_changes_nothing(any_world: World):
    master = await any_world.master()
    await master.fills_cart()
    await master.checks_out()
    update = await any_world.update_of(await master.taps(CONFIRM))
    await master.sees("создан.")
    await any_world.rests()
    before, since = await looks(master), any_world.clock.now()
    await post_update(any_world, update, 1)
    await post_update(any_world, update, 10)
    await any_world.rests()
    assert await looks(master) == before
    assert await any_world.shop.calls(since) == []
    assert len(await any_world.shop.orders(master.buyer)) == 1


async def test_a_tap_that_comes_ten_times_at_once_orders_once(any_world: World):
    master = await any_world.master()
    await master.fills_cart(quantity=2)
    confirmation = await master.checks_out()
    tap = await any_world.update_of(await master.taps("Изменить"))
    await any_world.rests()
    # The same dialogue, but the tap is on «Заказать», and Telegram is in such doubt that it sends it ten times.
    tap["update_id"] += 1_000_000
    tap["callback_query"]["data"] = confirmation["buttons"][0][0]["data"]
    await post_update(any_world, tap, 10)
    await master.sees("создан.")
    await any_world.rests()
    (order,) = await any_world.shop.orders(master.buyer)
    assert goods(order) == {"1001": 2}
    assert len(await master.hears("создан.")) == 1


async def test_ten_different_taps_on_one_confirmation_order_once(any_world: World):
    master = await any_world.master()
    await master.fills_cart()
    confirmation = await master.checks_out()
    tap = await any_world.update_of(await master.taps("Изменить"))
    await any_world.rests()
    tap["callback_query"]["data"] = confirmation["buttons"][0][0]["data"]
    taps = [{**tap, "update_id": tap["update_id"] + 2_000_000 + number} for number in range(10)]
    await asyncio.gather(*(post_update(any_world, one, 2) for one in taps))
    await master.sees("создан.")
    await any_world.rests()
    assert len(await any_world.shop.orders(master.buyer)) == 1


async def test_a_message_that_comes_ten_times_at_once_is_answered_once(any_world: World):
    master = await any_world.master()
    update = await any_world.update_of(await master.says("/help"))
    await master.settles()
    update["update_id"] += 3_000_000
    update["message"]["text"] = "/myorders"
    update["message"].pop("entities")
    update["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": 9}]
    await post_update(any_world, update, 10)
    await any_world.rests()
    assert len(await master.hears("Заказов пока нет")) == 1


async def test_an_event_that_comes_again_is_not_looked_into(any_world: World):
    master = await any_world.master()
    number = await master.orders()
    await any_world.shop.moves(number, status="PAYED")
    await master.sees("Оплата получена")
    await any_world.rests()
    sent = any_world.portal.webhooks.all()[-1]
    since = any_world.clock.now()
    for _ in range(3):
        assert (await any_world.posts(Post(sent.body, sent.headers))).status_code == 200
    await any_world.rests()
    assert await any_world.shop.calls(since) == []
    assert len(await master.hears("Оплата получена")) == 1


async def test_many_new_events_of_one_order_are_one_look_and_one_message(any_world: World):
    master = await any_world.master()
    number = await master.orders()
    await any_world.rests()
    any_world.portal.webhooks.url, url = None, any_world.portal.webhooks.url
    await any_world.shop.moves(number, status="PAYED")
    any_world.portal.webhooks.url = url
    since = any_world.clock.now()
    with any_world.without_skipping():
        events = [any_world.events.about(number, index % 10) for index in range(30)]
        answers = await asyncio.gather(*(any_world.posts(one) for one in events))
    assert {answer.status_code for answer in answers} == {200}
    await master.sees("Оплата получена")
    await any_world.rests()
    assert await any_world.shop.asked(since) == [Ask.ORDER]
    assert len(await master.hears("Оплата получена")) == 1


async def test_an_event_that_comes_while_the_order_is_being_read_is_no_second_message(any_world: World):
    master = await any_world.master()
    number = await master.orders()
    await any_world.rests()
    since = any_world.clock.now()
    await any_world.shop.fails("slow", Ask.ORDER, seconds=0.4)
    await any_world.shop.moves(number, status="PAYED")

    async def order_is_read() -> bool:
        return Ask.ORDER in await any_world.shop.asked(since)

    await eventually(order_is_read, "the order is read")
    assert (await any_world.posts(any_world.events.about(number))).status_code == 200
    with any_world.without_skipping():
        seeing = asyncio.create_task(master.sees("Оплата получена"))
        while not seeing.done():
            await asyncio.gather(*(any_world.calls("bitrix_call") for _ in range(10)))
    await any_world.rests()
    assert await any_world.shop.asked(since) == [Ask.ORDER] * 2
    assert len(await master.hears("Оплата получена")) == 1


async def test_an_event_of_an_order_that_is_not_ours_costs_nothing(any_world: World):
    await any_world.rests()
    since = any_world.clock.now()
    assert (await any_world.posts(any_world.events.about("777"))).status_code == 200
    await any_world.rests()
    assert await any_world.shop.calls(since) == []


async def test_permits_without_work_do_nothing(any_world: World):
    master = await any_world.master()
    await master.orders()
    await any_world.rests()
    before, since = await looks(master), any_world.clock.now()
    answers = await asyncio.gather(*(any_world.calls("bitrix_call") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    await any_world.rests()
    assert await looks(master) == before
    assert await any_world.shop.calls(since) == []


async def test_fifty_permits_at_once_do_the_work_once(any_world: World):
    master = await any_world.master()
    await master.fills_cart()
    await master.checks_out()
    await any_world.rests()
    since = any_world.clock.now()
    with any_world.without_skipping():
        ordering = asyncio.create_task(master.confirms())
        while not ordering.done():
            answers = await asyncio.gather(*(any_world.calls("bitrix_call") for _ in range(50)))
            assert {answer.status_code for answer in answers} == {200}
    number = await ordering
    await any_world.rests()
    making = [Ask.OFFERS, *WRITES[any_world.dialect]]
    done = await any_world.shop.asked(since)
    assert done[: len(making)] == making
    # More than one look, because a real portal announces what we ourselves change.
    assert set(done[len(making) :]) == {Ask.ORDER}
    assert [order["ID"] for order in await any_world.shop.orders(master.buyer)] == [number]
    assert len(await master.hears("создан.")) == 1


async def test_fifty_permits_at_once_search_once(any_world: World):
    masters = await any_world.masters(3)
    await any_world.rests()
    since = any_world.clock.now()
    queries = ["саморез", "герметик", "перчатки"]
    with any_world.without_skipping():
        searching = asyncio.gather(*(master.finds(query) for master, query in zip(masters, queries, strict=True)))
        while not searching.done():
            await asyncio.gather(*(any_world.calls("bitrix_call") for _ in range(50)))
    await searching
    await any_world.rests()
    assert sorted(await any_world.shop.asked(since)) == sorted([Ask.NAMES, Ask.OFFERS] * 3)
    for master in masters:
        assert len(await master.hears("🔎 «")) == 1


async def test_the_delayed_sender_does_not_say_again_what_was_said(any_world: World):
    master = await any_world.master()
    update = await any_world.update_of(await master.says("/help"))
    await master.sees("/myorders — ваши заказы")
    await any_world.rests()
    before = await looks(master)
    bot_id = environment.BOT_TOKEN.split(":")[0]
    task = {"collection": "inbox_telegram", "id": f"{bot_id}:{update['update_id']}"}
    answers = await asyncio.gather(*(any_world.calls("telegram_send", task) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}
    assert await looks(master) == before


async def test_runs_of_housekeeping_and_permits_in_plenty_tell_of_a_watched_product_once(any_world: World):
    master = await any_world.master()
    await master.says("DF347DWE")
    await master.sees("В корзину ·")
    await master.taps("🔔 Сообщить о поступлении")
    await master.sees_toast("Сообщим о поступлении")
    await any_world.shop.sells("1003", stock={"1": 3})
    await any_world.rests()
    for _ in range(2):
        any_world.clock.skip(EVERY.total_seconds())
        swept = await asyncio.gather(*(any_world.calls("housekeeping", b"") for _ in range(3)))
        assert [answer.status_code for answer in swept] == [200] * 3
        await any_world.container.tasks.permit([any_world.clock.now()] * 3)
        await any_world.rests()
    assert len(await master.hears("Снова в наличии")) == 1
    await any_world.shop.sells("1003", stock={"1": 0})
