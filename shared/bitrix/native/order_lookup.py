"""The look-up of an order by its key: what of it is on the portal.

`xmlId` is not unique on a portal, so two may be found: the one with the lowest id is kept, the others are named to be
canceled. Everybody who looks decides the same, whoever else is at work.

See shared/bitrix/README.md, «Finding an order by its key».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from shared.bitrix.encoding import Reference, disarmed
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, account_number, find, flag, listed, need_amount, need_id, rows, text
from shared.bitrix.native.charges import delivery_in, prices_in
from shared.bitrix.native.order_creation import is_complete, wanted_properties
from shared.bitrix.native.order_records import with_known_flags
from shared.bitrix.native.orders import (
    basket_of,
    is_paid,
    need_order,
    payments_of,
    property_of,
    reserved_in,
    shipments_of,
)
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import NewOrder, OrderRef

_CANCELED = "D"


def look_up_order(settings: NativeSettings, order: NewOrder, progress: OrderProgress) -> Operation[OrderProgress]:
    """`sale.order.list` by `=xmlId`, then `sale.order.get` of the first; the latter fails when there is none."""
    params = {
        "select": ["id", "accountNumber", "xmlId", "statusId", "canceled"],
        "filter": {"=xmlId": order.key},
        "order": {"id": "asc"},
    }
    first = Reference("list", ("orders", 0, "id"))
    commands = {"list": Command("sale.order.list", params), "get": Command("sale.order.get", {"id": first})}
    read = partial(_found, settings, order, progress)
    return Operation(commands, read, weight=2, optional=frozenset({"get"}))


def _found(
    settings: NativeSettings, order: NewOrder, progress: OrderProgress, answers: Mapping[str, Answer]
) -> OrderProgress:
    found = sorted(_matching(order, answers["list"]), key=lambda row: int(need_id(row, "id")))
    if not found:
        if progress.order_id is not None:
            # Its key was changed or it was deleted: to send it again could make it twice.
            raise BadAnswer("the order is not found by its key any more")
        return OrderProgress(absent=True, steps=progress.steps)
    answer = answers["get"]
    if answer.error is not None:
        raise answer.error
    first, *others = found
    row = with_known_flags(need_order(need_id(first, "id"), answer))
    extra = tuple(map(_ref, (other for other in others if not _is_canceled(other))))
    return replace(_there(settings, order, row), extra=extra, steps=progress.steps)


def _matching(order: NewOrder, answer: Answer) -> Sequence[Row]:
    """Return the rows; refuse those of other keys, for then the filter was dropped and absence proves nothing."""
    found = listed(answer, "orders")
    if any(text(row, "xmlId") != order.key for row in found):
        raise BadAnswer("xmlId is another order's: the portal dropped the filter")
    return found


def _ref(row: Row) -> OrderRef:
    order_id = need_id(row, "id")
    return OrderRef(order_id, account_number(row, order_id))


def _is_canceled(row: Row) -> bool:
    return flag(find(row, "canceled") or "N", "canceled") or text(row, "statusId") == _CANCELED


def _there(settings: NativeSettings, order: NewOrder, row: Row) -> OrderProgress:
    """Say what of the order is there. What people added or changed meanwhile is theirs; the total tells of it."""
    products = order.quantities
    # Reversed, so that of two lines with one product the older stays.
    basket = {need_id(item, "productId"): need_id(item, "id") for item in reversed(basket_of(row))}
    shipments = shipments_of(row)
    payment = next(iter(payments_of(row)), None)
    total = need_amount(row, "price")
    there = OrderProgress(
        order_id=_ref(row).id,
        account_number=_ref(row).account_number,
        basket={product: item for product, item in basket.items() if product in products},
        has_properties=_has_properties(settings, order, row),
        shipment_id=need_id(shipments[0], "id") if shipments else None,
        shipped=_shipped(shipments),
        payment_id=need_id(payment, "id") if payment else None,
        payment_fits=payment is None or is_paid(payment) or need_amount(payment, "sum") == total,
        total=total,
        reserved=reserved_in(row),
        prices=prices_in(row),
        delivery=delivery_in(row),
        canceled=_is_canceled(row),
    )
    return replace(there, complete=is_complete(order, there))


def _shipped(shipments: Sequence[Row]) -> frozenset[str]:
    return frozenset(
        need_id(item, "basketId")
        for shipment in shipments
        for item in rows(find(shipment, "shipmentItems"), "shipmentItems")
    )


def _has_properties(settings: NativeSettings, order: NewOrder, row: Row) -> bool:
    """Tell whether all values are there. All are set by one command, so to set them again does no harm."""
    values = wanted_properties(settings, order)
    # Text that looks like a reference went there disarmed.
    return all(property_of(row, name).split() == disarmed(value).split() for name, value in values.items())
