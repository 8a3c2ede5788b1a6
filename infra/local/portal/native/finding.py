"""Finding the order, payment or shipment a call is about, or refusing with the code for what is not there."""

from __future__ import annotations

from infra.local.portal.errors import RestError
from infra.local.portal.native.model import Payment, SaleOrder, Shipment
from infra.local.portal.native.order_repository import Ledger
from infra.local.portal.native.reading import object_id
from infra.local.portal.params import Params


def find_order(ledger: Ledger, order_id: int, code: int = 200540400001) -> SaleOrder:
    """Return an order. Raises `RestError` «order does not exist»."""
    order = ledger.get(order_id)
    if order is None:
        raise RestError(code, "order is not exists")
    return order


def find_payment(ledger: Ledger, params: Params) -> tuple[SaleOrder, Payment]:
    """Return the payment named by `id` and its order. Raises `RestError` 200640400001."""
    payment = ledger.payment(object_id(params))
    if payment is None:
        raise RestError(200640400001, "payment is not exists")
    return ledger.known(payment.order_id), payment


def find_shipment(ledger: Ledger, shipment_id: int, code: int = 201140400001) -> tuple[SaleOrder, Shipment]:
    """Return a shipment and its order. Raises `RestError`."""
    shipment = ledger.shipment(shipment_id)
    if shipment is None:
        raise RestError(code, "shipment is not exists")
    return ledger.known(shipment.order_id), shipment
