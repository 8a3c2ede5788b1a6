"""A lease: a document that says who may do something now, taken and given back by single conditional writes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from shared.store.collections import LEASES
from shared.store.port import Conflict, Create, Delete, Put, Store, StoreError, Write


class Lease:
    """The right to do what `name` says, for `ttl` from the last `take`. Each object is an owner of its own."""

    def __init__(self, store: Store, name: str, now: Callable[[], datetime], ttl: timedelta) -> None:
        self._store = store
        self._key = LEASES.key(name)
        self._now = now
        self._ttl = ttl
        self._owner = uuid4().hex

    async def take(self, ttl: timedelta | None = None) -> bool:
        """Take the lease, or prolong it when it is ours already; False when somebody else has it.

        When an own commit's answer got lost the next `take` finds our name in the document. Raises StoreError.
        """
        record = await self._store.get(self._key)
        expires_at = self._now() + (ttl or self._ttl)
        data = {"owner": self._owner}
        if record is None:
            write: Write = Create(self._key, data, expires_at=expires_at)
        elif record.data["owner"] == self._owner:
            write = Put(self._key, data, record.version, expires_at=expires_at)
        else:
            return False
        try:
            await self._store.commit([write])
        except Conflict:
            return False
        return True

    async def release(self) -> None:
        """Give the lease back if it is still ours. A store in trouble is no matter: the lease ends by itself."""
        with contextlib.suppress(StoreError):
            record = await self._store.get(self._key)
            if record is not None and record.data["owner"] == self._owner:
                await self._store.commit([Delete(self._key, record.version)])
