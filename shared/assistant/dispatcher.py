"""The way of one update of a master through the routers of `shared.assistant.routers`, which nobody else needs."""

from __future__ import annotations

from shared.assistant import sessions
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.common_screens import answer_stale
from shared.assistant.keyboard import could_be_ours
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import Bot, Dispatcher, Update


def chat_view_of(update: Update, decision: Decision, chat_id: int, master: Master) -> ChatView:
    """Return the view for answering the master's update: a tap is answered in the message it was made on."""
    callback = update.callback_query
    if callback is None:
        return ChatView(decision, ChatTarget(chat_id, price_type=master.price_type))
    message_id = callback.message.message_id if callback.message else None
    return ChatView(decision, ChatTarget(chat_id, message_id, master.price_type), callback.id)


async def handle(
    dispatcher: Dispatcher, bot: Bot, update: Update, decision: Decision, view: ChatView, master: Master
) -> None:
    """Let the routers decide about the update.

    Every tap is answered, whatever the handler did; who waits for Bitrix and was shown nothing yet sees typing.
    """
    data = update.callback_query.data if update.callback_query is not None else None
    if data is not None and not could_be_ours(data):
        answer_stale(view, master)
        return
    with sessions.within(decision.unit):
        await dispatcher.feed_update(bot, update, decision=decision, view=view, master=master)
    view.toast()
    waits = any(due_at <= decision.now for due_at in decision.permits)
    if waits and not view.has_shown:
        view.typing()
