"""Orders of a real portal as `sale.order.get` and `sale.order.list` show them.

Type traps: `basketItems[].id` is text here and a number elsewhere, empty maps come as `[]`, and every order has a
shipment of the system (`system: "Y"`) that is nobody's parcel.

See shared/bitrix/README.md, «Reading an order», «Finding an order by its key».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer, NotFound
from shared.bitrix.fields import (
    Row,
    account_number,
    day,
    find,
    flag,
    has,
    moment,
    need_amount,
    need_currency,
    need_id,
    number,
    one,
    rows,
    text,
)
from shared.bitrix.native import deals, line_names, payment_links
from shared.bitrix.native.answers import listed_rows
from shared.bitrix.native.charges import delivery_in
from shared.bitrix.native.order_records import is_cash, is_returned, with_known_flags, without_odd_rows
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.native.statuses import derived, is_there
from shared.bitrix.native.store_rows import store_list
from shared.bitrix.paging import paged
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import left_out, rows_that_are, sensible
from shared.domain import quantities
from shared.domain.ids import clean_id
from shared.domain.orders import ListedOrder, Order, OrderLine, OrderPage, Payment, PaymentKind, Shipment
from shared.domain.quantities import symbol

MASTER = "Мастер: {};"
"""What the comment for the portal's people says; it tells whose order it is when one user buys for all masters."""
_LIST = "sale.order.list"
_LISTED = ("id", "xmlId", "dateUpdate", "userId", "comments")


def order(settings: NativeSettings, order_id: str, *, with_stores: bool = False, link_of: str = "") -> Operation[Order]:
    """`sale.order.get`, with the stage of its deal, and `catalog.store.list` for the names of its goods' stores.

    And with what tells its variations apart, and `salescenter.payment.getPublicUrl` for the link of one payment.
    """
    commands = {
        "order": Command("sale.order.get", {"id": as_sent(order_id)}),
        **deals.commands_of(settings, order_id),
        **line_names.variations_of(settings, "order"),
    }
    if with_stores:
        commands |= paged("stores", store_list(), settings.stores)
    if link_of:
        commands["link"] = payment_links.link_command(as_sent(link_of))
    read = partial(_read, settings, order_id, link_of)
    return Operation(
        commands, read, weight=len(commands), optional=frozenset(commands.keys() - {"order", "deals", "deal"})
    )


def _read(settings: NativeSettings, order_id: str, link_of: str, answers: Mapping[str, Answer]) -> Order:
    row = with_known_flags(without_odd_rows(need_order(order_id, answers["order"])))
    found = deals.with_deal(settings, _order(settings, order_id, row), answers)
    found = replace(found, lines=line_names.told_apart(settings, found.lines, answers))
    names = _store_names([answer for key, answer in answers.items() if key.startswith("stores")])
    found = replace(found, stores=tuple(names[store] for store in _stores_of(row) if names.get(store)))
    return _with_link(found, link_of, answers["link"]) if "link" in answers else found


def _with_link(order: Order, payment_id: str, answer: Answer) -> Order:
    url = payment_links.link_of(answer)
    return replace(order, payments=[replace(it, url=url) if it.id == payment_id else it for it in order.payments])


def _store_names(pages: Sequence[Answer]) -> Mapping[str, str]:
    """Return the stores' names by id, as far as they were asked for and can be read: they are only for showing."""
    read = [row for page in pages if page.error is None for row in _stores_on(page)]
    return {store: text(it, "title") for it in read if (store := clean_id(find(it, "id")))}


def _stores_on(page: Answer) -> Sequence[Row]:
    try:
        return listed_rows(page, "stores", "catalog.store.list")
    except BadAnswer:
        left_out("catalog.store.list", "stores")
        return ()


def _stores_of(order: Row) -> Sequence[str]:
    """Return the ids of the stores that lines are reserved in (`sale-order-get.md` of b24restdocs), each once."""
    reserved = (row for line in basket_of(order) for row in rows_that_are(line, "reservations", "sale.order.get"))
    return tuple(dict.fromkeys(store for row in reserved if (store := clean_id(find(row, "storeId")))))


def reserved_in(order: Row) -> dict[str, Decimal]:
    """Return how much of each product is set aside for an order.

    Nothing where the shop sets aside nothing as yet (it may do so at the payment), or where it cannot be read.
    """
    lines = rows_that_are(order, "basketItems", "sale.order.get")
    parts = [
        (product, row)
        for line in lines
        if (product := clean_id(find(line, "productId")))
        for row in rows_that_are(line, "reservations", "sale.order.get")
    ]
    amount = {"reservations": lambda row: number(find(row, "quantity"), "quantity")}
    if len(sensible([row for _, row in parts], "sale.order.get", amount)) < len(parts):
        return {}
    return quantities.summed((product, number(find(row, "quantity"), "quantity")) for product, row in parts)


def changed_since(settings: NativeSettings, since: datetime, start: int) -> Operation[OrderPage]:
    """`sale.order.list` by `dateUpdate`, of the one buyer if there is one. A naive moment is a ValueError."""
    if since.tzinfo is None:
        raise ValueError("the moment must be aware")
    since = since.astimezone(UTC).replace(microsecond=0)
    filters = {">=dateUpdate": since.isoformat()}
    if settings.buyer_user_id:
        filters["userId"] = settings.buyer_user_id
    sent = {name: as_sent(value) for name, value in filters.items()}
    params = {"select": list(_LISTED), "filter": sent, "order": {"id": "asc"}, "start": start}
    return Operation({"list": Command("sale.order.list", params)}, partial(_page, since))


