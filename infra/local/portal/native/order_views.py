"""How orders and their parts look over REST, as rows of a list and as one object."""

from __future__ import annotations

from typing import Any

from infra.local.portal.deliveries import DeliveryBook
from infra.local.portal.native.constants import order_properties, pay_systems
from infra.local.portal.native.model import BasketItem, Client, Payment, SaleOrder, Shipment, ShipmentItem
from infra.local.portal.native.reading import yes
from infra.local.portal.options import PortalOptions


class OrderViews:
    """Writes orders the way the portal does; values are as Python has them (see `listing.render`)."""

    def __init__(self, options: PortalOptions, deliveries: DeliveryBook) -> None:
        self._options = options
        self._properties = order_properties(options)
        self._pay_systems = pay_systems(options)
        self._deliveries = deliveries

    def order(self, order: SaleOrder) -> dict[str, Any]:
        """Return the order's own fields, as `sale.order.list` has them."""
        return {
            "id": order.id,
            "accountNumber": order.account_number,
            "xmlId": order.xml_id,
            "lid": self._options.native.site,
            "personTypeId": order.person_type_id,
            "personTypeXmlId": "",
            "userId": order.user_id,
            "statusId": order.status_id,
            "statusXmlId": "",
            "payed": yes(order.payed),
            "canceled": yes(order.canceled),
            "reasonCanceled": order.reason_canceled,
            "deducted": yes(order.deducted),
            "price": order.price,
            "discountValue": 0,
            "taxValue": 0,
            "currency": order.currency,
            "dateInsert": order.made_at,
            "dateUpdate": order.updated_at,
            "dateStatus": order.status_at,
            "version": order.version,
            "userDescription": order.fields.get("userDescription", ""),
            "comments": order.fields.get("comments", ""),
            "responsibleId": order.fields.get("responsibleId") or None,
            "id1c": order.fields.get("id1c", ""),
            "externalOrder": order.fields.get("externalOrder", "N"),
            **order.odd.get("order", {}),
        }

    def whole(self, order: SaleOrder) -> dict[str, Any]:
        """Return the order with all its parts, as `sale.order.get` has it; ids of lines are strings there."""
        return {
            **self.order(order),
            "basketItems": [{**self._line_of_order(item), **order.odd.get("line", {})} for item in order.basket],
            "payments": [{**self.payment(one), **order.odd.get("payment", {})} for one in order.payments],
            "shipments": [{**self.shipment(one), **order.odd.get("shipment", {})} for one in order.shipments],
            "propertyValues": self.property_values(order),
            "clients": [self._client(order, one) for one in order.clients],
            "tradeBindings": [],
            "requisiteLink": [],  # an empty map, as PHP prints it
        }

    def _client(self, order: SaleOrder, client: Client) -> dict[str, Any]:
        return {
            "id": client.id,
            "orderId": order.id,
            "entityTypeId": client.entity_type_id,
            "entityId": client.entity_id,
            "isPrimary": yes(client.primary),
            "roleId": 0,
            "sort": 0,
        }

    def _line_of_order(self, item: BasketItem) -> dict[str, Any]:
        view = self.line(item)
        reserved = [
            {"id": item.id * 100 + int(store), "basketId": item.id, "quantity": amount, "storeId": int(store)}
            for store, amount in item.taken.items()
        ]
        return {**view, "id": str(item.id), "orderId": str(item.order_id), "reservations": reserved, "properties": []}

    def line(self, item: BasketItem) -> dict[str, Any]:
        """Return a line, as `sale.basketitem.*` has it."""
        return {
            "id": item.id,
            "orderId": item.order_id,
            "productId": item.product_id,
            "name": item.product.name,
            "quantity": item.quantity,
            "price": item.price,
            "basePrice": item.base_price,
            "discountPrice": item.base_price - item.price,
            "customPrice": yes(item.custom_price),
            "currency": item.currency,
            "measureCode": str(item.product.measure.code),
            "measureName": item.product.measure.symbol,
            "xmlId": item.xml_id,
            "sort": 100,
        }

    def payment(self, payment: Payment) -> dict[str, Any]:
        """Return a payment."""
        system = self._pay_systems.get(payment.pay_system_id, {})
        return {
            "id": payment.id,
            "accountNumber": payment.account_number,
            "orderId": payment.order_id,
            "paySystemId": payment.pay_system_id,
            "paySystemIsCash": self._is_cash(system),
            "paySystemName": system.get("NAME", ""),
            "sum": payment.amount,
            "currency": payment.currency,
            "paid": yes(payment.paid),
            "datePaid": payment.paid_at,
            "dateBill": payment.made_at,
            "isReturn": payment.returned or "N",
            "xmlId": payment.xml_id,
            "comments": payment.comments,
        }

    def _is_cash(self, system: dict[str, Any]) -> str:
        """Return the pay system's own word: the core knows A, acquiring, too (`sale/lib/rest/entity/payment.php`)."""
        word = str(system.get("IS_CASH", "N"))
        return word if self._options.native.core_rules else yes(word == "Y")

    def shipment(self, shipment: Shipment) -> dict[str, Any]:
        """Return a shipment with what is in it."""
        return {
            "id": shipment.id,
            "accountNumber": shipment.account_number,
            "orderId": shipment.order_id,
            "deliveryId": shipment.delivery_id,
            "deliveryName": self._deliveries.name(shipment.delivery_id),
            "statusId": shipment.status_id,
            "allowDelivery": yes(shipment.allow_delivery),
            "deducted": yes(shipment.deducted),
            "canceled": "N",
            "trackingNumber": shipment.tracking_number,
            "trackingStatus": "",
            "trackingDescription": "",
            "priceDelivery": shipment.price,
            "currency": shipment.currency,
            "system": yes(shipment.system),
            "dateInsert": shipment.made_at,
            "comments": shipment.comments,
            "xmlId": shipment.xml_id,
            "shipmentItems": [self.shipment_item(item) for item in shipment.items],
        }

    def shipment_item(self, item: ShipmentItem) -> dict[str, Any]:
        """Return one position of a shipment."""
        return {
            "id": item.id,
            "orderDeliveryId": item.shipment_id,
            "basketId": item.basket_id,
            "quantity": item.quantity,
            "reservedQuantity": item.quantity,
            "xmlId": item.xml_id,
        }

    def property_values(self, order: SaleOrder) -> list[dict[str, Any]]:
        """Return the property values of an order."""
        return [
            {
                "id": value.id,
                "code": self._properties[property_id].code,
                "name": self._properties[property_id].name,
                "orderId": order.id,
                "orderPropsId": property_id,
                "value": value.value,
            }
            for property_id, value in order.properties.items()
        ]
