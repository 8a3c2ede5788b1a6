"""Three hundred orders through a storm: each is made exactly once, and its master is told exactly once (issue 3)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence

import pytest

from infra.local.portal.faults import FaultKind
from shared.domain import carts, checkouts
from shared.domain.checkouts import CheckoutStage
from shared.store.unit_of_work import UnitOfWork
from shared.telegram.formatting import number_sign
from tests.chaos.books import as_booked, booked, canceled, expected, taken_off_the_shelves
from tests.chaos.masters import Wish, tap, wishes
from tests.chaos.storm import all_tap, everywhere, report, upon
from tests.chaos.town import OPERATORS, Plan, Town, running_town
from tests.support.clock import run

ARRIVALS = 240.0
"""Seconds within which all masters tap."""

MADE = "<b>Заказ {}"
"""How the screen of a made order begins."""

MAY_PASS = ("Магазин отвечает медленно", "Не удалось проверить, создан ли заказ")
"""What a master may be told on the way: that it takes longer."""


def storm(town: Town) -> None:
    """Let the portal fail in every way that passes: before, during and after its work."""
    faults = town.portal.rest.faults
    everywhere(town)
    upon(town, "sale.order.add")
    if town.plan.dialect == "native":
        _storm_in_chains(town)
    else:
        faults.add(FaultKind.DONE_THEN_5XX, rate=0.05, method="sale.basketitem.add")
        faults.add(FaultKind.OPERATION_LIMIT, rate=0.01, method="sale.basketitem.add")


def _storm_in_chains(town: Town) -> None:
    """Let chained batches die half-way, at any of their commands, and be refused behind what is saved."""
    faults = town.portal.rest.faults
    for commands in (1, 2, 3, 4, 5, 6, 8):
        faults.add(FaultKind.PARTIAL_BATCH, rate=0.015, method="sale.payment.add", commands=commands)
        faults.add(FaultKind.PARTIAL_BATCH, rate=0.01, method="sale.shipment.add", commands=commands)
    for method in ("sale.basketitem.addcatalogproduct", "sale.shipmentitem.add", "sale.payment.add"):
        faults.add(FaultKind.OPERATION_LIMIT, rate=0.004, method=method)
    for method in ("sale.shipment.add", "sale.shipmentitem.add", "sale.payment.update"):
        faults.add(FaultKind.SAVED_THEN_REFUSED, rate=0.03, method=method)
    faults.add(FaultKind.SERVER_ERROR, rate=0.1, method="sale.order.list")
    faults.add(FaultKind.DONE_THEN_5XX, rate=0.1, method="sale.order.update")


def unwelcome(town: Town, wanted: Sequence[Wish]) -> dict[int, list[str]]:
    """Return the screens that nobody should see here, by master: that an order was not made, or is lost."""
    welcome = (MADE.format(""), *MAY_PASS)
    screens = {wish.number: town.phones.screens[wish.chat] for wish in wanted}
    found = {number: [one for one in seen if not one.startswith(welcome)] for number, seen in screens.items()}
    return {number: seen for number, seen in found.items() if seen}


async def assert_exactly_once(town: Town, wanted: Sequence[Wish]) -> None:
    """Hold the portal's books, the bot's records and the masters' screens against what was wanted."""
    assert town.alarms == []
    assert town.phones.screens[OPERATORS] == []
    assert unwelcome(town, wanted) == {}
    by_address = {order.address: order for order in booked(town)}
    assert len(booked(town)) == len(by_address) == len(wanted)
    for wish in wanted:
        order = by_address[as_booked(town, wish)]
        assert order == expected(town, wish, order.id)
        await _assert_known(town, wish, order.id)
        _assert_told(town, wish, order.id)
    pieces: Counter[str] = Counter()
    for wish in wanted:
        pieces.update(wish.goods)
    assert taken_off_the_shelves(town) == dict(pieces)


async def _assert_known(town: Town, wish: Wish, order_id: str) -> None:
    unit = UnitOfWork(town.store, town.clock)
    checkout = await checkouts.load(unit, wish.checkout)
    assert checkout is not None
    assert (checkout.stage, checkout.order_id) == (CheckoutStage.DONE, order_id)
    assert (await carts.load(unit, wish.chat)).lines == ()


def _assert_told(town: Town, wish: Wish, order_id: str) -> None:
    screens = town.phones.screens[wish.chat]
    assert screens[-1].startswith(MADE.format(number_sign(order_id) + " ")), screens
    assert sum(screen.startswith(MADE.format("")) for screen in screens) == 1, screens


@pytest.mark.parametrize(
    ("plan", "count"),
    [
        (Plan("native", oauth=True, kills=0.08, doubled=0.2, busy=0.03), 300),
        (Plan("contract", oauth=True, kills=0.08, doubled=0.2, busy=0.03), 300),
        (Plan("native", phases=True, kills=0.08, doubled=0.2, busy=0.03), 40),
    ],
    ids=["native", "contract", "native in phases"],
)
def test_every_order_is_made_once_whatever_fails(plan: Plan, count: int, dice: random.Random):
    async def story() -> None:
        async with running_town(plan, dice) as town:
            products = [product.id for product in town.portal.shop.catalogue.all()]
            wanted = wishes(count, products, dice, sharing=30)
            storm(town)
            await all_tap(town, wanted, tap, ARRIVALS)
            print(report(town), f"{canceled(town)} canceled")  # noqa: T201 - shown when the test fails
            await assert_exactly_once(town, wanted)

    run(story())
