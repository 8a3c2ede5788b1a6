"""Orders as the portal keeps them, and as they are asked for.

Ids are `str` (portals answer with ints and strings for the same field), money is `Decimal`, times are aware.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from shared.domain import quantities
from shared.domain.quantities import PIECE
from shared.status import Status


class PaymentKind(StrEnum):
    """How the master pays: by link before delivery, or in cash to the courier."""

    PREPAID = "prepaid"
    CASH = "cod"


@dataclass(frozen=True)
class LineItem:
    """A product and how many units of it are wanted."""

    product_id: str
    quantity: Decimal


@dataclass(frozen=True)
class NewOrder:
    """An order as the master confirmed it. `key` is its idempotency key (UUID v4).

    `delivery_id` is the delivery service that he chose, `slot` the hours (the portal's own value), "" where there is no
    choice.
    """

    key: str
    buyer_id: str
    lines: Sequence[LineItem]
    payment: PaymentKind
    address: str
    phone: str = ""
    comment: str = ""
    delivery_id: str = ""
    slot: str = ""

    @property
    def quantities(self) -> dict[str, Decimal]:
        """How much of each product is wanted, in the order of the lines; a product counts once."""
        return quantities.summed((line.product_id, line.quantity) for line in self.lines)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, or nothing of some product: portals refuse such an order."""
        return not self.lines or any(line.quantity <= 0 for line in self.lines)


def lacking(wanted: Mapping[str, Decimal], there: Mapping[str, Decimal]) -> dict[str, Decimal] | None:
    """Return how much of products must be added to what is there; None when it holds more than is wanted."""
    if any(quantity > wanted.get(product, 0) for product, quantity in there.items()):
        return None
    missing = {product: quantity - there.get(product, 0) for product, quantity in wanted.items()}
    return {product: quantity for product, quantity in missing.items() if quantity > 0}


class Numbered(Protocol):
    """What an order is found by, and what it is called.

    `id` is the portal's key of it, in buttons, records and requests. `number` is what people call it: the portal makes
    it by a template of its own, and it need not be the id.
    """

    @property
    def id(self) -> str:
        """The key."""
        ...

    @property
    def number(self) -> str:
        """The name."""
        ...


@dataclass(frozen=True)
class OrderRef:
    """An order of which no more is known here. `account_number` is what people call it, "" where that is its id."""

    id: str
    account_number: str = ""

    @property
    def number(self) -> str:
        """What people call it."""
        return self.account_number or self.id


@dataclass(frozen=True)
class CreatedOrder(OrderRef):
    """An order that was just made. `payment_url` goes to the buyer and nowhere else; `payment_id` is what it pays."""

    payment_url: str | None = field(default=None, repr=False)
    payment_id: str = ""


@dataclass(frozen=True)
class Payment:
    """One payment of an order. `kind` is None when the portal does not tell, or not in our words.

    `url` is its link where that was asked for (`Portal.order`).
    """

    id: str
    pay_system_id: str
    total: Decimal
    paid: bool
    kind: PaymentKind | None = None
    url: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Shipment:
    """One shipment of an order. `eta` is the day, when the portal knows it; `delivery` the name of who brings it.

    `handed_over` says that it has left the store, `delivered` that it came, where the portal tells that of a parcel.
    """

    id: str
    tracking_number: str = ""
    eta: date | None = None
    delivery: str = ""
    handed_over: bool = False
    delivered: bool = False


@dataclass(frozen=True)
class OrderLine:
    """A line of an order as the portal keeps it; `price` is of one `unit`."""

    product_id: str
    name: str
    quantity: Decimal
    price: Decimal
    unit: str = PIECE


_LEFT = frozenset({Status.SHIPPED, Status.DELIVERED, Status.FINISHED})


@dataclass(frozen=True)
class Order:
    """An order as the portal keeps it, its status already one of the ten.

    `key` is the idempotency key it was made with, where the portal keeps it. `stores` are the names of those the goods
    are set aside in, as far as the portal tells; a native one does only when asked (`Portal.order`), and until the
    goods are handed over. `account_number` is what people call it, "" where that is its id. `delivery_price` is what
    bringing it costs, 0 where the portal does not tell. `returned` is the money that was given back; `payments` are
    without it. `deal_id` is the deal it hangs on, "" where nobody looked or there is none.
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
    account_number: str = ""
    returned: Decimal = Decimal(0)
    deal_id: str = ""
    delivery_price: Decimal = Decimal(0)

    @property
    def number(self) -> str:
        """What people call it."""
        return self.account_number or self.id

    @property
    def given_back(self) -> bool:
        """Whether all the money there was has been given back, and none is waited for."""
        return self.returned > 0 and not self.payments

    @property
    def handed_over(self) -> bool:
        """Whether some of it has left the store."""
        return self.status in _LEFT or any(it.handed_over for it in self.shipments)

    @property
    def has_money(self) -> bool:
        """Whether any of it is paid: portals refuse to cancel such an order."""
        return self.paid or any(it.paid for it in self.payments)

    @property
    def paid_part(self) -> Decimal:
        """What is paid of an order that the portal does not call paid; 0 of one that it does."""
        return Decimal(0) if self.paid else sum((it.total for it in self.payments if it.paid), Decimal(0))

    @property
    def payments_total(self) -> Decimal:
        """The sum of all payments, made or not."""
        return sum((it.total for it in self.payments), Decimal(0))

    @property
    def payments_differ(self) -> bool:
        """Whether the portal tells of payments, and they are not of the order's total: a link would charge another."""
        return bool(self.payments) and self.payments_total != self.total

    @property
    def due_by_link(self) -> Payment | None:
        """The oldest unpaid payment that is not in cash."""
        return next((it for it in self.payments if not it.paid and it.kind is not PaymentKind.CASH), None)

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
class DealView:
    """What people read in the deal of an order; the comment has what is not the order's own, in BB code."""

    title: str = field(repr=False)
    comment: str = field(repr=False)


@dataclass(frozen=True)
class DealPage:
    """One page of the ids of deals that were moved, and where the next page starts."""

    deals: Sequence[str]
    next: int | None = None
