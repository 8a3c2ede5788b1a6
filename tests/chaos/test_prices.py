"""A thousand price requests of two hundred masters at two HTTP requests a second (issue 3, spec §5)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal

import pytest

from infra.local.portal.calls import CallRecord
from infra.local.portal.catalogue import Product as Goods
from shared.assistant.cart.jobs import cart_job
from shared.assistant.chat_view import ChatTarget
from shared.assistant.search.cards import card_by_id
from shared.assistant.search.pages import page_job
from shared.domain import carts, searches
from shared.domain.cart_lines import CartLine
from shared.domain.carts import Cart
from shared.domain.catalogue import Product
from shared.domain.searches import Search
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.store.unit_of_work import UnitOfWork
from tests.chaos.town import OPERATORS, Plan, Town, running_town
from tests.support.clock import run

MASTERS = range(700_001, 700_201)
EACH = 5
RUSH = 10.0
"""Seconds within which all of them ask."""
RATE, BURST = 2, 2


async def asks(town: Town, master: int, number: int) -> None:
    """Have a master ask for prices: of his cart, of a card, or of a page."""
    where = ChatTarget(master, 100 + number)
    goods = town.dice.sample(town.portal.shop.catalogue.all(), 5)
    products = [Product(one.id, one.name, one.article) for one in goods]

    async def make_decision(unit: UnitOfWork) -> Decision:
        decision = Decision(unit)
        if number == 0:
            await decision.enqueue(cart_job(where, master, await _filled_cart(unit, master, goods)))
        elif number == 1:
            await decision.enqueue(card_by_id(where, products[0].id, f"search-{master}"))
        else:
            await decision.enqueue(await _page_job(unit, where, products, number))
        return decision

    await town.commits(make_decision)


async def _filled_cart(unit: UnitOfWork, master: int, goods: Sequence[Goods]) -> Cart:
    cart = Cart(tuple(CartLine(one.id, one.name, one.article, one.price, "RUB", Decimal(1)) for one in goods))
    await carts.load(unit, master)
    carts.save(unit, master, cart)
    return cart


async def _page_job(unit: UnitOfWork, where: ChatTarget, products: Sequence[Product], number: int) -> Job:
    search_id = f"search-{where.chat_id}-{number}"
    await searches.load_search(unit, search_id)
    Search(search_id, "дрель", len(products)).remember(products).save(unit)
    return page_job(where, search_id, 0, products)


async def everybody_asks(town: Town) -> None:
    """Have all requests come in, then wait for all answers."""
    requests = [(town.dice.uniform(0.0, RUSH), master, number) for master in MASTERS for number in range(EACH)]
    for at, master, number in sorted(requests):
        await town.clock.sleep(at - town.clock.monotonic())
        await asks(town, master, number)
    await town.rests()


def assert_paced(calls: Sequence[CallRecord]) -> None:
    """See that no stretch of time holds more requests than the rate allows beyond the burst."""
    times = [call.time for call in calls]
    for first, start in enumerate(times):
        for last in range(first, len(times)):
            seconds = (times[last] - start).total_seconds()
            # A permit and its request are milliseconds apart, more for one than for another.
            assert last - first + 1 <= BURST + RATE * seconds + 0.1, (start, times[last])


@pytest.mark.parametrize(("dialect", "most_requests", "most_seconds"), [("native", 75, 37), ("contract", 95, 47)])
def test_a_thousand_price_requests(dialect: str, most_requests: int, most_seconds: float, dice: random.Random):
    async def story() -> None:
        async with running_town(Plan(dialect, instances=1), dice) as town:
            for product in town.portal.shop.catalogue.all():
                product.has_picture = False  # pictures are files, not prices: each is a request of its own, once
            await everybody_asks(town)
            calls = town.portal.rest.calls.since()
            took = (calls[-1].time - calls[0].time).total_seconds()
            print(f"{dialect}: {len(calls)} requests in {took:.1f} s")  # noqa: T201 - shown when the test fails
            assert_paced(calls)
            assert {call.status for call in calls} == {200}
            assert len(calls) <= most_requests
            assert took <= most_seconds
            assert_answered(town)

    run(story())


def assert_answered(town: Town) -> None:
    """See that every request was answered with prices, once."""
    for master in MASTERS:
        screens = town.phones.screens[master]
        assert len(screens) == EACH
        assert all("₽" in screen for screen in screens)
    assert town.phones.screens[OPERATORS] == []
    assert town.alarms == []
