"""The outbox: messages are part of the commit and go out after it (shared/pipeline/README.md, «One commit»).

A record that a decision left behind (an inbox record or a job) holds `permits` (moments for which follow-up jobs need a
permit), `outbox` (Telegram calls) and `sent` (how many of them went out). `Outbox.settle` does what is left and marks
it.

Only one is at a record's messages at a time: `sending` says until when. Whoever commits the record has that claim by
the same commit; whoever goes on with it later takes it by a conditional write, so that of many permits and tasks one
sends. A sender stops well before its claim is over, so when it is over its holder is dead and nothing of his is on its
way any more.

If a message cannot go out now (Telegram says «retry after», or does not answer), a delayed task has `telegram_send` go
on with the record. If the process dies, the event's repetition, a permit or housekeeping finds the record unsettled. So
a message is never lost; what may be said twice, and when, is in shared/pipeline/README.md, «Said once».

What may have arrived already goes out again only when Telegram has just answered something else: while it takes all
and keeps silent, each try would be one more copy.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.pipeline import answer_time, screens
from shared.pipeline.claims import (
    SENDING,
    claim_until,
    claimed_until,
    has_unsent,
    is_patient,
    left_to_do,
    may_have_arrived,
    needs_no_mark,
)
from shared.pipeline.jobs import JobState
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.sending import Attachments, Deliver, DeliveryResult, MessageSender, Progress, Reaches
from shared.pipeline.tasks import QueueUnavailable
from shared.store.patience import outlasting
from shared.store.port import Conflict, Key, Put, Record, Store, StoreError

log = logging.getLogger(__name__)

GRACE = timedelta(seconds=60)
"""How long after its delayed task a record's unsent messages are taken to be forgotten."""

MARKS = 3
"""Tries to mark messages as sent, or to take a record, when it changes meanwhile."""


def settled(record: Record, progress: Progress, now: datetime) -> Put:
    """Return the record's next state after this progress.

    A job that was wanted again while its messages went out is pending now.
    """
    sent, again_at = record.data["sent"] + progress.sent, progress.again_at
    tries = {"tries": record.data["tries"] + 1, "unanswered": progress.unanswered}
    data = {**record.data, "permits": [], "sent": sent, "sending": None, **tries}
    if again_at is None:
        # What was said is of no use any more, and may hold a payment link.
        data |= {"outbox": [], "sent": 0, "tries": 0}
    forgotten = None if again_at is None else again_at + GRACE
    state = data.get("state")
    if state == JobState.PENDING:
        # It keeps its time.
        return Put(record.key, data, record.version, record.expires_at, record.due_at)
    if state == JobState.ANSWERED and again_at is None and data.get("again"):
        data |= {"state": str(JobState.PENDING), "again": False}
        return Put(record.key, data, record.version, None, now)
    if state == JobState.ANSWERED and again_at is None:
        data["state"] = str(JobState.DONE)
    return Put(record.key, data, record.version, record.expires_at, forgotten)


def _same_messages(fresh: Record, record: Record) -> bool:
    """Whether the record only changed beside its messages: it was wanted again, say."""
    names = ("outbox", "sent", "permits")
    return all(fresh.data[name] == record.data[name] for name in names)


