"""The word to operators about an order whose payments are of another sum than the order.

A link would charge the payments' sum, whatever the order costs by now, so its master is given none until people have
looked (shared/assistant/README.md, «Orders»).
"""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen, ask_operators
from shared.domain import masters, payments_due
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order, PaymentKind
from shared.pipeline.decision import Decision


async def noted(
    known: OrderRecord, order: Order, decision: Decision, operators_chat_id: int | None, promised_to: int | None = None
) -> OrderRecord:
    """Tell the operators, once until the sums agree again; return the record that says so, to be saved.

    `promised_to`: the chat that is told so just now, and hears it when they cannot be reached.
    """
    doubtful = payments_due.are_doubtful(order)
    if doubtful and not known.doubted and operators_chat_id is not None:
        whose = texts.operators.about_master(known.user_id, await masters.load(decision.unit, known.user_id))
        told = texts.operators.payments_differ(known.number, order, whose, cash=known.payment is PaymentKind.CASH)
        if promised_to is not None:
            ask_operators(decision, operators_chat_id, told, promised_to)
        else:
            ChatView(decision, ChatTarget(operators_chat_id)).say(Screen(told))
    return replace(known, doubted=doubtful)
