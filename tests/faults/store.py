"""A store that fails when told to, at the one place where everything goes through: the commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared.store.port import Key, Record, Store, Unavailable, Version, Write


class FaultyStore:
    """A store whose commits fail on demand. `commits` counts them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._left: int | None = None
        self._applied = False
        self.commits = 0
        self.down = False

    def fail_at(self, commit: int, *, applied: bool) -> None:
        """Have the commit with this number (1 = the next) fail; `applied`: it was done, but the answer was lost."""
        self._left, self._applied = commit, applied

    def works(self) -> None:
        """Take back a failure that was asked for."""
        self._left = None

    @property
    def failed(self) -> bool:
        """Whether the failure that was asked for has happened."""
        return self._left is None

    async def get(self, key: Key) -> Record | None:
        """Read."""
        self._check()
        return await self._store.get(key)

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Read."""
        self._check()
        return await self._store.get_many(keys)

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        """Read what is due."""
        self._check()
        return await self._store.due(collection, before, limit, after)

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        """Write, or fail as asked."""
        self._check()
        self.commits += 1
        if self._left is None or self._left > 1:
            self._left = self._left and self._left - 1
            return await self._store.commit(writes)
        self._left = None
        if self._applied:
            await self._store.commit(writes)
        raise Unavailable("out of reach")

    async def close(self) -> None:
        """Let go."""
        await self._store.close()

    def _check(self) -> None:
        if self.down:
            raise Unavailable("out of reach")
