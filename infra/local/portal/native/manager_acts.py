"""What managers do to an order of a native portal beside moving it: parcels, bills, money, its end.

An edit of the goods, the prices or the delivery is a change like any other (`status_changes`). Each act fires the
events of what it touched. See shared/bitrix/CORE.md, «6. Deals, payments, refusals».
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from infra.local.portal.errors import RestError, out_of_range
from infra.local.portal.native.model import Payment, SaleOrder, Shipment
from infra.local.portal.native.order_repository import Ledger

SENT, THERE = "SHIPPED", "DELIVERED"
"""How far a manager says that a parcel is."""
GIVEN_BACK = ("Y", "P")
"""Money given back: into the buyer's account, through the pay system."""


class ManagerActs:
    """Changes orders as their page in the portal lets a manager. Raises `RestError` 400 for what makes no sense."""

    def __init__(self, ledger: Ledger, delivered_status: str) -> None:
        self._ledger = ledger
        self._delivered = delivered_status

    def split(self, order: SaleOrder, pieces: Mapping[str, Decimal]) -> Shipment:
        """Take pieces of products out of the order's first parcel into a new one, which costs nothing."""
        if not order.own_shipments:
            raise out_of_range("id", "an order with a parcel")
        first = order.own_shipments[0]
        moved = self._taken(order, first, pieces)
        parcel = self._ledger.add_shipment(order, first.delivery_id)
        parcel.price, parcel.allow_delivery = Decimal(0), first.allow_delivery
        for basket_id, quantity in moved.items():
            self._ledger.add_shipment_item(parcel, basket_id, quantity, "")
        self._ledger.shipment_saved(order, first)
        self._ledger.shipment_saved(order, parcel)
        return parcel

    def _taken(self, order: SaleOrder, parcel: Shipment, pieces: Mapping[str, Decimal]) -> dict[int, Decimal]:
        """Take pieces out of a parcel, some of which must stay; return them by line."""
        product_of = {line.id: line.product.id for line in order.basket}
        left = {item.basket_id: item.quantity for item in parcel.items}
        moved: dict[int, Decimal] = {}
        for basket_id, held in left.items():
            wanted = pieces.get(product_of.get(basket_id, ""), Decimal(0))
            if 0 < wanted <= held:
                moved[basket_id], left[basket_id] = wanted, held - wanted
        if not moved or not any(left.values()):
            raise out_of_range("lines", "some of the parcel's pieces, not all of them")
        for item in parcel.items:
            item.quantity = left[item.basket_id]
        parcel.items = [item for item in parcel.items if item.quantity]
        return moved

    def move_parcel(self, order: SaleOrder, parcel: Shipment, status: str, tracking: str | None) -> None:
        """Send one parcel or let it arrive, or write its number."""
        if tracking is not None:
            parcel.tracking_number = tracking
        if status:
            parcel.status_id = self._delivered if status == THERE else "DF"
            parcel.allow_delivery = True
            self._ledger.deduct(order, parcel, deducted=True)
        self._ledger.shipment_saved(order, parcel)

    def divide_bill(self, order: SaleOrder, amount: Decimal) -> Payment:
        """Make a payment of its own of a part of the first unpaid one."""
        unpaid = next((one for one in order.payments if one.is_due), None)
        if unpaid is None or not 0 < amount < unpaid.amount:
            raise out_of_range("sum", "less than the unpaid payment")
        unpaid.amount -= amount
        self._ledger.payment_saved(order, unpaid)
        other = self._ledger.add_payment(order, unpaid.pay_system_id, amount)
        self._ledger.payment_saved(order, other)
        return other

    def settle(self, order: SaleOrder, payment: Payment, *, paid: bool) -> None:
        """Mark one payment as made, or as not."""
        payment.returned = ""
        self._ledger.set_paid(payment, paid=paid)
        self._ledger.payment_saved(order, payment)

    def give_back(self, order: SaleOrder, payment: Payment, way: str) -> None:
        """Give the money of a payment back: it is none then."""
        if not payment.paid:
            raise RestError("SALE_PAYMENT_RETURN_NO_SUPPORTED", "Nothing was paid")
        payment.returned = way
        self._ledger.set_paid(payment, paid=False)
        self._ledger.payment_saved(order, payment)

    def renew_bill(self, order: SaleOrder) -> None:
        """Let the first unpaid payment be of all that is due, and be the only one; made if there is none."""
        due = order.price - order.paid_sum
        unpaid = [one for one in order.payments if one.is_due]
        system = unpaid[0].pay_system_id if unpaid else order.payments[-1].pay_system_id
        order.payments = [one for one in order.payments if one not in unpaid[1:]]
        if unpaid and due > 0:
            unpaid[0].amount = due
        elif unpaid:
            order.payments.remove(unpaid[0])
        elif due > 0:
            unpaid = [self._ledger.add_payment(order, system, due)]
        for payment in unpaid[:1]:
            self._ledger.payment_saved(order, payment)

    def delete(self, order: SaleOrder) -> None:
        """Remove an order for good. Raises `RestError` where some of it is paid."""
        order.refuse_if_paid()
        self._ledger.delete(order)
