"""The store in this process's memory: for the sandbox (`STORE=memory`) and for fast tests.

It keeps the port's promises to the letter, among them what is awkward about Firestore: expired documents stay until
somebody takes them over, and every call lets other tasks run first, as a call over the network does. So a race that
the real store would show shows here too.
"""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import count

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
        # Those with a `due_at`, by collection: a look at what is due must not walk over everything there is.
        self._waiting: defaultdict[str, dict[Key, Record]] = defaultdict(dict)
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
            found = {key: self._live(key) for key in keys}
            return {key: _copy(record) for key, record in found.items() if record is not None}

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        """Return copies of documents with `after` < `due_at` <= `before`, earliest first, ties by id."""
        before = check_due(collection, before, limit)
        await asyncio.sleep(0)
        with self._lock:
            now = self._now()
            waiting = [
                (record.due_at, record.key.id, record)
                for record in self._waiting[collection].values()
                if record.due_at is not None and record.due_at <= before and (after is None or record.due_at > after)
                if not _expired(record, now)
            ]
            # Ids are unique within a collection, so the comparison never reaches the records.
            return [_copy(record) for _due_at, _id, record in sorted(waiting)[:limit]]

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
            for write in ready:
                self._check(write)
            version = Version(str(next(self._marks)))
            for write in ready:
                self._apply(write, version)
        return {write.key: version for write in ready if not isinstance(write, Delete)}

    async def close(self) -> None:
        """Do nothing: other functions of this process may still use the documents."""

    def _live(self, key: Key) -> Record | None:
        record = self._documents.get(key)
        return None if record is None or _expired(record, self._now()) else record

    def _check(self, write: Write) -> None:
        if isinstance(write, Create):
            if self._live(write.key) is not None:
                raise Conflict("a document to create is already there")
            return
        present = self._documents.get(write.key)
        if present is None or present.version != write.version:
            raise Conflict("a document has changed or gone")

    def _apply(self, write: Write, version: Version) -> None:
        waiting = self._waiting[write.key.collection]
        waiting.pop(write.key, None)
        if isinstance(write, Delete):
            del self._documents[write.key]
            return
        record = self._documents[write.key] = _record(write, version)
        if record.due_at is not None:
            waiting[write.key] = record


def _record(write: Create | Put, version: Version) -> Record:
    return Record(write.key, write.data, version, write.expires_at, write.due_at)


def _copy(record: Record) -> Record:
    return Record(record.key, copied(record.data), record.version, record.expires_at, record.due_at)


def _expired(record: Record, now: datetime) -> bool:
    return record.expires_at is not None and record.expires_at <= now
