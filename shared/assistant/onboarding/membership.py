"""The decision when a person stops the bot or lets it speak again (`my_chat_member`), before a message fails on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from shared.domain import masters
from shared.store.unit_of_work import UnitOfWork

_REACHABLE = {"member": True, "kicked": False}
"""The bot's own status in a private chat: «kicked» = blocked by the person.

See shared/telegram/README.md, «The webhook».
"""


@dataclass(frozen=True)
class MembershipChange:
    """Whether this person can be written to from now on."""

    telegram_id: int
    reachable: bool


def read(update: Mapping[str, Any]) -> MembershipChange | None:
    """Return the change; None when the update is none, or of a group."""
    match update.get("my_chat_member"):
        case {"chat": {"id": int() as telegram_id, "type": "private"}, "new_chat_member": {"status": str() as status}}:
            return MembershipChange(telegram_id, _REACHABLE[status]) if status in _REACHABLE else None
    return None


async def remember(change: MembershipChange, unit: UnitOfWork) -> None:
    """Keep it, if he is a master. Repeated, it changes nothing."""
    master = await masters.load(unit, change.telegram_id)
    if master is not None:
        replace(master, reachable=change.reachable).save(unit)
