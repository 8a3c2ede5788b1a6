"""The outbox: messages are part of the commit and go out after it (shared/pipeline/README.md, «One commit»).

A record that a decision left behind (an inbox record or a job) holds `permits` (moments for which follow-up jobs need a
permit), `outbox` (Telegram calls) and `sent` (how many of them went out). `Outbox.settle` does what is left and marks
it.

If a message cannot go out now (Telegram says «retry after», or does not answer), a delayed task has `telegram_send` go
on with the record. If the process dies, the event's repetition or housekeeping finds the record unsettled. So a message
goes out twice in the worst case and is never lost.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import CallData
from shared.pipeline.jobs import JobState
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.tasks import QueueUnavailable
from shared.store.port import Conflict, Put, Record, Store, StoreError

log = logging.getLogger(__name__)

Attachments = Mapping[str, bytes]
"""Bytes that a call refers to as `attach://<name>`; only at hand right after they were fetched."""

GRACE = timedelta(seconds=60)
"""How long after its delayed task a job's unsent messages are taken to be forgotten."""


MARKS = 3
"""Tries to mark messages as sent when the record changes meanwhile."""

LONGEST_PAUSE = 600.0
"""Seconds between two tries of a message at most. The record's own lifetime ends the tries."""


@dataclass(frozen=True)
class DeliveryResult:
    """What became of one call. `later`: seconds to wait before trying again; None = it is settled, well or badly."""

    later: float | None = None


class Deliver(Protocol):
    """Sends one call; whatever can go wrong with a call is decided behind this."""

    async def __call__(self, call: CallData, attachments: Attachments) -> DeliveryResult:
        """Send."""
        ...


def left_to_do(data: Mapping[str, Any]) -> bool:
    """Whether a record still has permits to create or messages to send."""
    return bool(data["permits"]) or data["sent"] < len(data["outbox"])


def pause(asked: float, tries: int) -> float:
    """Return the seconds until the next try: at least what Telegram asked for, doubling from one try to the next."""
    return max(asked, min(2.0**tries, LONGEST_PAUSE))


def settled(record: Record, sent: int, again_at: datetime | None, now: datetime) -> Put:
    """Return the record's next state after `sent` more calls went out; `again_at` = when the rest is tried.

    A job that was wanted again while its messages went out is pending now.
    """
    data = {**record.data, "permits": [], "sent": record.data["sent"] + sent, "tries": record.data["tries"] + 1}
    # A job that waits keeps its time; an event's record only says that somebody was at it.
    due_at = record.due_at if data.get("state") == JobState.PENDING else None
    if again_at is None:
        # What was said is of no use any more, and may hold a payment link.
        data |= {"outbox": [], "sent": 0, "tries": 0}
    if data.get("state") != JobState.ANSWERED:
        return Put(record.key, data, record.version, record.expires_at, due_at)
    if again_at is not None:
        return Put(record.key, data, record.version, record.expires_at, again_at + GRACE)
    if data.get("again"):
        data |= {"state": str(JobState.PENDING), "again": False}
        return Put(record.key, data, record.version, None, now)
    data["state"] = str(JobState.DONE)
    return Put(record.key, data, record.version, record.expires_at, None)


def _same_messages(fresh: Record, record: Record) -> bool:
    """Whether the record only changed beside its messages: it was wanted again, say."""
    names = ("outbox", "sent", "permits")
    return all(fresh.data[name] == record.data[name] for name in names)


def _wanted_again(record: Record, mark: Put) -> bool:
    return record.data.get("state") == JobState.ANSWERED and mark.data.get("state") == JobState.PENDING


class Outbox:
    """Brings the records of turns to rest."""

    def __init__(self, store: Store, tasks: TaskScheduler, deliver: Deliver, now: Now) -> None:
        self._store = store
        self._tasks = tasks
        self._deliver = deliver
        self._now = now

    async def settle(self, record: Record, attachments: Attachments | None = None) -> None:
        """Send the calls, create the permits, mark both. Raises `QueueUnavailable` when the queue cannot be reached.

        In this order, because a worker may be faster than Telegram: its answer must not be overwritten by the
        «⏳ Оформляем…» that went before it.
        """
        sent, again_at = await self._send(record, attachments or {})
        try:
            await self._tasks.permit(record.data["permits"])
        except QueueUnavailable:
            await self._remember(record, sent)
            raise
        for _ in range(MARKS):
            mark = settled(record, sent, again_at, self._now())
            try:
                await self._store.commit([mark])
            except Conflict:
                fresh = await self._store.get(record.key)
                if fresh is None or not _same_messages(fresh, record):
                    break
                record = fresh
                continue
            if _wanted_again(record, mark):
                await self._tasks.permit([self._now()])
            return
        # Somebody settles the same record: the messages went out twice at worst, and the mark is his.
        log_event(log, logging.INFO, LogEvent.SETTLED_ELSEWHERE, "settled elsewhere", record=record.key.id)

    async def _remember(self, record: Record, sent: int) -> None:
        """Keep what was said, so that whoever creates the permits later does not say it again."""
        data = {**record.data, "sent": record.data["sent"] + sent}
        # An event's record is free at once for its repetition; a job keeps its time.
        due_at = record.due_at if "state" in data else None
        with suppress(StoreError):
            await self._store.commit([Put(record.key, data, record.version, record.expires_at, due_at)])

    async def _send(self, record: Record, attachments: Attachments) -> tuple[int, datetime | None]:
        calls = record.data["outbox"][record.data["sent"] :]
        for done, call in enumerate(calls):
            delivery = await self._deliver_one(call, attachments)
            if delivery.later is not None:
                seconds = pause(delivery.later, record.data["tries"])
                again_at = self._now() + timedelta(seconds=seconds)
                await self._tasks.send_later(record.key, again_at)
                log_event(log, logging.INFO, LogEvent.MESSAGES_WAIT, "messages wait", seconds=seconds)
                return done, again_at
        return len(calls), None

    async def _deliver_one(self, call: CallData, attachments: Attachments) -> DeliveryResult:
        """Deliver; a bug in there must not make the event come again and again, so the call counts as settled."""
        try:
            return await self._deliver(call, attachments)
        except (StoreError, QueueUnavailable):
            raise
        except Exception:  # noqa: BLE001 - logged
            log_event(log, logging.ERROR, LogEvent.BUG, "undeliverable", exc_info=True, record="outbox")
            return DeliveryResult()
