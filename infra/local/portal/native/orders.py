"""`sale.order.*` and `sale.propertyvalue.modify`.

Nested creation does not exist: whatever is not in the writable list is dropped without a word.

See shared/bitrix/README.md, «Orders», «Reading an order», «Finding an order by its key».
"""

from __future__ import annotations

from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.errors import RestError, missing, out_of_range
from infra.local.portal.native.constants import ORDER_STATUSES, order_properties
from infra.local.portal.native.families import ENTITY
from infra.local.portal.native.field_kinds import fields as kinds
from infra.local.portal.native.finding import find_order
from infra.local.portal.native.listing import Listing, render
from infra.local.portal.native.model import SaleOrder
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.order_views import OrderViews
from infra.local.portal.native.reading import fields_of, flag_of, number, object_id, php_int, require, text_of
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params

_PLAIN_FIELDS = ("userDescription", "comments", "responsibleId", "id1c", "externalOrder")


class OrderMethods:
    """The methods about orders as such."""

    def __init__(self, options: PortalOptions, ledger: Ledger, views: OrderViews) -> None:
        self._options = options
        self._ledger = ledger
        self._views = views

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {
            "sale.order.add": Method(self.add, modifies=True, scope="sale"),
            "sale.order.get": Method(self.get, scope="sale"),
            "sale.order.list": Method(self.list, scope="sale"),
            "sale.order.update": Method(self.update, modifies=True, scope="sale"),
            "sale.order.modify": Method(self.modify, modifies=True, scope="sale"),
            "sale.order.delete": Method(self.delete, modifies=True, scope="sale"),
            "sale.propertyvalue.modify": Method(self.modify_properties, modifies=True, scope="sale"),
        }

    def add(self, call: Call) -> Reply:
        """Make an order without lines."""
        fields = fields_of(call.params)
        require(fields, "lid", "personTypeId", "currency")
        if text_of(fields, "lid") != self._options.native.site:
            raise out_of_range("fields[lid]", "there is no such site")
        if php_int(fields.raw("personTypeId")) != self._options.native.person_type_id:
            raise out_of_range("fields[personTypeId]", "there is no such person type")
        status = _status(fields)
        order = self._ledger.add_order(
            php_int(fields.raw("personTypeId")),
            text_of(fields, "currency"),
            php_int(fields.raw("userId") or self._options.webhook_user),
            text_of(fields, "xmlId"),
        )
        order.status_id = status or order.status_id
        order.given_price = number(fields.raw("price")) or order.given_price
        self._write(order, fields)
        self._ledger.save(order)
        return self._whole(order)

    def get(self, call: Call) -> Reply:
        """Return one order with all its parts."""
        return self._whole(find_order(self._ledger, object_id(call.params)))

    def _whole(self, order: SaleOrder) -> Reply:
        return Reply({"order": render(self._views.whole(order))})

    def list(self, call: Call) -> Reply:
        """Return a page of orders without their parts."""
        return ORDERS.reply(call.params, [self._views.order(order) for order in self._ledger.all()])

    def update(self, call: Call) -> Reply:
        """Change what may be changed: the cancellation of an order that is paid or handed over is refused."""
        order = find_order(self._ledger, object_id(call.params))
        fields = fields_of(call.params)
        status = _status(fields)
        canceled = flag_of(fields, "canceled") if fields.has("canceled") else order.canceled
        if canceled and not order.canceled:
            order.refuse_if_paid()
            _refuse_shipped(order)
        if status:
            self._ledger.set_status(order, status)
        self._write(order, fields)
        self._ledger.save(order)
        return self._whole(order)

    def modify(self, call: Call) -> Reply:
        """Change an order with its parts, of which this portal takes the clients: they replace those before."""
        given = fields_of(call.params).section("order")
        order = find_order(self._ledger, object_id(given))
        if given.has("clients"):
            self._ledger.set_clients(order, [_client(one) for one in given.sections("clients")])
        self._ledger.save(order)
        return self._whole(order)

    def _write(self, order: SaleOrder, fields: Params) -> None:
        order.fields.update({name: text_of(fields, name) for name in _PLAIN_FIELDS if fields.has(name)})
        if fields.has("reasonCanceled"):
            order.reason_canceled = text_of(fields, "reasonCanceled")
        if fields.has("xmlId"):
            order.xml_id = text_of(fields, "xmlId") or order.xml_id
        if fields.has("canceled"):
            self._ledger.cancel(order, canceled=flag_of(fields, "canceled"))

    def delete(self, call: Call) -> Reply:
        """Remove an order; a paid one is refused."""
        order = find_order(self._ledger, object_id(call.params))
        order.refuse_if_paid()
        self._ledger.delete(order)
        return Reply(result=True)

    def modify_properties(self, call: Call) -> Reply:
        """Replace the full set of an order's property values."""
        given = fields_of(call.params).section("order")
        order = find_order(self._ledger, object_id(given))
        if not given.has("propertyValues"):
            raise missing(given.name("propertyValues"))
        known = order_properties(self._options)
        values = {}
        for one in given.sections("propertyValues"):
            property_id = php_int(one.raw("orderPropsId"))
            if property_id in known:
                values[property_id] = text_of(one, "value")
        self._ledger.replace_properties(order, values)
        return Reply({"propertyValues": self._views.property_values(order)})


def _client(given: Params) -> tuple[int, int]:
    """Return kind and id of a client. Raises `RestError` for one without."""
    require(given, "entityTypeId", "entityId")
    return php_int(given.raw("entityTypeId")), php_int(given.raw("entityId"))


def _status(fields: Params) -> str:
    """Return the status asked for, empty when none is."""
    status = text_of(fields, "statusId")
    if status and status not in ORDER_STATUSES:
        raise out_of_range("fields[statusId]", "there is no such status of orders")
    return status


def _refuse_shipped(order: SaleOrder) -> None:
    if any(shipment.deducted for shipment in order.shipments):
        raise RestError("SALE_ORDER_CANCEL_SHIPMENT_EXIST_SHIPPED", "The order has shipments that were handed over")


ORDERS = Listing(
    "orders",
    kinds(
        ints="id personTypeId userId version responsibleId",
        floats="price",
        texts="accountNumber xmlId lid statusId reasonCanceled currency userDescription comments id1c",
        flags="payed canceled deducted externalOrder",
        moments="dateInsert dateUpdate dateStatus",
    ),
    ENTITY,
)
