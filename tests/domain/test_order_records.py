"""A master's list of orders: one is found by what it is called, without looking at the others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from shared.domain import order_records
from shared.domain.order_record import OrderRecord
from shared.domain.orders import PaymentKind
from shared.store.collections import ORDER_LISTS
from shared.store.memory import MemoryStore
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork, decide
from tests.support.clock import START, Clock
from tests.support.stores import FaultyStore

HIM = 42
LIST = ORDER_LISTS.key(str(HIM))
MADE = OrderRecord("1", HIM, HIM, PaymentKind.CASH, Decimal(100), "RUB", START)


async def with_orders(clock: Clock) -> FaultyStore:
    """Return a store where he has orders 1 to 20, called ИМ-101 to ИМ-120."""
    store = FaultyStore(MemoryStore(clock))

    async def make_decision(unit: UnitOfWork) -> None:
        for number in range(1, 21):
            await order_records.remember(unit, replace(MADE, id=str(number), account_number=f"ИМ-{100 + number}"))

    await decide(store, clock, make_decision)
    store.read.clear()
    return store


def orders_read(store: FaultyStore) -> list[Key]:
    return [key for keys in store.read for key in keys if key.collection == "orders"]


async def found(store: FaultyStore, clock: Clock, typed: str) -> str | None:
    known = await order_records.find_of(UnitOfWork(store, clock), typed, HIM)
    return None if known is None else known.id


async def test_an_order_is_found_without_the_others() -> None:
    clock = Clock()
    store = await with_orders(clock)
    for typed, order in (("ИМ-107", "7"), ("им107", "7"), ("12", "12"), ("", None)):
        assert await found(store, clock, typed) == order
    assert len(orders_read(store)) <= 4


async def test_an_order_whose_number_came_after_it_was_listed_is_found() -> None:
    clock = Clock()
    store = await with_orders(clock)

    async def renumber(unit: UnitOfWork) -> None:
        known = await order_records.load(unit, "7")
        assert known is not None
        replace(known, account_number="ИМ-3000").save(unit)

    await decide(store, clock, renumber)
    assert await found(store, clock, "им 3000") == "7"
    assert await found(store, clock, "ИМ-4000") is None


async def test_a_list_of_the_version_before_is_looked_through() -> None:
    clock = Clock()
    store = await with_orders(clock)

    async def as_before(unit: UnitOfWork) -> None:
        data = await unit.get(LIST)
        assert data is not None
        unit.put(LIST, {"orders": data["orders"]})

    await decide(store, clock, as_before)
    assert await found(store, clock, "ИМ-107") == "7"
    assert len(orders_read(store)) == 20

    async def one_more(unit: UnitOfWork) -> None:
        await order_records.remember(unit, replace(MADE, id="21"))

    await decide(store, clock, one_more)
    assert await order_records.list_ids(UnitOfWork(store, clock), HIM) == [str(number) for number in range(21, 0, -1)]
    assert await found(store, clock, "21") == "21"
