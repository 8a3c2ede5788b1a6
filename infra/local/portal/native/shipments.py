"""`sale.shipment.*` and `sale.shipmentitem.add`."""

from __future__ import annotations

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError, out_of_range
from infra.local.portal.native.constants import shipment_statuses
from infra.local.portal.native.families import ENTITY
from infra.local.portal.native.field_kinds import fields as kinds
from infra.local.portal.native.finding import find_order, find_shipment
from infra.local.portal.native.listing import Listing, render
from infra.local.portal.native.model import SaleOrder, Shipment
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.order_views import OrderViews
from infra.local.portal.native.reading import fields_of, flag_of, number, object_id, php_int, require, text_of
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params

SHIPMENTS = Listing(
    "shipments",
    kinds(
        ints="id orderId deliveryId",
        texts="accountNumber statusId trackingNumber xmlId",
        flags="allowDelivery deducted system",
        moments="dateInsert",
    ),
    ENTITY,
)

_REQUIRED = ("allowDelivery", "deducted", "deliveryId")


class ShipmentMethods:
    """The methods about shipments."""

    def __init__(self, options: PortalOptions, ledger: Ledger, views: OrderViews) -> None:
        self._ledger = ledger
        self._views = views
        self._core = options.native.core_rules
        self._statuses = shipment_statuses(options)

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "sale.shipment.add": Method(self.add, modifies=True, scope="sale"),
            "sale.shipment.update": Method(self.update, modifies=True, scope="sale"),
            "sale.shipment.get": Method(self.get, scope="sale"),
            "sale.shipment.list": Method(self.list, scope="sale"),
            "sale.shipmentitem.add": Method(self.add_item, modifies=True, scope="sale"),
        }

    def add(self, call: Call) -> Reply:
        """Add a shipment with nothing in it."""
        fields = fields_of(call.params)
        require(fields, "orderId", *_REQUIRED)
        order = find_order(self._ledger, php_int(fields.raw("orderId")))
        delivery, status = self._delivery(fields), self._status(fields)
        shipment = self._ledger.add_shipment(order, delivery, xml_id=text_of(fields, "xmlId"))
        return self._write(order, shipment, fields, status)

    def update(self, call: Call) -> Reply:
        """Change a shipment; what was required at first is required again."""
        order, shipment = find_shipment(self._ledger, object_id(call.params))
        fields = fields_of(call.params)
        require(fields, *_REQUIRED)
        delivery, status = self._delivery(fields), self._status(fields)
        shipment.delivery_id = delivery
        return self._write(order, shipment, fields, status)

    def _write(self, order: SaleOrder, shipment: Shipment, fields: Params, status: str) -> Reply:
        shipment.status_id = status or shipment.status_id
        shipment.allow_delivery = flag_of(fields, "allowDelivery")
        shipment.tracking_number = text_of(fields, "trackingNumber", shipment.tracking_number)
        shipment.comments = text_of(fields, "comments", shipment.comments)
        price = number(fields.raw("basePriceDelivery"))
        shipment.price = shipment.price if price is None else price
        self._ledger.deduct(order, shipment, deducted=flag_of(fields, "deducted"))
        self._ledger.shipment_saved(order, shipment)
        return self._one(shipment)

    def _delivery(self, fields: Params) -> int:
        delivery = php_int(fields.raw("deliveryId"))
        if self._ledger.deliveries.get(delivery) is None:
            raise RestError("SALE_SHIPMENT_WRONG_DELIVERY_SERVICE", "Wrong delivery service")
        return delivery

    def _status(self, fields: Params) -> str:
        status = text_of(fields, "statusId")
        if status and status not in self._statuses:
            raise out_of_range("fields[statusId]", "there is no such status of shipments")
        return status

    def _one(self, shipment: Shipment) -> Reply:
        return Reply({"shipment": render(self._views.shipment(shipment))})

    def get(self, call: Call) -> Reply:
        """Return one shipment; the way from a shipment's event to its order. The system's own ones are not shown."""
        shipment = find_shipment(self._ledger, object_id(call.params))[1]
        if shipment.system and self._core:
            raise RestError(201140400001, "shipment is not exists")
        return self._one(shipment)

    def list(self, call: Call) -> Reply:
        """Return a page of shipments; the core leaves the system's own ones out."""
        shipments = (one for order in self._ledger.all() for one in order.shipments)
        rows = [self._views.shipment(one) for one in shipments if not (one.system and self._core)]
        return SHIPMENTS.reply(call.params, rows)

    def add_item(self, call: Call) -> Reply:
        """Put a line into a shipment; the same line twice is refused."""
        fields = fields_of(call.params)
        require(fields, "orderDeliveryId", "basketId", "quantity")
        order, shipment = find_shipment(self._ledger, php_int(fields.raw("orderDeliveryId")), 201240400002)
        basket_id = php_int(fields.raw("basketId"))
        if all(line.id != basket_id for line in order.basket):
            raise RestError(201240400003, "basket item is not exists")
        if any(item.basket_id == basket_id for item in shipment.items):
            raise RestError(201250000001, "Duplicate entry for key [basketId, orderDeliveryId]")
        quantity = number(fields.raw("quantity"))
        if quantity is None or quantity <= 0:
            raise out_of_range("fields[quantity]", "must be above zero")
        item = self._ledger.add_shipment_item(shipment, basket_id, quantity, text_of(fields, "xmlId"))
        self._ledger.shipment_saved(order, shipment)
        return Reply({"shipmentItem": render(self._views.shipment_item(item))})
