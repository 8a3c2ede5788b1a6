"""A line of a cart, and how records hold it: in a cart, a checkout, a search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shared.domain import money, quantities
from shared.domain.catalogue import Product
from shared.domain.offers import Offer, PriceRange
from shared.domain.quantities import ONE, PIECE
from shared.domain.stored_fields import COUNT, UNLESS_DEFAULT


class Obstacle(StrEnum):
    """Why the bot does not order a line, though the portal tells of the product."""

    ON_REQUEST = "on_request"
    FOREIGN = "foreign"
    NO_PRICE = "no_price"
    SOLD_OUT = "sold_out"


@dataclass(frozen=True)
class CartLine:
    """A product in the cart, and what the master was told of it last; before an order all of it is asked anew.

    `price` is what one unit costs at this quantity. `step`, `ranges` and `foreign` are the offer's
    (`shared.domain.offers`). `on_order`: more can be ordered than the stores hold; else `limit` is what they held when
    the master was told last, in whole steps; None when he was not told.
    """

    product_id: str
    name: str
    article: str
    price: Decimal
    currency: str
    quantity: Decimal = field(metadata=COUNT)
    unit: str = field(default=PIECE, metadata=UNLESS_DEFAULT)
    step: Decimal = field(default=ONE, metadata=UNLESS_DEFAULT)
    ranges: tuple[PriceRange, ...] = field(default=(), metadata=UNLESS_DEFAULT)
    foreign: bool = field(default=False, metadata=UNLESS_DEFAULT)
    on_order: bool = field(default=True, metadata=UNLESS_DEFAULT)
    limit: Decimal | None = field(default=None, metadata=UNLESS_DEFAULT)

    @property
    def obstacle(self) -> Obstacle | None:
        """Why it cannot be ordered as it is; None when it can."""
        if self.foreign:
            return Obstacle.FOREIGN
        if self.ranges and not any(part.holds(self.quantity) for part in self.ranges):
            return Obstacle.NO_PRICE
        if not self.price:
            return Obstacle.ON_REQUEST
        return Obstacle.SOLD_OUT if self.limit == 0 else None

    @property
    def is_usual(self) -> bool:
        """Whether it is sold by the piece, at one price, in the shop's currency, and however much there is of it."""
        usual = (self.unit, self.step, self.ranges, self.foreign) == (PIECE, ONE, (), False)
        return usual and self.on_order and self.limit is None

    @property
    def total(self) -> Decimal:
        """Price of all units, to the kopeck; 0 of what cannot be ordered."""
        return Decimal(0) if self.obstacle else money.rounded(self.price * self.quantity)

    def of(self, quantity: Decimal) -> CartLine:
        """Return the line with this quantity in whole steps, at the price of so many: more may make all cheaper.

        Of what is sold from stock only it is no more than there is; when there is none the quantity stays, and
        `obstacle` says so.
        """
        sold = quantities.sold(quantity, self.step)
        if self.limit:
            sold = min(sold, self.limit)
        fitting = (part.price for part in self.ranges if part.holds(sold))
        return replace(self, quantity=sold, price=next(fitting, self.price))

    def exceeds_stock(self, quantity: Decimal) -> bool:
        """Whether so much is more than there is of what is sold from stock only."""
        return self.limit is not None and quantity > self.limit

    def at(self, offer: Offer) -> CartLine:
        """Return the line as it is sold now."""
        on_order = self.on_order if offer.on_order is None else offer.on_order
        now = replace(
            self,
            price=offer.price,
            currency=offer.currency,
            unit=quantities.symbol(offer.unit),
            step=offer.step,
            ranges=tuple(offer.ranges),
            foreign=offer.foreign,
            on_order=on_order,
            limit=None if on_order else offer.in_whole_steps,
        )
        return now.of(self.quantity)


def unpriced_line(product: Product, quantity: Decimal) -> CartLine:
    """Return a line whose price nobody was told; `first_priced` gives it one."""
    return CartLine(product.id, product.name, product.article, Decimal(0), "", quantity, on_order=product.on_order)


def first_priced(line: CartLine, offer: Offer) -> CartLine:
    """Return a line as it is offered; of one whose price nobody was told at least as much as has a price."""
    least = Decimal(0) if line.currency else offer.least or offer.step
    return replace(line, quantity=max(line.quantity, least)).at(offer)


def line_of(product: Product, offer: Offer, quantity: Decimal) -> CartLine:
    """Return a line with this quantity, or the least that has a price."""
    wanted = max(quantity, offer.least or offer.step)
    named = (product.id, product.name, product.article)
    return CartLine(*named, offer.price, offer.currency, wanted, on_order=product.on_order).at(offer)


def line_data(line: CartLine) -> dict[str, Any]:
    """Return a line as a record holds it: money as text, for a store has no decimals.

    What a plain offer has not is left out: a version before knows no more of a line.
    """
    plain = asdict(line)
    ranges = [_range_data(part) for part in line.ranges]
    known = {"price": str(line.price), "quantity": quantities.as_data(line.quantity)}
    new = {
        "unit": (line.unit, PIECE),
        "step": (str(line.step), "1"),
        "ranges": (ranges, []),
        "foreign": (line.foreign, False),
        "on_order": (line.on_order, True),
        "limit": (None if line.limit is None else str(line.limit), None),
    }
    data = {name: value for name, value in plain.items() if name not in new}
    return {**data, **known, **{name: value for name, (value, usual) in new.items() if value != usual}}


def _range_data(part: PriceRange) -> dict[str, str | None]:
    last = None if part.last is None else str(part.last)
    return {"first": str(part.first), "last": last, "price": str(part.price)}


def line_from_data(data: Mapping[str, Any]) -> CartLine:
    """Read what `line_data` wrote, in this version or in one before."""
    limit = data.get("limit")
    coded = {
        "price": Decimal(data["price"]),
        "quantity": quantities.from_data(data["quantity"]),
        "step": Decimal(data.get("step", ONE)),
        "ranges": tuple(_range(part) for part in data.get("ranges", ())),
        "limit": None if limit is None else Decimal(limit),
    }
    return CartLine(**{**data, **coded})


def _range(data: Mapping[str, str | None]) -> PriceRange:
    first, last, price = (data[name] for name in ("first", "last", "price"))
    return PriceRange(Decimal(first or 0), None if last is None else Decimal(last), Decimal(price or 0))
