"""The shop's side of a native portal: orders and returns in the ten words, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from infra.local.clock import Clock
from infra.local.portal.catalogue import Catalogue, Product
from infra.local.portal.catalogue.model import PIECE
from infra.local.portal.native.contact_book import ContactBook
from infra.local.portal.native.derive import derive_status
from infra.local.portal.native.events import NativeEvents
from infra.local.portal.native.field_kinds import php_float
from infra.local.portal.native.manager_acts import ManagerActs
from infra.local.portal.native.model import SaleOrder
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.process_items import STATUS_OF, Item, ProcessItems, Stage
from infra.local.portal.native.reading import php_int
from infra.local.portal.native.setup import Setup
from infra.local.portal.native.status_changes import Moves
from infra.local.portal.native.timeline import Timeline
from infra.local.portal.options import PortalOptions
from infra.local.portal.orders import PIECES, Line, Order, OrderChange, OrderDeal
from infra.local.portal.returns import Return
from infra.local.portal.webhooks import WebhookSender
from shared.status import Status

_STAGES = {
    Status.RETURN_IN_PROGRESS: Stage.CHECK,
    Status.RETURN_COMPLETED: Stage.SUCCESS,
    Status.RETURN_REJECTED: Stage.FAIL,
}


class NativeShop:
    """What a native portal knows, and how the desk and the control end points see it (`front.Front`)."""

    def __init__(self, options: PortalOptions, clock: Clock, webhooks: WebhookSender, catalogue: Catalogue) -> None:
        self.options = options
        self.catalogue = catalogue
        events = NativeEvents(options, clock, webhooks)
        self.ledger = Ledger(options, clock, events)
        self.items = ProcessItems(options, clock, events)
        self.contacts = ContactBook()
        self.timeline = Timeline(self.contacts, self.ledger.deals)
        self.setup = Setup(catalogue, self.ledger, self.contacts, self.items)
        self.orders = NativeOrders(options, self.ledger, self.items)
        self.returns = NativeReturns(self.items)
        self._moves = Moves(options, self.ledger, catalogue)
        self.managers = ManagerActs(self.ledger, options.native.delivered_status)

    def change_order(self, order: Order, change: OrderChange) -> None:
        """Change an order as its shop would; one of the words for returns moves its latest return, made if needed."""
        stage = _STAGES.get(change.status) if change.status is not None else None
        if stage is not None and change.status is not None:
            returns = self.items.of_order(order.id)
            item = returns[-1] if returns else self._make_return(order.id)
            self.change_return(_return_of(self.items, item), change.status, change.reason or "")
        self._moves.apply(self.ledger.known(int(order.id)), change)

    def _make_return(self, order_id: str) -> Item:
        values = {self.items.name("OrderId"): order_id}
        return self.items.add(f"Возврат по заказу {order_id}", "", values)

    def pay(self, order: Order) -> bool:
        """Take the payment a link was made for; False when there is nothing to pay (any more)."""
        payment = self.ledger.payment_by_token(order.pay_token)
        kept = self.ledger.known(int(order.id))
        if payment is None or payment.paid or kept.canceled:
            return False
        self.ledger.set_paid(payment, paid=True)
        self.ledger.payment_saved(kept, payment)
        return True

    def change_return(self, item: Return, status: Status, reason: str) -> None:
        """Decide on a return."""
        kept = self.items.known(int(item.id))
        if reason:
            kept.values[self.items.name("RejectReason")] = reason
        self.items.save(kept, _STAGES[status])


class NativeOrders:
    """Snapshots of a native portal's orders."""

    def __init__(self, options: PortalOptions, ledger: Ledger, items: ProcessItems) -> None:
        self._options = options
        self._ledger = ledger
        self._items = items

    def all(self) -> Sequence[Order]:
        """Return every order, oldest first."""
        return [self._snapshot(order) for order in self._ledger.all()]

    def get(self, order_id: str) -> Order | None:
        """Return an order, or None."""
        order = self._ledger.get(php_int(order_id))
        return self._snapshot(order) if order is not None else None

    def by_pay_token(self, token: str) -> Order | None:
        """Return the order whose payment a link belongs to, or None."""
        payment = self._ledger.payment_by_token(token)
        if payment is None:
            return None
        snapshot = self._snapshot(self._ledger.known(payment.order_id))
        snapshot.pay_token, snapshot.paid = payment.pay_token, payment.paid
        return snapshot

    def _snapshot(self, order: SaleOrder) -> Order:
        native = self._options.native
        by_link = [pay for pay in order.payments if str(pay.pay_system_id) == self._options.pay_system_prepaid]
        values = {number: value.value for number, value in order.properties.items()}
        shipments = order.own_shipments
        returns = self._items.of_order(str(order.id))
        return Order(
            id=str(order.id),
            number=order.account_number,
            buyer_id=str(order.user_id),
            lines=[
                Line(item.id, item.product.id, item.product.name, item.quantity, item.price, unit=_unit(item.product))
                for item in order.basket
            ],
            pay_system_id=str(order.payments[0].pay_system_id) if order.payments else "",
            delivery_id=str(shipments[0].delivery_id) if shipments else "",
            properties={
                "ADDRESS": values.get(native.address_property, ""),
                "PHONE": values.get(native.phone_property, ""),
                "COMMENT": order.fields.get("userDescription", ""),
            },
            created_at=order.made_at,
            status=STATUS_OF[returns[-1].stage] if returns else derive_status(order, native.delivered_status),
            reason=order.reason_canceled,
            paid=order.payed,
            tracking=next((one.tracking_number for one in shipments if one.tracking_number), ""),
            eta=_day(values.get(native.eta_property, "")),
            pay_token=by_link[0].pay_token if by_link else "",
            currency=order.currency,
            delivery_price=order.delivery_price,
            changed_at=order.updated_at,
            handed_over=order.deducted,
            deal=OrderDeal(deal.id, deal.stage) if (deal := self._ledger.deals.of_order(order.id)) else None,
            stores=tuple(dict.fromkeys(store for item in order.basket for store in item.taken)),
        )


