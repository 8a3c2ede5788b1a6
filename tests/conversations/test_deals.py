"""A real portal on which every order makes a deal, and people move the deal: the master hears of it, once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import pytest_asyncio

from infra.local.portal.native.deal_book import Deal
from shared.assistant.notifications.scheduling import EVERY
from tests.conversations.test_missed_changes import events_are_lost
from tests.support.master import ADDRESS, CASH, Master
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

A_WHILE = 30.0
MAP = {
    "EXECUTING": "WAITING_FOR_DELIVERY",
    "UC_PACKED": "WAITING_FOR_DELIVERY",
    "UC_COURIER": "SHIPPED",
    "UC_HANDED": "DELIVERED",
    "WON": "FINISHED",
    "LOSE": "CANCELED",
    "C5:UC_ROUTE": "SHIPPED",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world({"BITRIX_DIALECT": "native", "BITRIX_DEAL_STAGE_MAP": json.dumps(MAP)}) as running:
        await running.shop.is_set_up(deals=True)
        yield running


async def ordered(world: World) -> tuple[Master, str]:
    """A master and his order, some time ago: right after our own change of a deal its events are taken for ours."""
    master = await world.master()
    number = await master.orders(payment=CASH)
    await world.rests()
    world.clock.skip(A_WHILE)
    return master, number


async def test_a_deal_that_moves_forward_tells_each_status_once(world: World) -> None:
    master, number = await ordered(world)
    await world.shop.moves_deal(number, stage="EXECUTING")
    await master.sees("Собираем заказ, готовим к отправке")
    await world.shop.moves_deal(number, stage="UC_PACKED")
    await world.shop.moves_deal(number, stage="UC_COURIER")
    await master.sees("Курьер уже в пути")
    await world.shop.moves_deal(number, stage="UC_HANDED")
    await master.sees("Заказ доставлен")
    await world.shop.moves_deal(number, stage="WON")
    await master.sees("Заказ закрыт")
    await world.rests()
    said = ("Собираем заказ, готовим", "Курьер уже в пути", "Заказ доставлен", "Заказ закрыт")
    assert [len(await master.hears(text)) for text in said] == [1, 1, 1, 1]


async def test_a_deal_of_another_funnel_is_heard_by_event_and_by_the_clock(world: World) -> None:
    master, number = await ordered(world)
    await world.shop.moves_deal(number, stage="C5:NEW")
    await world.shop.moves_deal(number, stage="C5:UC_ROUTE")
    await master.sees("Курьер уже в пути")
    assert (await world.calls("housekeeping", b"")).is_success
    with events_are_lost(world):
        await world.shop.moves_deal(number, stage="C5:WON")
        await world.rests()
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await master.sees("Заказ закрыт")
    assert len(await master.hears("Курьер уже в пути")) == 1


async def test_a_deal_that_moves_back_tells_nothing(world: World) -> None:
    master, number = await ordered(world)
    await world.shop.moves_deal(number, stage="UC_COURIER")
    await master.sees("Курьер уже в пути")
    before = len((await master.chat())["messages"])
    await world.shop.moves_deal(number, stage="EXECUTING")
    await world.rests()
    await world.shop.moves_deal(number, stage="UC_COURIER")
    await world.rests()
    assert len((await master.chat())["messages"]) == before


async def test_a_lost_deal_cancels_and_one_taken_up_again_goes_on(world: World) -> None:
    master, number = await ordered(world)
    await world.shop.moves_deal(number, stage="LOSE")
    await master.sees("Заказ отменён")
    await world.shop.moves_deal(number, stage="EXECUTING")
    await master.sees("снова в работе")
    await world.rests()
    assert len(await master.hears("Заказ отменён")) == 1


async def test_an_order_and_its_deal_that_contradict_one_another(world: World) -> None:
    """The further of the two counts; an order that is canceled stays so, whatever its deal says."""
    master, number = await ordered(world)
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await world.shop.moves_deal(number, stage="EXECUTING")
    await world.rests()
    assert await master.hears("Собираем заказ") == []
    other, second = await ordered(world)
    await world.shop.moves(second, status="CANCELED", reason="нет на складе")
    await other.sees("Заказ отменён. Причина: нет на складе")
    await world.shop.moves_deal(second, stage="UC_COURIER")
    await world.rests()
    assert await other.hears("Курьер уже в пути") == []


async def test_who_deletes_the_deal_deletes_the_order(world: World) -> None:
    master, number = await ordered(world)
    await world.shop.moves_deal(number, delete=True)
    await master.sees("Заказа больше нет")
    await world.rests()
    assert len(await master.hears("Заказа больше нет")) == 1


async def test_a_move_whose_event_was_lost_is_told_within_minutes(world: World) -> None:
    master, number = await ordered(world)
    assert (await world.calls("housekeeping", b"")).is_success
    with events_are_lost(world):
        await world.shop.moves_deal(number, stage="UC_COURIER")
        await world.rests()
    assert await master.hears("Курьер уже в пути") == []
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await master.sees("Курьер уже в пути")
    await world.rests()
    assert len(await master.hears("Курьер уже в пути")) == 1


async def test_where_orders_stand_alone_they_are_told_as_ever(world: World) -> None:
    await world.shop.is_set_up(deals=False)
    try:
        master, number = await ordered(world)
        assert await world.shop.deal(number) is None
        await world.shop.moves(number, status="SHIPPED")
        await master.sees("Курьер уже в пути")
        await world.rests()
        assert len(await master.hears("Курьер уже в пути")) == 1
    finally:
        await world.shop.is_set_up(deals=True)


async def test_of_somebody_else_s_deal_one_look_is_taken_and_nothing_told(world: World) -> None:
    master, _ = await ordered(world)
    deals, now = world.portal.native.ledger.deals, world.clock.now()
    foreign = deals._deals[901] = Deal(901, 0, Decimal(100), "RUB", now, now)
    before = len((await master.chat())["messages"])
    for stage in ("UC_COURIER", "WON"):
        deals.update(foreign, {}, stage)
        await world.rests()
    assert len((await master.chat())["messages"]) == before
    assert len(await world.shop.calls(since=now)) == 1


async def test_people_read_in_the_deal_whose_order_it_is(world: World) -> None:
    _, number = await ordered(world)
    deal = await world.shop.deal(number)
    assert deal is not None
    assert deal["title"].startswith(f"Заказ №\u00a0{number}, ")
    assert (deal["sourceDescription"], deal["stage"]) == ("Telegram", "NEW")
    assert f"Адрес: {ADDRESS}" in deal["comments"]


async def _cost(world: World) -> list[list[str]]:
    """What an order asked of the portal, from its confirmation to rest."""
    master = await world.master()
    await master.fills_cart()
    await master.checks_out(CASH)
    await world.rests()
    begun = world.clock.now()
    await master.confirms()
    await world.rests()
    calls = await world.shop.calls(since=begun)
    return [[one["method"] for one in call["commands"] or [call]] for call in calls]


async def test_an_order_costs_one_request_more(world: World) -> None:
    async with running_world({"BITRIX_DIALECT": "native"}) as other:
        await other.shop.is_set_up(deals=True)
        today = await _cost(other)
    asked = await _cost(world)
    assert len(asked) <= len(today) + 1, asked
    assert [methods for methods in asked if "crm.item.update" in methods] == [
        ["crm.orderentity.list", "crm.item.update"]
    ]
