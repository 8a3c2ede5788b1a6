"""How the answers of the spec's §2 become domain objects; either key casing (bitrix24 reference §11).

Every reader takes the operation's answers by key and raises `BadAnswer` (naming the field), `NotFound` or
`UnknownStatus`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.bitrix.errors import BadAnswer, NotFound, UnknownStatus
from shared.bitrix.fields import (
    Row,
    day,
    find,
    flag,
    has,
    moment,
    need_amount,
    need_currency,
    need_id,
    need_row,
    need_text,
    rows,
    text,
    web_address,
)
from shared.bitrix.portal import Answer
from shared.domain.ids import clean_id
from shared.domain.orders import CreatedOrder, LineItem, Order, OrderLine, Payment, Shipment
from shared.domain.returns import ReturnState
from shared.status import Status

log = logging.getLogger(__name__)

Answers = Mapping[str, Answer]


def basket_ids(answers: Answers) -> list[str]:
    """Read the basket items' ids, in the order of the lines."""
    return [_made_id(answer.result, "basketItem", "BASKET_ITEM_ID") for answer in answers.values()]


def created(answers: Answers, key: str) -> CreatedOrder:
    """Read `ORDER_ID` and `result_data.payment_url`. An unusable link is dropped: the order exists all the same."""
    answer = answers[key]
    order_id = _made_id(answer.result, "order", "ORDER_ID")
    given = None
    for place in (answer.extra.get("result_data"), answer.result):
        if isinstance(place, Mapping):
            given = given or find(place, "payment_url")
    link = web_address(given)
    if given and link is None:
        log.error("the payment link of order %s is no http(s) address; dropped", order_id)
    return CreatedOrder(order_id, link)


def _made_id(result: object, wrapper: str, name: str) -> str:
    """Return the id of something just made: bare, `{"ORDER_ID": …}`, `{"id": …}` or `{"order": {"id": …}}`."""
    if isinstance(result, Mapping):
        inner = find(result, wrapper)
        return need_id(inner if isinstance(inner, Mapping) else result, name, "ID")
    return need_id({name: result}, name)


def registered(answers: Answers, key: str, order_id: str) -> ReturnState:
    """Read `RMA_ID` and `STATUS` of a return just made."""
    row = need_row(answers[key].result, "result")
    status = _status(need_text(row, "STATUS"), {})
    return ReturnState(need_id(row, "RMA_ID", "ID"), status, text(row, "REASON"), order_id)


def rma(answers: Answers, key: str, return_id: str) -> ReturnState:
    """Read a return. An answer about another one is a `BadAnswer`."""
    row = need_row(answers[key].result, "result")
    if need_id(row, "RMA_ID", "ID") != return_id:
        raise BadAnswer("RMA_ID is another return's")
    return _rma(row)


def rmas(answers: Answers, key: str, order_id: str) -> tuple[ReturnState, ...]:
    """Read the returns of an order; a portal that ignores the filter would list all."""
    result = answers[key].result
    if isinstance(result, Mapping):
        if not has(result, "items"):
            raise BadAnswer("items is missing")
        result = find(result, "items")
    found = tuple(map(_rma, rows(result, "items")))
    if any(item.order_id != order_id for item in found):
        raise BadAnswer("ORDER_ID is another order's: the portal dropped the filter")
    return found


def _rma(row: Row) -> ReturnState:
    lines = ((need_id(item, "PRODUCT_ID"), need_amount(item, "QUANTITY")) for item in rows(find(row, "ITEMS"), "ITEMS"))
    return ReturnState(
        id=need_id(row, "RMA_ID", "ID"),
        status=_status(need_text(row, "STATUS"), {}),
        reason=text(row, "REASON", "REJECT_REASON"),
        order_id=clean_id(find(row, "ORDER_ID")) or "",
        lines=tuple(LineItem(product, int(quantity)) for product, quantity in lines),
    )


@dataclass(frozen=True)
class Properties:
    """What the order properties are called (names or ids)."""

    address: str
    comment: str


def order(answers: Answers, key: str, order_id: str, statuses: Mapping[str, Status], properties: Properties) -> Order:
    """Read an order. An answer about another order is a `BadAnswer`."""
    result = answers[key].result
    if not result:
        raise NotFound("there is no such order")
    row = need_row(result, "result")
    inner = find(row, "order")
    row = inner if isinstance(inner, Mapping) else row
    if need_id(row, "ID") != order_id:
        raise BadAnswer("ID is another order's")
    payments = tuple(_payment(item) for item in rows(find(row, "PAYMENT", "PAYMENTS"), "PAYMENT"))
    shipments = rows(find(row, "SHIPMENT", "SHIPMENTS"), "SHIPMENT")
    return Order(
        id=order_id,
        status=_status(need_text(row, "STATUS_ID"), statuses),
        total=need_amount(row, "PRICE"),
        currency=need_currency(row) if find(row, "CURRENCY") else "RUB",
        paid=_is_paid(row, payments),
        reason=text(row, "REASON_CANCELED"),
        created_at=moment(row, "DATE_INSERT"),
        lines=tuple(_line(item) for item in rows(find(row, "BASKET", "BASKET_ITEMS"), "BASKET")),
        payments=payments,
        shipments=tuple(_shipment(item) for item in shipments),
        address=_property(row, properties.address),
        comment=_property(row, properties.comment),
        stores=tuple(dict.fromkeys(name for item in shipments for name in _stores(item))),
    )


def _property(row: Row, name: str) -> str:
    """Return an order property: `{"ADDRESS": "…"}`, as it is sent, or rows as a real portal has them."""
    values = find(row, "PROPERTY_VALUES")
    if isinstance(values, Mapping):
        return text(values, name)
    found = (
        item for item in rows(values, "PROPERTY_VALUES") if name in (text(item, "CODE"), text(item, "ORDER_PROPS_ID"))
    )
    return next((text(item, "VALUE") for item in found), "")


def _stores(shipment: Row) -> Sequence[str]:
    """Return the names of the stores a shipment goes from: one, several, or none told."""
    given = find(shipment, "STORES", "STORE_NAME")
    return [str(name) for name in (given if isinstance(given, list) else [given]) if name and isinstance(name, str)]


def _status(code: str, statuses: Mapping[str, Status]) -> Status:
    if code.casefold() in statuses:
        return statuses[code.casefold()]
    try:
        return Status(code.upper())
    except ValueError:
        error = UnknownStatus(code)
    log.error("an order has the unknown status %s; add it to BITRIX_STATUS_MAP", error.status)
    raise error


def _is_paid(row: Row, payments: Sequence[Payment]) -> bool:
    whole: Any = find(row, "PAYED")
    if whole is not None:
        return flag(whole, "PAYED")
    return bool(payments) and all(payment.paid for payment in payments)


def _payment(row: Row) -> Payment:
    paid = flag(find(row, "PAID") or "N", "PAID")
    return Payment(need_id(row, "ID"), need_id(row, "PAY_SYSTEM_ID"), need_amount(row, "SUM"), paid)


def _shipment(row: Row) -> Shipment:
    handed_over = flag(find(row, "DEDUCTED") or "N", "DEDUCTED")
    delivery = text(row, "DELIVERY_NAME")
    return Shipment(need_id(row, "ID"), text(row, "TRACKING_NUMBER"), day(row, "ETA"), delivery, handed_over)


def _line(row: Row) -> OrderLine:
    quantity, price = need_amount(row, "QUANTITY"), need_amount(row, "PRICE")
    return OrderLine(need_id(row, "PRODUCT_ID"), text(row, "NAME"), quantity, price)
