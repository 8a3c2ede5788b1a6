"""The orders of a native portal and what happens when one is saved.

Every change saves the order: its version and `dateUpdate` move on, and events go out.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import count

from infra.local.clock import Clock
from infra.local.portal.catalogue import Product
from infra.local.portal.deliveries import DeliveryBook
from infra.local.portal.errors import RestError, not_enough
from infra.local.portal.native.deal_book import Deal, DealBook
from infra.local.portal.native.events import NativeEvents
from infra.local.portal.native.model import (
    BasketItem,
    Client,
    Payment,
    PropertyValue,
    SaleOrder,
    Shipment,
    ShipmentItem,
)
from infra.local.portal.native.price_lists import PriceLists
from infra.local.portal.native.stockroom import Stockroom
from infra.local.portal.options import PortalOptions
from infra.local.portal.orders import FIRST_ORDER


class Ledger:
    """All orders with their lines, payments, shipments and properties."""

    def __init__(self, options: PortalOptions, clock: Clock, events: NativeEvents) -> None:
        self._options = options
        self._clock = clock
        self._events = events
        self.stockroom = Stockroom()
        self.price_lists = PriceLists(options.native)
        self.account_prefix = options.native.account_prefix
        """What the numbers of orders begin with; managers know orders by them, not by ids."""
        self.delivery_price = options.native.delivery_price
        self.deliveries = DeliveryBook(options.deliveries)
        self.slots: tuple[str, ...] = ()
        """The hours of delivery that a buyer may choose from."""
        self.next_account_number = options.native.first_account_number
        """What the next order's number ends with, where that is not its id."""
        self.deals = DealBook(clock, events)
        """The deals that orders make, where they do."""
        self.site_dates = False
        """Whether people write dates the site's way (`05.12.2026`) into order properties."""
        self._orders: dict[int, SaleOrder] = {}
        self._order_ids = count(FIRST_ORDER)
        self._ids = {kind: count(first) for kind, first in _FIRST.items()}

    def now(self) -> datetime:
        """Return the present second: the portal keeps no fractions."""
        return self._clock.now().replace(microsecond=0)

    def _xml_id(self, given: str) -> str:
        return given or f"bx_{secrets.token_hex(7)}"

    def all(self) -> list[SaleOrder]:
        """Return every order, oldest first."""
        return list(self._orders.values())

    def get(self, order_id: int) -> SaleOrder | None:
        """Return an order, or None."""
        return self._orders.get(order_id)

    def known(self, order_id: int) -> SaleOrder:
        """Return an order that is there."""
        return self._orders[order_id]

    def payment(self, payment_id: int) -> Payment | None:
        """Return a payment, or None."""
        return next((one for order in self.all() for one in order.payments if one.id == payment_id), None)

    def shipment(self, shipment_id: int) -> Shipment | None:
        """Return a shipment, or None."""
        return next((one for order in self.all() for one in order.shipments if one.id == shipment_id), None)

    def payment_by_token(self, token: str) -> Payment | None:
        """Return the payment a public link belongs to, or None."""
        payments = (one for order in self.all() for one in order.payments)
        return next((one for one in payments if secrets.compare_digest(one.pay_token.encode(), token.encode())), None)

    def add_order(self, person_type_id: int, currency: str, user_id: int, xml_id: str) -> SaleOrder:
        """Make an empty order; the caller fills it in and saves it. `xml_id` may be anybody's, even another order's."""
        now, order_id = self.now(), next(self._order_ids)
        order = SaleOrder(
            id=order_id,
            account_number=self._account_number(order_id),
            xml_id=self._xml_id(xml_id),
            person_type_id=person_type_id,
            currency=currency,
            user_id=user_id,
            made_at=now,
            updated_at=now,
            status_at=now,
        )
        self._orders[order.id] = order
        return order

    def _account_number(self, order_id: int) -> str:
        if self.next_account_number is None:
            return f"{self.account_prefix}{order_id}"
        number, self.next_account_number = self.next_account_number, self.next_account_number + 1
        return f"{self.account_prefix}{number}"

    def save(self, order: SaleOrder) -> None:
        """Count the version and announce the order; a covered order moves to the portal's status for that."""
        paid_status = self._options.native.paid_status
        if paid_status and order.payed and order.status_id == "N":
            self.set_status(order, paid_status)
        if self.deals.on and not order.version:
            self.deals.make(order)
        order.version += 1
        order.updated_at = self.now()
        self.deals.order_saved(order)
        self._events.order_saved(order)

    def set_clients(self, order: SaleOrder, clients: Sequence[tuple[int, int]]) -> None:
        """Replace an order's clients, by kind and id; the first of each kind is the primary one."""
        kinds: set[int] = set()
        order.clients = []
        for kind, entity_id in clients:
            order.clients.append(Client(next(self._ids["client"]), kind, entity_id, kind not in kinds))
            kinds.add(kind)

    def set_status(self, order: SaleOrder, status_id: str) -> None:
        """Move an order to a status of type O."""
        if order.status_id != status_id:
            order.status_id = status_id
            order.status_at = self.now()

    def cancel(self, order: SaleOrder, *, canceled: bool) -> None:
        """Cancel an order, which frees its goods, or take the cancellation back."""
        if order.canceled is canceled:
            return
        order.canceled = canceled
        for item in order.basket:
            if canceled:
                self.stockroom.release(item)
            else:
                self.stockroom.reserve(item)

    def delete(self, order: SaleOrder) -> None:
        """Remove an order for good."""
        self.cancel(order, canceled=True)
        del self._orders[order.id]
        if deal := self.deals.of_order(order.id):
            deal.order_id = 0
        self._events.order_deleted(order)

    def delete_deal(self, deal: Deal) -> None:
        """Remove a deal with its order. Raises `RestError` where that is paid: then both stay."""
        order = self.get(deal.order_id)
        if order is not None:
            order.refuse_if_paid()
            self.delete(order)
        self.deals.forget(deal)

    def add_line(self, order: SaleOrder, product: Product, quantity: Decimal) -> BasketItem:
        """Put a product into an order at its buyer's price of today and set its pieces aside; the caller saves.

        Raises `RestError` for what is not sold today, or not so many of it.
        """
        if not product.is_sold(self._clock.now()):
            raise RestError("SALE_BASKET_ITEM_WRONG_AVAILABLE_QUANTITY", f"{product.name}: not available")
        if not product.on_order and quantity > product.available:
            raise not_enough(product.available, f"{product.name}: {product.available} available")
        price = self.price_lists.for_buyer(product, order.user_id, quantity, order.currency)
        item = BasketItem(
            id=next(self._ids["line"]),
            order_id=order.id,
            product=product,
            quantity=quantity,
            price=price,
            base_price=price,
            currency=order.currency,
            xml_id=self._xml_id(""),
        )
        if not order.canceled:
            self.stockroom.reserve(item)
        system = next((one for one in order.shipments if one.system), None) or self.add_shipment(order, 0, system=True)
        if self._options.native.core_rules:
            self._events.shipment_saved(system)  # it holds what no other shipment has, and changes with every line
        order.basket.append(item)
        return item

    def set_quantity(self, order: SaleOrder, item: BasketItem, quantity: Decimal) -> None:
        """Give a line another quantity, and set aside as much while the order waits in the store; the caller saves."""
        if not order.canceled and not order.deducted:
            self.stockroom.release(item)
        item.quantity = quantity
        if not order.canceled and not order.deducted:
            self.stockroom.reserve(item)

    def add_payment(self, order: SaleOrder, pay_system_id: int, amount: Decimal, xml_id: str = "") -> Payment:
        """Add a payment, not paid; the caller saves."""
        payment = Payment(
            id=next(self._ids["payment"]),
            order_id=order.id,
            account_number=f"{order.account_number}/{len(order.payments) + 1}",
            pay_system_id=pay_system_id,
            amount=amount,
            xml_id=self._xml_id(xml_id),
            pay_token=secrets.token_urlsafe(18),
            made_at=self.now(),
            currency=order.currency,
        )
        order.payments.append(payment)
        return payment

    def set_paid(self, payment: Payment, *, paid: bool) -> None:
        """Mark a payment; the caller saves."""
        payment.paid = paid
        payment.paid_at = self.now() if paid else None
        self.deals.paid(self.known(payment.order_id))

    def payment_saved(self, order: SaleOrder, payment: Payment) -> None:
        """Save an order because of one of its payments."""
        self._events.payment_saved(payment)
        self.save(order)

    def add_shipment(self, order: SaleOrder, delivery_id: int, *, xml_id: str = "", system: bool = False) -> Shipment:
        """Add an empty shipment; the caller saves."""
        shipment = Shipment(
            id=next(self._ids["shipment"]),
            order_id=order.id,
            delivery_id=delivery_id,
            account_number=f"{order.account_number}/{len(order.shipments) + 1}",
            xml_id=self._xml_id(xml_id),
            made_at=self.now(),
            currency=order.currency,
            system=system,
            price=Decimal(0) if system else self._price(delivery_id),
        )
        order.shipments.append(shipment)
        return shipment

    def _price(self, delivery_id: int) -> Decimal:
        service = self.deliveries.get(delivery_id)
        return self.delivery_price if service is None or service.price is None else service.price

    def add_shipment_item(self, shipment: Shipment, basket_id: int, quantity: Decimal, xml_id: str) -> ShipmentItem:
        """Put pieces of a line into a shipment; the caller saves."""
        item = ShipmentItem(next(self._ids["shipment item"]), shipment.id, basket_id, quantity, self._xml_id(xml_id))
        shipment.items.append(item)
        return item

    def deduct(self, order: SaleOrder, shipment: Shipment, *, deducted: bool) -> None:
        """Hand a shipment over, whose goods then leave the store; the caller saves."""
        shipment.deducted = deducted
        if deducted:
            held = {item.basket_id for item in shipment.items}
            for line in order.basket:
                if line.id in held:
                    self.stockroom.hand_over(line)

    def shipment_saved(self, order: SaleOrder, shipment: Shipment) -> None:
        """Save an order because of one of its shipments."""
        self._events.shipment_saved(shipment)
        self.save(order)

    def replace_properties(self, order: SaleOrder, values: Mapping[int, str]) -> None:
        """Set the whole set of property values: those not given are erased. Saves."""
        kept = order.properties
        order.properties = {}
        for property_id, value in values.items():
            value_id = kept[property_id].id if property_id in kept else next(self._ids["property value"])
            order.properties[property_id] = PropertyValue(value_id, property_id, value)
            self._events.property_saved(order, value_id)
        self.save(order)


_FIRST = {"line": 255, "payment": 123, "shipment": 338, "shipment item": 320, "property value": 1518, "client": 880}
