"""The goods that a master orders as a rule, with the count he orders as a rule. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from shared.domain.order_record import OrderRecord
from shared.domain.saved_lists import SavedItem, items_of_order
from shared.status import Status

ORDERS: Final = 10
"""Newest orders that are looked at."""

MOST: Final = 20
"""Goods, as many as a cart takes."""


def usual(orders: Sequence[OrderRecord]) -> tuple[SavedItem, ...]:
    """Return the goods of these orders, the newest order first: what is in most of them comes first.

    The count is the most frequent one, of equals the newest. What was canceled was not wanted after all.
    """
    wanted: dict[str, list[SavedItem]] = {}
    for order in orders:
        if order.latest is not Status.CANCELED:
            for item in items_of_order(order.lines or ()):
                wanted.setdefault(item.product.id, []).append(item)
    frequent = sorted(wanted.values(), key=len, reverse=True)[:MOST]
    return tuple(replace(items[0], quantity=_usual_count(items)) for items in frequent)


def _usual_count(items: Sequence[SavedItem]) -> Decimal:
    return Counter(item.quantity for item in items).most_common(1)[0][0]
