"""Returned goods (RMA) of the simulated shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count

from infra.local.clock import Clock
from infra.local.portal.orders import Order, OrderError
from shared.status import Status

FIRST_RETURN = 77

RETURN_STATUSES = (Status.RETURN_IN_PROGRESS, Status.RETURN_COMPLETED, Status.RETURN_REJECTED)


@dataclass
class Return:
    """A return: pieces by product id and links to the photos (or ids of files).

    `wish` is why the buyer returns it, `reason` why the shop rejects it.
    """

    id: str
    order_id: str
    items: Mapping[str, Decimal]
    photos: Sequence[str]
    created_at: datetime
    status: Status = Status.RETURN_IN_PROGRESS
    reason: str = ""
    wish: str = ""


class ReturnBook:
    """All returns."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._returns: dict[str, Return] = {}
        self._ids = count(FIRST_RETURN)

    def register(self, order: Order, items: Mapping[str, Decimal], photos: Sequence[str], wish: str = "") -> Return:
        """Register a return. Raises `OrderError` when more would come back than was ordered."""
        for product_id, quantity in items.items():
            if quantity + self._returned(order.id, product_id) > order.quantity_of(product_id):
                raise OrderError(f"В заказе {order.id} нет столько товара {product_id} для возврата")
        made = Return(str(next(self._ids)), order.id, dict(items), list(photos), self._clock.now(), wish=wish)
        self._returns[made.id] = made
        return made

    def _returned(self, order_id: str, product_id: str) -> Decimal:
        return sum(
            (
                item.items.get(product_id, Decimal(0))
                for item in self._returns.values()
                if item.order_id == order_id and item.status is not Status.RETURN_REJECTED
            ),
            Decimal(0),
        )

    def get(self, return_id: str) -> Return | None:
        """Return one return, or None."""
        return self._returns.get(return_id)

    def of_order(self, order_id: str) -> list[Return]:
        """Return the returns of an order, oldest first."""
        return [item for item in self.all() if item.order_id == order_id]

    def all(self) -> list[Return]:
        """Return every return, oldest first."""
        return list(self._returns.values())
