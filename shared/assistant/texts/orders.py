"""Orders: the list, one order, news of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from shared.assistant.orders.listing import Filter
from shared.assistant.orders.orders import KnownOrder
from shared.assistant.statuses import STATUSES, short_status, status_text
from shared.bitrix.model import PaymentKind, Status
from shared.telegram.formatting import counted, date_text, day, escape, money, number_sign, shorten

REASON_LIMIT = 300


def no_orders() -> str:
    """Say that there are no orders yet."""
    return "📦 Заказов пока нет. Напишите название или артикул — найдём."


_HEADS: Final[Mapping[Filter, str]] = {
    Filter.ALL: "Ваши заказы",
    Filter.UNPAID: "Ждут оплаты",
    Filter.ACTIVE: "Заказы в работе",
    Filter.OVER: "Завершённые заказы",
}


def orders_head(which: Filter, count: int) -> str:
    """Head of the list of orders: what is in it, and how many."""
    if not count:
        return f"📦 <b>{_HEADS[which]}</b>\n\nТаких заказов нет."
    return f"📦 <b>{_HEADS[which]}</b> — {count}"


def looked_through(count: int) -> str:
    """Say that older orders were left out."""
    return f"Искали среди последних {counted(count, 'заказа', 'заказов', 'заказов')}. Остальные — в полном списке."


def order_line(order: KnownOrder, made: date, today: date) -> str:
    """Two lines of the list of orders."""
    amount = money(order.total, order.currency)
    head = f"{number_sign(escape(order.id))} · {date_text(made, today=today)} · {amount}"
    return f"{head}\n   {STATUSES[order.status].icon} {short_status(order.status)}"


def order_unknown() -> str:
    """Say that there is no such order of this master."""
    return "Такого заказа у вас нет. Все ваши заказы — /myorders."


def order_head(order_id: str) -> str:
    """Head of everything said about an order."""
    return f"<b>Заказ {number_sign(escape(order_id))}</b>"


def status_line(status: Status, reason: str) -> str:
    """The spec's sentence with its icon."""
    return f"{STATUSES[status].icon} {escape(status_text(status, shorten(reason, REASON_LIMIT)))}"


def eta_line(eta: date, today: date) -> str:
    """When it comes."""
    return f"Доставка: {day(eta, today=today)}"


def tracking_line(number_: str) -> str:
    """The tracking number, to copy by a tap."""
    return f"Трек-номер: <code>{escape(shorten(number_, 60))}</code>"


def shipments_left(count: int) -> str:
    """«…и ещё 3 отправления»"""
    return f"…и ещё {counted(count, 'отправление', 'отправления', 'отправлений')}"


def paid_line(*, paid: bool, payment: PaymentKind) -> str:
    """Whether it is paid."""
    if paid:
        return "Оплачен"
    return "Ждёт оплаты" if payment is PaymentKind.PREPAID else "Оплата наличными при получении"
