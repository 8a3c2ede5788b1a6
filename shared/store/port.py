"""The store port: what the rest of the system may ask of a document store.

One mechanism: documents under `Key(collection, id)`, read with their version, changed only by `commit`, which applies a
list of writes atomically and refuses all of them when one precondition fails. There are no read-modify-write
transactions (shared/store/README.md, «What holds»: contended ones cost seconds). Two adapters: `shared.store.memory`
and `shared.store.firestore`; one contract suite (`tests/store/`) runs on both.

Errors::

    StoreError
    ├── Conflict      a precondition failed: someone else was faster; read again and decide again
    └── Unavailable   the store did not answer in time; nothing is known about the last commit
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol


class StoreError(Exception):
    """Base of everything a store raises."""


class Conflict(StoreError):  # noqa: N818 - it reads as what it is at every `except`
    """A precondition failed; none of the commit's writes was applied."""


class Unavailable(StoreError):  # noqa: N818 - the same
    """The store is unreachable or too slow."""


class Key(NamedTuple):
    """Where a document lives. Ids may hold anything but «/».

    Hundreds are compared and looked up in each commit, so it is a tuple: those hash in C.
    """

    collection: str
    id: str


@dataclass(frozen=True)
class Version:
    """An opaque mark of one state of one document; equal marks mean the same state."""

    mark: str


@dataclass(frozen=True)
class Record:
    """A document as read: its data, the version for a later precondition, its times (aware, UTC)."""

    key: Key
    data: Mapping[str, Any]
    version: Version
    expires_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Create:
    """Write a document that must not exist. An expired one that is still present counts as absent."""

    key: Key
    data: Mapping[str, Any]
    expires_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Put:
    """Replace a document that must still be at `version`."""

    key: Key
    data: Mapping[str, Any]
    version: Version
    expires_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True)
class Delete:
    """Remove a document that must still be at `version`."""

    key: Key
    version: Version


Write = Create | Put | Delete


class Store(Protocol):
    """What both adapters do. Expired documents are never returned, whether or not the store still holds them."""

    async def get(self, key: Key) -> Record | None:
        """Return the document, or None when it is absent or expired."""
        ...

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return those of the documents that are present, in one round trip."""
        ...

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        """Return documents with `after` < `due_at` <= `before`, earliest first, at most `limit`."""
        ...

    async def page(self, collection: str, after: str, limit: int) -> list[Record]:
        """Return documents by id, those after this id ("" = from the first on), at most `limit`.

        Expired ones too, as long as they are there. For who looks through all of a collection: it costs a read each,
        so nothing that answers anybody does it.
        """
        ...

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        """Apply all writes or none; return the new versions of the documents written (deleted ones have none)."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
