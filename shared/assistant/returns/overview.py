"""The handlers that show returns: /return, and one of them with all that is known of it. They ask nobody."""

from __future__ import annotations

from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale
from shared.assistant.navigation import ShowReturns
from shared.assistant.returns import jobs, screens
from shared.assistant.returns.buttons import ShowReturn
from shared.domain import order_records, return_records
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, Message, Router

RECENT = 5
"""Returns that are listed, and orders that are offered; an older order is opened by its number."""

LOOKED_AT = 30
"""Orders that are looked at for some that may be returned from."""


def register(router: Router) -> None:
    """Add the handlers."""
    router.message.register(my_returns, Command("return", ignore_mention=True))
    router.callback_query.register(show_returns, ShowReturns.filter())
    router.callback_query.register(show_return, ShowReturn.filter())


async def my_returns(message: Message, decision: Decision, view: ChatView, master: Master) -> None:
    """Show the returns, from what is known here, and the orders to return from."""
    view.say(await _overview(decision, master))


async def show_returns(callback: CallbackQuery, decision: Decision, view: ChatView, master: Master) -> None:
    """Show the same in place."""
    view.toast()
    view.show(await _overview(decision, master))


async def show_return(
    callback: CallbackQuery, callback_data: ShowReturn, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show a return of his, from what is known here: what changes is told by itself."""
    made = await return_records.load(decision.unit, callback_data.made)
    if made is None or made.user_id != master.telegram_id:
        answer_stale(view, master)
        return
    view.toast()
    view.say(screens.one(made))


async def _overview(decision: Decision, master: Master) -> Screen:
    ids = await return_records.list_ids(decision.unit, master.telegram_id)
    made = await return_records.load_many(decision.unit, ids[:RECENT])
    recent = (await order_records.list_ids(decision.unit, master.telegram_id))[:LOOKED_AT]
    handed_over = [
        order for order in await order_records.load_many(decision.unit, recent) if order.latest in jobs.HANDED_OVER
    ]
    return screens.overview(made, handed_over[:RECENT])
