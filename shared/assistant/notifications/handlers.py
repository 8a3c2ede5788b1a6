"""The answer to «Оплатили курьеру …?»."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.buttons import AnswerCash
from shared.assistant.desk import Desk
from shared.assistant.masters import Master
from shared.assistant.notifications import screens
from shared.assistant.notifications.jobs import cash_job
from shared.assistant.orders import orders
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery, Router


def router() -> Router:
    """Return the capability's handlers."""
    router = Router(name="notifications")
    router.callback_query.register(answer_cash, AnswerCash.filter())
    return router


async def answer_cash(
    callback: CallbackQuery, callback_data: AnswerCash, turn: Turn, desk: Desk, master: Master
) -> None:
    """Keep the answer, once, and have it passed on. «Нет» may become «Да» later, never the other way."""
    known = await orders.load_of(turn.unit, callback_data.order, master.telegram_id)
    if known is None or not known.was_asked_for_cash:
        desk.toast(texts.trouble.stale_button())
        return
    if known.cash_paid in (True, callback_data.paid):
        desk.toast(texts.cash.answered_before())
        return
    known.answered_cash(paid=callback_data.paid).save(turn.unit)
    desk.toast()
    desk.show(screens.cash_passing_on(known))
    await turn.want(cash_job(desk.chat_id, desk.place.message_id, known.id, paid=callback_data.paid))
