"""Orders as the spec's contract shows them (spec §2, row 5), and lists of them, which the bot asks beyond it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from shared.bitrix.contract.answers import status_of
from shared.bitrix.contract.settings import ContractSettings
from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer, NotFound, UnknownStatus
from shared.bitrix.fields import (
    Row,
    account_number,
    day,
    find,
    flag,
    listed_if_any,
    moment,
    need_amount,
    need_currency,
    need_id,
    need_row,
    need_text,
    number,
    one,
    rows,
    text,
)
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.orders import ListedOrder, Order, OrderLine, OrderPage, Payment, Shipment
from shared.domain.quantities import symbol
from shared.status import Status

Answers = Mapping[str, Answer]


def order(settings: ContractSettings, order_id: str) -> Operation[Order]:
    """`GET sale.order.get`; the stores are in its answer or nowhere."""
    command = Command("sale.order.get", {"id": as_sent(order_id)}, verb="GET")
    return Operation({"order": command}, partial(_read, settings, order_id))


def changed_since(since: datetime, start: int) -> Operation[OrderPage]:
    """`sale.order.list` by `DATE_UPDATE`. A naive moment is a ValueError."""
    if since.tzinfo is None:
        raise ValueError("the moment must be aware")
    since = since.astimezone(UTC).replace(microsecond=0)
    params = {
        "select": ["ID", "DATE_UPDATE", "USER_ID"],
        "filter": {">=DATE_UPDATE": since.isoformat()},
        "order": {"ID": "ASC"},
        "start": start,
    }
    return Operation({"list": Command("sale.order.list", params)}, partial(_page, since))


def order_of(entity: str, entity_id: str) -> Operation[str]:
    """`sale.payment.get` or `sale.shipment.get`; `entity` is the word in the middle."""
    command = Command(f"sale.{entity}.get", {"id": as_sent(entity_id)})
    return Operation({entity: command}, partial(_order_id, entity, entity_id))


def _read(settings: ContractSettings, order_id: str, answers: Answers) -> Order:
    """Read an order. An answer about another order is a `BadAnswer`."""
    result = answers["order"].result
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
        status=_status(settings, row, payments),
        total=need_amount(row, "PRICE"),
        currency=need_currency(row) if find(row, "CURRENCY") else "RUB",
        paid=_is_paid(row, payments),
        reason=text(row, "REASON_CANCELED"),
        created_at=moment(row, "DATE_INSERT"),
        lines=tuple(_line(item) for item in rows(find(row, "BASKET", "BASKET_ITEMS"), "BASKET")),
        payments=payments,
        shipments=tuple(_shipment(item) for item in shipments),
        address=_property(row, settings.address_property),
        comment=_property(row, settings.comment_property),
        stores=tuple(dict.fromkeys(name for item in shipments for name in _stores(item))),
        account_number=account_number(row, order_id),
        # The spec's row has no price of a shipment; a proxy may pass on the portal's.
        delivery_price=sum((_price_of(item) for item in shipments), Decimal(0)),
    )


def _status(settings: ContractSettings, row: Row, payments: Sequence[Payment]) -> Status:
    """Return the order's status. A code that nobody knows is logged, and the flags beside it tell what they can."""
    try:
        return status_of(need_text(row, "STATUS_ID"), settings.statuses)
    except UnknownStatus:
        if flag(find(row, "CANCELED") or "N", "CANCELED"):
            return Status.CANCELED
        return Status.PAYED if _is_paid(row, payments) else Status.NEW


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


def _price_of(shipment: Row) -> Decimal:
    return number(find(shipment, "PRICE_DELIVERY") or 0, "PRICE_DELIVERY")


def _line(row: Row) -> OrderLine:
    quantity, price = need_amount(row, "QUANTITY"), need_amount(row, "PRICE")
    # The spec has no unit; a proxy may pass on the portal's.
    unit = symbol(text(row, "MEASURE_NAME"))
    return OrderLine(need_id(row, "PRODUCT_ID"), text(row, "NAME"), quantity, price, unit)


def _page(since: datetime, answers: Answers) -> OrderPage:
    """Read a page; refuse older rows, as a portal may drop filters it does not know."""
    answer = answers["list"]
    orders = []
    for row in listed_if_any(answer, "orders", "items"):
        changed = moment(row, "DATE_UPDATE")
        if changed is None or changed < since:
            raise BadAnswer("DATE_UPDATE is older than asked")
        orders.append(ListedOrder(need_id(row, "ID"), text(row, "XML_ID"), changed))
    return OrderPage(tuple(orders), answer.next)


def _order_id(entity: str, entity_id: str, answers: Answers) -> str:
    row = one(answers[entity], entity)
    if need_id(row, "ID") != entity_id:
        raise BadAnswer(f"ID is another {entity}'s")
    return need_id(row, "ORDER_ID")
