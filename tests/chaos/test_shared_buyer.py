"""Two masters of one buyer at the same moment: they share a basket at the portal, and each gets exactly his goods."""

from __future__ import annotations

import asyncio
import random

import pytest

from infra.local.portal.faults import FaultKind
from shared.domain.orders import PaymentKind
from tests.chaos.masters import FIRST_BUYER, Wish, tap
from tests.chaos.test_orders import assert_exactly_once
from tests.chaos.town import Plan, Town, running_town
from tests.support.clock import run

PAIRS = 15


def couples(town: Town) -> list[Wish]:
    """Return pairs of wishes of one buyer each, with goods in common."""
    products = [product.id for product in town.portal.shop.catalogue.all()]
    made = []
    for pair in range(PAIRS):
        common, one, other = town.dice.sample(products, 3)
        buyer = str(FIRST_BUYER + pair)
        made.append(Wish(2 * pair, buyer, {common: 2, one: 1}, PaymentKind.PREPAID))
        made.append(Wish(2 * pair + 1, buyer, {other: 5, common: 3}, PaymentKind.CASH))
    return made


@pytest.mark.parametrize("dialect", ["contract", "native"])
def test_each_gets_his_goods(dialect: str, dice: random.Random):
    async def story() -> None:
        async with running_town(Plan(dialect, kills=0.05, doubled=0.3), dice) as town:
            faults = town.portal.rest.faults
            # Slow enough for the other one to come in between, wherever that is possible.
            for method in ("sale.basketitem.add", "sale.order.add"):
                faults.add(FaultKind.DONE_THEN_5XX, rate=0.1, method=method)
                faults.add(FaultKind.SLOW, rate=0.5, method=method, seconds=5.0)
            wanted = couples(town)
            await asyncio.gather(*(tap(town, wish) for wish in wanted))
            await town.rests()
            await assert_exactly_once(town, wanted)
            assert [town.portal.shop.orders.basket(wish.buyer) for wish in wanted] == [[]] * len(wanted)

    run(story())
