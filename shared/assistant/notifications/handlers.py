"""The handler of the answer to «Оплатили курьеру …?»."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.notifications import screens
from shared.assistant.notifications.buttons import AnswerCash
from shared.assistant.notifications.cash import cash_job
from shared.assistant.words import says_no, says_yes
from shared.domain import order_records
from shared.domain.masters import Master
from shared.domain.order_record import OrderRecord
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, FSMContext, Message, Router

LOOKED_AT = 10
"""Newest orders among which is looked for the question that a typed «да» answers."""


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="notifications")
    router.callback_query.register(answer_cash, AnswerCash.filter())
    router.message.register(say_paid, says_yes, _asked_for_cash)
    router.message.register(say_unpaid, says_no, _asked_for_cash)
    return router


async def _asked_for_cash(
    message: Message, decision: Decision, master: Master, state: FSMContext
) -> dict[str, OrderRecord] | bool:
    """Let through with the order when one question about cash waits for an answer, and nothing else is asked."""
    if await state.get_state() is not None:
        return False
    newest = (await order_records.list_ids(decision.unit, master.telegram_id))[:LOOKED_AT]
    known = await order_records.load_many(decision.unit, newest)
    waiting = [order for order in known if order.was_asked_for_cash and order.cash_paid is None]
    return {"known": waiting[0]} if len(waiting) == 1 else False


async def say_paid(message: Message, known: OrderRecord, decision: Decision, view: ChatView) -> None:
    """Take «да» for the button."""
    await _keep_answer(known, decision, view, paid=True)


async def say_unpaid(message: Message, known: OrderRecord, decision: Decision, view: ChatView) -> None:
    """Take «нет» for the button."""
    await _keep_answer(known, decision, view, paid=False)


async def _keep_answer(known: OrderRecord, decision: Decision, view: ChatView, *, paid: bool) -> None:
    known.answered_cash(paid=paid).save(decision.unit)
    view.show(screens.cash_passing_on(known))
    await decision.enqueue(cash_job(view.target, known, paid=paid))


async def answer_cash(
    callback: CallbackQuery, callback_data: AnswerCash, decision: Decision, view: ChatView, master: Master
) -> None:
    """Keep the answer, once, and have it passed on. «Нет» may become «Да» later, never the other way."""
    known = await order_records.load_of(decision.unit, callback_data.order, master.telegram_id)
    if known is None or not known.was_asked_for_cash:
        view.toast(texts.trouble.stale_button())
        return
    if known.cash_paid in (True, callback_data.paid):
        view.toast(texts.cash.answered_before())
        return
    view.toast()
    await _keep_answer(known, decision, view, paid=callback_data.paid)
