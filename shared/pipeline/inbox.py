"""The inbox: inbound events without duplicates, by a record per event that is created in the commit it decided.

A duplicate cannot commit twice, because the record must not exist; it finds the record instead and at most finishes
what the first delivery left unsettled. While the first one may still be sending, `due_at` of the record says so, and a
duplicate waits: else what comes twice at once would be said twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from shared.clock import Now
from shared.pipeline.decision import Decision
from shared.pipeline.outbox import Outbox, left_to_do
from shared.pipeline.tasks import QueueUnavailable
from shared.store.collections import Collection
from shared.store.port import Conflict, Key, Put, Record, Store, StoreError
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

BUSY = timedelta(seconds=15)
"""How long a delivery is taken to be at its messages. One that takes longer may be overtaken by a duplicate."""

LOOK = 0.1
"""Seconds between a duplicate's looks whether the first delivery is done."""

LOOKS = int(BUSY.total_seconds() / LOOK)

MakeDecision = Callable[[Decision], Awaitable[None]]


class Handled(StrEnum):
    """What became of an event."""

    DONE = "done"
    DUPLICATE = "duplicate"


class Inbox:
    """Handles events of one source."""

    def __init__(self, store: Store, outbox: Outbox, now: Now, *, collection: Collection) -> None:
        self._store = store
        self._outbox = outbox
        self._now = now
        self._collection = collection

    async def handle(self, event_id: str, make_decision: MakeDecision) -> Handled:
        """Decide and commit once, then settle. Raises `StoreError` or `QueueUnavailable`: then send the event again."""
        key = self._collection.key(event_id)

        async def one_turn(unit: UnitOfWork) -> Decision | None:
            if await unit.get(key) is not None:
                return None
            decision = Decision(unit)
            await make_decision(decision)
            busy = unit.now + BUSY if decision.permits or decision.calls else None
            data = {"permits": decision.permits, "outbox": decision.calls, "sent": 0, "tries": 0}
            unit.create(key, data, ttl=self._collection.kept, due_at=busy)
            return decision

        decision, unit = await decide(self._store, self._now, one_turn)
        if decision is None:
            await self._finish(key)
            return Handled.DUPLICATE
        await self._settle(unit.committed(key))
        return Handled.DONE

    async def _settle(self, record: Record) -> None:
        """Bring the record to rest, or leave it to the event's next delivery at once."""
        if not left_to_do(record.data):
            return
        try:
            await self._outbox.settle(record)
        except (StoreError, QueueUnavailable):
            with suppress(StoreError):
                await self._commit(record, None)
            raise

    async def _finish(self, key: Key) -> None:
        """Do what an earlier delivery left, unless it is still at it: then wait until it is done, or surely dead."""
        for look in range(LOOKS):
            record = await self._store.get(key)
            if record is None or not left_to_do(record.data):
                return
            if record.due_at is None or record.due_at <= self._now() or look == LOOKS - 1:
                taken = await self._take(record)
                if taken is not None:
                    await self._settle(taken)
                    return
            await asyncio.sleep(LOOK)

    async def _take(self, record: Record) -> Record | None:
        """Return the record as ours for a while, or None when another duplicate was faster."""
        with suppress(Conflict):
            return await self._commit(record, self._now() + BUSY)
        return None

    async def _commit(self, record: Record, busy_until: datetime | None) -> Record:
        write = Put(record.key, record.data, record.version, record.expires_at, busy_until)
        versions = await self._store.commit([write])
        return replace(record, version=versions[record.key], due_at=busy_until)
