"""Sharing a list: a link by which another master of this shop gets a copy, as the list is when he opens it.

The link holds whose list it is and the list's id, which nobody guesses; whoever is no master is told so before anything
is looked up.
"""

from __future__ import annotations

import logging

from shared.assistant import texts
from shared.assistant.access import Granted, look_up
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.common_screens import answer_stale, home_keyboard
from shared.assistant.deep_links import DeepLink, LinkTarget, address
from shared.assistant.saved_lists import opening, screens
from shared.assistant.saved_lists.buttons import ShareSaved
from shared.domain import saved_lists
from shared.domain.masters import Master
from shared.domain.saved_lists import SavedList
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.telegram.api import AiogramError, Bot, CallbackQuery

log = logging.getLogger(__name__)


async def share(
    callback: CallbackQuery, callback_data: ShareSaved, decision: Decision, view: ChatView, master: Master, bot: Bot
) -> None:
    """Say what to hand on."""
    wanted = (await saved_lists.load(decision.unit, master.telegram_id)).of(callback_data.list)
    if wanted is None:
        answer_stale(view, master)
        return
    view.toast()
    link = address(await _name_of(bot), DeepLink(LinkTarget.LIST, f"{master.telegram_id}_{wanted.id}"))
    view.say(screens.shared(wanted, link) if link else Screen(texts.saved.unshared()))


async def _name_of(bot: Bot) -> str:
    """Return the bot's user name, asked once for an instance; "" when Telegram does not say."""
    try:
        return (await bot.me()).username or ""
    except AiogramError as error:
        log_event(log, logging.WARNING, LogEvent.BOT_NAME_UNKNOWN, "no name", error=type(error).__name__)
        return ""


async def take(decision: Decision, view: ChatView, master: Master, payload: str) -> None:
    """Copy the list that a link leads to, once, and quote it; his own is only quoted."""
    mine = await saved_lists.load(decision.unit, master.telegram_id)
    owner, _, list_id = payload.partition("_")
    known = mine.of(list_id)
    theirs = known or await _theirs(decision, owner, list_id)
    if theirs is None:
        view.say(Screen(texts.saved.link_over(), home_keyboard()))
        return
    if known is None:
        changed = mine.with_copy(theirs)
        if changed is None:
            view.say(Screen(texts.saved.too_many(saved_lists.MOST)))
            return
        saved_lists.save(decision.unit, master.telegram_id, changed)
        view.say(Screen(texts.saved.taken(changed.lists[0].name)))
    elif owner != str(master.telegram_id):
        view.say(Screen(texts.saved.taken_before(known.name)))
    await opening.quote(decision, view.target, theirs.items)


async def _theirs(decision: Decision, owner: str, list_id: str) -> SavedList | None:
    """Return the list, if its owner is a master of this shop still."""
    if not owner.isascii() or not owner.isdecimal():
        return None
    if not isinstance(await look_up(decision.unit, int(owner)), Granted):
        return None
    return (await saved_lists.load(decision.unit, int(owner))).of(list_id)
