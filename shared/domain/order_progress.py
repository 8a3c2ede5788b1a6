"""The progress of placing an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from typing import Any

from shared.domain import quantities
from shared.domain.orders import OrderRef


@dataclass(frozen=True)
class OrderProgress:
    """How much of a wanted order is on the portal: what `Portal.place_order` starts from and comes back with.

    `in_basket` maps products to how much of them lies in the buyer's basket and is in no order yet; a portal that keeps
    no such baskets has none. `basket` has the basket item of each product, `shipped` the basket items that are in the
    shipment. `payment_fits` is False when the payment's sum is not the order's. `complete` says that nothing is missing
    (what that means is the dialect's, see its `place_order`), `link_missing` that the payment link was asked for and
    not given: the order is good without it. `canceled`: the portal's people canceled it, so nothing is completed.
    `absent`: it was looked for and is surely not there. `extra` are further orders with the same key, to be canceled.
    `reserved` maps products to how much of them is set aside for the order; empty where nothing is as yet. `prices` are
    what the portal charges for a unit of each product, `delivery` what it adds for bringing them, as far as it tells.
    `account_number` is what people call the order, "" where that is its id. `steps` counts the requests of
    `place_order` that were answered.
    """

    order_id: str | None = None
    in_basket: Mapping[str, Decimal] = field(default_factory=dict)
    basket: Mapping[str, str] = field(default_factory=dict)
    has_properties: bool = False
    shipment_id: str | None = None
    shipped: frozenset[str] = frozenset()
    payment_id: str | None = None
    payment_fits: bool = True
    total: Decimal | None = None
    reserved: Mapping[str, Decimal] = field(default_factory=dict)
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    delivery: Decimal = Decimal(0)
    payment_url: str | None = field(default=None, repr=False)
    link_missing: bool = False
    complete: bool = False
    canceled: bool = False
    absent: bool = False
    extra: tuple[OrderRef, ...] = ()
    account_number: str = ""
    steps: int = 0

    @property
    def done(self) -> bool:
        """Whether there is nothing left to make."""
        return self.complete or self.canceled

    def as_data(self) -> dict[str, Any]:
        """Return it for a job's record. The payment link stays out: it goes to its buyer and nowhere else."""
        coded = {
            "in_basket": quantities.all_as_data(self.in_basket),
            "reserved": quantities.all_as_data(self.reserved),
            "prices": {product: format(price, "f") for product, price in self.prices.items()},
            "delivery": format(self.delivery, "f"),
            "basket": dict(self.basket),
            "shipped": sorted(self.shipped),
            "total": None if self.total is None else format(self.total, "f"),
            "extra": [order.id for order in self.extra],
        }
        return {name: value for name, value in {**vars(self), **coded}.items() if name != "payment_url"}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> OrderProgress:
        """Return what `as_data` wrote down; an empty record is a fresh start."""
        known = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        total = data.get("total")
        coded = {
            "in_basket": quantities.all_from_data(data.get("in_basket", {})),
            "reserved": quantities.all_from_data(data.get("reserved", {})),
            "prices": {product: Decimal(price) for product, price in data.get("prices", {}).items()},
            "delivery": Decimal(data.get("delivery", 0)),
            "shipped": frozenset(data.get("shipped", ())),
            "total": None if total is None else Decimal(total),
            "extra": tuple(map(OrderRef, data.get("extra", ()))),
        }
        return cls(**{**known, **coded})