def order_of(entity: str, entity_id: str) -> Operation[str | None]:
    """`sale.payment.get` or `sale.shipment.get`; `entity` is the word in the middle.

    None for what is not there to be read: the portal announces its own shipments too, which every order has, and then
    answers an error, 201140400001, or an empty one (shared/bitrix/README.md, «Events»).
    """
    command = Command(f"sale.{entity}.get", {"id": as_sent(entity_id)})
    read = partial(_order_id, entity, entity_id)
    return Operation({entity: command}, read, optional=frozenset({entity}))


def _page(since: datetime, answers: Mapping[str, Answer]) -> OrderPage:
    """Read a page; refuse it when a row does not match, for the portal drops filters it does not know.

    An order whose moment makes no sense is listed: to look at it for nothing does no harm, to pass it over does.
    """
    found = sensible(listed_rows(answers["list"], "orders", _LIST), _LIST, {"id": lambda row: need_id(row, "id")})
    orders = tuple(ListedOrder(need_id(row, "id"), text(row, "xmlId"), _changed_at(row)) for row in found)
    if any(order.changed_at is not None and order.changed_at < since for order in orders):
        raise BadAnswer("the list of orders holds others than asked")
    return OrderPage(orders, answers["list"].next)


def _changed_at(row: Row) -> datetime | None:
    found = moment(row, "dateUpdate")
    if found is None:
        left_out(_LIST, "dateUpdate")
    return found


def _order_id(entity: str, entity_id: str, answers: Mapping[str, Answer]) -> str | None:
    answer = answers[entity]
    if isinstance(answer.error, NotFound):
        return None
    if answer.error is not None:
        raise answer.error
    row = one(answer, entity)
    if has(row, entity) and not find(row, entity):
        return None
    if need_id(row, "id") != entity_id:
        raise BadAnswer(f"id is another {entity}'s")
    return need_id(row, "orderId")


def _order(settings: NativeSettings, order_id: str, row: Row) -> Order:
    """Read an order with its payments and shipments, from a record without what makes no sense."""
    shipments = shipments_of(row)
    eta = _eta(settings, row)
    return Order(
        id=order_id,
        status=derived(row, shipments, settings.status_map),
        total=need_amount(row, "price"),
        currency=need_currency(row, "currency"),
        paid=flag(find(row, "payed") or "N", "payed"),
        reason=text(row, "reasonCanceled"),
        created_at=moment(row, "dateInsert"),
        lines=tuple(_line(item) for item in basket_of(row)),
        payments=tuple(_payment(settings, item) for item in payments_of(row)),
        shipments=tuple(_shipment(settings, item, eta) for item in shipments),
        key=text(row, "xmlId"),
        address=property_of(row, settings.address_property_id),
        comment=text(row, "userDescription"),
        account_number=account_number(row, order_id),
        delivery_price=delivery_in(row),
        returned=sum((need_amount(item, "sum") for item in returned_of(row)), Decimal(0)),
    )


def need_order(order_id: str, answer: Answer) -> Row:
    """Return the order's record; `BadAnswer` when it is another order's."""
    row = one(answer, "order")
    if need_id(row, "id") != order_id:
        raise BadAnswer("id is another order's")
    return row


def basket_of(order: Row) -> Sequence[Row]:
    """Return the order's lines, oldest first."""
    return _sorted(order, "basketItems")


def shipments_of(order: Row) -> Sequence[Row]:
    """Return the order's shipments but the system's own, oldest first."""
    return [row for row in _sorted(order, "shipments") if not flag(find(row, "system") or "N", "system")]


def payments_of(order: Row) -> Sequence[Row]:
    """Return the order's payments but money given back, oldest first."""
    return [row for row in _sorted(order, "payments") if not is_returned(row)]


def returned_of(order: Row) -> Sequence[Row]:
    """Return the order's payments that were given back, oldest first."""
    return [row for row in _sorted(order, "payments") if is_returned(row)]


def _sorted(order: Row, name: str) -> Sequence[Row]:
    return sorted(rows(find(order, name), name), key=lambda row: (len(need_id(row, "id")), need_id(row, "id")))


def property_of(order: Row, name: str) -> str:
    """Return the value of an order property given by its id or its code; "" when there is none."""
    for row in rows(find(order, "propertyValues"), "propertyValues"):
        if name and name in (clean_id(find(row, "orderPropsId")), text(row, "code")):
            value = find(row, "value")
            return text({"value": value[0] if isinstance(value, list) and value else value}, "value")
    return ""


def _eta(settings: NativeSettings, row: Row) -> date | None:
    return day({"eta": property_of(row, settings.eta_property_id)}, "eta")


def _payment(settings: NativeSettings, row: Row) -> Payment:
    pay_system = need_id(row, "paySystemId")
    kind = settings.kind_of(pay_system)
    if kind is None and (cash := is_cash(row)) is not None:
        kind = PaymentKind.CASH if cash else PaymentKind.PREPAID
    return Payment(need_id(row, "id"), pay_system, need_amount(row, "sum"), is_paid(row), kind)


def is_paid(payment: Row) -> bool:
    """Tell whether a payment was made."""
    return flag(find(payment, "paid") or "N", "paid")


def _shipment(settings: NativeSettings, row: Row, eta: date | None) -> Shipment:
    return Shipment(
        need_id(row, "id"),
        text(row, "trackingNumber"),
        eta,
        text(row, "deliveryName"),
        flag(find(row, "deducted") or "N", "deducted"),
        is_there(row, settings.status_map),
    )


def _line(row: Row) -> OrderLine:
    quantity, price = need_amount(row, "quantity"), need_amount(row, "price")
    return OrderLine(need_id(row, "productId"), text(row, "name"), quantity, price, symbol(text(row, "measureName")))
