"""Orders of a native portal with all they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from infra.local.portal.catalogue import Amount, Product
from infra.local.portal.errors import RestError
from infra.local.portal.figures import to_kopecks


@dataclass
class BasketItem:
    """A line; `taken` is what is reserved in which store."""

    id: int
    order_id: int
    product: Product
    quantity: Decimal
    price: Decimal
    base_price: Decimal
    currency: str
    xml_id: str
    custom_price: bool = False
    taken: Mapping[str, Amount] = field(default_factory=dict)

    @property
    def product_id(self) -> int:
        """The product's id as the portal writes it."""
        return int(self.product.id)


@dataclass
class Payment:
    """A payment; `pay_token` makes its public link and is a secret. `returned`: the way it was given back, or ""."""

    id: int
    order_id: int
    account_number: str
    pay_system_id: int
    amount: Decimal
    xml_id: str
    pay_token: str = field(repr=False)
    made_at: datetime
    currency: str = "RUB"
    comments: str = ""
    paid: bool = False
    paid_at: datetime | None = None
    returned: str = ""

    @property
    def is_due(self) -> bool:
        """Whether it waits for money."""
        return not self.paid and not self.returned


@dataclass
class ShipmentItem:
    """Some pieces of a line in a shipment."""

    id: int
    shipment_id: int
    basket_id: int
    quantity: Decimal
    xml_id: str


@dataclass
class Shipment:
    """A shipment. The `system` one is there from the start and holds what no other shipment has."""

    id: int
    order_id: int
    delivery_id: int
    account_number: str
    xml_id: str
    made_at: datetime
    currency: str = "RUB"
    system: bool = False
    status_id: str = "DN"
    allow_delivery: bool = False
    deducted: bool = False
    tracking_number: str = ""
    price: Decimal = Decimal(0)
    comments: str = ""
    items: list[ShipmentItem] = field(default_factory=list)


@dataclass
class PropertyValue:
    """The value of an order property."""

    id: int
    property_id: int
    value: str


@dataclass
class Client:
    """A contact or a company an order is for."""

    id: int
    entity_type_id: int
    entity_id: int
    primary: bool


@dataclass
class SaleOrder:
    """An order. `fields` holds what a caller may write and nobody reads (comments and the like).

    `odd` stands in for what the order and its parts would answer: by part («order», «line», «payment», «shipment») and
    field, whatever a portal of another version or a manager made of them.
    """

    id: int
    xml_id: str
    person_type_id: int
    currency: str
    user_id: int
    made_at: datetime
    updated_at: datetime
    status_at: datetime
    account_number: str = ""
    given_price: Decimal = Decimal(0)
    status_id: str = "N"
    canceled: bool = False
    reason_canceled: str = ""
    version: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    odd: dict[str, dict[str, Any]] = field(default_factory=dict)
    basket: list[BasketItem] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    properties: dict[int, PropertyValue] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)

    @property
    def price(self) -> Decimal:
        """Lines and delivery; what the caller said while there are no lines."""
        if not self.basket:
            return self.given_price
        # Each line is rounded by itself (shared/bitrix/CORE.md, «5. Catalogue»).
        lines = sum((to_kopecks(item.price * item.quantity) for item in self.basket), Decimal(0))
        return lines + self.delivery_price

    @property
    def delivery_price(self) -> Decimal:
        """What all shipments cost."""
        return sum((shipment.price for shipment in self.shipments), Decimal(0))

    @property
    def paid_sum(self) -> Decimal:
        """What was paid."""
        return sum((payment.amount for payment in self.payments if payment.paid), Decimal(0))

    @property
    def payed(self) -> bool:
        """Whether the paid payments cover the price."""
        return any(payment.paid for payment in self.payments) and self.paid_sum >= self.price

    @property
    def own_shipments(self) -> list[Shipment]:
        """The shipments that somebody made."""
        return [shipment for shipment in self.shipments if not shipment.system]

    def refuse_if_paid(self) -> None:
        """Raise `RestError` when some of it is paid: such an order is neither canceled nor deleted."""
        if any(payment.paid for payment in self.payments):
            raise RestError("SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE", "The order has active payments")

    @property
    def deducted(self) -> bool:
        """Whether everything was handed over."""
        return bool(self.own_shipments) and all(shipment.deducted for shipment in self.own_shipments)