class Outbox:
    """Brings the records of turns to rest."""

    def __init__(self, store: Store, tasks: TaskScheduler, deliver: Deliver, reaches: Reaches, now: Now) -> None:
        self._store = store
        self._tasks = tasks
        self._sender = MessageSender(store, tasks, deliver, reaches, now)
        self._now = now

    async def take_up(self, key: Key) -> None:
        """Go on with a record somebody left, or leave it to who is at it: then a task looks again when he must be done.

        Raises what `settle` does.
        """
        for _ in range(MARKS):
            record = await self._store.get(key)
            if record is None or not left_to_do(record.data):
                return
            busy = claimed_until(record, self._now())
            if busy is not None:
                await self._tasks.send_later(key, busy)
                return
            with suppress(Conflict):
                if may_have_arrived(record.data) and not await self._sender.reaches(SENDING):
                    await self._ask_later(record)
                else:
                    await self.settle(await self.claim(record))
                return
        await self._tasks.send_later(key, claim_until(self._now()))

    async def _ask_later(self, record: Record) -> None:
        """Leave a record until Telegram answers. Nobody claims it to ask, so who dies asking holds up nobody."""
        await self._tasks.permit(record.data["permits"])
        again = await self._sender.put_off(record, 0, DeliveryResult(later=0.0), paused=True)
        again = replace(again, unanswered=max(1, again.unanswered))
        await self._store.commit([settled(record, again, self._now())])

    async def hand_over(self, record: Record) -> None:
        """Have the messages of a record go on whose sender died; of many who see it one does.

        They are `telegram_send`'s: a permit is for the portal, an event for its answer, and neither must wait for a
        Telegram that keeps silent.
        """
        now = self._now()
        with suppress(Conflict):
            if not has_unsent(record.data):
                await self.settle(await self.claim(record))
                return
            await self._store.commit([Put(record.key, record.data, record.version, record.expires_at, now + GRACE)])
            await self._tasks.send_later(record.key, now)

    async def claim(self, record: Record) -> Record:
        """Take the record's messages, and return it as ours, without what has been replaced since.

        Raises `Conflict` when somebody was faster.
        """
        sent, calls = record.data["outbox"][: record.data["sent"]], record.data["outbox"][record.data["sent"] :]
        keys = screens.screens_of(calls)
        found = await self._store.get_many(keys) if keys else {}
        unanswered = max(record.data.get("unanswered", 0), int(may_have_arrived(record.data)))
        whole = {**record.data, "unanswered": unanswered}
        until = claim_until(self._now(), patient=is_patient(whole))
        due_at = record.due_at if record.data.get("state") == JobState.PENDING else until
        outbox = [*sent, *screens.not_replaced(record.key, calls, {key: each.data for key, each in found.items()})]
        data = {**whole, "outbox": outbox, "sending": until}
        write = Put(record.key, data, record.version, record.expires_at, due_at)
        versions = await self._store.commit([write, *screens.held(list(found.values()))])
        return Record(record.key, data, versions[record.key], record.expires_at, due_at)

    async def settle(self, record: Record, attachments: Attachments | None = None) -> None:
        """Send the calls, create the permits, mark both. The record must be ours: by its commit, or by `claim`.

        In this order, so that an answer seldom has to wait for the «⏳ Оформляем…» before it. What needs no mark gets
        none. Raises `QueueUnavailable` when the queue cannot be reached.
        """
        progress = await self._sender.send(record, attachments or {})
        record = answer_time.told(record, progress.sent, self._now())
        try:
            await self._tasks.permit(record.data["permits"])
        except QueueUnavailable:
            await self._remember(record, progress.sent)
            raise
        if needs_no_mark(record) and progress.again_at is None:
            return
        # The screens of what went out before a pause are not among those that were claimed with the rest.
        out = record.data["outbox"][record.data["sent"] :] if progress.again_at is None else []
        closing = screens.closed(record.key, out, record.version, self._now())
        for _ in range(MARKS):
            mark = settled(record, progress, self._now())
            try:
                # What was said and is not noted is said again.
                await outlasting(partial(self._store.commit, [mark, *closing]))
            except Conflict:
                # Whoever comes after us at a screen sees by our record that we are done.
                closing = []
                fresh = await self._store.get(record.key)
                if fresh is None or not _same_messages(fresh, record):
                    break
                record = fresh if record.data.get("asked_at") else answer_time.told_already(fresh)
                continue
            if record.data.get("state") == JobState.ANSWERED and mark.data.get("state") == JobState.PENDING:
                await self._tasks.permit([self._now()])
            return
        # Somebody settles the same record: ours took longer than its claim, and the mark is his.
        log_event(log, logging.INFO, LogEvent.SETTLED_ELSEWHERE, "settled elsewhere", record=record.key.id)

    async def _remember(self, record: Record, sent: int) -> None:
        """Keep what was said, so that whoever creates the permits later does not say it again."""
        data = {**record.data, "sent": record.data["sent"] + sent, "sending": None}
        # An event's record is free at once for its repetition; a job keeps its time.
        due_at = record.due_at if "state" in data else self._now() + GRACE
        with suppress(StoreError):
            await self._store.commit([Put(record.key, data, record.version, record.expires_at, due_at)])
