"""What the bot knows of a portal's goods and orders, whichever dialect the portal speaks.

Ids are `str` (portals answer with ints and strings for the same field), money is `Decimal`, times are aware.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from shared.bitrix.progress import OrderProgress
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
    "ProductDetails",
    "ReturnState",
    "Section",
    "Sections",
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
    stored, never shown. `on_order`: it can be ordered when no store holds it; else it is sold from stock only.
    """

    id: str
    name: str
    article: str = ""
    picture: str | None = field(default=None, repr=False)
    on_order: bool = True


@dataclass(frozen=True)
class ProductDetails:
    """What a card of a product tells beside its price and stock.

    `description` is plain text of at most 600 characters, lines apart by a line's end; `pictures` are up to four more,
    in the same form as `Product.picture`. `section_id` is the section it lies in.
    """

    product: Product
    description: str = ""
    pictures: Sequence[str] = field(default=(), repr=False)
    section_id: str | None = None


@dataclass(frozen=True)
class Found:
    """One page of a search: at most 50 products, how many there are in all, where the next page starts."""

    products: Sequence[Product]
    total: int
    next: int | None = None


@dataclass(frozen=True)
class Section:
    """A section of the catalogue. `parent` is the section it lies in, None at the top."""

    id: str
    name: str
    parent: str | None = None
    has_children: bool = False


@dataclass(frozen=True)
class Sections:
    """What lies directly in a section (None: at the top), in the shop's order.

    `path` leads from the top to the section, itself last. `complete` is False when the portal has more sections than
    were read.
    """

    parent: str | None
    sections: Sequence[Section]
    path: Sequence[Section] = ()
    complete: bool = True


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
    """One payment of an order. `kind` is None when the portal does not tell, or not in our words."""

    id: str
    pay_system_id: str
    total: Decimal
    paid: bool
    kind: PaymentKind | None = None


@dataclass(frozen=True)
class Shipment:
    """One shipment of an order. `eta` is the day, when the portal knows it; `delivery` the name of who brings it.

    `handed_over` says that it has left the store.
    """

    id: str
    tracking_number: str = ""
    eta: date | None = None
    delivery: str = ""
    handed_over: bool = False


@dataclass(frozen=True)
class OrderLine:
    """A line of an order as the portal keeps it."""

    product_id: str
    name: str
    quantity: Decimal
    price: Decimal


_LEFT = frozenset({Status.SHIPPED, Status.DELIVERED, Status.FINISHED})


@dataclass(frozen=True)
class Order:
    """An order as the portal keeps it, its status already one of the ten.

    `key` is the idempotency key it was made with, where the portal keeps it. `stores` are the names of those the goods
    are set aside in, as far as the portal tells; a native one does only when asked (`Portal.order`), and until the
    goods are handed over.
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
    address: str = field(default="", repr=False)
    comment: str = field(default="", repr=False)
    stores: Sequence[str] = ()

    @property
    def handed_over(self) -> bool:
        """Whether some of it has left the store."""
        return self.status in _LEFT or any(it.handed_over for it in self.shipments)

    @property
    def has_money(self) -> bool:
        """Whether any of it is paid: portals refuse to cancel such an order."""
        return self.paid or any(it.paid for it in self.payments)

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
    """A return as the portal keeps it. `extra` are further returns with the same key, for operators to remove.

    `lines` are the goods, as far as the portal tells; `reason` is why it was rejected.
    """

    id: str
    status: Status
    reason: str = ""
    order_id: str = ""
    extra: tuple[str, ...] = ()
    lines: Sequence[BasketLine] = ()
