"""Orders' records as far as they can be understood: what makes no sense is told of in the log and left out.

A portal has codes nobody here knows, now or after its next release; one of them must not cost the whole order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, flag, need_amount, need_id, rows
from shared.bitrix.sensible import Reader, left_out, rows_that_are, sensible

_METHOD = "sale.order.get"
_FLAGS: Mapping[str, Sequence[str]] = {
    "": ("canceled", "payed"),
    "payments": ("paid",),
    "shipments": ("system", "deducted", "allowDelivery"),
}
"""Flags of the order itself and of its parts."""
_ACQUIRING = "A"


def _of_id(name: str) -> Reader:
    return lambda row: need_id(row, name)


def _of_amount(name: str) -> Reader:
    return lambda row: need_amount(row, name)


_NEEDED: Mapping[str, Mapping[str, Reader]] = {
    "basketItems": {
        "id": _of_id("id"),
        "productId": _of_id("productId"),
        "quantity": _of_amount("quantity"),
        "price": _of_amount("price"),
    },
    "payments": {"id": _of_id("id"), "paySystemId": _of_id("paySystemId"), "sum": _of_amount("sum")},
    "shipments": {"id": _of_id("id")},
    "propertyValues": {},
}
"""What a part of an order is nothing without."""


def with_known_flags(order: Row) -> Row:
    """Return the order with its flags, and those of its payments and shipments, as they are or None."""
    parts = {
        name: [_known_flags(row, flags) for row in rows(find(order, name), name)]
        for name, flags in _FLAGS.items()
        if name
    }
    return _known_flags({**order, **parts}, _FLAGS[""])


def without_odd_rows(order: Row) -> Row:
    """Return the order without lines, payments, shipments and property values that make no sense.

    It is for showing. Whoever decides by it what to make anew must see them, or makes things twice.
    """
    return {**order, **{name: _readable(order, name, needed) for name, needed in _NEEDED.items()}}


def is_returned(payment: Row) -> bool:
    """Tell whether a payment is money given back: Y into the buyer's account, P through the pay system."""
    return str(find(payment, "isReturn") or "N").upper() not in ("N", "0", "FALSE")


def is_cash(payment: Row) -> bool | None:
    """Tell whether a payment is in cash; A is acquiring, which is none. None where the portal does not tell."""
    told = find(payment, "paySystemIsCash")
    if told in (None, ""):
        return None
    if str(told).upper() == _ACQUIRING:
        return False
    if not _is_flag(told):
        _left_out("paySystemIsCash")
        return None
    return flag(told, "paySystemIsCash")


def _known_flags(row: Row, names: Sequence[str]) -> Row:
    odd = [name for name in names if not _is_flag(find(row, name) or "N")]
    for name in odd:
        _left_out(name)
    return {**row, **dict.fromkeys(odd)} if odd else row


def _is_flag(value: object) -> bool:
    try:
        flag(value, "")
    except BadAnswer:
        return False
    return True


def _readable(order: Row, name: str, needed: Mapping[str, Reader]) -> Sequence[Row]:
    return sensible(
        rows_that_are(order, name, _METHOD), _METHOD, {f"{name}.{field}": read for field, read in needed.items()}
    )


def _left_out(field: str) -> None:
    left_out(_METHOD, field)
