"""Sharing a list: a link by which another master of this shop gets a copy, as the list is when he opens it.

The link holds a token, which nobody guesses and which tells nothing of its owner. Who is no master is told so before
anything is looked up. A version before made links of the owner's id and the list's.
"""

from __future__ import annotations

import logging
import re
from typing import Final

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

_OF_THE_VERSION_BEFORE: Final = re.compile(r"(?P<owner>[1-9][0-9]{0,18})_(?P<list>[0-9a-f]{1,32})")


async def share(
    callback: CallbackQuery, callback_data: ShareSaved, decision: Decision, view: ChatView, master: Master, bot: Bot
) -> None:
    """Say what to hand on."""
    mine = await saved_lists.load(decision.unit, master.telegram_id)
    wanted = mine.of(callback_data.list)
    if wanted is None:
        answer_stale(view, master)
        return
    view.toast()
    name = await _name_of(bot)
    if not name:
        view.say(Screen(texts.saved.unshared()))
        return
    token = await saved_lists.share(decision.unit, master.telegram_id, mine, wanted)
    link = address(name, DeepLink(LinkTarget.LIST, token))
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
    owner, list_id = await _behind(decision, payload)
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
    elif owner != master.telegram_id:
        view.say(Screen(texts.saved.taken_before(known.name)))
    await opening.quote(decision, view.target, theirs.items)


async def _behind(decision: Decision, payload: str) -> tuple[int, str]:
    """Return whose list a link leads to, and its id; 0 and "" where it leads to none."""
    before = _OF_THE_VERSION_BEFORE.fullmatch(payload)
    if before is not None:
        return int(before["owner"]), before["list"]
    return await saved_lists.shared_by(decision.unit, payload) or (0, "")


async def _theirs(decision: Decision, owner: int, list_id: str) -> SavedList | None:
    """Return the list, if its owner is a master of this shop still."""
    if not owner or not isinstance(await look_up(decision.unit, owner), Granted):
        return None
    return (await saved_lists.load(decision.unit, owner)).of(list_id)
