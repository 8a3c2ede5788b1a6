"""What a portal's managers have made of it, counted before launch: units, steps, stock, VAT, prices, orders.

Each count is of a list narrowed by a condition. A portal drops a condition it does not know and returns everything, so
the rows of the first page must match it, or it is `BadAnswer` (shared/bitrix/CORE.md, «7. Counted before launch»).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, listed, moment, need_id, need_row, number, text
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.portal import Answer, Command, Operation

Matches = Callable[[Row], bool]
Count = Operation[int]
_DEAL = "2"
"""`ownerTypeId` of a deal."""
_OF_PROPERTY = ("id", "name", "code", "multiple", "propertyType", "userType")


def variations(iblock_id: str) -> Count:
    """`catalog.product.list` of the information block of variations."""
    return _goods(iblock_id, {}, "id", lambda row: bool(need_id(row, "id")))


def in_stock(iblock_id: str) -> Count:
    """Count products whose own `quantity` is above zero, whether or not stock is counted by store."""
    return _goods(iblock_id, {">quantity": 0}, "quantity", partial(_above, "quantity", 0))


def vat_on_top(iblock_id: str) -> Count:
    """Count products whose price does not hold the VAT."""
    return _goods(iblock_id, {"=vatIncluded": "N"}, "vatIncluded", lambda row: text(row, "vatIncluded") == "N")


def in_units(iblock_id: str, measure_ids: Sequence[str]) -> Count:
    """Count products sold in one of these units."""
    wanted = {"measure": [as_sent(one) for one in measure_ids]}
    return _goods(iblock_id, wanted, "measure", lambda row: text(row, "measure") in measure_ids)


def in_steps() -> Count:
    """Count products that are not sold one by one: `catalog.ratio.list`."""
    return _count("catalog.ratio.list", "ratios", ("id", "ratio"), {"!=ratio": 1}, _is_step)


def in_stores() -> Count:
    """Count what lies in stores: `catalog.storeproduct.list`."""
    fields, matches = ("id", "amount"), partial(_above, "amount", 0)
    return _count("catalog.storeproduct.list", "storeProducts", fields, {">amount": 0}, matches)


def stores() -> Count:
    """Count the active stores: `catalog.store.list`."""
    return _count("catalog.store.list", "stores", ("id", "active"), {"active": "Y"}, _is_active)


def in_other_currency(price_type_id: str, currency: str) -> Count:
    """Count prices of a type that are in another currency: `catalog.price.list`."""
    wanted = {"catalogGroupId": as_sent(price_type_id), "!=currency": currency}
    matches = partial(_is_other, "currency", currency)
    return _count("catalog.price.list", "prices", ("id", "currency"), wanted, matches)


def by_quantity(price_type_id: str) -> Count:
    """Count prices of a type that hold from a second piece on."""
    wanted = {"catalogGroupId": as_sent(price_type_id), ">quantityFrom": 1}
    matches = partial(_above, "quantityFrom", 1)
    return _count("catalog.price.list", "prices", ("id", "quantityFrom"), wanted, matches)


def discounted_lines() -> Count:
    """Count lines of orders that cost less than their list price: `sale.basketitem.list`."""
    fields, matches = ("id", "discountPrice"), partial(_above, "discountPrice", 0)
    return _count("sale.basketitem.list", "basketItems", fields, {">discountPrice": 0}, matches)


def measures() -> Operation[tuple[Entry, ...]]:
    """`catalog.measure.list`; the name is the symbol, kind Y is the one goods have unless they say otherwise."""
    return Operation({"list": Command("catalog.measure.list", {})}, _measures)


def currencies() -> Operation[tuple[Entry, ...]]:
    """`crm.currency.list`; kind Y is the portal's own."""
    return Operation({"list": Command("crm.currency.list", {})}, _currencies)


@dataclass(frozen=True)
class GoodsProperty(Entry):
    """A property of goods; kind Y may hold several values.

    `type` is the portal's letter for its values, `L` of a list, `S` of text; `user_type` its word for special ones.
    """

    type: str = ""
    user_type: str = ""


@dataclass(frozen=True)
class PropertyPage:
    """Some properties of goods, and where the next page begins, if there is one."""

    properties: Sequence[GoodsProperty]
    next: int | None = None


def properties_of_goods(iblock_id: str, property_id: str = "", start: int = 0) -> Operation[PropertyPage]:
    """`catalog.productProperty.list`: a page of an information block's properties, or the one property."""
    wanted = {"iblockId": as_sent(iblock_id), **({"id": as_sent(property_id)} if property_id else {})}
    params = {"select": list(_OF_PROPERTY), "filter": wanted, "order": {"id": "asc"}, "start": start}
    return Operation({"list": Command("catalog.productProperty.list", params)}, _properties)


