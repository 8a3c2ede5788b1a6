"""The store in this process's memory: for the sandbox (`STORE=memory`) and for fast tests.

It keeps the port's promises to the letter, among them what is awkward about Firestore: expired documents stay until
somebody takes them over, and every call lets other tasks run first, as a call over the network does. So a race that
the real store would show shows here too.
"""

from __future__ import annotations

import asyncio
import threading
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import count, islice, takewhile
from operator import itemgetter

from shared.store.port import Conflict, Create, Delete, Key, Put, Record, Version, Write
from shared.store.values import check_due, check_key, check_page, copied, prepared


class MemoryStore:
    """Documents in dictionaries, shared by everyone who holds this object.

    `now` is the clock that decides what has expired. A lock guards the state: the functions of one sandbox may run in
    event loops of their own.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._documents: dict[Key, Record] = {}
        # Those with a `due_at`, by collection and in order, as an index has them: a look at what is due must not walk
        # over everything there is. Ids are unique within a collection.
        self._waiting: defaultdict[str, list[tuple[datetime, str]]] = defaultdict(list)
        self._marks: Iterator[int] = count(1)
        self._lock = threading.Lock()

    async def get(self, key: Key) -> Record | None:
        """Return a copy of the document, or None when it is absent or expired."""
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return copies of those documents that are present."""
        for key in keys:
            check_key(key)
        await asyncio.sleep(0)
        with self._lock:
            now = self._now()
            found = {key: self._live(key, now) for key in keys}
            return {key: _copy(record) for key, record in found.items() if record is not None}

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        """Return copies of documents with `after` < `due_at` <= `before`, earliest first, ties by id."""
        before = check_due(collection, before, limit)
        await asyncio.sleep(0)
        with self._lock:
            waiting = self._waiting[collection]
            first = 0 if after is None else bisect_right(waiting, after, key=itemgetter(0))
            # One moment for all of them: to ask the clock for each takes as long as to look the document up.
            now = self._now()
            found = (self._live(Key(collection, id_), now) for _, id_ in _up_to(waiting, first, before))
            return [_copy(record) for record in islice(filter(None, found), limit)]

    async def page(self, collection: str, after: str, limit: int) -> list[Record]:
        """Return copies of documents by id, expired ones too."""
        check_page(collection, limit)
        await asyncio.sleep(0)
        with self._lock:
            there = sorted(key.id for key in self._documents if key.collection == collection and key.id > after)
            return [_copy(self._documents[Key(collection, id_)]) for id_ in there[:limit]]

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        """Apply all writes or none."""
        ready = prepared(writes)
        await asyncio.sleep(0)
        with self._lock:
            now = self._now()
            for write in ready:
                self._check(write, now)
            version = Version(str(next(self._marks)))
            for write in ready:
                self._apply(write, version)
        return {write.key: version for write in ready if not isinstance(write, Delete)}

    async def close(self) -> None:
        """Do nothing: other functions of this process may still use the documents."""

    def _live(self, key: Key, now: datetime) -> Record | None:
        record = self._documents.get(key)
        return None if record is None or _expired(record, now) else record

    def _check(self, write: Write, now: datetime) -> None:
        if isinstance(write, Create):
            if self._live(write.key, now) is not None:
                raise Conflict("a document to create is already there")
            return
        present = self._documents.get(write.key)
        if present is None or present.version != write.version:
            raise Conflict("a document has changed or gone")

    def _apply(self, write: Write, version: Version) -> None:
        waiting = self._waiting[write.key.collection]
        before = self._documents.get(write.key)
        if before is not None and before.due_at is not None:
            del waiting[bisect_left(waiting, (before.due_at, write.key.id))]
        if isinstance(write, Delete):
            del self._documents[write.key]
            return
        self._documents[write.key] = _record(write, version)
        if write.due_at is not None:
            insort(waiting, (write.due_at, write.key.id))


def _up_to(waiting: Sequence[tuple[datetime, str]], first: int, before: datetime) -> Iterator[tuple[datetime, str]]:
    return takewhile(lambda one: one[0] <= before, (waiting[place] for place in range(first, len(waiting))))


def _record(write: Create | Put, version: Version) -> Record:
    return Record(write.key, write.data, version, write.expires_at, write.due_at)


def _copy(record: Record) -> Record:
    return Record(record.key, copied(record.data), record.version, record.expires_at, record.due_at)


def _expired(record: Record, now: datetime) -> bool:
    return record.expires_at is not None and record.expires_at <= now
