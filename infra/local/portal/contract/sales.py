"""Rows 3 to 5 of the spec's §2: the basket, making an order, reading it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from infra.local.portal.catalogue import store_title
from infra.local.portal.deliveries import Delivery
from infra.local.portal.dialect import Call, Reply
from infra.local.portal.errors import RestError, not_enough, out_of_range
from infra.local.portal.figures import money, plain
from infra.local.portal.native.reading import yes
from infra.local.portal.orders import NotEnoughError, Order, OrderError
from infra.local.portal.params import Params
from infra.local.portal.shop import Shop
from infra.local.portal.timing import iso
from shared.status import Status

_PROPERTIES = ("PHONE", "COMMENT")


class Sales:
    """The methods about baskets and orders."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def basket_add(self, call: Call) -> Reply:
        """`sale.basketitem.add`: put a product into the buyer's basket; answers the basket item's id."""
        fields = call.params.section("fields")
        product_id, quantity, buyer = fields.id("PRODUCT_ID"), fields.whole("QUANTITY"), fields.id("FUSER_ID")
        try:
            item = self._shop.orders.add_to_basket(buyer, product_id, Decimal(quantity))
        except NotEnoughError as error:
            raise not_enough(error.left, str(error)) from None
        except OrderError as error:
            raise RestError(200140400007, f"Parameter {{{fields.name('PRODUCT_ID')}}}: {error}") from None
        return Reply(item.id)

    def order_add(self, call: Call) -> Reply:
        """`sale.order.add`: make an order of everything in the buyer's basket; prepaid ones get a payment link."""
        fields = call.params.section("fields")
        buyer = fields.id("USER_ID")
        pay_system, prepaid = self._pay_system(fields.sections("PAYMENT")[0])
        delivery = self._delivery(fields.sections("SHIPMENT")[0])
        properties = _read_properties(fields.section("PROPERTY_VALUES"))
        try:
            order = self._shop.orders.create(buyer, pay_system, delivery, properties, prepaid=prepaid)
        except NotEnoughError as error:
            raise not_enough(error.left, str(error)) from None
        except OrderError as error:
            raise RestError(0, f"Заказ не создан: {error}") from None
        extra = {"result_data": {"payment_url": payment_url(order, call.host)}} if order.pay_token else {}
        return Reply(int(order.id), extra=extra)

    def order_get(self, call: Call) -> Reply:
        """`sale.order.get`: the order with its payment, shipment and lines."""
        return Reply(order_view(self.find(call.params, "id")))

    def find(self, params: Params, key: str) -> Order:
        """Return the order a parameter names, or refuse."""
        order_id = params.id(key)
        order = self._shop.orders.get(order_id)
        if order is None:
            raise RestError(200540400001, f"Parameter {{{params.name(key)}}}: заказ {order_id} не существует")
        return order

    def _pay_system(self, payment: Params) -> tuple[str, bool]:
        options = self._shop.options
        pay_system = payment.id("PAY_SYSTEM_ID")
        if pay_system not in (options.pay_system_prepaid, options.pay_system_cod):
            raise out_of_range(payment.name("PAY_SYSTEM_ID"), f"there is no pay system {pay_system}")
        return pay_system, pay_system == options.pay_system_prepaid

    def _delivery(self, shipment: Params) -> Delivery:
        wanted = shipment.id("DELIVERY_SERVICE_ID")
        found = next((one for one in self._shop.options.deliveries if one.id == wanted and one.active), None)
        if found is None:
            name = shipment.name("DELIVERY_SERVICE_ID")
            raise RestError("SALE_SHIPMENT_WRONG_DELIVERY_SERVICE", f"Parameter {{{name}}}: no such delivery service")
        return found


def _read_properties(params: Params) -> Mapping[str, str]:
    optional = {name: params.text(name, blank=True) for name in _PROPERTIES if params.has(name)}
    return {"ADDRESS": params.text("ADDRESS"), **optional}


def payment_url(order: Order, host: str) -> str:
    """Return the link a prepaid order is paid by."""
    return f"{host}/pay/{order.pay_token}"


def order_view(order: Order) -> dict[str, Any]:
    """Return an order as `sale.order.get` shows it. An order has one payment and one shipment, numbered after it."""
    return {
        "ID": order.id,
        **({"ACCOUNT_NUMBER": order.number} if order.number else {}),
        "STATUS_ID": order.status.value,
        "PRICE": money(order.total),
        "CURRENCY": order.currency,
        "USER_ID": order.buyer_id,
        "DATE_INSERT": iso(order.created_at),
        "DATE_UPDATE": iso(order.changed_at or order.created_at),
        "PAYED": yes(order.paid),
        "CANCELED": yes(order.status is Status.CANCELED),
        "REASON_CANCELED": order.reason,
        "PAYMENT": [
            {
                "ID": order.id,
                "PAY_SYSTEM_ID": order.pay_system_id,
                "SUM": money(order.total),
                "PAID": yes(order.paid),
            }
        ],
        "SHIPMENT": [
            {
                "ID": order.id,
                "DELIVERY_SERVICE_ID": order.delivery_id,
                "TRACKING_NUMBER": order.tracking,
                "ETA": order.eta.isoformat() if order.eta else "",
                "DELIVERY_NAME": order.delivery_name,
                "PRICE_DELIVERY": money(order.delivery_price),
                "DEDUCTED": yes(order.handed_over),
                "STORES": [store_title(store) for store in order.stores],
            }
        ],
        "BASKET": [
            {
                "ID": str(line.id),
                "PRODUCT_ID": line.product_id,
                "NAME": line.name,
                "QUANTITY": plain(line.quantity),
                "PRICE": money(line.price),
            }
            for line in order.lines
        ],
        "PROPERTY_VALUES": dict(order.properties),
    }
