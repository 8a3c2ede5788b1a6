"""Who may do what: whether an update's author is a master, an operator, or somebody who is turned away.

Masters are let in by an invite and shut out by the operators. Anybody in the operators' chat is an operator; who is let
into it is the shop's own matter. Nothing is written or asked on behalf of whoever is turned away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shared.domain import invites, masters
from shared.domain.masters import Master
from shared.store.unit_of_work import UnitOfWork
from shared.telegram.webhook import PRIVATE, UpdateSummary, says_something

_SERVED = ("message", "edited_message", "callback_query")


@dataclass(frozen=True)
class Author:
    """Who wrote or tapped in his private chat with the bot, and how he calls himself."""

    user_id: int
    chat_id: int
    name: str


@dataclass(frozen=True)
class Granted:
    """He is a master, and is served."""

    master: Master


class Denied(StrEnum):
    """Why somebody is turned away: nobody has invited him, or the operators have shut him out."""

    STRANGER = "stranger"
    BLOCKED = "blocked"


Access = Granted | Denied


def access_of(master: Master | None) -> Access:
    """Return whether this person is served; None is who has no record."""
    if master is None:
        return Denied.STRANGER
    return Denied.BLOCKED if master.blocked else Granted(master)


async def look_up(unit: UnitOfWork, user_id: int) -> Access:
    """Return whether this person is served, in a dialogue as inline. Costs one read."""
    return access_of(await masters.load(unit, user_id))


def private_author(update: Mapping[str, Any], seen: UpdateSummary) -> Author | None:
    """Return who is to be answered; None for what is no private message or tap of a person, or only tells of one."""
    if seen.kind not in _SERVED or seen.user_id is None or seen.chat_id is None:
        return None
    if seen.chat_type != PRIVATE or (seen.kind != "callback_query" and not says_something(update[seen.kind])):
        return None
    who = update[seen.kind].get("from")
    first_name = who.get("first_name") if isinstance(who, Mapping) else None
    name = str(first_name).strip() if first_name else ""
    return Author(int(seen.user_id), int(seen.chat_id), name or "мастер")


def is_operators(message: Mapping[str, Any], operators_chat_id: int | None) -> bool:
    """Whether a message is an operator's: a person's, in the operators' chat. Without such a chat nobody is one."""
    chat, author = message.get("chat"), message.get("from")
    if operators_chat_id is None or not isinstance(chat, dict) or chat.get("id") != operators_chat_id:
        return False
    return isinstance(author, dict) and (author.get("is_bot") is False or _is_hidden(message, operators_chat_id))


def is_tapped_by_operator(tap: Mapping[str, Any], operators_chat_id: int | None) -> bool:
    """Whether a button in the operators' chat was tapped, which whoever is in it may do."""
    message = tap.get("message")
    chat = message.get("chat") if isinstance(message, dict) else None
    return operators_chat_id is not None and isinstance(chat, dict) and chat.get("id") == operators_chat_id


def _is_hidden(message: Mapping[str, Any], chat_id: int) -> bool:
    """Whether an administrator wrote it who hides behind the group: the group itself is the sender then."""
    sender = message.get("sender_chat")
    return isinstance(sender, dict) and sender.get("id") == chat_id


def opens(payload: str, invite_secret: str | None, now: datetime) -> bool:
    """Whether what follows /start is a good invite, which lets a stranger in. Without a secret none is."""
    return invites.read(payload, invite_secret, now) is not None
