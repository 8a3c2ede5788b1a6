"""The handler of the answer to «Оплатили курьеру …?»."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.notifications import screens
from shared.assistant.notifications.buttons import AnswerCash
from shared.assistant.notifications.cash import cash_job
from shared.domain import order_records
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="notifications")
    router.callback_query.register(answer_cash, AnswerCash.filter())
    return router


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
    known.answered_cash(paid=callback_data.paid).save(decision.unit)
    view.toast()
    view.show(screens.cash_passing_on(known))
    await decision.enqueue(cash_job(view.target, known, paid=callback_data.paid))
