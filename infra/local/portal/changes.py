"""Reading what the shop's side wants to change: from the control end points and from the desk's forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NoReturn

from infra.local.portal.catalogue import STORES, Product
from infra.local.portal.errors import RestError, missing, mistyped, out_of_range
from infra.local.portal.orders import OrderChange
from infra.local.portal.params import Params
from infra.local.portal.returns import RETURN_STATUSES
from shared.status import Status

_KOPECK = Decimal("0.01")


def read_order_change(params: Params) -> OrderChange:
    """Read `status`, `reason`, `tracking`, `eta`, `paid`: at least one of them. Raises `RestError` 400."""
    change = OrderChange(
        status=_read_status(params) if params.has("status") else None,
        reason=params.text("reason", blank=True) if params.has("reason") else None,
        tracking=params.text("tracking", blank=True) if params.has("tracking") else None,
        eta=_read_eta(params) if params.has("eta") else None,
        paid=params.flag("paid") if params.has("paid") else None,
    )
    if change == OrderChange():
        raise missing("status")
    return change


def read_return_change(params: Params) -> tuple[Status, str]:
    """Read `status` and `reason` of a return. Raises `RestError` 400."""
    status = _read_status(params)
    if status not in RETURN_STATUSES:
        _unknown_status(status)
    return status, params.optional_text("reason")


def _read_status(params: Params) -> Status:
    word = params.text("status")
    if word not in Status.__members__:
        _unknown_status(word)
    return Status(word)


def _unknown_status(word: str) -> NoReturn:
    raise out_of_range("status", f"unknown status {word[:40]}")


def _read_eta(params: Params) -> date | str:
    text = params.text("eta", blank=True)
    try:
        return date.fromisoformat(text) if text else ""
    except ValueError:
        raise mistyped("eta", "date (YYYY-MM-DD)") from None


def change_product(product: Product, params: Params) -> None:
    """Set `price` and `stock` (pieces by store id or name): at least one of them. Raises `RestError` 400."""
    price = params.positive("price").quantize(_KOPECK) if params.has("price") else None
    stock = _read_stock(params.section("stock")) if params.has("stock") else None
    if price is None and stock is None:
        raise missing("price")
    if price is not None:
        product.price = price
    product.stock.update(stock or {})


def _read_stock(params: Params) -> dict[str, int]:
    by_name = {name: store for store, name in STORES.items()}
    stock = {}
    for given in params.names():
        store = by_name.get(given, given)
        if store not in STORES:
            raise RestError("ERROR_NOT_FOUND", f"Parameter {{{params.name(given)}}}: there is no such store")
        stock[store] = params.integer(given)
    return stock
