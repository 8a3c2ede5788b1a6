"""The list of a master's orders: which of them he wants to see, page by page.

The list is made of what is known here, so it asks nobody: no portal can filter by our ten statuses, and the spec's
contract cannot list orders at all. What an order is counted as follows from what was seen of it last.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from shared.domain import order_records
from shared.domain.order_record import OVER, OrderRecord
from shared.domain.orders import OrderLine
from shared.domain.spelling.trade_words import folded
from shared.status import Status
from shared.store.unit_of_work import UnitOfWork

T = TypeVar("T")

_WORD = re.compile(r"\w+")

PAGE = 5
"""Orders per page."""

LOOKED_THROUGH = 100
"""Newest orders among which is looked for those that fit: each is a read. All without a filter are `orders.LISTED`."""

SHORTEST_WORD = 3
"""Letters of a word that an order is found by."""

TRACKED = 20
"""Newest orders among which is looked for the one that «where is my order» means."""

_NEARNESS = {Status.SHIPPED: 0, Status.PAYED: 1, Status.WAITING_FOR_DELIVERY: 1, Status.NEW: 2}

_ARRIVED = OVER | {Status.DELIVERED}


class OrderFilter(StrEnum):
    """Which orders. One that is to be paid by link may be in any of the last two as well."""

    ALL = "a"
    UNPAID = "u"
    ACTIVE = "o"
    OVER = "d"


@dataclass(frozen=True)
class OrderListPage:
    """A page of the list, newest first. `number` counts from 0, `count` is how many fit on all pages together.

    `cut`: there are older orders that were not looked through.
    """

    orders: Sequence[OrderRecord]
    which: OrderFilter
    number: int
    count: int
    cut: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.count // PAGE))


def fits(order: OrderRecord, which: OrderFilter) -> bool:
    """Whether the order is of the wanted ones."""
    if which is OrderFilter.UNPAID:
        return order.is_unpaid
    return which is OrderFilter.ALL or (order.latest in _ARRIVED) is (which is OrderFilter.OVER)


async def page_of(unit: UnitOfWork, ids: Sequence[str], which: OrderFilter, number: int) -> OrderListPage:
    """Return the wanted page of these orders, or the nearest there is. In all, at most `LOOKED_THROUGH` are read."""
    if which is OrderFilter.ALL:
        number = _within(number, len(ids))
        return OrderListPage(await order_records.load_many(unit, _part(ids, number)), which, number, len(ids))
    known = await order_records.load_many(unit, ids[:LOOKED_THROUGH])
    fitting = [order for order in known if fits(order, which)]
    number = _within(number, len(fitting))
    return OrderListPage(_part(fitting, number), which, number, len(fitting), cut=len(ids) > LOOKED_THROUGH)


async def asked_for(unit: UnitOfWork, ids: Sequence[str]) -> str:
    """Return which of these orders, newest first, «where is my order» means.

    What is on its way, else what is being packed, else what waits for money, else the newest.
    """
    known = await order_records.load_many(unit, ids[:TRACKED])
    near = min(known, key=lambda order: _NEARNESS.get(order.latest, len(_NEARNESS)), default=None)
    return near.id if near is not None else ids[0]


async def holding(unit: UnitOfWork, ids: Sequence[str], typed: str) -> Sequence[OrderRecord]:
    """Return which of these orders, newest first, have a product that is named by all of the words; `PAGE` at most."""
    words = (word for word in _WORD.findall(typed) if len(word) >= SHORTEST_WORD and not word.isdecimal())
    wanted = frozenset(map(folded, words))
    if not wanted:
        return ()
    known = await order_records.load_many(unit, ids[:LOOKED_THROUGH])
    return [order for order in known if any(_names(line, wanted) for line in order.lines or ())][:PAGE]


def _names(line: OrderLine, wanted: frozenset[str]) -> bool:
    words = {folded(word) for word in _WORD.findall(line.name)}
    return all(any(word.startswith(each) for word in words) for each in wanted)


def _within(number: int, count: int) -> int:
    return min(max(number, 0), max(0, count - 1) // PAGE)


def _part(whole: Sequence[T], number: int) -> Sequence[T]:
    return whole[number * PAGE : (number + 1) * PAGE]
