"""Price and stock of a product at one moment, in the unit and the steps it is sold in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.domain.quantities import downwards, upwards


@dataclass(frozen=True)
class Stock:
    """How many units one store holds."""

    store: str
    amount: Decimal


@dataclass(frozen=True)
class PriceRange:
    """What one unit costs when `first` to `last` units are bought, both included; without a `last` there is no end."""

    first: Decimal
    last: Decimal | None
    price: Decimal

    def holds(self, quantity: Decimal) -> bool:
        """Whether this is the price of so many units."""
        return self.first <= quantity and (self.last is None or quantity <= self.last)


@dataclass(frozen=True)
class Offer:
    """Price and stock of a product at this moment. Never cached (spec §5).

    `price` is what one unit costs when the fewest are bought. `unit` is the measure's symbol as it is shown, `step` the
    quantity whose multiples are sold. `ranges` are there when the price depends on the quantity, the least first.
    `foreign`: the price is in another currency than the shop's; it is shown, never added up, and not sold by the bot.
    `on_order`: whether more can be ordered than the stores hold; None when the portal does not tell with the price.
    """

    product_id: str
    price: Decimal
    currency: str
    stocks: Sequence[Stock] = ()
    unit: str = "шт."
    step: Decimal = Decimal(1)
    ranges: Sequence[PriceRange] = ()
    foreign: bool = False
    on_order: bool | None = None

    @property
    def available(self) -> Decimal:
        """Units in all stores together."""
        return sum((stock.amount for stock in self.stocks), Decimal(0))

    @property
    def on_request(self) -> bool:
        """Whether the price is 0: the shop names it when it is asked, and the bot does not sell it."""
        return self.price == 0

    @property
    def least(self) -> Decimal | None:
        """The fewest units that have a price, in whole steps. None when no whole steps have one."""
        if not self.ranges:
            return self.step
        starts = (max(self.step, upwards(part.first, self.step)) for part in self.ranges)
        return min((start for start, part in zip(starts, self.ranges, strict=True) if part.holds(start)), default=None)

    @property
    def in_whole_steps(self) -> Decimal:
        """Units in all stores as they can be ordered: in whole steps, 0 where fewer are left than the least sold."""
        there = downwards(self.available, self.step)
        return there if there >= (self.least or self.step) else Decimal(0)

    def price_for(self, quantity: Decimal) -> Decimal | None:
        """Return what one unit costs when so many are bought. None when the portal has no price for so many."""
        if not self.ranges:
            return self.price
        return next((part.price for part in self.ranges if part.holds(quantity)), None)
