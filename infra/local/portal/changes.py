"""Reading what the shop's side wants to change: from the control end points and from the desk's forms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NoReturn

from infra.local.portal.errors import missing, mistyped, out_of_range
from infra.local.portal.figures import to_kopecks
from infra.local.portal.native.reading import number
from infra.local.portal.orders import OrderChange
from infra.local.portal.params import Params, as_id
from infra.local.portal.returns import RETURN_STATUSES
from shared.status import Status


def read_order_change(params: Params) -> OrderChange:
    """Read what is given of an `OrderChange`, at least one thing. Raises `RestError` 400."""
    change = OrderChange(
        status=_read_status(params) if params.has("status") else None,
        reason=params.text("reason", blank=True) if params.has("reason") else None,
        tracking=params.text("tracking", blank=True) if params.has("tracking") else None,
        eta=_read_eta(params) if params.has("eta") else None,
        paid=params.flag("paid") if params.has("paid") else None,
        lines=read_lines(params) if params.has("lines") else None,
        prices=_read_prices(params) if params.has("prices") else None,
        delivery_price=read_sum(params, "delivery_price") if params.has("delivery_price") else None,
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


def read_lines(params: Params) -> dict[str, Decimal]:
    """Read new whole quantities by product, zero among them; a form leaves unchanged lines as they are."""
    given = params.section("lines")
    return {as_id(name, given.name(name)): Decimal(given.integer(name)) for name in given.names()}


def _read_prices(params: Params) -> dict[str, Decimal]:
    given = params.section("prices")
    return {as_id(name, given.name(name)): read_sum(given, name) for name in given.names()}


def read_sum(params: Params, name: str) -> Decimal:
    """Read a sum of money, zero among them. Raises `RestError` 400."""
    found = number(params.raw(name))
    if found is None or found < 0:
        raise out_of_range(params.name(name), "a sum of money")
    return to_kopecks(found)


def _read_eta(params: Params) -> date | str:
    text = params.text("eta", blank=True)
    try:
        return date.fromisoformat(text) if text else ""
    except ValueError:
        raise mistyped("eta", "date (YYYY-MM-DD)") from None
