"""Whatever dies, and at whatever moment: the order is made once, the master hears of it, nothing is lost."""

from __future__ import annotations

import asyncio
from itertools import count

import pytest

from infra.local.sandbox import environment
from shared.assistant.notifications.scheduling import EVERY
from tests.support.door import Door
from tests.support.master import CONFIRM, DRIVER, Master
from tests.support.sandbox import World, eventually
from tests.support.shop import WRITES, Ask, goods
from tests.support.stores import FaultyStore

pytestmark = pytest.mark.asyncio(loop_scope="module")

FEWEST = 10
"""Commits that an order makes at the very least: the tap, then lease, result and mark of each step."""


def faulty(world: World) -> FaultyStore:
    """The store that fails on demand."""
    store = world.container.store
    assert isinstance(store, FaultyStore)
    return store


async def ready_to_order(world: World) -> Master:
    """A master with the confirmation before him."""
    master = await world.master()
    await master.fills_cart(position=5, quantity=2)
    await master.checks_out()
    await world.rests()
    return master


async def is_ordered_once(world: World, master: Master) -> str:
    """Exactly one order, known to the master; its number."""
    (order,) = await world.shop.orders(master.buyer)
    assert goods(order) == {"1005": 2}
    made = await master.hears(f"{order['ID']} создан.")
    assert made
    assert len({message["id"] for message in made}) == 1
    return str(order["ID"])


@pytest.mark.parametrize("applied", [False, True])
async def test_any_commit_may_fail_once(world: World, applied: bool):
    """One order after the other, each failing a later commit, until one gets through.

    Each commit fails in one of the two ways here; under `make faults` each of a flow fails in both.
    """
    for commit in count(1 + applied, 2):
        master = await ready_to_order(world)
        faulty(world).fail_at(commit, applied=applied)
        await master.taps(CONFIRM)
        await master.settles()
        await world.rests()
        if not faulty(world).failed:
            break
        await world.recovers()
        number = await is_ordered_once(world, master)
        await world.shop.moves(number, status="PAYED")
        await master.sees("Оплата получена")
        await world.rests()
    faulty(world).works()
    await is_ordered_once(world, master)
    assert commit > FEWEST


async def test_a_worker_that_dies_in_the_middle(world: World, door: Door):
    for ask in (Ask.OFFERS, *WRITES[world.dialect]):
        master = await ready_to_order(world)
        # Once the worker is dead, the rest of it is skipped.
        await world.shop.fails("slow", ask, rate=1.0, seconds=30)
        with world.without_permits():
            await master.taps(CONFIRM)
            await master.settles()
            await serve_until_one_dies(world, door)
        await world.shop.works()
        await world.recovers()
        await is_ordered_once(world, master)
        assert len(await master.hears("создан.")) == 1


PERMITS = 20
"""More than an order needs in all."""


async def serve_until_one_dies(world: World, door: Door) -> None:
    """Serve permits until a worker waits for the portal, which is slow: he dies over it."""
    door.kept = asyncio.Event()
    try:
        for _ in range(PERMITS):
            working = asyncio.create_task(world.container.worker.serve())
            waiting = asyncio.create_task(door.kept.wait())
            await asyncio.wait([working, waiting], return_when=asyncio.FIRST_COMPLETED)
            for task in (working, waiting):
                task.cancel()
            await asyncio.wait([working, waiting])
            if door.kept.is_set():
                return
    finally:
        door.kept = None
    raise AssertionError(f"nobody asked the portal in {PERMITS} permits")


async def test_work_without_a_permit_is_swept_up(world: World):
    master = await world.master()
    await world.rests()
    with world.without_permits():
        await master.says(DRIVER)
        await master.settles()
        world.sandbox.queue.queue(environment.BITRIX_QUEUE).purge(world.clock.now())
    await world.rests()
    assert not await master.hears("🔎 «")
    assert (await world.calls("housekeeping", b"")).is_success
    await world.rests()
    assert not await master.hears("🔎 «"), "too young for the broom"
    world.clock.skip(31)
    assert (await world.calls("housekeeping", b"")).is_success
    await master.sees("🔎 «")


async def test_a_queue_out_of_reach_has_telegram_send_the_update_again(world: World):
    master = await world.master()
    await world.rests()
    port = int(world.addresses["cloud_tasks"].rpartition(":")[2])
    await world.sandbox.queue.stop(grace=1.0)
    try:
        update = await world.update_of(await master.says(DRIVER))
        answer = await world.calls("telegram_update", update)
        assert (answer.status_code, answer.json()) == (503, {"error": "try_again"})
        assert int(answer.headers["retry-after"]) > 0
        assert not await master.hears("🔎 «")
    finally:
        await world.sandbox.queue.start(port=port)
    await master.sees("🔎 «")
    await world.rests()
    assert len(await master.hears("🔎 «")) == 1


async def test_a_store_out_of_reach_has_everybody_send_again(world: World):
    master = await world.master()
    number = await master.orders(position=5)
    await world.rests()
    faulty(world).down = True
    try:
        update = await world.update_of(await master.says("/help"))
        assert (await world.calls("telegram_update", update)).status_code == 503
        for function, content in (("bitrix_call", b"{}"), ("housekeeping", b"")):
            answer = await world.calls(function, content)
            assert (answer.status_code, answer.json()) == (503, {"error": "try_again"})
        await world.shop.moves(number, status="SHIPPED")
        await until_event_failed(world)
    finally:
        faulty(world).down = False
    await master.sees("/myorders — ваши заказы")
    # A real portal tells only once; what was missed is asked for.
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await master.sees("Курьер уже в пути")
    assert len(await master.hears("/myorders — ваши заказы")) == 1


async def until_event_failed(world: World) -> None:
    """Wait until the portal has tried in vain to tell us something."""

    async def has_failed() -> bool:
        return any(attempt.get("status") == 503 for attempt in (await world.shop.webhooks())[-1]["attempts"])

    await eventually(has_failed, "an event is refused")


async def test_an_instance_that_dies_before_it_sends_is_replaced_by_the_repetition(world: World):
    master = await world.master()
    await world.rests()
    # It dies with its commit done: to Telegram the answer is lost, and the update comes again.
    faulty(world).fail_at(1, applied=True)
    await master.says("/help")
    await master.sees("/myorders — ваши заказы")
    await world.rests()
    assert len(await master.hears("/myorders — ваши заказы")) == 1
