"""The record of whose turn it is to order for a buyer, and of what lies in his basket (collection `baskets`, 24 h).

The spec's contract has one basket per buyer, lines can only be added, and an order takes all that is in it. So two
orders of one buyer must not fill it at the same time, and what a failed order left in it must not slip into the next::

    free ──take──▶ held by a checkout ──order made──▶ free, empty
                          └──order refused──▶ free, `left` holds what was put in

A real portal has no basket without an order: there the record only lets the orders of one buyer take turns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from shared.domain import quantities
from shared.domain.cart_lines import CartLine
from shared.domain.orders import lacking
from shared.store.collections import BASKETS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Basket:
    """One buyer's basket.

    `holder` is the checkout that is filling it; `waiting` are payloads of jobs that wait for it, first come first
    served; `left` maps products to how much of them is in it; `unclear` = nobody knows what is in it.
    """

    buyer_id: str
    holder: str = ""
    waiting: tuple[Mapping[str, Any], ...] = ()
    left: Mapping[str, Decimal] = field(default_factory=dict)
    unclear: bool = False

    def is_free_for(self, checkout_id: str) -> bool:
        """Whether this checkout may fill it."""
        return self.holder in ("", checkout_id)

    def may_become(self, lines: Sequence[CartLine]) -> bool:
        """Whether adding to it can make it hold exactly these lines."""
        wanted = {line.product_id: line.quantity for line in lines}
        return not self.unclear and lacking(wanted, self.left) is not None

    def taken(self, checkout_id: str) -> Basket:
        """Return the basket held by this checkout."""
        return replace(self, holder=checkout_id)

    def queued(self, payload: Mapping[str, Any]) -> Basket:
        """Return the basket with one more waiting for it."""
        return replace(self, waiting=(*self.waiting, payload))

    def holding(self, left: Mapping[str, Decimal]) -> Basket:
        """Return the basket with exactly so much of products in it."""
        return replace(self, left=dict(left))

    def released(self, *, unclear: bool) -> tuple[Basket, Mapping[str, Any] | None]:
        """Return the basket without its holder, and the payload of who is next."""
        following = self.waiting[0] if self.waiting else None
        return replace(self, holder="", waiting=self.waiting[1:], unclear=self.unclear or unclear), following

    def emptied(self) -> Basket:
        """Return the basket with nothing in it."""
        return replace(self, left={}, unclear=False)

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit (which must have read it)."""
        data = {
            "holder": self.holder,
            "waiting": [dict(payload) for payload in self.waiting],
            "left": quantities.all_as_data(self.left),
            "unclear": self.unclear,
        }
        unit.put(key(self.buyer_id), data, ttl=BASKETS.kept)


def key(buyer_id: str) -> Key:
    """Where the record lives."""
    return BASKETS.key(buyer_id)


async def load(unit: UnitOfWork, buyer_id: str) -> Basket:
    """Return the buyer's basket; empty and free when nothing is known of it."""
    data = await unit.get(key(buyer_id))
    if data is None:
        return Basket(buyer_id)
    left = quantities.all_from_data(data["left"])
    return Basket(buyer_id, data["holder"], tuple(data["waiting"]), left, data["unclear"])
