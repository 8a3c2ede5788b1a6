"""Kinds of prices: the base one, a wholesale one, and which buyers the portal charges which.

A real portal knows it by its users' groups, which REST tells nobody; here it is set by the control end points.

See shared/bitrix/README.md, «Price and stock».
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from infra.local.portal.catalogue import Product
from infra.local.portal.catalogue.model import PriceRange
from infra.local.portal.errors import RestError
from infra.local.portal.figures import to_kopecks
from infra.local.portal.native.options import NativeOptions

_OF_BASE = Decimal("0.9")
_RATES = {"RUB": Decimal(1), "USD": Decimal(90), "EUR": Decimal(100), "KZT": Decimal("0.2"), "BYN": Decimal(28)}
"""Roubles for one of each currency."""
CURRENCIES = frozenset(_RATES)


class PriceLists:
    """What a product costs at each kind of price; buyers pay the base one unless told otherwise."""

    def __init__(self, options: NativeOptions) -> None:
        self.base = options.price_type_id
        self.wholesale = options.wholesale_type_id
        self._buyers: dict[int, int] = {}

    def ranges(self, product: Product, price_type: int) -> list[PriceRange]:
        """Return what the product costs by quantity, to the kopeck; KeyError for a kind there is not."""
        share = {self.base: None, self.wholesale: _OF_BASE}[price_type]
        ranges = product.ranges or (PriceRange(product.price),)
        return [one if share is None else replace(one, price=to_kopecks(one.price * share)) for one in ranges]

    def for_buyer(self, product: Product, user_id: int, quantity: Decimal, currency: str) -> Decimal:
        """Return what the portal charges this buyer apiece in the order's currency, VAT on top where it is.

        Raises `RestError` when so much has no price.
        """
        fitting = [one.price for one in self.ranges(product, self.of_buyer(user_id)) if one.holds(quantity)]
        if not fitting:
            raise RestError("SALE_BASKET_ITEM_WRONG_AVAILABLE_QUANTITY", f"{product.name}: there is no price")
        vat = Decimal(0 if product.vat_included else product.vat_rate or 0) / 100
        if not vat and product.currency == currency:
            return fitting[0]
        return to_kopecks(fitting[0] * (1 + vat) * _RATES[product.currency] / _RATES[currency])

    def of_buyer(self, user_id: int) -> int:
        """Return the kind of price a buyer is charged."""
        return self._buyers.get(user_id, self.base)

    def charge(self, user_id: int, price_type: int) -> None:
        """Charge a buyer this kind of price from now on; ValueError for a kind there is not."""
        if price_type not in (self.base, self.wholesale):
            raise ValueError(f"there is no kind of price {price_type}")
        self._buyers[user_id] = price_type
