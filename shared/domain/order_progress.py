"""The progress of placing an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class OrderProgress:
    """How much of a wanted order is on the portal: what `Portal.place_order` starts from and comes back with.

    `in_basket` maps products to the pieces that lie in the buyer's basket and are in no order yet; a portal that keeps
    no such baskets has none. `basket` has the basket item of each product, `shipped` the basket items that are in the
    shipment. `payment_fits` is False when the payment's sum is not the order's. `complete` says that nothing is missing
    (what that means is the dialect's, see its `place_order`), `link_missing` that the payment link was asked for and
    not given: the order is good without it. `canceled`: the portal's people canceled it, so nothing is completed.
    `absent`: it was looked for and is surely not there. `extra` are further orders with the same key, to be canceled.
    `steps` counts the requests of `place_order` that were answered.
    """

    order_id: str | None = None
    in_basket: Mapping[str, int] = field(default_factory=dict)
    basket: Mapping[str, str] = field(default_factory=dict)
    has_properties: bool = False
    shipment_id: str | None = None
    shipped: frozenset[str] = frozenset()
    payment_id: str | None = None
    payment_fits: bool = True
    total: Decimal | None = None
    payment_url: str | None = field(default=None, repr=False)
    link_missing: bool = False
    complete: bool = False
    canceled: bool = False
    absent: bool = False
    extra: tuple[str, ...] = ()
    steps: int = 0

    @property
    def done(self) -> bool:
        """Whether there is nothing left to make."""
        return self.complete or self.canceled

    def as_data(self) -> dict[str, Any]:
        """Return it for a job's record. The payment link stays out: it goes to its buyer and nowhere else."""
        return {
            "order_id": self.order_id,
            "in_basket": dict(self.in_basket),
            "basket": dict(self.basket),
            "has_properties": self.has_properties,
            "shipment_id": self.shipment_id,
            "shipped": sorted(self.shipped),
            "payment_id": self.payment_id,
            "payment_fits": self.payment_fits,
            "total": None if self.total is None else format(self.total, "f"),
            "link_missing": self.link_missing,
            "complete": self.complete,
            "canceled": self.canceled,
            "absent": self.absent,
            "extra": list(self.extra),
            "steps": self.steps,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> OrderProgress:
        """Return what `as_data` wrote down; an empty record is a fresh start."""
        total = data.get("total")
        return cls(
            order_id=data.get("order_id"),
            in_basket=dict(data.get("in_basket", {})),
            basket=dict(data.get("basket", {})),
            has_properties=data.get("has_properties", False),
            shipment_id=data.get("shipment_id"),
            shipped=frozenset(data.get("shipped", ())),
            payment_id=data.get("payment_id"),
            payment_fits=data.get("payment_fits", True),
            total=None if total is None else Decimal(total),
            link_missing=data.get("link_missing", False),
            complete=data.get("complete", False),
            canceled=data.get("canceled", False),
            absent=data.get("absent", False),
            extra=tuple(data.get("extra", ())),
            steps=data.get("steps", 0),
        )
