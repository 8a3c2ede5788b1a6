"""The inbox: inbound events without duplicates, by a record per event that is created in the commit it decided.

A duplicate cannot commit twice, because the record must not exist; it finds the record instead and at most finishes
what the first delivery left unsettled. While the first one may still be at it, `sending` of the record says so, and a
duplicate waits: else what comes twice at once would be said twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum

from shared.clock import Now
from shared.pipeline.answer_time import answers
from shared.pipeline.backlog import BACKLOG, Backlog
from shared.pipeline.claims import (
    SENDING,
    SKEW,
    claim_until,
    claimed_until,
    is_patient,
    left_to_do,
    may_have_arrived,
    needs_no_mark,
)
from shared.pipeline.decision import CallData, Decision
from shared.pipeline.outbox import GRACE, Outbox
from shared.pipeline.screens import take_turns
from shared.pipeline.tasks import QueueUnavailable
from shared.store.collections import Collection
from shared.store.port import Conflict, Key, Put, Record, Store, StoreError
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

LOOK = 0.1
"""Seconds between a duplicate's looks whether the first delivery is done."""

LOOKS = int((SENDING + SKEW) / LOOK)

MakeDecision = Callable[[Decision], Awaitable[None]]


class Handled(StrEnum):
    """What became of an event."""

    DONE = "done"
    DUPLICATE = "duplicate"


class Inbox:
    """Handles events of one source."""

    def __init__(
        self,
        store: Store,
        outbox: Outbox,
        now: Now,
        backlog: Backlog,
        *,
        collection: Collection,
        answered: bool = False,
    ) -> None:
        """`answered`: whoever sent an event waits for an answer, and how long is told (`answer_time`)."""
        self._store = store
        self._outbox = outbox
        self._now = now
        self._backlog = backlog
        self._collection = collection
        self._answered = answered

    async def handle(self, event_id: str, make_decision: MakeDecision, beside: Sequence[Key] = ()) -> Handled:
        """Decide and commit once, then settle. Raises `StoreError` or `QueueUnavailable`: then send the event again.

        What lies `beside` the event's record and is needed in any case is read with it, in one round trip.
        """
        key, came = self._collection.key(event_id), self._now()

        async def one_turn(unit: UnitOfWork) -> Decision | None:
            present = await unit.get_many([key, BACKLOG, *beside])
            self._backlog.learn(present.get(BACKLOG))
            if key in present:
                return None
            decision = Decision(unit)
            await make_decision(decision)
            busy = claim_until(unit.now)
            calls = await take_turns(unit, key, decision.calls)
            data = {"permits": decision.permits, "outbox": calls, "sent": 0, "tries": 0, "unanswered": 0}
            data["sending"] = due_at = busy if answers(calls) else None
            data |= self._waits(decision, calls, came)
            unit.create(key, data, ttl=self._collection.kept, due_at=due_at)
            return decision

        decision, unit = await decide(self._store, self._now, one_turn)
        if decision is None:
            await self._finish(key)
            return Handled.DUPLICATE
        await self._settle(unit.committed(key))
        return Handled.DONE

    def _waits(self, decision: Decision, calls: Sequence[CallData], came: datetime) -> dict[str, datetime]:
        """Note since when somebody waits: in this record if it has his answer, else in the jobs that fetch it."""
        if not self._answered:
            return {}
        if answers(calls):
            return {"asked_at": came}
        decision.hand_on(came)
        return {}

    async def _settle(self, record: Record) -> None:
        """Bring the record to rest, or leave it to the event's next delivery at once."""
        if not left_to_do(record.data):
            return
        try:
            await self._outbox.settle(record)
        except (StoreError, QueueUnavailable):
            with suppress(StoreError):
                await self._store.commit([_free(record, self._now())])
            raise

    async def _finish(self, key: Key) -> None:
        """Do what an earlier delivery left, unless it is still at it: then wait until it is done, or surely dead.

        What waits for its task is left to the task, and so is what takes longer than an entrance has time.
        """
        for _ in range(LOOKS):
            record = await self._store.get(key)
            if record is None or not left_to_do(record.data) or self._waits_for_task(record):
                return
            if needs_no_mark(record):
                await self._outbox.settle(record)
                return
            free = claimed_until(record, self._now()) is None
            if free and may_have_arrived(record.data):
                await self._outbox.hand_over(record)
                return
            if is_patient(record.data):
                return
            if free:
                with suppress(Conflict):
                    await self._settle(await self._outbox.claim(record))
                    return
            await asyncio.sleep(LOOK)
        await self._outbox.take_up(key)

    def _waits_for_task(self, record: Record) -> bool:
        put_off = record.data["tries"] > 0 and not record.data["permits"]
        ahead = record.due_at is not None and record.due_at > self._now()
        return put_off and ahead and claimed_until(record, self._now()) is None


def _free(record: Record, now: datetime) -> Put:
    """Return the record as nobody's."""
    return Put(record.key, {**record.data, "sending": None}, record.version, record.expires_at, now + GRACE)
