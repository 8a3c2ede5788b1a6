"""A master's name and phone, asked for from /settings and kept for what comes: orders already made keep theirs."""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.keyboard import asking_contact
from shared.assistant.preferences.buttons import EditName, EditOwnPhone
from shared.assistant.words import takes_back
from shared.domain.masters import Master
from shared.domain.one_line import one_line
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, F, FSMContext, Message, ReplyKeyboardRemove, Router, State, StatesGroup
from shared.telegram.phones import card_phone, parse_phone

LONGEST_NAME = 50


class AboutHimStates(StatesGroup):
    """What he was asked for."""

    name = State()
    phone = State()


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(ask_name, EditName.filter())
    router.callback_query.register(ask_phone, EditOwnPhone.filter())
    for asked in (AboutHimStates.name, AboutHimStates.phone):
        router.message.register(leave_question, asked, takes_back)
    router.message.register(take_name, AboutHimStates.name, F.text, ~F.text.startswith("/"))
    router.message.register(take_card, AboutHimStates.phone, F.contact)
    router.message.register(take_phone, AboutHimStates.phone, F.text, ~F.text.startswith("/"))


async def ask_name(callback: CallbackQuery, view: ChatView, state: FSMContext) -> None:
    """Ask how to call him."""
    await state.set_state(AboutHimStates.name)
    view.say(Screen(texts.preferences.ask_name()))


async def ask_phone(callback: CallbackQuery, view: ChatView, state: FSMContext) -> None:
    """Ask for his number."""
    await state.set_state(AboutHimStates.phone)
    view.keys(texts.preferences.ask_phone(), asking_contact(texts.labels.SEND_PHONE))


async def leave_question(message: Message, view: ChatView, state: FSMContext) -> None:
    """End the question; what is kept of him stays as it was."""
    await state.clear()
    view.keys(texts.preferences.left(), ReplyKeyboardRemove(remove_keyboard=True))


async def take_name(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take the name."""
    name = one_line(message.text or "")
    if not 0 < len(name) <= LONGEST_NAME:
        view.say(Screen(texts.preferences.name_odd()))
        return
    await state.clear()
    replace(master, name=name).save(decision.unit)
    view.say(Screen(texts.preferences.name_kept(name)))


async def take_card(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take the card he sent, if it is his own: another's number is nobody's to give away."""
    if message.contact is None or message.contact.user_id != master.telegram_id:
        view.say(Screen(texts.contact_comment.phone_not_his()))
        return
    await _keep(card_phone(message.contact.phone_number), decision, view, master, state)


async def take_phone(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take a typed number."""
    await _keep(parse_phone(message.text or ""), decision, view, master, state)


async def _keep(number: str | None, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    if number is None:
        view.say(Screen(texts.contact_comment.phone_odd()))
        return
    await state.clear()
    replace(master, phone=number).save(decision.unit)
    view.keys(texts.contact_comment.phone_kept(number), ReplyKeyboardRemove(remove_keyboard=True))
