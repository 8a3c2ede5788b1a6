"""Returns as the portal keeps them, and as they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from shared.domain import quantities
from shared.domain.orders import LineItem, Order
from shared.status import Status


@dataclass(frozen=True)
class Photo:
    """A photo on the portal's Disk. `link` is its page for the portal's people (no key in it), "" when unknown."""

    id: str
    link: str = ""


@dataclass(frozen=True)
class NewReturn:
    """A return as the master wants it. `key` is its idempotency key (UUID v4), `order_number` what people read."""

    key: str
    order_id: str
    lines: Sequence[LineItem]
    reason: str
    photos: Sequence[Photo] = ()
    order_number: str = ""


@dataclass(frozen=True)
class ReturnState:
    """A return as the portal keeps it. `extra` are further returns with the same key, for operators to remove.

    `lines` are the goods, as far as the portal tells; `reason` is why it was rejected.
    """

    id: str
    status: Status
    reason: str = ""
    order_id: str = ""
    extra: tuple[str, ...] = ()
    lines: Sequence[LineItem] = ()


def returnable(order: Order, returns: Sequence[ReturnState]) -> dict[str, Decimal]:
    """Return how much of each product may still come back; products without any are left out.

    `returns` are all of the order's (`Portal.returns_of`). What a rejected one asked for may be asked for again.
    """
    asked = (one for one in returns if one.status is not Status.RETURN_REJECTED)
    left = quantities.summed(
        [
            *((bought.product_id, bought.quantity) for bought in order.lines),
            *((line.product_id, -line.quantity) for one in asked for line in one.lines),
        ]
    )
    return {product: quantity for product, quantity in left.items() if quantity > 0}
