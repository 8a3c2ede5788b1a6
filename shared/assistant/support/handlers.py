"""The handlers of /support: whatever a master writes until /cancel goes to the operators."""

from __future__ import annotations

from shared.assistant.chat_view import ChatView
from shared.assistant.navigation import AskManager
from shared.assistant.support import screens, topics
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, Command, CopyMessage, F, FSMContext, Message, Router, State, StatesGroup


class SupportStates(StatesGroup):
    """A talk with the operators."""

    talk = State()


def router() -> Router:
    """Return the capability's handlers. They come first: only here /cancel ends a talk."""
    router = Router(name="support")
    router.message.register(command, Command("support", ignore_mention=True))
    router.callback_query.register(tapped, AskManager.filter())
    router.message.register(leave, SupportStates.talk, Command("cancel", ignore_mention=True))
    router.message.register(relay, SupportStates.talk, ~F.text.startswith("/"))
    return router


async def command(message: Message, view: ChatView, state: FSMContext, operators_chat_id: int | None) -> None:
    """Ask for the question."""
    await _begin(view, state, operators_chat_id)


async def tapped(callback: CallbackQuery, view: ChatView, state: FSMContext, operators_chat_id: int | None) -> None:
    """Ask for the question, from a button."""
    view.toast()
    await _begin(view, state, operators_chat_id)


async def _begin(view: ChatView, state: FSMContext, operators_chat_id: int | None) -> None:
    if operators_chat_id is None:
        view.say(screens.closed())
        return
    await state.set_data({})
    await state.set_state(SupportStates.talk)
    view.say(screens.ask())


async def leave(message: Message, view: ChatView, state: FSMContext) -> None:
    """End the talk."""
    await state.clear()
    view.say(screens.left())


async def relay(
    message: Message,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
    operators_chat_id: int | None,
) -> None:
    """Pass the message on, whatever it is."""
    if operators_chat_id is None:
        await state.clear()
        view.say(screens.closed())
        return
    copy = CopyMessage(chat_id=operators_chat_id, from_chat_id=view.chat_id, message_id=message.message_id)
    topics.into_topic(decision, copy, master.telegram_id)
    if not await state.get_data():
        # Once: an album is up to ten messages.
        await state.set_data({"told": True})
        view.say(screens.passed_on())
