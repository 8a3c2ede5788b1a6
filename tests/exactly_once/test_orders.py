"""Three hundred orders through a storm: each is made exactly once, and its master is told exactly once (issue 3)."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from infra.local.portal.faults import FaultKind
from shared.assistant.cart import cart as carts
from shared.assistant.checkout import checkout as checkouts
from shared.assistant.checkout.checkout import Stage
from shared.store.unit import Unit
from shared.telegram.formatting import number_sign
from tests.exactly_once import wire
from tests.exactly_once.books import as_booked, booked, canceled, expected, taken_off_the_shelves
from tests.exactly_once.loop import run
from tests.exactly_once.masters import Wish, tap, wishes
from tests.exactly_once.town import OPERATORS, Plan, Town, running_town

ARRIVALS = 240.0
"""Seconds within which all masters tap."""

MADE = "<b>Заказ {}"
"""How the screen of a made order begins."""

MAY_PASS = ("Битрикс отвечает медленно", "Не удалось проверить, создан ли заказ")
"""What a master may be told on the way: that it takes longer."""

WIRE = {
    "read": {wire.REFUSED: 0.01, wire.TORN_BEFORE: 0.01, wire.LOST_ANSWER: 0.01},
    "write": {wire.REFUSED: 0.01, wire.TORN_BEFORE: 0.02, wire.TORN_DURING: 0.06, wire.LOST_ANSWER: 0.06},
    "token": {wire.REFUSED: 0.01},
}


def storm(town: Town) -> None:
    """Let the portal fail in every way that passes: before, during and after its work."""
    faults = town.portal.rest.faults
    for kind in (FaultKind.SERVER_ERROR, FaultKind.HTML_502, FaultKind.TIMEOUT_BEFORE, FaultKind.TIMEOUT_AFTER):
        faults.add(kind, rate=0.005)
    faults.add(FaultKind.RATE_LIMIT, rate=0.02)
    faults.add(FaultKind.EXPIRED_TOKEN, rate=0.005 if town.plan.oauth else 0.0)
    for kind in (FaultKind.DONE_THEN_5XX, FaultKind.TIMEOUT_AFTER, FaultKind.TIMEOUT_BEFORE, FaultKind.SERVER_ERROR):
        faults.add(kind, rate=0.03, method="sale.order.add")
    faults.add(FaultKind.SLOW, rate=0.02, method="sale.order.add", seconds=20.0)
    if town.plan.dialect == "native":
        _storm_in_chains(town)
    else:
        faults.add(FaultKind.DONE_THEN_5XX, rate=0.05, method="sale.basketitem.add")
        faults.add(FaultKind.OPERATION_LIMIT, rate=0.01, method="sale.basketitem.add")
    town.wire.rates = WIRE


def _storm_in_chains(town: Town) -> None:
    """Let chained batches die half-way, at any of their commands."""
    faults = town.portal.rest.faults
    for commands in (1, 2, 3, 4, 5, 6, 8):
        faults.add(FaultKind.PARTIAL_BATCH, rate=0.015, method="sale.payment.add", commands=commands)
        faults.add(FaultKind.PARTIAL_BATCH, rate=0.01, method="sale.shipment.add", commands=commands)
    for method in ("sale.basketitem.addcatalogproduct", "sale.shipmentitem.add", "sale.payment.add"):
        faults.add(FaultKind.OPERATION_LIMIT, rate=0.004, method=method)
    faults.add(FaultKind.SERVER_ERROR, rate=0.1, method="sale.order.list")
    faults.add(FaultKind.DONE_THEN_5XX, rate=0.1, method="sale.order.update")


async def tokens_expire(town: Town) -> None:
    """End all access tokens now and then, as long as masters come in.

    Not for ever: what is tried again minutes later would meet the next expiry each time.
    """
    while town.clock.monotonic() < ARRIVALS:
        await town.clock.sleep(town.dice.uniform(40.0, 80.0))
        town.portal.tokens.expire()


async def order_in_a_storm(town: Town, wanted: Sequence[Wish]) -> None:
    """Have all masters tap, and wait until nothing is under way."""
    storm(town)
    expiring = asyncio.create_task(tokens_expire(town))
    arrivals = sorted(town.dice.uniform(0.0, ARRIVALS) for _ in wanted)
    for wish, at in zip(wanted, arrivals, strict=True):
        await town.clock.sleep(at - town.clock.monotonic())
        await tap(town, wish)
    await town.rests()
    await expiring


def unwelcome(town: Town, wanted: Sequence[Wish]) -> dict[int, list[str]]:
    """Return the screens that nobody should see here, by master: that an order was not made, or is lost."""
    welcome = (MADE.format(""), *MAY_PASS)
    screens = {wish.number: town.phones.screens[wish.chat] for wish in wanted}
    found = {number: [one for one in seen if not one.startswith(welcome)] for number, seen in screens.items()}
    return {number: seen for number, seen in found.items() if seen}


async def assert_exactly_once(town: Town, wanted: Sequence[Wish]) -> None:
    """Hold the portal's books, the bot's records and the masters' screens against what was wanted."""
    assert town.alarms.texts == []
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
    unit = Unit(town.store, town.clock)
    checkout = await checkouts.load(unit, wish.checkout)
    assert checkout is not None
    assert (checkout.stage, checkout.order_id) == (Stage.DONE, order_id)
    assert (await carts.load(unit, wish.chat)).lines == ()


def _assert_told(town: Town, wish: Wish, order_id: str) -> None:
    screens = town.phones.screens[wish.chat]
    assert screens[-1].startswith(MADE.format(number_sign(order_id) + " ")), screens
    assert sum(screen.startswith(MADE.format("")) for screen in screens) == 1, screens


def report(town: Town) -> str:
    """Say what the storm was like; pytest shows it when the test fails."""
    calls = town.portal.rest.calls.since()
    faults = Counter(call.fault for call in calls if call.fault)
    return (
        f"{town.plan}: {len(calls)} requests in {town.clock.monotonic():.0f} s, {town.killed} killed, "
        f"{canceled(town)} canceled, {dict(faults)}, {dict(town.wire.troubles)}, {dict(town.phones.answers)}, "
        f"repeated {len(town.repeated)}"
    )


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
            await order_in_a_storm(town, wanted)
            print(report(town))  # noqa: T201 - shown when the test fails
            await assert_exactly_once(town, wanted)

    run(story())
