"""What the bot asks beyond the spec's table, under Bitrix24's own names and in the contract's spelling.

A proxy that keeps the contract needs these for cancelling, for cash, for lists of orders and for returns; each does
what the method of that name does on a real portal, `app.rma.*` what `app.rma.add`
suggests.
"""

from __future__ import annotations

from typing import Any

from infra.local.portal.contract.lists import page_of
from infra.local.portal.contract.sales import Sales, order_view, payment_url
from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError, missing, out_of_range
from infra.local.portal.native.field_kinds import read_moment
from infra.local.portal.native.options import SCOPES
from infra.local.portal.orders import Order, OrderChange
from infra.local.portal.params import Params
from infra.local.portal.returns import Return
from infra.local.portal.shop import Shop
from infra.local.portal.timing import iso
from shared.status import Status


class Beyond:
    """The methods that the spec does not name. `known` are the names of all methods, set when the table is whole."""

    def __init__(self, shop: Shop, sales: Sales) -> None:
        self._shop = shop
        self._sales = sales
        self.known: frozenset[str] = frozenset()

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "sale.order.update": Method(self.order_update, modifies=True),
            "sale.order.list": Method(self.order_list),
            "sale.payment.get": Method(self.payment_get),
            "sale.payment.update": Method(self.payment_update, modifies=True),
            "sale.shipment.get": Method(self.shipment_get),
            "salescenter.payment.getpublicurl": Method(self.payment_link),
            "app.rma.get": Method(self.return_get),
            "app.rma.list": Method(self.return_list),
            "scope": Method(self.scope),
            "method.get": Method(self.method_get),
        }

    def order_update(self, call: Call) -> Reply:
        """`sale.order.update`: cancel an order with a reason; one that is paid or handed over is refused."""
        order = self._sales.find(call.params, "id")
        fields = call.params.section("fields")
        if not fields.flag("CANCELED"):
            raise out_of_range(fields.name("CANCELED"), "an order can only be canceled here")
        if order.paid:
            raise RestError("SALE_ORDER_CANCEL_PAYMENT_EXIST_ACTIVE", "Заказ оплачен, отменить его нельзя")
        if order.handed_over:
            raise RestError("SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED", "Заказ отгружен, отменить его нельзя")
        reason = fields.optional_text("REASON_CANCELED")
        if order.status is not Status.CANCELED:
            self._shop.change_order(order, OrderChange(status=Status.CANCELED, reason=reason))
        return Reply({"order": order_view(order)})

    def order_list(self, call: Call) -> Reply:
        """`sale.order.list` by `USER_ID` and `>=DATE_UPDATE`, by id."""
        filters = call.params.optional_section("filter")
        found = [order for order in self._shop.orders.all() if _passes(order, filters)]
        views = [order_view(order) for order in found]
        names = set(call.params.texts("select")) if call.params.has("select") else set()
        rows = [{name: view[name] for name in view if not names or name in names} for view in views]
        return page_of(call.params, "orders", rows)

    def payment_get(self, call: Call) -> Reply:
        """`sale.payment.get`: an order has one payment, numbered after it."""
        order = self._of_part(call.params, 200640400001)
        return Reply({"payment": {**order_view(order)["PAYMENT"][0], "ORDER_ID": order.id}})

    def payment_update(self, call: Call) -> Reply:
        """`sale.payment.update`: say whether it is paid."""
        order = self._of_part(call.params, 200640400001)
        fields = call.params.section("fields")
        if not fields.has("PAY_SYSTEM_ID"):
            raise missing(fields.name("PAY_SYSTEM_ID"))
        paid = fields.flag("PAID")
        if paid is not order.paid:
            self._shop.change_order(order, OrderChange(paid=paid))
        return Reply({"payment": order_view(order)["PAYMENT"][0]})

    def shipment_get(self, call: Call) -> Reply:
        """`sale.shipment.get`: an order has one shipment, numbered after it."""
        order = self._of_part(call.params, 201140400001)
        return Reply({"shipment": {**order_view(order)["SHIPMENT"][0], "ORDER_ID": order.id}})

    def payment_link(self, call: Call) -> Reply:
        """`salescenter.payment.getPublicUrl`: the link of a payment that is made by one."""
        order = self._of_part(call.params, 200640400001)
        url = payment_url(order, call.host) if order.pay_token else None
        return Reply({"payment": {"URL": url, "SHORT_URL": url}})

    def _of_part(self, params: Params, code: int) -> Order:
        order = self._shop.orders.get(params.id("id"))
        if order is None:
            raise RestError(code, "Parameter {id}: there is no such part of an order")
        return order

    def return_get(self, call: Call) -> Reply:
        """`app.rma.get`."""
        item = self._shop.returns.get(call.params.id("id"))
        if item is None:
            raise RestError("ERROR_NOT_FOUND", "Parameter {id}: there is no such return")
        return Reply(_return_view(item))

    def return_list(self, call: Call) -> Reply:
        """`app.rma.list` by `ORDER_ID`."""
        order_id = call.params.section("filter").id("ORDER_ID")
        return page_of(call.params, "items", [_return_view(item) for item in self._shop.returns.of_order(order_id)])

    def scope(self, _call: Call) -> Reply:
        """`scope`: a proxy has whatever its methods need."""
        return Reply(list(SCOPES))

    def method_get(self, call: Call) -> Reply:
        """`method.get`: whether there is a method of this name."""
        known = call.params.text("name").lower() in self.known
        return Reply({"isExisting": known, "isAvailable": known})


def _passes(order: Order, filters: Params) -> bool:
    if filters.has("USER_ID") and order.buyer_id != filters.id("USER_ID"):
        return False
    since = read_moment(filters.text(">=DATE_UPDATE")) if filters.has(">=DATE_UPDATE") else None
    return since is None or (order.changed_at or order.created_at) >= since


def _return_view(item: Return) -> dict[str, Any]:
    return {
        "RMA_ID": item.id,
        "ORDER_ID": item.order_id,
        "STATUS": item.status.value,
        "REASON": item.reason,
        "DATE_CREATE": iso(item.created_at),
        "ITEMS": [{"PRODUCT_ID": product, "QUANTITY": int(pieces)} for product, pieces in item.items.items()],
        "PHOTOS": list(item.photos),
    }
