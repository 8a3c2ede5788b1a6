"""Goods set aside for orders: the shelf keeps what is free, the stockroom what is reserved.

A store's `amount` is both together, `quantityReserved` the second. Handing over a shipment ends the reservation.

See shared/bitrix/README.md, «Price and stock».
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from infra.local.portal.catalogue import Amount
from infra.local.portal.native.model import BasketItem


class Stockroom:
    """Reservations by product and store. What the shelves lack is delivered to order and not reserved."""

    def __init__(self) -> None:
        self._reserved: defaultdict[tuple[str, str], Amount] = defaultdict(int)

    def reserve(self, item: BasketItem) -> None:
        """Take the pieces of a line off the shelves."""
        item.taken = item.product.take(_whole(item.quantity))
        self._count(item, 1)

    def release(self, item: BasketItem) -> None:
        """Put the pieces of a line back."""
        item.product.put_back(item.taken)
        self.hand_over(item)

    def hand_over(self, item: BasketItem) -> None:
        """Let the pieces of a line go for good."""
        self._count(item, -1)
        item.taken = {}

    def reserved(self, product_id: str, store: str) -> Amount:
        """Return how many pieces of a product are set aside in a store."""
        return self._reserved[(product_id, store)]

    def _count(self, item: BasketItem, sign: int) -> None:
        for store, amount in item.taken.items():
            self._reserved[(item.product.id, store)] += sign * amount


def _whole(quantity: Decimal) -> Amount:
    """Return whole pieces as whole numbers, as the shelves have them."""
    return int(quantity) if quantity == int(quantity) else quantity
