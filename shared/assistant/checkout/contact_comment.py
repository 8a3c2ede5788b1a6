"""A phone and a comment for the order of a confirmation; the phone is remembered for the next ones.

A master without a phone is asked for it once, below his first confirmation; he may order without answering. What he
sends when he asked to change something makes a new confirmation: the old one's buttons are stale from then on, so
nothing is ordered that was not shown. Prices and stock are checked again at its tap.
"""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.checkout import amending
from shared.assistant.checkout.buttons import DropComment, EditComment, EditPhone
from shared.assistant.common_screens import home_keyboard
from shared.assistant.keyboard import asking_contact
from shared.assistant.words import takes_back
from shared.domain import masters
from shared.domain.checkouts import Checkout
from shared.domain.masters import Master
from shared.domain.one_line import one_line
from shared.pipeline.decision import Decision
from shared.telegram.api import CallbackQuery, F, FSMContext, Message, ReplyKeyboardRemove, Router, State, StatesGroup
from shared.telegram.phones import card_phone, parse_phone

LONGEST = 500
"""Characters of a comment."""

_DIGITS_OF_AN_ARTICLE = 10


class ContactCommentStates(StatesGroup):
    """What he was asked for; the session holds `checkout`, the confirmation it is for.

    The group's name is in the sessions of people who are being asked: it stays what it was.
    """

    phone = State("phone", group_name="AmendingStates")
    comment = State("comment", group_name="AmendingStates")


def register(router: Router) -> None:
    """Add the handlers."""
    router.callback_query.register(ask_phone, EditPhone.filter())
    router.callback_query.register(ask_comment, EditComment.filter())
    router.callback_query.register(drop_comment, DropComment.filter())
    for asked in (ContactCommentStates.phone, ContactCommentStates.comment):
        router.message.register(leave_question, asked, takes_back)
    router.message.register(take_contact, ContactCommentStates.phone, F.contact)
    router.message.register(take_phone, ContactCommentStates.phone, F.text, ~F.text.startswith("/"))
    router.message.register(take_offered_card, F.contact, _is_his_own)
    router.message.register(take_offered_number, F.text, _is_number_offered)
    router.message.register(skip_phone, F.text == texts.labels.SKIP)
    router.message.register(take_comment, ContactCommentStates.comment, F.text, ~F.text.startswith("/"))


