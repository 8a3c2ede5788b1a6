"""The cart (collection `carts`, 30 days): a document of its own, so it survives /start and the dialogue's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shared.domain import money, quantities
from shared.domain.catalogue import Product
from shared.domain.offers import Offer, PriceRange
from shared.domain.orders import Order
from shared.domain.quantities import ONE, PIECE
from shared.domain.stored_fields import COUNT, UNLESS_DEFAULT
from shared.store.collections import CARTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

MOST_LINES = 20
"""Different goods in one cart: as many as one order's batch and one screen's buttons take."""


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


def line_of(product: Product, offer: Offer, quantity: Decimal) -> CartLine:
    """Return a line with this quantity, or the least that has a price."""
    wanted = max(quantity, offer.least or offer.step)
    named = (product.id, product.name, product.article)
    return CartLine(*named, offer.price, offer.currency, wanted, on_order=product.on_order).at(offer)


@dataclass(frozen=True)
class Cart:
    """Lines in the order they were put in, one per product."""

    lines: tuple[CartLine, ...] = ()

    @property
    def total(self) -> Decimal:
        """Sum of what can be ordered; a line in another currency is no part of it, flagged as such or not yet."""
        return sum((line.total for line in self.lines if line.currency == self.currency), Decimal(0))

    @property
    def currency(self) -> str:
        """The shop's currency: that of the lines which can be ordered. RUB for a cart without any."""
        return next((line.currency for line in self.lines if not line.foreign), "RUB")

    @property
    def orderable(self) -> tuple[CartLine, ...]:
        """The lines that can be ordered as they are; of the others the cart says why not."""
        return tuple(line for line in self.lines if not line.obstacle)

    def line(self, product_id: str) -> CartLine | None:
        """Return the product's line."""
        return next((line for line in self.lines if line.product_id == product_id), None)

    def quantity(self, product_id: str) -> Decimal:
        """Return how much of a product is in it."""
        line = self.line(product_id)
        return line.quantity if line else Decimal(0)

    def add(self, wanted: CartLine) -> Cart | None:
        """Return the cart with the line's units added; None when no more different goods fit."""
        known = self.line(wanted.product_id)
        if known is not None:
            # Who adds it has just seen how many there are, unless his card is of the version before.
            limit = known.limit if wanted.limit is None and not wanted.on_order else wanted.limit
            fresh = replace(known, on_order=wanted.on_order, limit=limit)
            return self._with(fresh.of(known.quantity + wanted.quantity))
        if len(self.lines) >= MOST_LINES:
            return None
        return Cart((*self.lines, wanted.of(wanted.quantity)))

    def set(self, product_id: str, quantity: Decimal) -> Cart:
        """Return the cart with so much of the product, in whole steps; 0 takes it out."""
        known = self.line(product_id)
        if known is None:
            return self
        if quantity <= 0:
            return Cart(tuple(line for line in self.lines if line is not known))
        return self._with(known.of(quantity))

    def _with(self, fresh: CartLine) -> Cart:
        """Return the cart with this line in the place of the product's."""
        return Cart(tuple(fresh if line.product_id == fresh.product_id else line for line in self.lines))

    def at(self, offers: Mapping[str, Offer]) -> Cart:
        """Return the cart as it is sold now, which is what the master is being shown."""
        return Cart(
            tuple(line.at(offers[line.product_id]) if line.product_id in offers else line for line in self.lines)
        )

    def with_at_least(self, wanted: Sequence[CartLine]) -> tuple[Cart, list[CartLine]]:
        """Return the cart with no less than wanted of each product, and the lines that found no room.

        The quantities are taken as they are: what the steps make of them shows when the offers are known.
        """
        held = {line.product_id: line for line in self.lines}
        left_out = []
        for line in wanted:
            known = held.get(line.product_id)
            if known is None and len(held) >= MOST_LINES:
                left_out.append(line)
            else:
                quantity = min(max(line.quantity, known.quantity if known else Decimal(0)), quantities.MOST)
                held[line.product_id] = replace(known or line, quantity=quantity)
        return Cart(tuple(held.values())), left_out

    def without(self, ordered: Mapping[str, Decimal]) -> Cart:
        """Return what is left when so much of each product was ordered."""
        left = (
            (line, line.quantity - max(ordered.get(line.product_id, Decimal(0)), Decimal(0))) for line in self.lines
        )
        return Cart(tuple(line.of(quantity) for line, quantity in left if quantity > 0))


def of_order(order: Order) -> list[CartLine]:
    """Return an order's goods as lines of a cart: a product once, what is no product left out."""
    sums = quantities.summed((line.product_id, line.quantity) for line in order.lines)
    lines = {line.product_id: line for line in order.lines if line.product_id and sums[line.product_id] > 0}
    return [
        CartLine(id_, line.name, "", line.price, order.currency, sums[id_], line.unit) for id_, line in lines.items()
    ]


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


def key(user_id: int) -> Key:
    """Where a master's cart lives."""
    return CARTS.key(str(user_id))


async def load(unit: UnitOfWork, user_id: int) -> Cart:
    """Return the master's cart, empty when he has none."""
    data = await unit.get(key(user_id))
    return Cart(tuple(line_from_data(line) for line in data["lines"])) if data else Cart()


def save(unit: UnitOfWork, user_id: int, cart: Cart) -> None:
    """Put the cart into the unit (which must have loaded it)."""
    unit.put(key(user_id), {"lines": [line_data(line) for line in cart.lines]}, ttl=CARTS.kept)