@dataclass(frozen=True)
class NewestOrder:
    """The order that changed last, and how many of the page it leads have a discount on the whole order."""

    id: str
    changed: datetime
    discounted: int


def newest_order(buyer_user_id: str) -> Operation[NewestOrder | None]:
    """`sale.order.list`, the last change first; of the one buyer if there is one. None when there is no order."""
    params: dict[str, Any] = {"select": ["id", "dateUpdate", "discountValue"], "order": {"dateUpdate": "desc"}}
    if buyer_user_id:
        params["filter"] = {"userId": as_sent(buyer_user_id)}
    return Operation({"list": Command("sale.order.list", params)}, _newest)


def has_deal(order_id: str) -> Operation[bool]:
    """`crm.orderentity.list`: whether the order belongs to a deal."""
    command = Command("crm.orderentity.list", {"filter": {"orderId": as_sent(order_id)}})
    return Operation({"list": command}, partial(_has_deal, order_id))


def licence() -> Operation[str]:
    """`app.info`: the plan, which begins with the portal's region (`ru_basic`)."""
    return Operation({"app": Command("app.info", {})}, _licence)


def _goods(iblock_id: str, wanted: Mapping[str, Any], field: str, matches: Matches) -> Count:
    filters = {"iblockId": as_sent(iblock_id), "active": "Y", **wanted}
    return _count("catalog.product.list", "products", ("id", "iblockId", field), filters, matches)


def _count(method: str, wrapper: str, fields: Sequence[str], wanted: Mapping[str, Any], matches: Matches) -> Count:
    params = {"select": list(dict.fromkeys(fields)), "filter": wanted, "order": {"id": "asc"}}
    return Operation({"list": Command(method, params)}, partial(_counted, method, wrapper, matches))


def _counted(method: str, wrapper: str, matches: Matches, answers: Mapping[str, Answer]) -> int:
    found = listed(answers["list"], wrapper)
    if not all(matches(row) for row in found):
        raise BadAnswer(f"{method} returned other rows too: the portal dropped the filter")
    total = answers["list"].total
    return len(found) if total is None else total


def _above(field: str, least: int, row: Row) -> bool:
    return number(find(row, field), field) > least


def _is_other(field: str, value: str, row: Row) -> bool:
    return text(row, field) != value


def _is_step(row: Row) -> bool:
    return number(find(row, "ratio"), "ratio") != 1


def _is_active(row: Row) -> bool:
    return text(row, "active") == "Y"


def _measures(answers: Mapping[str, Answer]) -> tuple[Entry, ...]:
    found = listed(answers["list"], "measures")
    return tuple(
        Entry(need_id(row, "id"), text(row, "symbol", "measureTitle"), text(row, "code"), text(row, "isDefault"))
        for row in found
    )


def _currencies(answers: Mapping[str, Answer]) -> tuple[Entry, ...]:
    found = listed(answers["list"], "currencies")
    return tuple(Entry(text(row, "CURRENCY"), kind=text(row, "BASE")) for row in found)


def _properties(answers: Mapping[str, Answer]) -> PropertyPage:
    found = listed(answers["list"], "productProperties")
    return PropertyPage([_property(row) for row in found], answers["list"].next)


def _property(row: Row) -> GoodsProperty:
    return GoodsProperty(
        need_id(row, "id"),
        text(row, "name"),
        text(row, "code"),
        text(row, "multiple"),
        type=text(row, "propertyType"),
        user_type=text(row, "userType"),
    )


def _newest(answers: Mapping[str, Answer]) -> NewestOrder | None:
    found = listed(answers["list"], "orders")
    if not found:
        return None
    changed = moment(found[0], "dateUpdate")
    if changed is None:
        raise BadAnswer("dateUpdate is missing")
    discounted = sum(number(find(row, "discountValue") or 0, "discountValue") > 0 for row in found)
    return NewestOrder(need_id(found[0], "id"), changed, discounted)


def _has_deal(order_id: str, answers: Mapping[str, Answer]) -> bool:
    found = listed(answers["list"], "orderEntity")
    if any(text(row, "orderId") != order_id for row in found):
        raise BadAnswer("orderId is another order's: the portal dropped the filter")
    return any(text(row, "ownerTypeId") == _DEAL for row in found)


def _licence(answers: Mapping[str, Answer]) -> str:
    return text(need_row(answers["app"].result, "application"), "LICENSE")
