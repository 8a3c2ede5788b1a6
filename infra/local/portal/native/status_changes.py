"""How the shop's people bring a native order to one of the ten words: statuses, flags, payments, shipments.

See shared/bitrix/README.md, «Statuses».
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from infra.local.portal.catalogue import Catalogue
from infra.local.portal.errors import out_of_range
from infra.local.portal.native.model import SaleOrder, Shipment
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.options import PortalOptions
from infra.local.portal.orders import OrderChange
from shared.status import Status


@dataclass(frozen=True)
class _Place:
    """What makes up a word; None leaves a thing alone. `shipment` is its status, `delivered` the portal's own one."""

    status_id: str
    paid: bool | None
    shipment: str
    allowed: bool
    deducted: bool


_PLACES: Mapping[Status, _Place] = {
    Status.NEW: _Place("N", paid=False, shipment="DN", allowed=False, deducted=False),
    Status.PAYED: _Place("N", paid=True, shipment="DN", allowed=False, deducted=False),
    Status.WAITING_FOR_DELIVERY: _Place("P", paid=None, shipment="DN", allowed=True, deducted=False),
    Status.SHIPPED: _Place("S", paid=None, shipment="DF", allowed=True, deducted=True),
    Status.DELIVERED: _Place("S", paid=None, shipment="delivered", allowed=True, deducted=True),
    Status.FINISHED: _Place("F", paid=True, shipment="delivered", allowed=True, deducted=True),
}


class Moves:
    """Applies what a person at the shop changes; each thing that is saved fires its own events."""

    def __init__(self, options: PortalOptions, ledger: Ledger, catalogue: Catalogue) -> None:
        self._options = options
        self._ledger = ledger
        self._catalogue = catalogue

    def apply(self, order: SaleOrder, change: OrderChange) -> None:
        """Change the status, the reason, the tracking number, the day of delivery, and whether it is paid."""
        self._details(order, change)
        place = _PLACES.get(change.status) if change.status is not None else None
        if place is not None:
            self._place(order, place)
        elif change.status is Status.CANCELED:
            self._ledger.cancel(order, canceled=True)
            self._ledger.save(order)
        elif change.status is None and change.tracking is None and change.eta is None and change.paid is None:
            self._ledger.save(order)  # only the goods, their prices or the delivery are others
        if change.paid is not None:
            self._settle(order, paid=change.paid)
            self._ledger.save(order)

    def _details(self, order: SaleOrder, change: OrderChange) -> None:
        if change.reason is not None and change.status not in _RETURNS:
            order.reason_canceled = change.reason
        if change.tracking is not None:
            self._track(order, change.tracking)
        if change.eta is not None:
            self._promise(order, change.eta)
        if change.lines is not None:
            self._edit(order, change.lines)
        for item in order.basket:
            item.price = (change.prices or {}).get(item.product.id, item.price)
        if change.delivery_price is not None:
            self._charge_delivery(order, change.delivery_price)

    def _edit(self, order: SaleOrder, wanted: Mapping[str, Decimal]) -> None:
        """Give lines other quantities; the parcels follow, the bill stays as it was until somebody makes a new one."""
        for item in list(order.basket):
            quantity = wanted.get(item.product.id, item.quantity)
            if quantity != item.quantity:
                self._ledger.set_quantity(order, item, quantity)
            if not quantity:
                order.basket.remove(item)
        there = {item.product.id for item in order.basket}
        for product_id, quantity in wanted.items():
            if quantity and product_id not in there:
                self._add(order, product_id, quantity)
        self._pack(order)

    def _add(self, order: SaleOrder, product_id: str, quantity: Decimal) -> None:
        product = self._catalogue.get(product_id)
        if product is None:
            raise out_of_range("lines", f"there is no product {product_id}")
        line = self._ledger.add_line(order, product, quantity)
        if order.own_shipments:
            self._ledger.add_shipment_item(order.own_shipments[0], line.id, quantity, "")

    def _pack(self, order: SaleOrder) -> None:
        """Let the parcels hold what the lines have: of several, what is there no more is in none."""
        held = {item.id: item.quantity for item in order.basket}
        for shipment in order.shipments:
            for part in list(shipment.items):
                if part.basket_id not in held:
                    shipment.items.remove(part)
                elif len(order.own_shipments) == 1:
                    part.quantity = held[part.basket_id]

    def _charge_delivery(self, order: SaleOrder, price: Decimal) -> None:
        """Let bringing the goods cost so much, whatever each parcel did."""
        for number, shipment in enumerate(self._shipments(order)):
            shipment.price = Decimal(0) if number else price

    def _place(self, order: SaleOrder, place: _Place) -> None:
        self._ledger.cancel(order, canceled=False)
        for shipment in self._shipments(order):
            delivered = self._options.native.delivered_status
            status = delivered if place.shipment == "delivered" else place.shipment
            wanted = (status, place.allowed, place.deducted)
            if (shipment.status_id, shipment.allow_delivery, shipment.deducted) != wanted:
                shipment.status_id, shipment.allow_delivery = status, place.allowed
                self._ledger.deduct(order, shipment, deducted=place.deducted)
                self._ledger.shipment_saved(order, shipment)
        if place.paid is not None:
            self._settle(order, paid=place.paid)
        self._ledger.set_status(order, place.status_id)
        self._ledger.save(order)

    def _settle(self, order: SaleOrder, *, paid: bool) -> None:
        """Mark all payments; an order without one gets one for its whole price."""
        if paid and not order.payments:
            self._ledger.add_payment(order, int(self._options.pay_system_prepaid), order.price)
        for payment in order.payments:
            if payment.paid is not paid:
                self._ledger.set_paid(payment, paid=paid)
                self._ledger.payment_saved(order, payment)

    def _shipments(self, order: SaleOrder) -> list[Shipment]:
        """Return the order's shipments, made if there is none."""
        if not order.own_shipments:
            self._ledger.add_shipment(order, int(self._options.deliveries[0].id))
        return order.own_shipments

    def _track(self, order: SaleOrder, number: str) -> None:
        for shipment in self._shipments(order):
            shipment.tracking_number = number
            self._ledger.shipment_saved(order, shipment)

    def _promise(self, order: SaleOrder, day: date | str) -> None:
        """Write the day of delivery into its order property, keeping the others."""
        values = {number: value.value for number, value in order.properties.items()}
        values[self._options.native.eta_property] = self._written(day)
        self._ledger.replace_properties(order, values)

    def _written(self, day: date | str) -> str:
        if isinstance(day, str):
            return day
        return f"{day:%d.%m.%Y}" if self._ledger.site_dates else day.isoformat()


_RETURNS = frozenset({Status.RETURN_IN_PROGRESS, Status.RETURN_COMPLETED, Status.RETURN_REJECTED})
