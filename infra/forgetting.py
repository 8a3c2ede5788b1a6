"""`assistant forget`: what is kept of one master is removed, or made nobody's (infra/README.md, «Personal data»).

All of the store is looked through, for a record tells whose it is in many ways. His own goes first, so that from then
on he is a stranger for whom nothing is written. While something of his is under way nothing is touched: the answer
would write it anew.
"""

from __future__ import annotations

import argparse
import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from google.auth.exceptions import GoogleAuthError

from infra.instance import out_of_reach, with_parts
from shared.entry.container import Container
from shared.pipeline.claims import left_to_do, needs_no_mark
from shared.pipeline.jobs import JobState
from shared.store import collections as known
from shared.store.collections import Collection
from shared.store.port import Conflict, Delete, Put, Record, Store, StoreError, Write

PAGE = 300
"""Records looked at with one request."""

AT_ONCE = 100
"""Records removed by one commit."""

ROUNDS = 3
"""Looks through the store: whatever changed while it was being removed is found by the next one."""

WHOSE = frozenset({"user_id", "telegram_id", "chat_id", "owner", "master"})
"""What a master's id is called in records."""

TEXTS = frozenset({"payload", "params", "tag"})
"""What is kept as text with ids in it: letters, and calls of Telegram's."""

NOBODY = 0
"""In the place of a master's id; no account of Telegram's has it."""

Say = Callable[[str], None]


class Fate(StrEnum):
    """What becomes of a master's records in a collection."""

    REMOVED = "removed"
    NOBODYS = "nobody's"
    FINISHED = "removed once it is done"
    AWAITED = "waited for"
    NONE = "none"


@dataclass(frozen=True)
class Rule:
    """What becomes of them, and whether they are called by his id."""

    fate: Fate
    by_id: bool = False


OWN = Rule(Fate.REMOVED, by_id=True)
TELLS = Rule(Fate.REMOVED)
OF_NOBODY = Rule(Fate.NONE)

RULES: Mapping[Collection, Rule] = {
    # First, so that nothing new comes.
    known.MASTERS: OWN,
    known.NEWCOMERS: OWN,
    # A link is good once, also after whoever came in by it is forgotten.
    known.INVITES: Rule(Fate.NOBODYS),
    known.SESSIONS: OWN,
    known.SCREENS: OWN,
    known.INLINE_QUERIES: OWN,
    known.CARTS: OWN,
    known.SAVED_LISTS: OWN,
    known.WATCHES: OWN,
    known.TOPICS: OWN,
    known.ORDER_LISTS: OWN,
    known.RETURN_LISTS: OWN,
    known.ORDERS: TELLS,
    known.RETURNS: TELLS,
    known.RETURN_DRAFTS: TELLS,
    known.CHECKOUTS: TELLS,
    known.SEARCHES: TELLS,
    known.PASTED_LISTS: TELLS,
    known.DEAD_LETTERS: TELLS,
    known.JOBS: Rule(Fate.FINISHED),
    # What is in it of him is on its way to him, or waits for its turn.
    known.INBOX_TELEGRAM: Rule(Fate.AWAITED),
    known.BASKETS: Rule(Fate.AWAITED),
    # Photos lie on the portal's Disk, and their records have them deleted there.
    known.MEDIA: OF_NOBODY,
    known.INBOX_BITRIX: OF_NOBODY,
    known.ORDER_PARTS: OF_NOBODY,
    known.EMPTY_SEARCHES: OF_NOBODY,
    known.TRADE_WORDS: OF_NOBODY,
    known.SEARCH_CACHE: OF_NOBODY,
    known.PICTURES: OF_NOBODY,
    known.CURSORS: OF_NOBODY,
    known.PORTAL_STATE: OF_NOBODY,
    known.QUEUE_STATE: OF_NOBODY,
    known.PAUSES: OF_NOBODY,
    known.TOKENS: OF_NOBODY,
    known.LEASES: OF_NOBODY,
}


def add_forget(parser: argparse.ArgumentParser) -> None:
    """Say what `assistant forget` takes."""
    parser.add_argument("--master", type=_person, required=True, metavar="ID", help="his Telegram id")
    parser.add_argument("--dry-run", action="store_true", help="only count what there is")
    parser.set_defaults(run=_run)


