"""The phone a newcomer is asked for: it tells which contact of the CRM he is.

Only the number that Telegram itself sends counts, by the contact button, and only his own: a typed one or another's
card would let anybody be anybody.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.keyboard import asking_contact
from shared.assistant.onboarding.binding import find_job
from shared.domain import newcomers
from shared.domain.newcomers import Newcomer
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import is_under_way
from shared.telegram.api import Message, ReplyKeyboardRemove, Update
from shared.telegram.phones import card_phone, parse_phone


async def ask(telegram_id: int, name: str, decision: Decision, view: ChatView) -> None:
    """Ask who has just come in by an invite that names no buyer."""
    known = await newcomers.load(decision.unit, telegram_id)
    (known or Newcomer(telegram_id, name)).save(decision.unit)
    _say(texts.onboarding.ask_phone(), view)


async def serve(read: Callable[[], Update], telegram_id: int, decision: Decision, view: ChatView) -> bool:
    """Hear a stranger's update if he was let in and is still to tell his phone; return whether he is one."""
    newcomer = await newcomers.load(decision.unit, telegram_id)
    if newcomer is None:
        return False
    await hear(read(), newcomer, decision, view)
    return True


async def hear(update: Update, newcomer: Newcomer, decision: Decision, view: ChatView) -> None:
    """Take his number, or say what is wanted; whatever else he writes or taps has to wait for it."""
    view.toast()
    message = update.message
    if newcomer.job and await is_under_way(decision.unit, newcomer.job):
        _done(texts.onboarding.looking_for_him(), view)
    elif message is None or message.contact is None:
        typed = message is not None and parse_phone(message.text or "") is not None
        _say(texts.onboarding.phone_typed() if typed else texts.onboarding.ask_phone(), view)
    elif message.contact.user_id != newcomer.telegram_id:
        _say(texts.onboarding.phone_foreign(), view)
    else:
        await _take(message, newcomer, decision, view)


async def _take(message: Message, newcomer: Newcomer, decision: Decision, view: ChatView) -> None:
    card = message.contact
    number = None if card is None else card_phone(card.phone_number)
    if card is None or number is None:
        _say(texts.onboarding.phone_unread(), view)
        return
    job = find_job(view.target.below, newcomer, number, card.first_name, card.last_name or "")
    replace(newcomer, job=job.id).save(decision.unit)
    await decision.enqueue(job)
    _done(texts.onboarding.looking_for_him(), view)


def _say(text: str, view: ChatView) -> None:
    view.keys(text, asking_contact(texts.labels.SEND_PHONE))


def _done(text: str, view: ChatView) -> None:
    view.keys(text, ReplyKeyboardRemove(remove_keyboard=True))
