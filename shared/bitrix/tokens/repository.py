"""Where the pair lies: the version record in the store and the versions in the vault, read and changed together."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from shared.bitrix.secrets import SecretVault, VaultUnavailable, VersionMissing
from shared.bitrix.tokens.errors import METHODS, TokenMissing, TokenUnavailable
from shared.bitrix.tokens.pair import BadPair, TokenPair, decode
from shared.bitrix.tokens.version_record import VersionRecord, first, version_record_of
from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.store.collections import TOKENS
from shared.store.port import Store
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

LOOK_AHEAD = 3
"""How many numbers beyond the present version's may hold a pair that was kept but never published."""
MOST_SWEPT = 20
"""Versions destroyed at a time."""

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class StoredPair:
    """A pair with the number of its version."""

    version: str
    pair: TokenPair = field(repr=False)


class TokenRepository:
    """The version record `name` and the vault behind it. Remembers the last pair read: a version never changes."""

    def __init__(self, store: Store, vault: SecretVault, name: str, now: Now, sleep: Sleep) -> None:
        self._store = store
        self._vault = vault
        self._key = TOKENS.key(name)
        self._now = now
        self._sleep = sleep
        self._last: StoredPair | None = None

    async def find(self) -> VersionRecord | None:
        """Read the version record; None when nothing was ever installed. Raises StoreError."""
        record = await self._store.get(self._key)
        return None if record is None else version_record_of(record.data)

    async def version_record(self) -> VersionRecord:
        """Read the version record. Raises TokenMissing, StoreError."""
        record = await self.find()
        if record is None:
            raise TokenMissing("no token pair was ever installed", methods=METHODS)
        return record

    async def pair(self, version: str) -> TokenPair:
        """Return a version's pair. Raises TokenMissing when it cannot be read, TokenUnavailable when not now."""
        if self._last is None or self._last.version != version:
            self._last = StoredPair(version, await self._read(version))
        return self._last.pair

    async def newest(self, record: VersionRecord) -> StoredPair:
        """Return the newest pair that is kept: the present one, or a later one that nobody lived to publish.

        Numbers are read strongly consistent, so what was kept is found. Raises what `pair` raises.
        """
        held = StoredPair(record.version, await self.pair(record.version))
        known = {one.version for one in record.retired}
        start = int(record.version) + 1
        for number in map(str, range(start, start + LOOK_AHEAD)):
            if number not in known:
                with contextlib.suppress(TokenMissing):
                    held = StoredPair(number, await self._read(number))
        return held

    async def keep(self, pair: TokenPair) -> str:
        """Put a pair into the vault; return its version. Raises VaultUnavailable."""
        return await self._vault.add(pair.encode())

    async def publish(self, held: StoredPair, base: VersionRecord | None = None) -> VersionRecord:
        """Make a kept pair the present one; return the version record after it.

        With `base` only if the version record is still of that generation. Otherwise somebody else was faster, and the
        kept version is retired. Raises StoreError.
        """

        async def decision(unit: UnitOfWork) -> VersionRecord:
            present = await self._present(unit)
            if present is None:
                after = first(held.version, held.pair.expires_at, unit.now)
            elif base is not None and base.generation != present.generation:
                after = present.without_orphan(held.version, unit.now)
            else:
                after = present.moved(held.version, held.pair.expires_at, unit.now)
            unit.put(self._key, after.data())
            return after

        record, _ = await decide(self._store, self._now, decision, sleep=self._sleep)
        if record.version == held.version:
            self._last = held
        return record

    async def mark_used(self) -> None:
        """Note that the present pair is in use. Raises StoreError, a Conflict at the first one already."""

        async def decision(unit: UnitOfWork) -> None:
            present = await self._present(unit)
            if present is not None and present.needs_mark(unit.now):
                unit.put(self._key, present.used(unit.now).data())

        await decide(self._store, self._now, decision, attempts=1)

    async def mark_refused(self, version: str, code: str) -> bool:
        """Note that the server refused this version's pair; tell whether that is news. Raises StoreError."""

        async def decision(unit: UnitOfWork) -> bool:
            present = await self._present(unit)
            if present is None or present.version != version:
                return False
            unit.put(self._key, present.refused(code, unit.now).data())
            return present.failed_since is None

        news, _ = await decide(self._store, self._now, decision, sleep=self._sleep)
        return news

    async def sweep(self) -> int:
        """Destroy retired versions whose grace is over; return how many. Raises StoreError."""
        record = await self.find()
        overdue = record.overdue(self._now())[:MOST_SWEPT] if record else ()
        destroyed = frozenset([version for version in overdue if await self._destroyed(version)])

        async def decision(unit: UnitOfWork) -> None:
            present = await self._present(unit)
            if present is not None:
                unit.put(self._key, present.without(destroyed).data())

        if destroyed:
            await decide(self._store, self._now, decision, sleep=self._sleep)
        return len(destroyed)

    async def _present(self, unit: UnitOfWork) -> VersionRecord | None:
        data = await unit.get(self._key)
        return None if data is None else version_record_of(data)

    async def _read(self, version: str) -> TokenPair:
        try:
            return decode(await self._vault.read(version))
        except VaultUnavailable as error:
            raise TokenUnavailable(f"the vault: {error}", methods=METHODS) from None
        except (VersionMissing, BadPair) as error:
            raise TokenMissing(f"version {version} of the token pair: {error}", methods=METHODS) from None

    async def _destroyed(self, version: str) -> bool:
        """Destroy a version; False when that has to wait."""
        try:
            await self._vault.destroy(version)
        except VersionMissing:
            return True
        except VaultUnavailable as error:
            log_event(
                log,
                logging.WARNING,
                LogEvent.TOKEN_SWEEP_FAILED,
                f"an old token pair could not be destroyed: {error}",
                version=version,
            )
            return False
        return True
