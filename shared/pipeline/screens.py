"""The turns of what a message shows: an older edit is never sent after a newer one.

A call that changes a message names it in its data (`screen`; `part`: it changes the buttons alone). A decision that
changes a message takes the message's next turn by a write to its record in `screens`, in its own commit; so of two
decisions one comes second and knows of the other:

- Who goes on with messages that somebody left looks the turns up first: what a later decision has replaced is not sent.
  He writes the record anew as he claims them, so whoever decides meanwhile decides again and knows of him.
- Who decides while an earlier decision's messages may be on their way (`open`, its record is `owner`) sends when they
  are out, or when their sender is surely dead. The note that messages went out closes their screens.

Buttons alone replace no text that still has to come, only older buttons: the text would be lost.

See shared/pipeline/README.md, «Newest last».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.pipeline.decision import CallData
from shared.store.collections import SCREEN_KEPT, SCREENS
from shared.store.port import Key, Put, Record, Version
from shared.store.unit_of_work import UnitOfWork


def screen_of(call: CallData) -> Key | None:
    """Return the record of the message that a call changes; None for a call that changes none."""
    name = call.get("screen")
    return None if name is None else SCREENS.key(name)


def screens_of(calls: Sequence[CallData]) -> list[Key]:
    """Return the records of all messages that the calls change, each once."""
    return list(dict.fromkeys(key for call in calls if (key := screen_of(call)) is not None))


async def take_turns(unit: UnitOfWork, owner: Key, calls: Sequence[CallData]) -> list[CallData]:
    """Return a decision's calls with their turns, and write these into its unit. `owner` holds the calls."""
    keys = screens_of(calls)
    before = await unit.get_many(keys)
    taken: dict[Key, dict[str, Any]] = {}
    for key in keys:
        seen = before.get(key) or {"turn": 0, "whole": 0, "owner": "", "open": False}
        turn = seen["turn"] + 1
        replaced = any(not call.get("part") for call in calls if screen_of(call) == key)
        screen = {"turn": turn, "whole": turn if replaced else seen["whole"], "owner": _name(owner), "open": True}
        unit.put(key, screen, ttl=SCREENS.kept)
        after = seen["owner"] if seen["open"] and seen["owner"] != screen["owner"] else ""
        taken[key] = {"turn": turn, "whole": screen["whole"], "after": after}
    turns = [(call, screen_of(call)) for call in calls]
    return [call if key is None else {**call, **taken[key]} for call, key in turns]


async def still_to_say(unit: UnitOfWork, owner: Key, calls: Sequence[CallData]) -> list[CallData]:
    """Return those of an earlier decision's unsent calls that nobody has replaced, for this decision to send.

    Their screens are written as they are: whoever decides meanwhile decides again, and the note closes them.
    """
    found = await unit.get_many(screens_of(calls))
    kept = not_replaced(owner, calls, found)
    for key in screens_of(kept):
        if key in found:
            unit.put(key, found[key], ttl=SCREENS.kept)
    return kept


def is_replaced(call: CallData, screen: Mapping[str, Any] | None) -> bool:
    """Whether a later decision has changed what this call would. Without a record nobody knows of one."""
    if screen is None or "turn" not in call:
        return False
    newest: int = screen["turn"] if call.get("part") else screen["whole"]
    return newest > int(call["turn"])


def earlier(call: CallData) -> Key | None:
    """Return the record whose messages must be out before this call; None when there is none."""
    after = call.get("after")
    if not after:
        return None
    collection, _, id_ = after.partition("/")
    return Key(collection, id_)


def not_replaced(owner: Key, calls: Sequence[CallData], found: Mapping[Key, Mapping[str, Any]]) -> list[CallData]:
    """Return the calls that no later decision has replaced; those of screens that are another's now close nothing."""
    kept = []
    for call in calls:
        screen = found.get(key) if (key := screen_of(call)) is not None else None
        if is_replaced(call, screen):
            continue
        foreign = screen is not None and screen["owner"] != _name(owner)
        kept.append({name: call[name] for name in call if name != "whole"} if foreign else call)
    return kept


def held(found: Sequence[Record]) -> list[Put]:
    """Return the writes that leave these screens as they are, and make a conflict of every decision under way."""
    return [Put(record.key, record.data, record.version, record.expires_at) for record in found]


def closed(owner: Key, calls: Sequence[CallData], version: Version, now: datetime) -> list[Put]:
    """Return the writes that close the screens of calls that went out, as one commit with their record left them."""
    left = {key: call for call in calls if "whole" in call and (key := screen_of(call)) is not None}
    return [
        Put(
            key,
            {"turn": call["turn"], "whole": call["whole"], "owner": _name(owner), "open": False},
            version,
            now + SCREEN_KEPT,
        )
        for key, call in left.items()
    ]


def _name(owner: Key) -> str:
    return f"{owner.collection}/{owner.id}"
