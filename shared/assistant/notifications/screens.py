"""The question about cash on delivery and what becomes of the answer."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import Screen
from shared.assistant.keyboard import button, column, keyboard
from shared.assistant.navigation import ShowOrder
from shared.assistant.notifications.buttons import AnswerCash
from shared.domain.order_records import OrderRecord, still_due
from shared.domain.orders import Order


def cash_question(known: OrderRecord, order: Order) -> Screen:
    """Ask whether the courier was paid what is still due."""
    answers = [
        button(texts.labels.CASH_PAID, AnswerCash(order=known.id, paid=True)),
        button(texts.labels.CASH_QUESTION, AnswerCash(order=known.id, paid=False)),
    ]
    return Screen(texts.cash.question(known.id, still_due(order), order.currency), keyboard(answers))


def cash_passing_on(known: OrderRecord) -> Screen:
    """Stand in the question's place: it can't be tapped twice."""
    return Screen(texts.cash.passing_on(known.id))


def cash_answered(order_id: str, text: str, *, may_pay: bool = False) -> Screen:
    """Say what became of the answer; who had a question may still say that he paid."""
    paid = [button(texts.labels.CASH_PAID, AnswerCash(order=order_id, paid=True))] if may_pay else []
    return Screen(text, column(*paid, button(texts.labels.order(order_id), ShowOrder(order=order_id, fresh=True))))
