"""The shop behind the portal: its goods, orders, returns and files, and what it announces when something changes."""

from __future__ import annotations

from infra.local.clock import Clock
from infra.local.portal.catalogue import Catalogue
from infra.local.portal.disk import Disk
from infra.local.portal.options import PortalOptions
from infra.local.portal.orders import Order, OrderBook, OrderChange
from infra.local.portal.returns import Return, ReturnBook
from infra.local.portal.webhooks import Event, WebhookSender
from shared.status import Status

_DELIVERY_STATUSES = frozenset({Status.WAITING_FOR_DELIVERY, Status.SHIPPED, Status.DELIVERED})


class Shop:
    """Everything the portal knows. Methods of a dialect read and change it without waiting, hence atomically."""

    def __init__(self, options: PortalOptions, clock: Clock, webhooks: WebhookSender) -> None:
        self.options = options
        self.catalogue: Catalogue = options.goods()
        self.orders = OrderBook(self.catalogue, clock)
        self.returns = ReturnBook(clock)
        self.disk = Disk(options.disk_folder_id, clock)
        self.webhooks = webhooks

    def change_order(self, order: Order, change: OrderChange) -> None:
        """Change an order and announce it."""
        self.orders.change(order, change)
        data = {"ORDER_ID": order.id, "STATUS_ID": order.status.value}
        self.webhooks.announce(event_of(change), data, lane=order.id)

    def pay(self, order: Order) -> bool:
        """Take the payment of a prepaid order; False when there is nothing to pay (any more)."""
        if order.paid or order.status is Status.CANCELED:
            return False
        self.change_order(order, OrderChange(status=Status.PAYED))
        return True

    def change_return(self, item: Return, status: Status, reason: str) -> None:
        """Decide on a return and announce it."""
        item.status = status
        item.reason = reason
        data = {"RMA_ID": item.id, "ORDER_ID": item.order_id, "STATUS": status.value}
        if reason:
            data["REASON"] = reason
        self.webhooks.announce(Event.RETURN, data, lane=item.order_id)


def event_of(change: OrderChange) -> Event:
    """Return the event a change of an order causes (spec §4)."""
    if change.status is Status.PAYED or (change.status is None and change.paid):
        return Event.PAID
    delivers = change.status in _DELIVERY_STATUSES
    if delivers or (change.status is None and (change.tracking is not None or change.eta is not None)):
        return Event.DELIVERY
    return Event.SAVED
