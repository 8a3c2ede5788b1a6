"""The unit of work: read, decide, one commit (shared/pipeline/README.md, «One commit»).

A decision gets a `Unit`, reads through it, puts what shall be, and `decide` commits everything at once. If somebody
else was faster the decision is made again on fresh reads, so it must do nothing but decide: no messages, no calls.

Only documents that are written are guarded by the version they were read at. A document that is merely read may change
until the commit; a decision that hangs on it has to put it as well.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from shared.store.port import Conflict, Create, Delete, Key, Put, Record, Store, Version, Write
from shared.store.values import check_key, copied, plain, utc

T = TypeVar("T")

_dice = random.SystemRandom()


class UnitOfWork:
    """One decision: what it read, with versions, and what it wants written.

    `now` is fixed at the start, so one decision sees one moment. After a commit the unit is closed, and `versions` has
    the new versions. `known` was read or written a moment ago, and is not read again: if it has changed since, the
    commit conflicts.
    """

    def __init__(self, store: Store, now: Callable[[], datetime], known: Sequence[Record] = ()) -> None:
        self.now: datetime = utc(now(), "now")
        self.versions: dict[Key, Version] = {}
        self._store = store
        self._read: dict[Key, Record | None] = {record.key: record for record in known}
        self._writes: dict[Key, Write] = {}
        self._closed = False
        self._committed = False

    def knows(self, key: Key) -> bool:
        """Whether it was read or written in this unit: to get it costs no round trip."""
        return key in self._read or key in self._writes

    async def get(self, key: Key) -> dict[str, Any] | None:
        """Return a copy of the document's data, as put in this unit if it was; None when it is absent.

        The copy is the caller's own: changing it changes nothing until it is put.
        """
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, dict[str, Any]]:
        """Return copies of those documents that are present; what is not known yet is read in one round trip."""
        unknown = [key for key in dict.fromkeys(keys) if not self.knows(key)]
        if unknown:
            found = await self._store.get_many(unknown)
            self._read |= {key: found.get(key) for key in unknown}
        known = {key: self._data(key) for key in keys}
        return {key: copied(data) for key, data in known.items() if data is not None}

    def put(
        self, key: Key, data: Mapping[str, Any], *, ttl: timedelta | None = None, due_at: datetime | None = None
    ) -> None:
        """Replace the document, its expiry and its due time; no `ttl` means it never expires, no `due_at` never due.

        LookupError unless it was read or created in this unit before. Committed at the version it was read at, or as a
        create if it was absent. A put that changes nothing at all is not written; one that only moves the expiry is, so
        a sliding lifetime slides exactly.
        """
        self._check_open()
        if not self.knows(key):
            raise LookupError(f"{key.collection} document was put without having been read")
        record = self._read.get(key)
        wanted = self._create(key, data, ttl, due_at)
        if record is None:
            self._writes[key] = wanted
        elif _is_as_read(wanted, record):
            self._writes.pop(key, None)
        else:
            self._writes[key] = Put(key, wanted.data, record.version, wanted.expires_at, wanted.due_at)

    def create(
        self, key: Key, data: Mapping[str, Any], *, ttl: timedelta | None = None, due_at: datetime | None = None
    ) -> None:
        """Write a document that must not exist at the commit; no need to read it first.

        ValueError if this unit knows that it exists: such a commit could never succeed.
        """
        self._check_open()
        if key in self._writes or self._read.get(key) is not None:
            raise ValueError(f"{key.collection} document to create is there already")
        self._writes[key] = self._create(key, data, ttl, due_at)

    def delete(self, key: Key) -> None:
        """Remove a document at the version it was read at; nothing to do if it was absent.

        LookupError unless it was read or created in this unit before. A create that was not preceded by a read is only
        taken back: whether the document exists is as unknown as before.
        """
        self._check_open()
        if not self.knows(key):
            raise LookupError(f"{key.collection} document was deleted without having been read")
        record = self._read.get(key)
        if record is None:
            self._writes.pop(key, None)
        else:
            self._writes[key] = Delete(key, record.version)

    def due_at(self, key: Key) -> datetime | None:
        """Return when the document was due as it was read; None if never or absent. LookupError if it was not read."""
        if key not in self._read:
            raise LookupError(f"{key.collection} document has not been read")
        record = self._read[key]
        return None if record is None else record.due_at

    async def commit(self) -> dict[Key, Version]:
        """Write everything at once and close the unit, also when it fails; return the new versions.

        Raises what `Store.commit` raises. Without changes the store is not asked.
        """
        self._check_open()
        self._closed = True
        if self._writes:
            self.versions = await self._store.commit(list(self._writes.values()))
        self._committed = True
        return self.versions

    def committed(self, key: Key) -> Record:
        """Return a document as this unit committed it, without reading it again. LookupError when it wrote none."""
        record = self._as_committed(self._writes[key]) if self._committed and key in self._writes else None
        if record is None:
            raise LookupError(f"{key.collection} document was not committed here")
        return record

    def _as_committed(self, write: Write) -> Record | None:
        if isinstance(write, Delete):
            return None
        return Record(write.key, write.data, self.versions[write.key], write.expires_at, write.due_at)

    def _data(self, key: Key) -> Mapping[str, Any] | None:
        write = self._writes.get(key)
        if write is not None:
            return None if isinstance(write, Delete) else write.data
        record = self._read[key]
        return None if record is None else record.data

    def _create(self, key: Key, data: Mapping[str, Any], ttl: timedelta | None, due_at: datetime | None) -> Create:
        check_key(key)
        return Create(
            key,
            plain(data),
            expires_at=None if ttl is None else self.now + ttl,
            due_at=None if due_at is None else utc(due_at, "due_at"),
        )

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("the unit has been committed; start a new one")


def _is_as_read(wanted: Create, record: Record) -> bool:
    times = (wanted.expires_at, wanted.due_at) == (record.expires_at, record.due_at)
    return times and _same(wanted.data, record.data)


def _same(left: Any, right: Any) -> bool:  # noqa: ANN401 - stored values are of any storable type
    """Compare stored values with their types: to Python 1, 1.0 and True are equal, to a reader they are not."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(left[name], right[name]) for name in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)


def back_off(attempt: int) -> float:
    """Return the seconds to wait after a failed attempt: 20 ms doubling up to 0.2 s, give or take half of it."""
    return min(0.01 * float(2**attempt), 0.2) * _dice.uniform(0.5, 1.5)


async def decide(
    store: Store,
    now: Callable[[], datetime],
    decision: Callable[[UnitOfWork], Awaitable[T]],
    *,
    attempts: int = 6,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    known: Sequence[Record] = (),
) -> tuple[T, UnitOfWork]:
    """Run a decision and commit it; after a Conflict run it again on a fresh unit, at most `attempts` times in all.

    The first run does not read what is `known` already, the others read all there is.

    Returns what the decision returned and the committed unit. Raises the last Conflict, and at once whatever else the
    decision or the store raises.
    """
    attempt = 1
    while True:
        unit = UnitOfWork(store, now, known if attempt == 1 else ())
        try:
            result = await decision(unit)
            await unit.commit()
        except Conflict:
            if attempt >= attempts:
                raise
        else:
            return result, unit
        await sleep(back_off(attempt))
        attempt += 1