async def ask_phone(
    callback: CallbackQuery,
    callback_data: EditPhone,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Ask whom the courier shall call."""
    if await _waits(callback_data.checkout, decision, view, master, state, ContactCommentStates.phone):
        view.keys(texts.contact_comment.ask_phone(), asking_contact(texts.labels.SEND_PHONE))


async def ask_comment(
    callback: CallbackQuery,
    callback_data: EditComment,
    decision: Decision,
    view: ChatView,
    master: Master,
    state: FSMContext,
) -> None:
    """Ask what shall be known about the order."""
    if await _waits(callback_data.checkout, decision, view, master, state, ContactCommentStates.comment):
        view.say(Screen(texts.contact_comment.ask_comment()))


async def _waits(
    checkout_id: str, decision: Decision, view: ChatView, master: Master, state: FSMContext, asked: State
) -> bool:
    """Go on to the question if the confirmation still waits for an answer; else say that it does not."""
    if await amending.shown(checkout_id, decision, master) is None:
        amending.too_late(view)
        return False
    await state.set_state(asked)
    await state.set_data({"checkout": checkout_id})
    return True


async def leave_question(
    message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    """End the question alone: the order still waits for its confirmation."""
    phone = await state.get_state() == ContactCommentStates.phone.state
    shown = await amending.shown(str((await state.get_data()).get("checkout")), decision, master)
    await state.clear()
    text = texts.contact_comment.question_left(phone=phone, waits=shown is not None)
    if phone:
        view.keys(text, ReplyKeyboardRemove(remove_keyboard=True))
    else:
        view.say(Screen(text))


async def take_contact(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take the card he sent, if it is his own: another's number is nobody's to give away."""
    if message.contact is None or message.contact.user_id != master.telegram_id:
        view.say(Screen(texts.contact_comment.phone_not_his()))
        return
    await _keep_phone(card_phone(message.contact.phone_number), decision, view, master, state)


def _is_his_own(message: Message) -> bool:
    return message.contact is not None and message.chat.id == message.contact.user_id


async def take_offered_card(message: Message, decision: Decision, view: ChatView, master: Master) -> None:
    """Take the card that `offer_phone` asked for. The order he confirms next goes with it (`confirm`)."""
    number = None if message.contact is None else card_phone(message.contact.phone_number)
    if number is None:
        view.say(Screen(texts.contact_comment.phone_odd()))
        return
    await _add(number, decision, view, master)


async def _is_number_offered(message: Message, master: Master, state: FSMContext) -> bool:
    """Let through a number that was typed instead of pressing the key of `offer_phone`, while nothing else is asked.

    Ten digits may be an article; with the country before them they are somebody's phone.
    """
    if master.phone or not master.phone_asked or await state.get_state() is not None:
        return False
    typed = message.text or ""
    return parse_phone(typed) is not None and sum(map(str.isdigit, typed)) > _DIGITS_OF_AN_ARTICLE


async def take_offered_number(message: Message, decision: Decision, view: ChatView, master: Master) -> None:
    """Take the number that `offer_phone` asked for, typed. The order he confirms next goes with it (`confirm`)."""
    await _add(parse_phone(message.text or "") or "", decision, view, master)


async def _add(number: str, decision: Decision, view: ChatView, master: Master) -> None:
    await _remember(number, decision, master)
    view.keys(texts.contact_comment.phone_added(number), ReplyKeyboardRemove(remove_keyboard=True))


async def skip_phone(message: Message, view: ChatView) -> None:
    """Take the keys away."""
    view.keys(texts.contact_comment.phone_skipped(), ReplyKeyboardRemove(remove_keyboard=True))


async def offer_phone(decision: Decision, view: ChatView, telegram_id: int) -> None:
    """Ask a master without a phone for it, once in his life with the bot."""
    master = await masters.load(decision.unit, telegram_id)
    if master is None or master.phone or master.phone_asked:
        return
    replace(master, phone_asked=True).save(decision.unit)
    view.keys(texts.contact_comment.offer_phone(), asking_contact(texts.labels.SEND_PHONE, texts.labels.SKIP))


async def _remember(number: str, decision: Decision, master: Master) -> None:
    await decision.unit.get(masters.key(master.telegram_id))
    replace(master, phone=number).save(decision.unit)


async def take_phone(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take a typed number."""
    await _keep_phone(parse_phone(message.text or ""), decision, view, master, state)


async def _keep_phone(
    number: str | None, decision: Decision, view: ChatView, master: Master, state: FSMContext
) -> None:
    if number is None:
        view.say(Screen(texts.contact_comment.phone_odd()))
        return
    await _remember(number, decision, master)
    view.keys(texts.contact_comment.phone_kept(number), ReplyKeyboardRemove(remove_keyboard=True))
    checkout = await _asked_for(decision, view, master, state)
    if checkout is not None:
        view.say(await amending.replaced(decision, checkout, phone=number))


async def take_comment(message: Message, decision: Decision, view: ChatView, master: Master, state: FSMContext) -> None:
    """Take the comment."""
    comment = one_line(message.text or "")
    if not 0 < len(comment) <= LONGEST:
        view.say(Screen(texts.contact_comment.comment_odd()))
        return
    checkout = await _asked_for(decision, view, master, state)
    if checkout is not None:
        view.say(await amending.replaced(decision, checkout, comment=comment))


async def drop_comment(
    callback: CallbackQuery, callback_data: DropComment, decision: Decision, view: ChatView, master: Master
) -> None:
    """Show the confirmation without the comment, in place."""
    await amending.in_place(callback_data.checkout, decision, view, master, comment="")


async def _asked_for(decision: Decision, view: ChatView, master: Master, state: FSMContext) -> Checkout | None:
    """End the question; return the confirmation it was for, or say that it is over."""
    checkout = await amending.shown(str((await state.get_data()).get("checkout")), decision, master)
    await state.clear()
    if checkout is None:
        view.say(Screen(texts.contact_comment.amended_too_late(), home_keyboard()))
    return checkout
