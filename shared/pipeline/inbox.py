"""Dedup of inbound events: a record per event, created in the same commit as what the event decided (ARCHITECTURE §3).

A duplicate cannot commit twice, because the record must not exist; it finds the record instead and at most finishes
what the first delivery left unsettled.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from enum import StrEnum

from shared.clock import Now
from shared.pipeline.outbox import Outbox, left_to_do
from shared.pipeline.turn import Turn
from shared.store.port import Key, Store
from shared.store.unit import Unit, decide

log = logging.getLogger(__name__)

Decision = Callable[[Turn], Awaitable[None]]


class Handled(StrEnum):
    """What became of an event."""

    DONE = "done"
    DUPLICATE = "duplicate"


class Inbox:
    """Handles events of one source."""

    def __init__(self, store: Store, outbox: Outbox, now: Now, *, collection: str, kept: timedelta) -> None:
        self._store = store
        self._outbox = outbox
        self._now = now
        self._collection = collection
        self._kept = kept

    async def handle(self, event_id: str, decision: Decision) -> Handled:
        """Decide and commit once, then settle. Raises `StoreError` or `QueueUnavailable`: then send the event again."""
        key = Key(self._collection, event_id)

        async def one_turn(unit: Unit) -> Turn | None:
            if await unit.get(key) is not None:
                return None
            turn = Turn(unit)
            await decision(turn)
            unit.create(key, {"permits": turn.permits, "outbox": turn.calls, "sent": 0, "tries": 0}, ttl=self._kept)
            return turn

        turn, unit = await decide(self._store, self._now, one_turn)
        record = await self._store.get(key) if turn is None else unit.committed(key)
        if record is not None and left_to_do(record.data):
            await self._outbox.settle(record)
        return Handled.DUPLICATE if turn is None else Handled.DONE
