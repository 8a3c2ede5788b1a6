"""A portal's events are never repeated; what was lost on the way is asked for: of orders, and of returns."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from infra.local.sandbox import environment
from shared.assistant.notifications.scheduling import EVERY
from shared.domain.return_records import LOOK_EVERY
from tests.conversations.test_returns import begins, gives_reason, registers, returned
from tests.support.events import SignedEvents
from tests.support.photos import snapshot
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@contextmanager
def events_are_lost(world: World) -> Iterator[None]:
    """Have the portal's events go nowhere for a while."""
    with pytest.MonkeyPatch.context() as lost:
        lost.setattr(world.portal.webhooks, "announce", lambda *_, **__: None)
        lost.setattr(world.portal.webhooks, "send", lambda *_: None)
        yield


async def test_a_status_whose_event_was_lost_is_told_within_minutes(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    await world.rests()
    assert (await world.calls("housekeeping", b"")).is_success
    with events_are_lost(world):
        await world.shop.moves(number, status="PAYED")
        await world.rests()
    assert not await master.hears("Оплата получена")
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await master.sees("Оплата получена")
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await world.rests()
    assert len(await master.hears("Оплата получена")) == 1


async def test_the_events_of_the_specs_statuses_are_heard_in_either_dialect(both_worlds: World):
    """Their names are in its table of statuses (spec §3), beside those of its events (§4)."""
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    await world.rests()
    events = SignedEvents()
    with events_are_lost(world):
        await world.shop.moves(number, status="PAYED")
        assert (await world.posts(events.named("payment.status.changed", f"p{number}", ORDER_ID=number))).is_success
        await master.sees("Оплата получена")
        await world.shop.moves(number, status="SHIPPED")
        await world.posts(events.about(number, 1))
        await master.sees("Курьер уже в пути")
        await begins(master, number)
        await gives_reason(master)
        await master.sends_photos([snapshot(1)])
        await master.sees("Принято: 1.")
        mine = await registers(master)
        await world.shop.decides(mine, status="RETURN_COMPLETED")
        assert (await world.posts(events.named("rma.status.changed", f"r{number}", RMA_ID=mine))).is_success
        await master.sees("Возврат принят, средства будут возвращены")


async def test_a_decision_on_a_return_whose_event_was_lost_is_told_within_minutes(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await returned(world, master)
    await world.rests()
    with events_are_lost(world):
        await world.shop.decides(number, status="RETURN_REJECTED", reason="следы удара")
        await world.rests()
    assert not await master.hears("Возврат отклонён")
    for _ in range(2):
        world.clock.skip(LOOK_EVERY.total_seconds())
        assert (await world.calls("housekeeping", b"")).is_success
        await world.rests()
    assert len(await master.hears("Возврат отклонён: следы удара")) == 1


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def hard_of_hearing() -> AsyncIterator[World]:
    """A real portal whose webhook hears of saved orders only: once in a request of the portal's."""
    native = replace(
        environment.NATIVE,
        events=frozenset({"ONSALEORDERSAVED"}),
        application_token=environment.SECRETS["BITRIX_APPLICATION_TOKEN"],
    )
    async with running_world({"BITRIX_DIALECT": "native"}, portal={"native": native}) as running:
        yield running


async def test_of_a_mass_change_one_order_is_announced_and_the_rest_is_found(hard_of_hearing: World):
    world = hard_of_hearing
    masters = await world.masters(3)
    numbers = [await master.orders() for master in masters]
    await world.rests()
    assert (await world.calls("housekeeping", b"")).is_success
    before = len(await world.shop.webhooks())
    with world.without_skipping():
        await world.shop.moves_all(numbers, status="WAITING_FOR_DELIVERY")
    announced = (await world.shop.webhooks())[before:]
    assert [event["data"]["ID"] for event in announced] == numbers[:1]
    await masters[0].sees("Собираем заказ, готовим к отправке")
    await world.rests()
    assert [len(await master.hears("Собираем заказ")) for master in masters] == [1, 0, 0]
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    for master in masters:
        await master.sees("Собираем заказ, готовим к отправке")
    await world.rests()
    assert [len(await master.hears("Собираем заказ")) for master in masters] == [1, 1, 1]


# The contract has no such shipments.
@pytest.mark.parametrize("both_worlds", ["native"], indirect=True, scope="module")
async def test_system_shipments_are_nothing_to_do(both_worlds: World, caplog: pytest.LogCaptureFixture):
    world = both_worlds
    caplog.set_level(logging.WARNING, logger="shared")
    master = await world.master()
    number = await master.orders(quantity=2)
    await world.rests()
    asked = [command for call in await world.shop.calls() for command in _commands(call)]
    (order,) = [order for order in world.portal.native.ledger.all() if str(order.id) == number]
    for shipment in (shipment for shipment in order.shipments if shipment.system):
        about = [
            one
            for one in asked
            if one["method"] == "sale.shipment.get" and str(one["params"]["id"]) == str(shipment.id)
        ]
        assert len(about) <= 1, "whose it is is asked once at most"
    assert [record.getMessage() for record in caplog.records] == []


def _commands(call: dict[str, Any]) -> list[dict[str, Any]]:
    return list(call["commands"] or [call])