class NativeReturns:
    """Snapshots of the items of the process of returns."""

    def __init__(self, items: ProcessItems) -> None:
        self._items = items

    def all(self) -> Sequence[Return]:
        """Return every return, oldest first."""
        return [_return_of(self._items, item) for item in self._items.all()]

    def get(self, return_id: str) -> Return | None:
        """Return one return, or None."""
        item = self._items.get(php_int(return_id))
        return _return_of(self._items, item) if item is not None else None


def _return_of(items: ProcessItems, item: Item) -> Return:
    """Return an item as the desk sees it; pieces are read from JSON by line or product id as far as it makes sense."""
    files = [str(one) for one in item.values.get(items.name("DiskFiles"), [])]
    files += [str(one["id"]) for one in item.values.get(items.name("Photos"), [])]
    return Return(
        id=str(item.id),
        order_id=str(item.values.get(items.name("OrderId"), "")),
        items=_pieces(str(item.values.get(items.name("Items"), ""))),
        photos=files,
        created_at=item.created_at,
        status=STATUS_OF[item.stage],
        reason=str(item.values.get(items.name("RejectReason"), "")),
        wish=str(item.values.get(items.name("Reason"), "")),
    )


def _unit(product: Product) -> str:
    return PIECES if product.measure is PIECE else product.measure.symbol


def _pieces(text: str) -> dict[str, Decimal]:
    try:
        rows = json.loads(text)
    except ValueError:
        return {}
    pieces: dict[str, Decimal] = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict):
            ids = (row[name] for name in ("productId", "product_id", "basketId") if name in row)
            amount = next((row[name] for name in ("quantity", "qty") if name in row), 0)
            pieces[str(next(ids, ""))] = php_float(amount)
    return pieces


def _day(text: str) -> date | None:
    for layout in ("%Y-%m-%d", "%d.%m.%Y"):
        with suppress(ValueError):
            return datetime.strptime(text[:10], layout).replace(tzinfo=UTC).date()
    return None
