"""Price and stock of a product at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Stock:
    """How many pieces one store holds."""

    store: str
    amount: Decimal


@dataclass(frozen=True)
class Offer:
    """Price and stock of a product at this moment. Never cached (spec §5)."""

    product_id: str
    price: Decimal
    currency: str
    stocks: Sequence[Stock] = ()

    @property
    def available(self) -> Decimal:
        """Pieces in all stores together."""
        return sum((stock.amount for stock in self.stocks), Decimal(0))
