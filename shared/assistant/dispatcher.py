"""The dispatcher: the routers of all capabilities, in their order, and the way of one update through them.

The order matters: commands work in every state; a capability that waits for a text comes before the search, which takes
any text; what nobody takes is answered by the last router.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shared.assistant import sessions, trying_again
from shared.assistant.cart import handlers as cart
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.checkout import handlers as checkout
from shared.assistant.common_screens import answer_stale
from shared.assistant.inline import handlers as inline
from shared.assistant.keyboard import could_be_ours
from shared.assistant.lists import handlers as lists
from shared.assistant.notifications import handlers as notifications
from shared.assistant.onboarding import handlers as onboarding
from shared.assistant.orders import handlers as orders
from shared.assistant.preferences import handlers as preferences
from shared.assistant.returns import handlers as returns
from shared.assistant.saved_lists import handlers as saved_lists
from shared.assistant.search import handlers as search
from shared.assistant.sessions import UnitStorage
from shared.assistant.support import handlers as support
from shared.assistant.watching import handlers as watching
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import Bot, Dispatcher, Update


def build(zone: ZoneInfo, operators_chat_id: int | None, *, talks_to_crm: bool = False) -> Dispatcher:
    """Return the dispatcher; one per instance, for it holds nothing of an update.

    `talks_to_crm`: what is said to the operators is said in the CRM too.
    """
    dispatcher = Dispatcher(
        storage=UnitStorage(), zone=zone, operators_chat_id=operators_chat_id, talks_to_crm=talks_to_crm
    )
    dispatcher.include_routers(
        support.router(),
        inline.router(),
        onboarding.first_router(),
        cart.router(),
        orders.router(),
        notifications.router(),
        preferences.router(),
        watching.router(),
        checkout.router(),
        returns.router(),
        saved_lists.router(),
        lists.router(),
        search.router(),
        trying_again.router(),
        onboarding.last_router(),
    )
    return dispatcher


def desk_of(update: Update, decision: Decision, chat_id: int, master: Master) -> ChatView:
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
