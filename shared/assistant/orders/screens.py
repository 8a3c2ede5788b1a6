"""Orders as a master sees them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.buttons import CallOff, Idle, RepeatOrder, SearchMore, ShowOrder, ShowOrders, StartReturn
from shared.assistant.desk import Screen
from shared.assistant.keyboard import Row, button, column, keyboard
from shared.assistant.orders.listing import LOOKED_THROUGH, Filter, Page
from shared.assistant.orders.orders import KnownOrder
from shared.assistant.orders.paying import paying
from shared.assistant.statuses import can_cancel
from shared.bitrix.model import Order, Status
from shared.telegram.api import InlineKeyboardMarkup

MOST_LINES = 20
"""Lines of an order that are shown: a message has 4096 characters, and managers may add lines at the portal."""

MOST_SHIPMENTS = 5
"""Shipments that are told about, for the same reason."""

_WITH_DETAILS = frozenset({Status.PAYED, Status.WAITING_FOR_DELIVERY, Status.SHIPPED})
"""Statuses that say when it comes and under which number, once known (spec §3, ARCHITECTURE §6)."""


def no_orders() -> Screen:
    """Say that there are none yet."""
    return Screen(texts.orders.no_orders(), column(button(texts.labels.SEARCH_MORE, SearchMore())))


def order_list(page: Page, zone: ZoneInfo, now: datetime) -> Screen:
    """One page of the orders, newest first, and the ways to see others."""
    today = now.astimezone(zone).date()
    lines = [texts.orders.order_line(order, order.made_at.astimezone(zone).date(), today) for order in page.orders]
    opening = [[button(texts.labels.order(order.id), ShowOrder(order=order.id, fresh=False))] for order in page.orders]
    looked = [texts.orders.looked_through(LOOKED_THROUGH)] if page.cut else []
    text = "\n\n".join([texts.orders.orders_head(page.which, page.count), *lines, *looked])
    return Screen(text, keyboard(*opening, _turning(page), *_filters(page.which)))


def _turning(page: Page) -> Row:
    if page.pages == 1:
        return []
    return [
        button(texts.labels.BACK, ShowOrders(page=(page.number - 1) % page.pages, which=page.which)),
        button(texts.labels.page_of(page.number + 1, page.pages), Idle()),
        button(texts.labels.FORTH, ShowOrders(page=(page.number + 1) % page.pages, which=page.which)),
    ]


def _filters(shown: Filter) -> tuple[Row, Row]:
    filters = [
        button(texts.labels.chosen(texts.labels.filtered(each), each is shown), ShowOrders(page=0, which=each))
        for each in Filter
    ]
    return filters[:2], filters[2:]


def order(known: KnownOrder, order: Order, today: date) -> Screen:
    """One order with all that is known of it."""
    lines = [texts.orders.order_head(known.id), texts.orders.status_line(order.status, order.reason)]
    lines += [*_details(order, today), "", *_goods(order), texts.common.total(order.total, order.currency)]
    if order.paid or order.status is not Status.CANCELED:
        lines.append(texts.orders.paid_line(paid=order.paid, payment=known.payment))
    return Screen("\n".join(lines), _order_keyboard(known, order))


def _goods(order: Order) -> list[str]:
    lines = [
        texts.common.line(line.name, line.quantity, line.price, order.currency) for line in order.lines[:MOST_LINES]
    ]
    left = len(order.lines) - len(lines)
    return [*lines, texts.common.lines_left(left)] if left else lines


def _details(order: Order, today: date) -> list[str]:
    known = [shipment for shipment in order.shipments if shipment.eta or shipment.tracking_number]
    shipments = known[:MOST_SHIPMENTS]
    etas = [texts.orders.eta_line(shipment.eta, today) for shipment in shipments if shipment.eta]
    numbers = [texts.orders.tracking_line(item.tracking_number) for item in shipments if item.tracking_number]
    left = len(known) - len(shipments)
    return [*dict.fromkeys(etas), *numbers, *([texts.orders.shipments_left(left)] if left else [])]


def _order_keyboard(known: KnownOrder, order: Order) -> InlineKeyboardMarkup:
    url = known.payment_url if known.waits_for_money(order) else None
    pay = paying(known.id, url) if url else []
    off = [button(texts.labels.CALL_OFF, CallOff(order=known.id))] if can_cancel(order) else []
    again = button(texts.labels.REPEAT, RepeatOrder(order=known.id))
    refresh = button(texts.labels.REFRESH, ShowOrder(order=known.id, fresh=False))
    back = [button(texts.labels.RETURN_GOODS, StartReturn(order=known.id))] if order.handed_over else []
    return column(*pay, refresh, again, *back, *off, button(texts.labels.MY_ORDERS, ShowOrders(page=0)))


def status_news(known: KnownOrder, order: Order, status: Status, today: date) -> Screen:
    """A new status of an order, as a message of its own."""
    lines = [texts.orders.order_head(known.id), texts.orders.status_line(status, order.reason)]
    if status in _WITH_DETAILS:
        lines += _details(order, today)
    opening = button(texts.labels.order(known.id), ShowOrder(order=known.id, fresh=True))
    return Screen("\n".join(lines), column(opening))
