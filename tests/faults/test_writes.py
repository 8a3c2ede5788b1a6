"""A portal in trouble while an order is made: one order, told once, and the truth meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.settings import Dialect
from tests.faults.conftest import OPERATORS
from tests.support.door import Door
from tests.support.master import CASH, CONFIRM, Master
from tests.support.sandbox import World
from tests.support.shop import FINDING_OUT, WRITES, Ask, goods

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = ["5xx", "html_502", "timeout_before", "timeout_after", "rate_limit", "expired_token"]
IN_DOUBT = {"5xx", "html_502", "timeout_before", "timeout_after"}
SLOW = "Магазин отвечает медленно. Заказ ещё не создан"
UNSURE = "Не удалось проверить, создан ли заказ. Мы уточняем это у системы"
LOST = "Так и не удалось узнать, создан ли заказ."


async def looks_of(master: Master, message_id: int) -> list[str]:
    """Everything that stood in a message, oldest first."""
    message = next(message for message in (await master.chat())["messages"] if message["id"] == message_id)
    return [look["text"] for look in [message["original"] or message, *message["edits"]]]


async def is_one_order(world: World, master: Master, wanted: dict[str, int]) -> str:
    """Exactly one order with these goods, told once; its number."""
    await master.sees("создан.")
    await world.rests()
    (order,) = await world.shop.orders(master.buyer)
    assert goods(order) == wanted
    assert len(await master.hears("создан.")) == 1
    return str(order["ID"])


@pytest.mark.parametrize(
    ("kind", "count"), [*((kind, 1) for kind in KINDS), ("5xx", 4), ("timeout_after", 3), ("rate_limit", 4)]
)
async def test_a_write_in_trouble_ends_in_one_order(world: World, kind: str, count: int):
    for write in WRITES[world.dialect]:
        said = SLOW if write is Ask.BASKET else UNSURE
        master = await world.master()
        await master.fills_cart(position=5, quantity=2)
        screen = await master.checks_out()
        await world.shop.fails(kind, write, count=count)
        await master.taps(CONFIRM)
        number = await is_one_order(world, master, {"1005": 2})
        looks = await looks_of(master, screen["id"])
        assert (said in "\n".join(looks)) == (kind in IN_DOUBT)
        assert f"{number} создан." in looks[-1]
        await world.shop.moves(number, status="PAYED")
        await master.sees("Оплата получена")


@pytest.mark.parametrize(("times", "minutes"), [(1, 0), (3, 0), (6, 3)])
async def test_a_portal_that_cannot_be_reached_is_waited_for(world: World, door: Door, times: int, minutes: int):
    master = await world.master()
    await master.fills_cart(position=5)
    screen = await master.checks_out()
    began = world.clock.now()
    door.shut = times
    await master.taps(CONFIRM)
    await is_one_order(world, master, {"1005": 1})
    assert world.clock.now() - began >= timedelta(minutes=minutes)
    looks = await looks_of(master, screen["id"])
    assert sum(SLOW in look for look in looks) == 1
    assert not any(UNSURE in look for look in looks)


async def test_a_portal_that_stays_out_of_reach_is_said_to_have_made_nothing(world: World, door: Door):
    master = await world.master()
    await master.fills_cart(position=5)
    await master.checks_out()
    door.shut = 100
    await master.taps(CONFIRM)
    await master.sees("Заказ не создан, деньги не списаны.")
    await world.rests()
    assert door.shut == 92, "it is tried for minutes, not for ever"
    door.shut = 0
    await master.opens_cart()
    await master.checks_out()
    await master.taps(CONFIRM)
    await is_one_order(world, master, {"1005": 1})


@pytest.mark.parametrize("kind", ["5xx", "timeout_after", "timeout_before"])
async def test_a_basket_of_several_lines_in_trouble(world: World, kind: str):
    master = await world.master()
    await master.fills_cart(position=4)
    await master.fills_cart(position=5, quantity=3)
    await master.checks_out(CASH)
    await world.shop.fails(kind, WRITES[world.dialect][0], count=2)
    await master.taps(CONFIRM)
    await is_one_order(world, master, {"1004": 1, "1005": 3})


async def test_every_write_in_trouble(world: World):
    master = await world.master()
    await master.fills_cart(position=5)
    await master.checks_out()
    for count, write in enumerate(WRITES[world.dialect], 1):
        await world.shop.fails("timeout_after", write, count=count)
    await master.taps(CONFIRM)
    await is_one_order(world, master, {"1005": 1})


async def test_a_slow_write_is_waited_for(world: World):
    master = await world.master()
    await master.fills_cart(position=5)
    await master.checks_out()
    await world.shop.fails("slow", Ask.NEW_ORDER, count=1, seconds=0.3)
    await master.taps(CONFIRM)
    await is_one_order(world, master, {"1005": 1})
    assert not await master.hears(UNSURE)


async def test_a_write_that_goes_on_after_we_gave_up_is_not_done_twice(world: World):
    master = await world.master()
    await master.fills_cart(position=5)
    await master.checks_out()
    await world.shop.fails("slow", Ask.NEW_ORDER, count=1, seconds=1.5)
    await master.taps(CONFIRM)
    await is_one_order(world, master, {"1005": 1})


@pytest.mark.parametrize(("kind", "made"), [("timeout_before", 0), ("timeout_after", 1)])
async def test_an_order_nobody_can_find_out_about_is_for_people(world: World, kind: str, made: int):
    master = await world.master()
    await master.fills_cart(position=5)
    await master.checks_out()
    operators = world.stranger()
    operators.user_id = OPERATORS
    told = len(await operators.hears("Нужен человек"))
    for ask in FINDING_OUT[world.dialect]:
        await world.shop.fails(kind, ask, count=100)
    await master.taps(CONFIRM)
    await master.sees(LOST)
    await world.rests()
    await world.shop.works()
    assert len(await world.shop.orders(master.buyer)) == made
    assert len(await master.hears(LOST)) == 1
    assert not await master.hears("создан.\n")
    assert len(await operators.hears("Нужен человек")) == told + 1
    await order_again_after_loss(world, master, made)


async def order_again_after_loss(world: World, master: Master, made: int) -> None:
    """What comes of a new order of the same goods, which are not offered again by themselves."""
    await master.says("/cart")
    await master.sees("Корзина пуста")
    await master.fills_cart(position=5)
    await master.checks_out()
    await master.taps(CONFIRM)
    if world.dialect is Dialect.CONTRACT:
        # What lies in the buyer's basket is not known any more, so nothing is ordered on top of it.
        await master.sees("Магазин не принял заказ. Заказ не создан")
    else:
        await master.sees("создан.")
        made += 1
    assert len(await world.shop.orders(master.buyer)) == made


async def test_an_order_the_portal_lets_nobody_make_is_said(world: World):
    master = await world.master()
    await master.fills_cart(position=5)
    await master.checks_out()
    await world.shop.fails("expired_token", WRITES[world.dialect][0], count=100)
    await master.taps(CONFIRM)
    await master.sees("Заказ не создан, деньги не списаны.")
    await world.rests()
    await world.shop.works()
    await master.opens_cart()
    await master.checks_out()
    await master.taps(CONFIRM)
    await is_one_order(world, master, {"1005": 1})


@pytest.mark.parametrize("method", ["sale.shipment.add", "sale.shipmentitem.add"])
async def test_an_order_that_is_saved_and_yet_refused_is_made(world: World, method: str):
    master = await world.master()
    await master.fills_cart(position=4)
    await master.fills_cart(position=5, quantity=3)
    screen = await master.checks_out()
    if world.dialect is Dialect.NATIVE:  # the contract's one request makes an order or refuses it
        await world.shop.fails("saved_then_refused", method=method, count=2)
    await master.taps(CONFIRM)
    number = await is_one_order(world, master, {"1004": 1, "1005": 3})
    looks = await looks_of(master, screen["id"])
    assert not any("не принял" in look for look in looks)
    await world.shop.moves(number, status="PAYED")
    await master.sees("Оплата получена")


async def test_another_order_of_the_buyer_waits_for_the_one_in_trouble(world: World):
    first = await world.master()
    second = await world.master(first.buyer)
    await first.fills_cart(position=5, quantity=2)
    await first.checks_out()
    await second.fills_cart(position=4)
    await second.checks_out()
    await world.shop.fails("timeout_after", Ask.NEW_ORDER, count=3)
    await first.taps(CONFIRM)
    await first.sees(UNSURE)
    await second.taps(CONFIRM)
    await first.sees("создан.")
    await second.sees("создан.")
    await world.rests()
    assert sorted(str(goods(order)) for order in await world.shop.orders(first.buyer)) == [
        str({"1004": 1}),
        str({"1005": 2}),
    ]
