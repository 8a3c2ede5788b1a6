"""What a real portal charges for an order, part by part: the reading of `sale.order.get`."""

from __future__ import annotations

from decimal import Decimal

from shared.bitrix.fields import Row, find, need_amount, need_id, number
from shared.bitrix.sensible import rows_that_are, sensible

_METHOD = "sale.order.get"


def prices_in(order: Row) -> dict[str, Decimal]:
    """Return what a unit of each product costs, after the portal's discounts; of what cannot be read nothing."""
    needed = {"productId": lambda row: need_id(row, "productId"), "price": lambda row: need_amount(row, "price")}
    lines = sensible(rows_that_are(order, "basketItems", _METHOD), _METHOD, needed)
    return {need_id(line, "productId"): need_amount(line, "price") for line in lines}


def delivery_in(order: Row) -> Decimal:
    """Return what bringing the goods costs in all, 0 where the portal does not tell."""
    needed = {"priceDelivery": _price}
    return sum(map(_price, sensible(rows_that_are(order, "shipments", _METHOD), _METHOD, needed)), Decimal(0))


def _price(shipment: Row) -> Decimal:
    return number(find(shipment, "priceDelivery") or 0, "priceDelivery")
