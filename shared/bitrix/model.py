"""What the bot knows of a portal's goods and orders, whichever dialect the portal speaks.

Ids are `str` (portals answer with ints and strings for the same field), money is `Decimal`, times are aware.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shared.status import Status

__all__ = [
    "BasketLine",
    "CreatedOrder",
    "Found",
    "NewOrder",
    "Offer",
    "Order",
    "OrderLine",
    "Payment",
    "PaymentKind",
    "Product",
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

    `picture` is the portal's address of it (absolute, or from the portal's root; `BitrixClient.picture` takes both), or
    None. It may hold the webhook's key: never stored, never shown.
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
class Payment:
    """One payment of an order."""

    id: str
    pay_system_id: str
    total: Decimal
    paid: bool


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
    """An order as the portal keeps it, its status already one of the ten."""

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
