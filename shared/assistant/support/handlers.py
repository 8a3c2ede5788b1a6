"""The handlers of /support: whatever a master writes until /cancel goes to the operators."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.navigation import AskManager
from shared.assistant.support import screens, topics
from shared.assistant.words import words_of
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.telegram.api import (
    CallbackQuery,
    Command,
    CopyMessage,
    F,
    FSMContext,
    Message,
    Router,
    SendMessage,
    State,
    StatesGroup,
)


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
    router.edited_message.register(relay_edit, SupportStates.talk)
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
    # Told once, and after it went: an album is up to ten messages.
    first = not await state.get_data()
    topics.into_topic(decision, copy, master.telegram_id, first=first)
    if first:
        await state.set_data({"told": True})


async def relay_edit(message: Message, decision: Decision, master: Master, operators_chat_id: int | None) -> None:
    """Pass on what a message has become. Without words nothing that operators could see has changed."""
    words = words_of(message)
    if operators_chat_id is not None and words:
        told = SendMessage(chat_id=operators_chat_id, text=texts.support.mended(words))
        topics.into_topic(decision, told, master.telegram_id)
