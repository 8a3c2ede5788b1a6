"""The portal says no in the middle of an order: what was begun is canceled, its master is told, nothing remains."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

import httpx
import pytest

from infra.local.portal.faults import FaultKind
from shared.assistant import texts
from shared.domain import carts, checkouts
from shared.domain.checkouts import CheckoutStage
from shared.store.unit_of_work import UnitOfWork
from tests.chaos import wire
from tests.chaos.books import as_booked, booked, canceled, expected, taken_off_the_shelves
from tests.chaos.masters import Wish, tap, wishes
from tests.chaos.town import OPERATORS, Plan, Town, running_town
from tests.support.clock import run

FIRST_WRITE = {"native": "sale.order.add", "contract": "sale.basketitem.add"}
COUNT = 30
UNLUCKY = 10


def withdraws(town: Town, wanted: Sequence[Wish]) -> None:
    """Have the shop take one product of each of these wishes off sale while its order is on the way to the portal."""
    goods = town.portal.shop.catalogue._products
    first_write = FIRST_WRITE[town.plan.dialect]

    async def before(request: httpx.Request) -> None:
        text = request.content.decode().lower()
        for wish in wanted if first_write in text else ():
            if re.search(rf"product_?id\]={last_product(wish)}\b", text):
                goods.pop(last_product(wish), None)

    town.wire.before = before


def last_product(wish: Wish) -> str:
    """Return the product that goes last, so that everything before it is done."""
    return list(wish.goods)[-1]


def separate_wishes(town: Town) -> list[Wish]:
    """Return wishes of which no two have a product in common; the first ones are going to be unlucky."""
    products = [product.id for product in town.portal.shop.catalogue.all()]
    made = wishes(COUNT, products, town.dice)
    piles = [products[number * 4 : number * 4 + 4] for number in range(COUNT)]
    goods = [dict.fromkeys(pile, town.dice.randint(1, 9)) for pile in piles]
    return [Wish(wish.number, wish.buyer, mine, wish.payment) for wish, mine in zip(made, goods, strict=True)]


async def assert_nothing_remains(town: Town, wish: Wish) -> None:
    """See that he was told so, and may order again."""
    assert town.phones.screens[wish.chat][-1] == texts.checkout.order_refused()
    unit = UnitOfWork(town.store, town.clock)
    checkout = await checkouts.load(unit, wish.checkout)
    assert checkout is not None
    assert (checkout.stage, checkout.order_id) == (CheckoutStage.FAILED, "")
    assert {line.product_id: line.quantity for line in (await carts.load(unit, wish.chat)).lines} == wish.goods


@pytest.mark.parametrize("stormy", [False, True], ids=["calm", "stormy"])
@pytest.mark.parametrize("dialect", ["native", "contract"])
def test_a_product_taken_off_sale_during_the_order(dialect: str, stormy: bool, dice: random.Random):
    async def story() -> None:
        async with running_town(Plan(dialect, kills=0.1 * stormy, doubled=0.2 * stormy), dice) as town:
            wanted = separate_wishes(town)
            unlucky, lucky = wanted[:UNLUCKY], wanted[UNLUCKY:]
            withdraws(town, unlucky)
            if stormy:
                lost = {wire.LOST_ANSWER: 0.1, wire.TORN_DURING: 0.1, wire.TORN_BEFORE: 0.05}
                town.wire.rates = {"write": lost}
                town.portal.rest.faults.add(FaultKind.DONE_THEN_5XX, rate=0.1, method="sale.order.update")
            for wish in wanted:
                await tap(town, wish)
            await town.rests()
            await assert_only_the_lucky_have_orders(town, lucky)
            for wish in unlucky:
                await assert_nothing_remains(town, wish)
            alerts = town.phones.screens[OPERATORS]
            # A chain that broke in the middle is shown to people; one whose very first command was refused is not.
            assert len(alerts) <= UNLUCKY if stormy else len(alerts) == UNLUCKY
            assert canceled(town) == (UNLUCKY if dialect == "native" else 0)

    run(story())


async def assert_only_the_lucky_have_orders(town: Town, lucky: Sequence[Wish]) -> None:
    """Hold the portal's live orders against the wishes."""
    by_address = {order.address: order for order in booked(town)}
    assert len(booked(town)) == len(by_address) == len(lucky)
    pieces: Counter[str] = Counter()
    for wish in lucky:
        order = by_address[as_booked(town, wish)]
        assert order == expected(town, wish, order.id)
        pieces.update(wish.goods)
    assert taken_off_the_shelves(town) == dict(pieces)
