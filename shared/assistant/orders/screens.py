"""The screens of the list of orders and of one order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import (
    MOST_SHIPMENTS,
    ask_manager,
    payment_buttons,
    shipment_lines,
    tracking_buttons,
    ways_elsewhere,
)
from shared.assistant.keyboard import Row, button, column, keyboard
from shared.assistant.navigation import (
    AskToCancelOrder,
    Idle,
    RepeatOrder,
    SaveOrder,
    SearchMore,
    ShowOrder,
    ShowOrders,
    StartReturn,
)
from shared.domain import payments_due
from shared.domain.order_list import LOOKED_THROUGH, OrderFilter, OrderListPage
from shared.domain.order_record import OVER, OrderRecord
from shared.domain.orders import Order
from shared.domain.statuses import can_cancel
from shared.status import Status
from shared.telegram.api import InlineKeyboardMarkup

MOST_LINES = 20
"""Lines of an order that are shown: a message has 4096 characters, and managers may add lines at the portal."""


MOST_STORES = 5
"""Stores that are named."""


def no_orders() -> Screen:
    """Say that there are none yet."""
    return Screen(texts.orders.no_orders(), column(button(texts.labels.SEARCH_MORE, SearchMore())))


def adopted(orders: Sequence[OrderRecord]) -> Screen:
    """Say which orders were found that people made for him elsewhere."""
    text = texts.orders.adopted([order.number for order in orders])
    return Screen(text, column(button(texts.labels.MY_ORDERS, ShowOrders(page=0))))


def order_list(page: OrderListPage, zone: ZoneInfo, now: datetime) -> Screen:
    """One page of the orders, newest first, and the ways to see others."""
    today = now.astimezone(zone).date()
    lines = [texts.orders.order_line(order, order.made_at.astimezone(zone).date(), today) for order in page.orders]
    opening = [
        [button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=False))] for order in page.orders
    ]
    looked = [texts.orders.looked_through(LOOKED_THROUGH)] if page.cut else []
    text = "\n\n".join([texts.orders.orders_head(page.which, page.count), *lines, *looked])
    return Screen(text, keyboard(*opening, _turning(page), *_filters(page.which)))


def orders_with(words: str, orders: Sequence[OrderRecord], zone: ZoneInfo, now: datetime) -> Screen:
    """The newest orders with a product that is called so."""
    today = now.astimezone(zone).date()
    lines = [texts.orders.order_line(order, order.made_at.astimezone(zone).date(), today) for order in orders]
    opening = [button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=False)) for order in orders]
    mine = button(texts.labels.MY_ORDERS, ShowOrders(page=0))
    return Screen("\n\n".join([texts.orders.with_words(words), *lines]), column(*opening, mine))


def _turning(page: OrderListPage) -> Row:
    if page.pages == 1:
        return []
    return [
        button(texts.labels.BACK, ShowOrders(page=(page.number - 1) % page.pages, which=page.which)),
        button(texts.labels.page_of(page.number + 1, page.pages), Idle()),
        button(texts.labels.FORTH, ShowOrders(page=(page.number + 1) % page.pages, which=page.which)),
    ]


def _filters(shown: OrderFilter) -> tuple[Row, Row]:
    filters = [
        button(texts.labels.chosen(texts.labels.filtered(each), each is shown), ShowOrders(page=0, which=each))
        for each in OrderFilter
    ]
    return filters[:2], filters[2:]


def gone(number: str) -> Screen:
    """Say that the portal does not have his order any more."""
    return Screen(texts.orders.order_gone(number), ways_elsewhere())


def order(known: OrderRecord, order: Order, today: date) -> Screen:
    """One order with all that is known of it."""
    lines = [texts.orders.order_head(order.number)]
    if not (order.given_back and order.status is Status.NEW):  # its sentence says that money is waited for
        lines.append(texts.orders.status_line(order.status, order.reason, known.pickup))
    on_its_way = [] if order.status in OVER else shipment_lines(order, today)
    lines += [*on_its_way, "", *_goods(order), texts.common.total(order.total, order.currency)]
    lines += _money(known, order)
    way = _way(order)
    return Screen("\n".join([*lines, *(["", *way] if way else [])]), _order_keyboard(known, order))


def _money(known: OrderRecord, order: Order) -> list[str]:
    """What is paid and what is due; of a canceled order only what there is to give back."""
    lines = _paid(known, order)
    due = payments_due.by_link(known, order)
    if due is not None and due.amount != order.total:
        lines.append(texts.orders.due_line(due.amount, order.currency))
    if payments_due.are_doubtful(order):
        lines.append(texts.orders.in_doubt_line(known.payment))
    return lines


def _paid(known: OrderRecord, order: Order) -> list[str]:
    if order.paid_part:
        return [texts.orders.part_paid_line(order.paid_part, order.total, order.currency)]
    if order.returned and not order.paid:
        return [texts.orders.returned_line(order.returned, order.currency)]
    if order.status is Status.CANCELED and not order.paid:
        return []
    if known.cash_paid and not order.paid:
        return [texts.orders.cash_told_line()]
    return [texts.orders.paid_line(paid=order.paid, payment=known.payment)]


def _way(order: Order) -> list[str]:
    """Who brings it, where to, and from where, as far as the portal tells."""
    deliveries = dict.fromkeys(shipment.delivery for shipment in order.shipments if shipment.delivery)
    lines = [texts.orders.delivery_line(name) for name in list(deliveries)[:MOST_SHIPMENTS]]
    if order.address:
        lines.append(texts.orders.address_line(order.address))
    if order.stores:
        left = len(order.stores) - MOST_STORES
        lines.append(texts.orders.stores_line(order.stores[:MOST_STORES], max(0, left)))
    return lines


def _goods(order: Order) -> list[str]:
    lines = [
        texts.common.line(line.name, line.quantity, line.unit, line.price, order.currency)
        for line in order.lines[:MOST_LINES]
    ]
    left = len(order.lines) - len(lines)
    return [*lines, texts.common.lines_left(left)] if left else lines


def _order_keyboard(known: OrderRecord, order: Order) -> InlineKeyboardMarkup:
    due = payments_due.by_link(known, order)
    pay = payment_buttons(known.id, due.url) if due is not None and due.url else []
    off = [button(texts.labels.CALL_OFF, AskToCancelOrder(order=known.id))] if can_cancel(order) else []
    again = button(texts.labels.REPEAT, RepeatOrder(order=known.id))
    save = button(texts.saved.SAVE, SaveOrder(order=known.id))
    refresh = button(texts.labels.REFRESH, ShowOrder(order=known.id, fresh=False))
    back = [button(texts.labels.RETURN_GOODS, StartReturn(order=known.id))] if order.handed_over else []
    mine = button(texts.labels.MY_ORDERS, ShowOrders(page=0))
    tracking = [] if order.status in OVER else tracking_buttons(order)
    ask = ask_manager() if payments_due.are_doubtful(order) else []
    return column(*pay, *tracking, *ask, refresh, again, save, *back, *off, mine)