def _person(written: str) -> int:
    """Return a person's id, for argparse: not 0, which is nobody's and stands in many records, and not a group's."""
    if written.isascii() and written.isdigit() and int(written) > NOBODY:
        return int(written)
    raise argparse.ArgumentTypeError(f"{written} is no person's id at Telegram")


def _run(arguments: argparse.Namespace) -> int:
    """Forget. RuntimeError when the project is out of reach."""

    async def act(here: Container) -> int:
        return await forget(here.store, arguments.master, _say, dry_run=arguments.dry_run)

    try:
        return asyncio.run(with_parts(act))
    except (StoreError, GoogleAuthError) as error:
        raise out_of_reach(error) from None


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command talks to its user


async def forget(store: Store, telegram_id: int, say: Say, *, dry_run: bool = False) -> int:
    """Remove what is kept of a master, and say how much of what; 1 when something of his is under way.

    Raises `StoreError`; what is removed by then stays removed, and the next run goes on.
    """
    for _ in range(ROUNDS):
        found = [record async for record in _records(store) if _is_of(record, telegram_id)]
        busy = [record for record in found if _is_under_way(record)]
        if busy and not dry_run:
            say(f"under way: {_counted(busy)}; nothing was touched, try again in some minutes")
            return 1
        say(_counted(found) if found else f"nothing is kept of {telegram_id}")
        if dry_run or not found:
            return 0
        await _let_go(store, found)
    return 1


async def _records(store: Store) -> AsyncIterator[Record]:
    for collection, rule in RULES.items():
        if rule.fate is Fate.NONE:
            continue
        last, page = "", await store.page(collection.name, "", PAGE)
        while page:
            for record in page:
                yield record
            last = page[-1].key.id
            page = await store.page(collection.name, last, PAGE) if len(page) == PAGE else []


def _is_of(record: Record, telegram_id: int) -> bool:
    named = _rule(record).by_id and _has_number(record.key.id, telegram_id)
    return named or _mentions(record.data, telegram_id)


def _mentions(value: Any, telegram_id: int, name: str = "") -> bool:  # noqa: ANN401 - any stored value
    if isinstance(value, Mapping):
        return any(_mentions(item, telegram_id, str(key)) for key, item in value.items())
    if isinstance(value, list | tuple):
        return any(_mentions(item, telegram_id, name) for item in value)
    if isinstance(value, str):
        return name in TEXTS and _has_number(value, telegram_id)
    return name in WHOSE and value == telegram_id


def _has_number(text: str, number: int) -> bool:
    return re.search(rf"(?<!\d){number}(?!\d)", text) is not None


def _is_under_way(record: Record) -> bool:
    fate = _rule(record).fate
    if fate is Fate.FINISHED:
        return bool(record.data["state"] != JobState.DONE)
    on_its_way = "outbox" not in record.data or (left_to_do(record.data) and not needs_no_mark(record))
    return fate is Fate.AWAITED and on_its_way


def _rule(record: Record) -> Rule:
    return _BY_NAME[record.key.collection]


_BY_NAME = {collection.name: rule for collection, rule in RULES.items()}


async def _let_go(store: Store, found: list[Record]) -> None:
    """Remove them in the order of the rules; what changed meanwhile is left to the next round."""
    for begin in range(0, len(found), AT_ONCE):
        writes = [_written(record) for record in found[begin : begin + AT_ONCE]]
        try:
            await store.commit(writes)
        except Conflict:
            for write in writes:
                await _alone(store, write)


async def _alone(store: Store, write: Write) -> None:
    try:
        await store.commit([write])
    except Conflict:
        return


def _written(record: Record) -> Write:
    if _rule(record).fate is not Fate.NOBODYS:
        return Delete(record.key, record.version)
    nobodys = replace(record, data={**record.data, "telegram_id": NOBODY})
    return Put(nobodys.key, nobodys.data, nobodys.version, nobodys.expires_at, nobodys.due_at)


def _counted(records: list[Record]) -> str:
    return ", ".join(f"{name} {count}" for name, count in Counter(record.key.collection for record in records).items())
