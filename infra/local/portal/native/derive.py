"""Which of the ten words an order is at."""

from __future__ import annotations

from infra.local.portal.native.model import SaleOrder
from shared.status import Status


def derive_status(order: SaleOrder, delivered_status: str) -> Status:
    """Return the word, without regard to returns."""
    shipments = order.own_shipments
    if order.canceled or order.status_id == "D":
        return Status.CANCELED
    if order.status_id == "F":
        return Status.FINISHED
    if shipments and all(shipment.status_id == delivered_status for shipment in shipments):
        return Status.DELIVERED
    if order.status_id == "S" or any(shipment.deducted or shipment.status_id == "DF" for shipment in shipments):
        return Status.SHIPPED
    if order.status_id == "P" or any(shipment.allow_delivery for shipment in shipments):
        return Status.WAITING_FOR_DELIVERY
    return Status.PAYED if order.payed else Status.NEW
