"""What of an order may still be returned. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from shared.domain.orders import Order
from shared.domain.returns import ReturnState
from shared.status import Status


def returnable(order: Order, returns: Sequence[ReturnState]) -> dict[str, int]:
    """Return how many whole pieces of each product may still come back; products without any are left out.

    `returns` are all of the order's (`Portal.returns_of`). What a rejected one asked for may be asked for again.
    """
    left: Counter[str] = Counter()
    for bought in order.lines:
        left[bought.product_id] += int(bought.quantity)
    for returned in (line for asked in returns if asked.status is not Status.RETURN_REJECTED for line in asked.lines):
        left[returned.product_id] -= returned.quantity
    return {product: pieces for product, pieces in left.items() if pieces > 0}
