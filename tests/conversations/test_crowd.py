"""A crowd of masters at once: everybody gets his screens and his order, and the portal gets two requests a second."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
import pytest_asyncio

from infra.local.sandbox import environment
from shared.assistant.returns.media import DELETE_PHOTO
from shared.pipeline.jobs import Job, Lane, enqueue
from shared.store.unit_of_work import UnitOfWork, decide
from tests.support.master import CASH, NB, PREPAID, Master
from tests.support.sandbox import World
from tests.support.shop import WRITES, Ask, Json, asked, goods

pytestmark = pytest.mark.asyncio(loop_scope="module")

MASTERS = 24
QUERIES = ("шуруповёрт", "дрель", "сверло", "саморез", "bosch", "круг")
LONGEST_WAIT = 180.0
"""Seconds that the world may have waited for permits in all."""

BURST = 2
PER_SECOND = 2


def busiest(moments: Iterable[datetime], window: timedelta) -> int:
    """The most moments within any stretch of time of this length."""
    ordered = sorted(moments)
    return max(sum(1 for later in ordered if moment <= later < moment + window) for moment in ordered)


def each_has_its_permit(requests: Iterable[datetime], permits: Iterable[datetime]) -> bool:
    """Whether no request came before its own permit was handed out, however late the machine was with either."""
    given = sorted(permits)
    return all(bisect_right(given, came) >= count for count, came in enumerate(sorted(requests), start=1))


def arrivals(calls: Sequence[Json]) -> list[datetime]:
    """When the portal's requests came."""
    return [datetime.fromisoformat(call["time"]) for call in calls]


async def shops(master: Master, number: int) -> tuple[str, str, int]:
    """One master's visit: (product, order, pieces)."""
    await master.finds(QUERIES[number % len(QUERIES)])
    card = await master.opens_card(1 + number % 5)
    quantity = 1 + number % 3
    await master.puts_into_cart(quantity)
    await master.opens_cart()
    await master.checks_out(CASH if number % 2 else PREPAID, f"Тверь, проспект Ленина, {number}")
    return card["caption"] or card["text"], await master.confirms(), quantity


@dataclass(frozen=True)
class Rush:
    """What came of all masters' orders at once: (master, what he said of it), and what the portal was asked meanwhile.

    `waited`: seconds of the world's.
    """

    visits: list[tuple[Master, tuple[str, str, int]]]
    waited: float
    permits: list[datetime]
    calls: list[Json]
    done: list[Ask]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rush(both_worlds: World) -> Rush:
    world = both_worlds
    for product in world.portal.shop.catalogue.all():
        product.stock["1"] = 1000  # nobody shall be told that somebody else was faster
    since, skipped = world.clock.now(), world.clock.skipped
    masters = await world.masters(MASTERS)
    told = await asyncio.gather(*(shops(master, number) for number, master in enumerate(masters)))
    waited = world.clock.skipped - skipped
    print(f"waited {waited:.0f} s of the world's, {world.clock.now() - since} with the machine's own")  # noqa: T201 - shown when a test fails
    await world.rests()
    handed = world.sandbox.queue.journal.dispatches
    permits = [one.at for one in handed if one.queue == environment.BITRIX_QUEUE and one.at >= since]
    calls, done = await world.shop.calls(since), await world.shop.asked(since)
    return Rush(list(zip(masters, told, strict=True)), waited, permits, calls, done)


async def test_everybody_orders_at_once(both_worlds: World, rush: Rush):
    world, calls = both_worlds, rush.calls
    assert busiest(rush.permits, timedelta(seconds=1)) <= BURST + PER_SECOND
    assert each_has_its_permit(arrivals(calls), rush.permits)
    assert rush.waited < LONGEST_WAIT, "what the machine took itself does not count"
    packed = [len(asked(call)) for call in calls if Ask.NEW_ORDER not in asked(call)]
    assert max(packed) >= 5
    for write in WRITES[world.dialect]:
        assert rush.done.count(write) == MASTERS
    # A shipment of the portal's own cannot be read (shared/bitrix/README.md, «Events»): alone in a request it is a 400.
    refused = [call for call in calls if call["status"] != 200]
    assert [call for call in refused if call["method"] != "sale.shipment.get"] == []
    for number, (master, (card, order_id, quantity)) in enumerate(rush.visits):
        (order,) = await world.shop.orders(master.buyer)
        (line,) = order["BASKET"]
        assert order["ID"] == order_id
        assert line["NAME"] in card
        assert list(goods(order).values()) == [quantity]
        assert order["PROPERTY_VALUES"]["ADDRESS"] == f"Тверь, проспект Ленина, {number}"
        assert len(await master.hears("создан.")) == 1
        assert len(await master.hears("🔎 «")) == 1
    assert len({order for _, (_, order, _) in rush.visits}) == MASTERS


async def test_a_status_of_every_order_at_once(both_worlds: World, rush: Rush):
    world = both_worlds
    masters = [master for master, _ in rush.visits]
    numbers = [order_id for _, (_, order_id, _) in rush.visits]
    since = world.clock.now()
    await asyncio.gather(*(world.shop.moves(number, status="SHIPPED", tracking=f"T{number}") for number in numbers))
    await asyncio.gather(*(master.sees("Курьер уже в пути") for master in masters))
    await world.rests()
    for master, number in zip(masters, numbers, strict=True):
        (news,) = await master.hears("Курьер уже в пути")
        assert f"T{number}" in news["text"]
    calls = await world.shop.calls(since)
    assert len(calls) < len(masters)
    # An event that comes while its order is being read has it read once more.
    assert [ask for ask in await world.shop.asked(since) if ask is not Ask.ORDER] == []


AHEAD = 16
"""Requests before a master's own: eight seconds."""


async def joins_a_queue(world: World, acts: Callable[[], Awaitable[Json]]) -> None:
    """Have a master do something behind so many requests that go alone."""

    async def pile_up(unit: UnitOfWork) -> None:
        for number in range(AHEAD):
            job = Job(DELETE_PHOTO, Lane.WRITE, {"photo": str(10**9 + number)})
            await enqueue(unit, job, unit.now)

    with world.without_permits():
        await decide(world.container.store, world.clock.now, pile_up)
        await world.container.tasks.permit([world.clock.now()] * AHEAD)
        await acts()


async def test_a_long_queue_is_told_once_and_the_answer_takes_its_place(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await world.rests()
    since = world.clock.now()

    async def searches() -> Json:
        await master.says("шуруповёрт")
        return await master.settles()

    await joins_a_queue(world, searches)
    found = await master.sees("🔎 «шуруповёрт»")
    assert found["original"]["text"] == f"Сервис перегружен, вы в очереди: примерно 10{NB}секунд."

    async def opens_card() -> Json:
        await master.taps("1", found["id"])
        return await master.settles()

    await joins_a_queue(world, opens_card)
    await master.sees("В корзину ·")
    await world.rests()
    assert await master.hears("вы в очереди") == [], "the card has a picture, so the notice is gone"
    asked = await world.telegram_requests(since)
    told = [call for call in asked if "вы в очереди" in str(call["params"].get("text"))]
    assert [call["method"] for call in told] == ["sendMessage", "sendMessage"], "once each time"
    typing = [call for call in asked if call["method"] == "sendChatAction"]
    assert len(typing) == 2
