"""The screens of an order's news and of the question about cash on delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.common_screens import (
    ask_manager,
    payment_buttons,
    shipment_lines,
    tracking_buttons,
    ways_elsewhere,
)
from shared.assistant.keyboard import button, column, keyboard
from shared.assistant.navigation import ShowOrder, ShowOrders
from shared.assistant.notifications.buttons import AnswerCash
from shared.domain import payments_due
from shared.domain.deliveries import PickupPoint
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Numbered, Order
from shared.domain.parcels import ParcelNews
from shared.status import Status
from shared.telegram.api import InlineKeyboardMarkup


def cash_question(known: OrderRecord, order: Order) -> Screen:
    """Ask whether the courier was paid what is still due, without a sum where the portal's sums differ."""
    answers = [
        button(texts.labels.CASH_PAID, AnswerCash(order=known.id, paid=True)),
        button(texts.labels.CASH_QUESTION, AnswerCash(order=known.id, paid=False)),
    ]
    return Screen(_cash_text(known, order), keyboard(answers))


def _cash_text(known: OrderRecord, order: Order) -> str:
    fetched = known.pickup is not None
    return texts.cash.question(order.number, payments_due.to_courier(order), order.currency, fetched=fetched)


def cash_passing_on(known: OrderRecord) -> Screen:
    """Stand in the question's place: it can't be tapped twice."""
    return Screen(texts.cash.passing_on(known.number))


def cash_answered(order: Numbered, text: str, *, may_pay: bool = False) -> Screen:
    """Say what became of the answer; who had a question may still say that he paid."""
    paid = [button(texts.labels.CASH_PAID, AnswerCash(order=order.id, paid=True))] if may_pay else []
    return Screen(text, column(*paid, button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))))


def back_in_work(known: OrderRecord, order: Order) -> Screen:
    """Say that the order is under way again, with the way to pay if that is what it waits for."""
    due = payments_due.by_link(known, order)
    pay = payment_buttons(known.id, due.url) if due is not None and due.url else []
    lines = [texts.orders.order_head(order.number), texts.orders.back_in_work()]
    if due is not None:
        lines.append(texts.orders.due_line(due.amount, order.currency))
    opening = button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))
    return Screen("\n".join(lines), column(*pay, opening))


def parcels(order: Order, fresh: Sequence[ParcelNews], today: date) -> Screen:
    """Name the parcels that left or came, of an order with several."""
    told = replace(order, shipments=[it.shipment for it in fresh])
    lines = [texts.orders.order_head(order.number)]
    lines += [texts.orders.parcel_line(it.number, it.count, it.stage) for it in fresh]
    opening = button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))
    return Screen("\n".join([*lines, *shipment_lines(told, today)]), column(*tracking_buttons(told), opening))


def way_changed(order: Order, today: date) -> Screen:
    """Say when it comes and under which number, which became known or changed on the way."""
    lines = [texts.orders.order_head(order.number), texts.orders.way_changed(), *shipment_lines(order, today)]
    opening = button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))
    return Screen("\n".join(lines), column(*tracking_buttons(order), opening))


def money_back(order: Order) -> Screen:
    """Say what was given back, or that the payment is none any more."""
    back = texts.orders.returned_line(order.returned, order.currency) if order.returned else texts.orders.money_gone()
    lines = [texts.orders.order_head(order.number), back]
    opening = button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))
    return Screen("\n".join(lines), column(opening, *([] if order.returned else ask_manager())))


def paid_in_part(known: OrderRecord, order: Order) -> Screen:
    """Say how much of it is paid, and what is left to be paid by link."""
    due = payments_due.by_link(known, order)
    lines = [texts.orders.order_head(order.number)]
    lines.append(texts.orders.part_paid_line(order.paid_part, order.total, order.currency))
    lines += [texts.orders.due_line(due.amount, order.currency)] if due is not None else []
    opening = button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))
    return Screen("\n".join(lines), column(opening))


def without_payment(known: OrderRecord) -> InlineKeyboardMarkup:
    """Return the buttons under a new order once there is nothing to pay by its link."""
    shown = button(texts.labels.order(known.number), ShowOrder(order=known.id, fresh=True))
    return column(shown, button(texts.labels.MY_ORDERS, ShowOrders(page=0)))


MOST_EDITS = 10
"""Changed lines that are told: the order itself shows all of them."""


def edited(known: OrderRecord, order: Order) -> Screen:
    """Say what people changed in the goods since `known` was told, and what the order costs now."""
    changes = known.edits(order)
    shown = [texts.orders.edit_line(change, order.currency) for change in changes[:MOST_EDITS]]
    left = [texts.common.lines_left(len(changes) - len(shown))] if len(changes) > len(shown) else []
    doubt = [texts.orders.in_doubt_line(known.payment)] if payments_due.are_doubtful(order) else []
    total = texts.orders.edited_total(known.total, order.total, order.currency)
    lines = [texts.orders.order_head(order.number), texts.orders.edited(), "", *shown, *left, total, *doubt]
    return Screen(
        "\n".join(lines), column(button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True)))
    )


def deleted(known: OrderRecord) -> Screen:
    """Say that the portal has the order no more."""
    lines = [texts.orders.order_head(known.number), texts.orders.deleted()]
    return Screen("\n".join(lines), ways_elsewhere())


_WITH_DETAILS = frozenset({Status.PAYED, Status.WAITING_FOR_DELIVERY, Status.SHIPPED})
"""Statuses that say when it comes and under which number, once known.

See spec §3, shared/assistant/README.md, «Statuses».
"""


def status_news(order: Order, status: Status, today: date, pickup: PickupPoint | None = None) -> Screen:
    """A new status of an order, as a message of its own; `pickup` is the store where it is fetched."""
    lines = [texts.orders.order_head(order.number), texts.orders.status_line(status, order.reason, pickup)]
    with_details = status in _WITH_DETAILS
    if with_details:
        lines += shipment_lines(order, today)
    opening = button(texts.labels.order(order.number), ShowOrder(order=order.id, fresh=True))
    return Screen("\n".join(lines), column(*(tracking_buttons(order) if with_details else []), opening))
