"""What the bot knows of a portal's goods and orders, whichever dialect the portal speaks.

Ids are `str` (portals answer with ints and strings for the same field), money is `Decimal`, times are aware.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from shared.status import Status

__all__ = [
    "BasketLine",
    "CreatedOrder",
    "Found",
    "ListedOrder",
    "NewOrder",
    "NewReturn",
    "Offer",
    "Order",
    "OrderLine",
    "OrderPage",
    "OrderProgress",
    "Payment",
    "PaymentKind",
    "Photo",
    "Product",
    "ReturnState",
    "Shipment",
    "Status",
    "Stock",
]


class PaymentKind(StrEnum):
    """How the master pays: by link before delivery, or in cash to the courier."""

    PREPAID = "prepaid"
    CASH = "cod"


@dataclass(frozen=True)
class Product:
    """What is in the catalogue.

    `picture` is what `BitrixClient.picture` takes: the portal's address of it (absolute, or from the portal's root), or
    a reference `product-picture:<product>:<file>`; None without one. An address may hold the webhook's key: never
    stored, never shown.
    """

    id: str
    name: str
    article: str = ""
    picture: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Found:
    """One page of a search: at most 50 products, how many there are in all, where the next page starts."""

    products: Sequence[Product]
    total: int
    next: int | None = None


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


@dataclass(frozen=True)
class BasketLine:
    """A product and how many pieces of it are wanted."""

    product_id: str
    quantity: int


@dataclass(frozen=True)
class NewOrder:
    """An order as the master confirmed it. `key` is its idempotency key (UUID v4)."""

    key: str
    buyer_id: str
    lines: Sequence[BasketLine]
    payment: PaymentKind
    address: str
    phone: str = ""
    comment: str = ""


@dataclass(frozen=True)
class CreatedOrder:
    """What the portal answers to a new order. `payment_url` goes to the buyer and nowhere else."""

    id: str
    payment_url: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class OrderProgress:
    """How much of a wanted order is on the portal: what `Portal.make_order` starts from and comes back with.

    `basket` has the basket item of each product, `shipped` the basket items that are in the shipment. `payment_fits`
    is False when the payment's sum is not the order's. `complete` says that nothing is missing (what that means is
    the dialect's, see its `make_order`), `link_missing` that the payment link was asked for and not given: the order
    is good without it. `canceled`: the portal's people canceled it, so nothing is completed. `absent`: it was looked
    for and is surely not there. `extra` are further orders with the same key, to be canceled. `steps` counts the
    requests of `make_order` that were answered.
    """

    order_id: str | None = None
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


@dataclass(frozen=True)
class Payment:
    """One payment of an order. `kind` is None when the portal does not tell, or not in our words."""

    id: str
    pay_system_id: str
    total: Decimal
    paid: bool
    kind: PaymentKind | None = None


@dataclass(frozen=True)
class Shipment:
    """One shipment of an order. `eta` is the day, when the portal knows it."""

    id: str
    tracking_number: str = ""
    eta: date | None = None


@dataclass(frozen=True)
class OrderLine:
    """A line of an order as the portal keeps it."""

    product_id: str
    name: str
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True)
class Order:
    """An order as the portal keeps it, its status already one of the ten.

    `key` is the idempotency key it was made with, where the portal keeps it.
    """

    id: str
    status: Status
    total: Decimal
    currency: str = "RUB"
    paid: bool = False
    reason: str = ""
    created_at: datetime | None = None
    lines: Sequence[OrderLine] = ()
    payments: Sequence[Payment] = ()
    shipments: Sequence[Shipment] = ()
    key: str = ""

    @property
    def cash_due(self) -> Sequence[Payment]:
        """The unpaid payments that the courier may have been given cash for: all but those by link."""
        return [it for it in self.payments if not it.paid and it.kind is not PaymentKind.PREPAID]


@dataclass(frozen=True)
class ListedOrder:
    """An order in a list: enough to know that it is there and to read it anew."""

    id: str
    key: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True)
class OrderPage:
    """One page of a list of orders, and where the next page starts."""

    orders: Sequence[ListedOrder]
    next: int | None = None


@dataclass(frozen=True)
class Photo:
    """A photo on the portal's Disk. `link` is its page for the portal's people (no key in it), "" when unknown."""

    id: str
    link: str = ""


@dataclass(frozen=True)
class NewReturn:
    """A return as the master wants it. `key` is its idempotency key (UUID v4)."""

    key: str
    order_id: str
    lines: Sequence[BasketLine]
    reason: str
    photos: Sequence[Photo] = ()


@dataclass(frozen=True)
class ReturnState:
    """A return as the portal keeps it. `extra` are further returns with the same key, for operators to remove."""

    id: str
    status: Status
    reason: str = ""
    order_id: str = ""
    extra: tuple[str, ...] = ()
