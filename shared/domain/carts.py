"""The cart (collection `carts`, 30 days): a document of its own, so it survives /start and the dialogue's end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from typing import Any

from shared.domain.catalogue import Product
from shared.domain.offers import Offer
from shared.domain.orders import Order
from shared.store.collections import CARTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

MOST_LINES = 20
"""Different goods in one cart: as many as one order's batch and one screen's buttons take."""

MOST_PIECES = 999


@dataclass(frozen=True)
class CartLine:
    """A product in the cart. `price` is what the master was shown last; the order's price is asked anew."""

    product_id: str
    name: str
    article: str
    price: Decimal
    currency: str
    quantity: int

    @property
    def total(self) -> Decimal:
        """Price of all pieces."""
        return self.price * self.quantity


@dataclass(frozen=True)
class Cart:
    """Lines in the order they were put in, one per product."""

    lines: tuple[CartLine, ...] = ()

    @property
    def total(self) -> Decimal:
        """Sum of all lines."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def currency(self) -> str:
        """The shop's currency; RUB for an empty cart."""
        return self.lines[0].currency if self.lines else "RUB"

    def quantity(self, product_id: str) -> int:
        """Return how many pieces of a product are in it."""
        return sum(line.quantity for line in self.lines if line.product_id == product_id)

    def add(self, product: Product, price: Decimal, currency: str, quantity: int) -> Cart | None:
        """Return the cart with these pieces added, at least one; None when no more different goods fit."""
        if self.quantity(product.id):
            return self.set(product.id, self.quantity(product.id) + max(quantity, 1))
        if len(self.lines) >= MOST_LINES:
            return None
        count = min(max(quantity, 1), MOST_PIECES)
        line = CartLine(product.id, product.name, product.article, price, currency, count)
        return Cart((*self.lines, line))

    def set(self, product_id: str, quantity: int) -> Cart:
        """Return the cart with this many pieces of the product; 0 takes it out."""
        count = min(quantity, MOST_PIECES)
        changed = (replace(line, quantity=count) if line.product_id == product_id else line for line in self.lines)
        return Cart(tuple(line for line in changed if line.quantity > 0))

    def repriced(self, offers: Mapping[str, Offer]) -> Cart:
        """Return the cart with the prices the master is being shown now."""
        return Cart(tuple(_repriced(line, offers.get(line.product_id)) for line in self.lines))

    def with_at_least(self, wanted: Sequence[CartLine]) -> tuple[Cart, list[CartLine]]:
        """Return the cart with no fewer pieces than wanted of each product, and the lines that found no room."""
        held = {line.product_id: line for line in self.lines}
        left_out = []
        for line in wanted:
            known = held.get(line.product_id)
            if known is None and len(held) >= MOST_LINES:
                left_out.append(line)
            else:
                pieces = min(max(line.quantity, known.quantity if known else 0), MOST_PIECES)
                held[line.product_id] = replace(known or line, quantity=pieces)
        return Cart(tuple(held.values())), left_out

    def without(self, ordered: Mapping[str, int]) -> Cart:
        """Return what is left when these pieces were ordered."""
        left = (replace(line, quantity=line.quantity - max(ordered.get(line.product_id, 0), 0)) for line in self.lines)
        return Cart(tuple(line for line in left if line.quantity > 0))


def _repriced(line: CartLine, offer: Offer | None) -> CartLine:
    return line if offer is None else replace(line, price=offer.price, currency=offer.currency)


def of_order(order: Order) -> list[CartLine]:
    """Return an order's goods as lines of a cart: whole pieces, a product once, what is no product left out."""
    pieces: dict[str, Decimal] = {}
    for line in order.lines:
        pieces[line.product_id] = pieces.get(line.product_id, Decimal(0)) + line.quantity
    lines = {line.product_id: line for line in order.lines if line.product_id and pieces[line.product_id] > 0}
    return [
        CartLine(id_, line.name, "", line.price, order.currency, int(pieces[id_].to_integral_value(ROUND_CEILING)))
        for id_, line in lines.items()
    ]


def line_data(line: CartLine) -> dict[str, Any]:
    """Return a line as a record holds it; money as text, for a store has no decimals."""
    return {**vars(line), "price": str(line.price)}


def line_from_data(data: Mapping[str, Any]) -> CartLine:
    """Read what `line_data` wrote."""
    return CartLine(**{**data, "price": Decimal(data["price"])})


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
