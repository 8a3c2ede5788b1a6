"""A walk from /start over the whole system, over real HTTP: no error, no dead end, no stale spinner."""

from __future__ import annotations

import logging
import os
import random
from collections.abc import AsyncIterator, Iterator
from functools import partial

import httpx
import pytest
import pytest_asyncio

from tests.crawler.crawler import Crawler, Surroundings
from tests.support.logs import listening
from tests.support.sandbox import World, running_world
from tests.support.shop import Shop

SEEDS = [int(seed) for seed in os.environ.get("CRAWLER_SEEDS", "").split() or ["20261123"]]
STEPS = int(os.environ.get("CRAWLER_STEPS", "120"))
LONG = 600
"""Steps from which on a walk must have met every key screen."""

MOVES = ("PAYED", "WAITING_FOR_DELIVERY", "SHIPPED", "SHIPPED", "DELIVERED", "DELIVERED", "FINISHED", "CANCELED")
DECISIONS = ("RETURN_IN_PROGRESS", "RETURN_COMPLETED", "RETURN_REJECTED")
REASONS = ("", "нет <на> складе & в пути")
PACE = 3.0
"""Seconds between two steps: faster ones are dropped as those of no person."""


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    """What the system logs as an error, whichever event it is of."""
    with listening("shared", logging.ERROR) as heard:
        yield heard.texts


@pytest_asyncio.fixture(params=["contract", "native"])
async def fresh_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A sandbox of each dialect in which nobody has done anything."""
    async with running_world({"BITRIX_DIALECT": request.param}) as running:
        yield running


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.timeout(600 + STEPS)
async def test_a_walk_meets_nothing_odd(fresh_world: World, alarms: list[str], seed: int):
    world = fresh_world
    master = await world.master()

    async def rests() -> None:
        await world.rests()
        world.clock.skip(PACE)

    async def opens(url: str) -> str:
        """Follow a link as a browser does; on a page to pay at, pay."""
        try:
            page = await world.http.get(url, follow_redirects=True)
        except httpx.HTTPError as error:
            return f"{url}: {error!r}"
        if page.is_success and "pay" in url:
            await world.http.post(url)
        return "" if page.is_success else f"{url}: {page.status_code}"

    crawler = Crawler(master, Surroundings(rests, opens, partial(acts, world.shop, master.buyer), alarms), seed)
    await crawler.walks(STEPS)
    assert len(crawler.seen) > STEPS // 10, "\n".join(crawler.seen)
    if STEPS >= LONG:
        assert crawler.missed() == []


async def acts(shop: Shop, buyer: str, dice: random.Random) -> str:
    """Have the shop move one of the buyer's orders, forth or back, or decide on a return of it."""
    orders = await shop.orders(buyer)
    if not orders:
        return ""
    order_id = dice.choice(orders)["ID"]
    returns = await shop.returns(order_id)
    if returns and dice.random() < 0.5:
        return_id, status = dice.choice(returns)["id"], dice.choice(DECISIONS)
        await shop.decides(return_id, status=status, reason=dice.choice(REASONS))
        return f"return {return_id} is {status}"
    status = dice.choice(MOVES)
    await shop.moves(order_id, status=status, reason=dice.choice(REASONS))
    return f"order {order_id} is {status}"
