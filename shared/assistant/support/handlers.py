"""The handlers of /support: whatever a master writes until /cancel goes to the operators."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.navigation import AskManager, EndTalk
from shared.assistant.spoken_commands import says
from shared.assistant.support import screens, talks, topics
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
    router.callback_query.register(end, EndTalk.filter())
    router.message.register(_nothing, SupportStates.talk, F.text.startswith("/"), _turns_to_something_else)
    router.callback_query.register(_nothing, SupportStates.talk, _turns_to_something_else)
    router.message.register(relay, SupportStates.talk, ~F.text.startswith("/"))
    router.edited_message.register(relay_edit, SupportStates.talk)
    return router


def word_router() -> Router:
    """Return what is said in words instead of the command (`shared.assistant.spoken_commands`)."""
    router = Router(name="support by word")
    router.message.register(command, says("support"))
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


async def _turns_to_something_else(event: Message | CallbackQuery, view: ChatView, state: FSMContext) -> bool:
    """End the talk and let nothing through: a command or a button of something else has its own handler."""
    await state.clear()
    view.say(screens.ended())
    return False


async def _nothing(event: Message | CallbackQuery) -> None:
    """Nothing comes here (`_turns_to_something_else`)."""


async def end(callback: CallbackQuery, view: ChatView, state: FSMContext) -> None:
    """End the talk by its button; one that has ended is said to have ended once more."""
    if await state.get_state() == SupportStates.talk.state:
        await state.clear()
    view.toast()
    view.show(screens.left())


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
    *,
    talks_to_crm: bool,
) -> None:
    """Pass the message on, whatever it is."""
    if operators_chat_id is None:
        await state.clear()
        view.say(screens.closed())
        return
    copy = CopyMessage(chat_id=operators_chat_id, from_chat_id=view.chat_id, message_id=message.message_id)
    # Told once, and after it went: an album is up to ten messages.
    known = await state.get_data()
    album = message.media_group_id
    first, same = not known, album is not None and known.get("album") == album
    topics.into_topic(decision, copy, master.telegram_id, first=first, told=not same)
    if first or not same:
        await state.set_data({"told": True, "album": album})
    if talks_to_crm and (words := words_of(message)):
        await talks.tell(decision, master, texts.support.said_by_master(master.name, words))


async def relay_edit(
    message: Message, decision: Decision, master: Master, operators_chat_id: int | None, *, talks_to_crm: bool
) -> None:
    """Pass on what a message has become. Without words nothing that operators could see has changed."""
    words = words_of(message)
    if operators_chat_id is not None and words:
        told = SendMessage(chat_id=operators_chat_id, text=texts.support.mended(words))
        topics.into_topic(decision, told, master.telegram_id)
        if talks_to_crm:
            await talks.tell(decision, master, texts.support.mended_by_master(master.name, words))
