"""The operators' group after Telegram made it a supergroup, which has another id: heard of, and remembered.

What is sent to the old id is sent to the new one by `shared.telegram.sender`, which Telegram tells of it. What comes
from the new id is known by a record, so that it holds for every instance until the setting is changed.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.store.collections import TOPICS
from shared.store.port import Key, Store
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

_SUPERGROUPS: Final = -1_000_000_000_000
"""Ids of supergroups and channels are below it; such a group never gets another id."""


def read(update: Mapping[str, Any], chat_id: int | None) -> int | None:
    """Return the id of the supergroup that this group has just become; None for every other update."""
    message = update.get("message")
    if chat_id is None or not isinstance(message, dict) or _chat_of(message) != chat_id:
        return None
    went = message.get("migrate_to_chat_id")
    return went if isinstance(went, int) and went < _SUPERGROUPS else None


async def present(store: Store, update: Mapping[str, Any], chat_id: int | None) -> int | None:
    """Return the operators' chat as an update knows it: `chat_id`, or what that group became.

    The store is asked only where the group of the settings may have become another, for what another group says.
    """
    tap = update.get("callback_query")
    message = tap.get("message") if isinstance(tap, dict) else update.get("message")
    from_chat = _chat_of(message) if isinstance(message, dict) else None
    if chat_id is None or from_chat is None or not from_chat < _SUPERGROUPS < chat_id < 0:
        return chat_id
    record = await store.get(_key(chat_id))
    return chat_id if record is None else int(record.data["chat_id"])


async def remember(store: Store, now: Now, chat_id: int, went: int) -> None:
    """Keep where a group went. Raises `StoreError`."""

    async def keep(unit: UnitOfWork) -> None:
        await unit.get(_key(chat_id))
        unit.put(_key(chat_id), {"chat_id": went}, ttl=TOPICS.kept)

    await decide(store, now, keep)
    log_event(log, logging.WARNING, LogEvent.OPERATORS_MOVED, "the operators' group is a supergroup now", chat=went)


def _key(chat_id: int) -> Key:
    return TOPICS.key(f"g{chat_id}")


def _chat_of(message: Mapping[str, Any]) -> int | None:
    chat = message.get("chat")
    id_ = chat.get("id") if isinstance(chat, dict) else None
    return id_ if isinstance(id_, int) else None
