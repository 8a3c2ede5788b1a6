"""Orders through a storm while managers change them: none lost, none double, each change told once (issue 12).

`make chaos` is the whole of it, and prints the books.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import pairwise

import pytest

from shared.entry import housekeeping
from shared.entry.http import Incoming
from shared.status import Status
from tests.chaos.books import as_booked
from tests.chaos.masters import Wish, tap, wishes
from tests.chaos.storm import all_tap, everywhere, report
from tests.chaos.test_orders import MAY_PASS
from tests.chaos.town import OPERATORS, STAGE_MAP, SWEEP, Plan, Town, running_town
from tests.stateful import order_news
from tests.stateful.managers import Manager
from tests.stateful.order_books import OrderBooks
from tests.stateful.portal_books import orders_at
from tests.stateful.reading import numbers, plain
from tests.support.clock import run

ORDERS = int(os.environ.get("MANAGED_ORDERS", "12"))
PACE = 0.8
"""Seconds between two masters."""
ACTS = (2, 7)
"""How many things a manager does to an order."""
GLANCE = 5.0
"""Seconds between two looks of managers at the desk."""
ALL_TOLD = 25 * 60.0
"""Seconds after which what the portal's events did not tell was asked for, twice."""
STAGES = {stage: Status(word) for stage, word in STAGE_MAP.items()}


def made_for(town: Town, wish: Wish) -> str | None:
    """Return the order that its master was told of; more than one is none."""
    told = [made.order for screen in town.phones.screens[wish.chat] if (made := order_news.made(plain(screen)))]
    assert len(set(told)) <= 1, told
    return told[0] if told else None


async def are_managed(town: Town, manager: Manager, wanted: list[Wish]) -> None:
    """Look after each order as soon as its master knows of it."""
    at_work: dict[int, asyncio.Task[None]] = {}
    while len(at_work) < len(wanted):
        for wish in wanted:
            if wish.number not in at_work and (order := made_for(town, wish)) is not None:
                at_work[wish.number] = asyncio.create_task(manager.looks_after(order, town.dice.randint(*ACTS)))
        await town.clock.sleep(GLANCE)
    await asyncio.gather(*at_work.values())


async def keeps_house(town: Town) -> None:
    """Come round every minute, as the scheduler does."""
    while True:
        await town.clock.sleep(SWEEP)
        await housekeeping.receive(town.instances[0], Incoming({}, b""))


def read_by_masters(town: Town, wanted: list[Wish]) -> OrderBooks:
    """Read all screens into the books; each master reads of his own order alone."""
    books, twice = OrderBooks(), Counter[str]()
    products = {one.id: one for one in town.portal.shop.catalogue.all()}
    for wish in wanted:
        order = made_for(town, wish)
        assert order is not None, f"{wish} is lost"
        lines = {products[it].name: (Decimal(count), products[it].price) for it, count in wish.goods.items()}
        books.opens(order, lines, sum((count * price for count, price in lines.values()), Decimal(0)))
        for screen in map(plain, told_once(town.phones.screens[wish.chat], twice)):
            # A name of goods may have «№ 2» in it, so only the beginning says whose news it is.
            assert not screen or numbers(screen.partition("\n")[0]) == {order} or screen.startswith(MAY_PASS), screen
            books.reads(screen, wish.chat)
    for screen in map(plain, town.phones.screens[OPERATORS]):
        assert order_news.doubt(screen) is not None, screen
        books.money.operators_read(screen)
    print(f"{twice.total()} said twice by {town.killed} killed")  # noqa: T201 - for -rP
    assert max(twice.values(), default=0) <= 1
    assert twice.total() <= town.killed, "only who dies between a message and its mark has it said once more"
    return books


def told_once(screens: Iterable[str], twice: Counter[str]) -> Iterator[str]:
    """Leave out a message that came twice in a row, and count it (shared/README.md, «Guarantees»)."""
    for before, screen in pairwise(["", *screens]):
        if screen and screen == before:
            twice[screen] += 1
        else:
            yield screen


def assert_none_lost_or_double(town: Town, wanted: list[Wish], deleted: set[str]) -> None:
    """Every wish has its order, unless managers deleted it, and any other is one that the bot took back itself."""
    of = {made_for(town, wish): wish for wish in wanted}
    assert len(of) == len(wanted)
    there = {order.id: order for order in town.portal.front.orders.all()}
    assert of.keys() - deleted <= there.keys()
    for order_id, order in there.items():
        if order_id in of:
            assert order.properties["ADDRESS"] == as_booked(town, of[order_id])
        else:
            assert order.status is Status.CANCELED, f"{order_id} is nobody's"


@pytest.mark.parametrize("dialect", ["native", "contract"])
@pytest.mark.timeout(3600)
def test_whatever_managers_do_is_told_once(dialect: str, dice: random.Random):
    async def story() -> None:
        plan = Plan(dialect, kills=0.05, doubled=0.2, busy=0.03, events=True)
        async with running_town(plan, dice) as town:
            products = [product.id for product in town.portal.shop.catalogue.all()]
            wanted, manager = wishes(ORDERS, products, dice), Manager(town.portal, town.clock, dice)
            everywhere(town)
            house = asyncio.create_task(keeps_house(town))
            managed = asyncio.create_task(are_managed(town, manager, wanted))
            await all_tap(town, wanted, tap, ORDERS * PACE)
            await managed
            await town.clock.sleep(ALL_TOLD)
            house.cancel()
            await town.rests()
            print(report(town), dict(manager.done), len(manager.deleted), "deleted")  # noqa: T201 - for -rP
            assert town.alarms == []
            assert_none_lost_or_double(town, wanted, manager.deleted)
            books = read_by_masters(town, wanted)
            books.audits(orders_at(town.portal, STAGES), manager.deleted)
            told = Counter(books.edits.told.values())
            print(f"edits told per order {dict(sorted(told.items()))}")  # noqa: T201 - for -rP

    run(story())
