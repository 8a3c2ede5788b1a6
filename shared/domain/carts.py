"""The cart (collection `carts`, 30 days): a document of its own, so it survives /start and the dialogue's end.

What is being ordered has left it: so nobody orders the same goods twice while the portal takes its time. The goods are
back when the order fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from shared.domain import quantities
from shared.domain.cart_lines import CartLine, line_data, line_from_data
from shared.domain.offers import Offer
from shared.domain.orders import Order
from shared.store.collections import CARTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

MOST_LINES = 20
"""Different goods in one cart: as many as one order's batch and one screen's buttons take."""

COUNTED = 30
"""Cards whose «В корзину» was counted that are remembered: more than anybody taps while the first tap is under way."""


HEARD_OF = timedelta(hours=24)
"""As long as a checkout is kept (`checkouts`): what nobody has heard of since then is in people's hands."""


@dataclass(frozen=True)
class Departure:
    """Goods that have left the cart into an order which is being made, and since when."""

    lines: tuple[CartLine, ...]
    since: datetime


@dataclass(frozen=True)
class Cart:
    """Lines in the order they were put in, one per product.

    `leaving`: what is being ordered just now, by the checkout's id. `confirmation` is the newest confirmation its
    master was shown, the only one he can order by. `counted` are the messages whose «В корзину» was counted.
    """

    lines: tuple[CartLine, ...] = ()
    leaving: Mapping[str, Departure] = field(default_factory=dict)
    confirmation: str = field(default="", compare=False)
    counted: tuple[int, ...] = field(default=(), compare=False)

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
        if not self._has_room(len(self.lines)):
            return None
        return replace(self, lines=(*self.lines, wanted.of(wanted.quantity)))

    def _has_room(self, lines: int) -> bool:
        """Whether one line more than so many fits: what is being ordered may come back."""
        return lines + sum(len(one.lines) for one in self.leaving.values()) < MOST_LINES

    def counting(self, message_id: int | None) -> Cart:
        """Return the cart that knows that this message's «В корзину» was counted."""
        return self if message_id is None else replace(self, counted=(*self.counted, message_id)[-COUNTED:])

    def set(self, product_id: str, quantity: Decimal) -> Cart:
        """Return the cart with so much of the product, in whole steps; 0 takes it out."""
        known = self.line(product_id)
        if known is None:
            return self
        if quantity <= 0:
            return replace(self, lines=tuple(line for line in self.lines if line is not known))
        return self._with(known.of(quantity))

    def _with(self, fresh: CartLine) -> Cart:
        """Return the cart with this line in the place of the product's."""
        lines = (fresh if line.product_id == fresh.product_id else line for line in self.lines)
        return replace(self, lines=tuple(lines))

    def at(self, offers: Mapping[str, Offer]) -> Cart:
        """Return the cart as it is sold now, which is what the master is being shown."""
        fresh = (line.at(offers[line.product_id]) if line.product_id in offers else line for line in self.lines)
        return replace(self, lines=tuple(fresh))

    def with_at_least(self, wanted: Sequence[CartLine]) -> tuple[Cart, list[CartLine]]:
        """Return the cart with no less than wanted of each product, and the lines that found no room.

        The quantities are taken as they are: what the steps make of them shows when the offers are known.
        """
        held = {line.product_id: line for line in self.lines}
        left_out = []
        for line in wanted:
            known = held.get(line.product_id)
            if known is None and not self._has_room(len(held)):
                left_out.append(line)
            else:
                quantity = min(max(line.quantity, known.quantity if known else Decimal(0)), quantities.MOST)
                held[line.product_id] = replace(known or line, quantity=quantity)
        return replace(self, lines=tuple(held.values())), left_out

    def without(self, ordered: Mapping[str, Decimal]) -> Cart:
        """Return what is left when so much of each product was ordered."""
        left = (
            (line, line.quantity - max(ordered.get(line.product_id, Decimal(0)), Decimal(0))) for line in self.lines
        )
        return replace(self, lines=tuple(line.of(quantity) for line, quantity in left if quantity > 0))

    def sending(self, checkout_id: str, ordered: Sequence[CartLine], now: datetime) -> Cart:
        """Return the cart without what an order is being made of, as much of it as was there."""
        much = {line.product_id: line.quantity for line in ordered}
        there = (line for line in self.lines if line.product_id in much)
        taken = tuple(replace(line, quantity=min(line.quantity, much[line.product_id])) for line in there)
        return replace(self.without(much), leaving={**self.leaving, checkout_id: Departure(taken, now)})

    def ordered(self, checkout_id: str, lines: Sequence[CartLine]) -> Cart:
        """Return the cart when the order was made; at the tap a version before left the goods in it."""
        if checkout_id in self.leaving:
            return self._without_departure(checkout_id)
        return self.without({line.product_id: line.quantity for line in lines})

    def failed(self, checkout_id: str) -> Cart:
        """Return the cart with the goods back that no order was made of, in front as they were."""
        left = self.leaving.get(checkout_id)
        if left is None:
            return self
        back = [line.of(line.quantity + self.quantity(line.product_id)) for line in left.lines]
        products = {line.product_id for line in back}
        others = (line for line in self.lines if line.product_id not in products)
        return replace(self._without_departure(checkout_id), lines=(*back, *others))

    def _without_departure(self, checkout_id: str) -> Cart:
        return replace(self, leaving={id_: one for id_, one in self.leaving.items() if id_ != checkout_id})


def of_order(order: Order) -> list[CartLine]:
    """Return an order's goods as lines of a cart: a product once, what is no product left out."""
    sums = quantities.summed((line.product_id, line.quantity) for line in order.lines)
    lines = {line.product_id: line for line in order.lines if line.product_id and sums[line.product_id] > 0}
    return [
        CartLine(id_, line.name, "", line.price, order.currency, sums[id_], line.unit) for id_, line in lines.items()
    ]


def key(user_id: int) -> Key:
    """Where a master's cart lives."""
    return CARTS.key(str(user_id))


async def load(unit: UnitOfWork, user_id: int) -> Cart:
    """Return the master's cart, empty when he has none. An order that was not heard of for a day is forgotten."""
    data = await unit.get(key(user_id))
    if data is None:
        return Cart()
    lines = tuple(line_from_data(line) for line in data["lines"])
    known = {id_: _departure(one) for id_, one in data.get("leaving", {}).items()}
    leaving = {id_: one for id_, one in known.items() if unit.now - one.since < HEARD_OF}
    return Cart(lines, leaving, data.get("confirmation", ""), tuple(data.get("counted", ())))


def _departure(data: Mapping[str, Any]) -> Departure:
    return Departure(tuple(line_from_data(line) for line in data["lines"]), data["since"])


def save(unit: UnitOfWork, user_id: int, cart: Cart) -> None:
    """Put the cart into the unit (which must have loaded it)."""
    leaving = {id_: {"lines": _all_data(one.lines), "since": one.since} for id_, one in cart.leaving.items()}
    extra = {"leaving": leaving, "confirmation": cart.confirmation, "counted": list(cart.counted)}
    data = {"lines": _all_data(cart.lines), **{name: value for name, value in extra.items() if value}}
    unit.put(key(user_id), data, ttl=CARTS.kept)


def _all_data(lines: Iterable[CartLine]) -> list[dict[str, Any]]:
    return [line_data(line) for line in lines]
