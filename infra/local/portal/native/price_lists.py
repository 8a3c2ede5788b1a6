"""Kinds of prices: the base one, a wholesale one, and which buyers the portal charges which.

A real portal knows it by its users' groups, which REST tells nobody; here it is set by the control end points.

See shared/bitrix/README.md, «Price and stock».
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from infra.local.portal.catalogue import Product
from infra.local.portal.native.options import NativeOptions

_OF_BASE = Decimal("0.9")
_KOPECK = Decimal("0.01")


class PriceLists:
    """What a product costs at each kind of price; buyers pay the base one unless told otherwise."""

    def __init__(self, options: NativeOptions) -> None:
        self.base = options.price_type_id
        self.wholesale = options.wholesale_type_id
        self._buyers: dict[int, int] = {}

    def price(self, product: Product, price_type: int) -> Decimal:
        """Return what the product costs, to the kopeck; KeyError for a kind there is not."""
        prices = {self.base: product.price, self.wholesale: (product.price * _OF_BASE).quantize(_KOPECK, ROUND_HALF_UP)}
        return prices[price_type]

    def for_buyer(self, product: Product, user_id: int) -> Decimal:
        """Return what the portal charges this buyer."""
        return self.price(product, self.of_buyer(user_id))

    def of_buyer(self, user_id: int) -> int:
        """Return the kind of price a buyer is charged."""
        return self._buyers.get(user_id, self.base)

    def charge(self, user_id: int, price_type: int) -> None:
        """Charge a buyer this kind of price from now on; ValueError for a kind there is not."""
        if price_type not in (self.base, self.wholesale):
            raise ValueError(f"there is no kind of price {price_type}")
        self._buyers[user_id] = price_type
