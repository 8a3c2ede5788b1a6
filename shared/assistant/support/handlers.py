"""/support: whatever a master writes until /cancel goes to the operators."""

from __future__ import annotations

from shared.assistant.buttons import AskManager
from shared.assistant.desk import Desk
from shared.assistant.masters import Master
from shared.assistant.support import screens, topics
from shared.pipeline.turn import Turn
from shared.telegram.api import (
    CallbackQuery,
    Command,
    CopyMessage,
    F,
    FSMContext,
    Message,
    Router,
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
    return router


async def command(message: Message, desk: Desk, state: FSMContext, operators_chat_id: int | None) -> None:
    """Ask for the question."""
    await _begin(desk, state, operators_chat_id)


async def tapped(callback: CallbackQuery, desk: Desk, state: FSMContext, operators_chat_id: int | None) -> None:
    """Ask for the question, from a button."""
    desk.toast()
    await _begin(desk, state, operators_chat_id)


async def _begin(desk: Desk, state: FSMContext, operators_chat_id: int | None) -> None:
    if operators_chat_id is None:
        desk.say(screens.closed())
        return
    await state.set_data({})
    await state.set_state(SupportStates.talk)
    desk.say(screens.ask())


async def leave(message: Message, desk: Desk, state: FSMContext) -> None:
    """End the talk."""
    await state.clear()
    desk.say(screens.left())


async def relay(
    message: Message, turn: Turn, desk: Desk, master: Master, state: FSMContext, operators_chat_id: int | None
) -> None:
    """Pass the message on, whatever it is."""
    if operators_chat_id is None:
        await state.clear()
        desk.say(screens.closed())
        return
    copy = CopyMessage(chat_id=operators_chat_id, from_chat_id=desk.chat_id, message_id=message.message_id)
    topics.into_topic(turn, copy, master.telegram_id)
    if not await state.get_data():
        # Once: an album is up to ten messages.
        await state.set_data({"told": True})
        desk.say(screens.passed_on())
