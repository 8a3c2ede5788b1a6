"""The notice to whoever has to wait long, for his turn or for the portal: told once, and the answer takes its place.

The worker tells, not whoever wants a job: each permit has just read what is due, oldest first, and knows whose turn
comes when, for all instances together; the update's function would have to read the queue for every request of every
master. So a short queue costs no read and no write more, and a long one a write or two for each who is told. Permits
come twice a second, so he hears of it about as soon as he joins. Beyond the window of the worker (240 jobs) he hears of
it when he enters it.

The message must not outlive the wait, so its withdrawal is part of the job's record: first the job is marked, by a
conditional write, so that of several permits one tells; then the message is sent; then what takes it away is noted in
the record, if the job still waits. If not, the answer did not know of the message and it is withdrawn at once. The jobs
on the way to the answer hand the notice on (`Decision.enqueue`); the answer is written over it or it is deleted, in the
answer's own commit. Only an instance that dies between the last two steps leaves a message behind.

Who waits for the portal itself, because it lets a method rest or does not answer, is told the same way, by the worker
that has just heard so, or whose request has been under way for seconds. When that makes his wait longer than he was
told, he is told again, in the place of the first. Who was told by the job's own words is not told by these as well.

See shared/pipeline/README.md, «Waiting in the queue».
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Protocol, TypeVar

from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import CallData
from shared.pipeline.jobs import Job, JobState, Lane
from shared.pipeline.retry import READ_RETRIES
from shared.pipeline.select import LoadOf, share
from shared.store.collections import JOBS
from shared.store.port import Conflict, Put, Record, Store, StoreError
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

T = TypeVar("T")

LONG = timedelta(seconds=5)
"""A wait worth a word. A shorter one is bridged by the typing sign, which Telegram shows for five seconds."""

SILENT = timedelta(seconds=4)
"""A request that takes longer is worth a word too: with the permits before it that makes `LONG`."""

MOST_TOLD = 10
"""Told by one permit: Telegram takes 30 messages of a bot a second, and answers go before."""


class WaitCause(StrEnum):
    """What somebody waits for: his turn behind others, or a portal that is slow or lets a method rest."""

    QUEUE = "queue"
    PORTAL = "portal"


@dataclass(frozen=True)
class WaitingJob:
    """A job that waits, as read, how long it will, and for what."""

    record: Record
    job: Job
    asker: int
    wait: timedelta
    cause: WaitCause = WaitCause.QUEUE


class Notifier(Protocol):
    """Brings notices to chats."""

    async def tell(self, asker: int, wait: timedelta, cause: WaitCause) -> CallData | None:
        """Say how long it takes; return the call that takes the message away, None when none was sent."""
        ...

    async def withdraw(self, notice: CallData) -> None:
        """Take it away now."""
        ...


def long_waits(left: Sequence[tuple[Record, Job]], load: LoadOf, batch: int, per_second: float) -> list[WaitingJob]:
    """Return who is to be told, of the due jobs that are left to the permits after this one, in their order.

    Of an asker only the first job counts: his own requests before it are no crowd. Who was told stays told.
    """
    if len(left) < LONG.total_seconds() * per_second:
        return []
    first = {job.asker: job for _, job in reversed(left) if job.asker is not None}
    untold = {job.id for job in first.values() if not job.told}
    if not untold:
        return []
    waiting = (
        WaitingJob(record, job, job.asker, timedelta(seconds=ahead / per_second))
        for record, job, ahead in _in_turn(left, load, batch)
        if job.asker is not None and job.id in untold
    )
    # Nobody's turn is looked for behind the last who is told: that is a walk over all who are left for each permit.
    return list(islice((one for one in islice(waiting, len(untold)) if one.wait >= LONG), MOST_TOLD))


def put_off(record: Record, took: timedelta, now: datetime) -> WaitingJob | None:
    """Return who is to be told that the portal keeps him waiting; None for a short wait, and for who knows of as long.

    `took` is how long the try took that came to nothing: each that is left may take as long.
    """
    job = Job.from_data(record.data)
    if job.state is not JobState.PENDING or job.asker is None or job.outbox or record.due_at is None:
        return None
    tries = max(len(READ_RETRIES) + 1 - job.attempts, 1) if job.lane is Lane.READ else 1
    wait = record.due_at - now + tries * took
    if wait < LONG or _knows(job, now + wait):
        return None
    return WaitingJob(record, job, job.asker, wait, WaitCause.PORTAL)


def _knows(job: Job, ends: datetime) -> bool:
    """Whether the asker was told of about as long a wait. How long the version before has told is not known."""
    return bool(job.told) and job.told_until is not None and ends <= job.told_until + LONG


def _in_turn(left: Sequence[tuple[Record, Job]], load: LoadOf, batch: int) -> Iterator[tuple[Record, Job, int]]:
    """Yield the jobs with the number of the permit that will serve each, as `select` shares them out."""
    permits = 0
    while left:
        permits += 1
        taken = {record.key for record in share(left, load, batch)}
        if taken == {left[0][0].key}:
            # The oldest alone, as with a write: nobody has to be looked for.
            yield (*left[0], permits)
            left = left[1:]
            continue
        yield from ((record, job, permits) for record, job in left if record.key in taken)
        left = [(record, job) for record, job in left if record.key not in taken]


class QueueNotifier:
    """Tells who waits."""

    def __init__(self, store: Store, now: Now, notifier: Notifier) -> None:
        self._store = store
        self._now = now
        self._notifier = notifier
        self._told: dict[int, tuple[str, datetime]] = {}

    async def tell(self, waiting: Sequence[WaitingJob]) -> None:
        """Tell them all. A store that fails meanwhile costs somebody his notice, never his answer."""
        await asyncio.gather(*map(self._tell_one, waiting))

    async def tell_put_off(self, one: WaitingJob) -> None:
        """Tell who waits for the portal. Since his job was put off its permit has been noted in it: it is read anew."""
        try:
            record = await self._store.get(one.record.key)
        except StoreError:
            log_event(log, logging.WARNING, LogEvent.QUEUE_UNTOLD, "nobody was told", job=one.job.id)
            return
        job = None if record is None else Job.from_data(record.data)
        if record is None or job is None or job.state is not JobState.PENDING or job.lease:
            return
        if not _knows(job, self._now() + one.wait):
            await self._tell_one(replace(one, record=record, job=job))

    async def accompany(self, jobs: Sequence[Job], longest: timedelta, asking: Awaitable[T]) -> T:
        """Return what is answered; who waits for it is told when nothing is for a while, which may last `longest`.

        The jobs are leased by who calls this. A notice that is on its way is noted before this returns.
        """
        answered = asyncio.Event()
        telling = asyncio.ensure_future(self._tell_silence(jobs, longest - SILENT, answered))
        try:
            return await asking
        finally:
            answered.set()
            await telling

    async def _tell_silence(self, jobs: Sequence[Job], wait: timedelta, answered: asyncio.Event) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENT.total_seconds()):
                await answered.wait()
        waiting = [job for job in jobs if job.asker is not None and not _knows(job, self._now() + wait)]
        for job in [] if answered.is_set() else waiting:
            await self._tell_leased(job, wait)

    async def _tell_leased(self, job: Job, wait: timedelta) -> None:
        """Tell whose job is being done, unless it is somebody else's by now."""
        try:
            record = await self._store.get(job.key)
        except StoreError:
            log_event(log, logging.WARNING, LogEvent.QUEUE_UNTOLD, "nobody was told", job=job.id)
            return
        seen = None if record is None else Job.from_data(record.data)
        if record is not None and seen is not None and seen.asker is not None and seen.lease == job.lease:
            await self._tell_one(WaitingJob(record, seen, seen.asker, wait, WaitCause.PORTAL))

    async def _tell_one(self, one: WaitingJob) -> None:
        if one.cause is WaitCause.PORTAL and await self._knows_by_another(one):
            return
        told = uuid.uuid4().hex
        # Without the first notice: the answer must not be written over what is taken away just now.
        job = replace(one.job, told=told, told_until=self._now() + one.wait, notice=None)
        record, marked = one.record, job.as_data()
        try:
            await self._store.commit([Put(record.key, marked, record.version, record.expires_at, record.due_at)])
        except Conflict:
            return  # it is being done, or another permit tells him
        except StoreError:
            log_event(log, logging.WARNING, LogEvent.QUEUE_UNTOLD, "nobody was told", job=one.job.id)
            return
        if one.job.notice is not None:
            await self._notifier.withdraw(one.job.notice)
        notice = await self._notifier.tell(one.asker, one.wait, one.cause)
        seconds = one.wait.total_seconds()
        log_event(log, logging.INFO, LogEvent.QUEUE_TOLD, "told of the queue", job=one.job.id, seconds=seconds)
        if notice is not None and not await self._noted(one.job, told, notice):
            await self._notifier.withdraw(notice)

    async def _knows_by_another(self, one: WaitingJob) -> bool:
        """Note that he is told, and return whether he was of about as long a wait for something else that goes on.

        Ten photos of a return wait at once, and are one wait to him. Each instance knows of its own words only.
        """
        now = self._now()
        self._told = {asker: (job, until) for asker, (job, until) in self._told.items() if until > now}
        before = self._told.get(one.asker)
        # At once, so that of several at the same moment one tells.
        self._told[one.asker] = (one.job.id, now + one.wait)
        if before is None or before[0] == one.job.id or now + one.wait > before[1] + LONG:
            return False
        if await self._still_waits(before[0]):
            self._told[one.asker] = before
            return True
        return False

    async def _still_waits(self, job_id: str) -> bool:
        try:
            record = await self._store.get(JOBS.key(job_id))
        except StoreError:
            return True  # somebody is told once too seldom rather than twice
        return record is not None and record.data["state"] == JobState.PENDING

    async def _noted(self, job: Job, told: str, notice: CallData) -> bool:
        """Note in the job what takes the message away; False when the job does not wait any more."""

        async def note(unit: UnitOfWork) -> bool:
            data = await unit.get(job.key)
            if data is None or data["told"] != told or data["state"] != JobState.PENDING:
                return False
            unit.put(job.key, {**data, "notice": notice}, due_at=unit.due_at(job.key))
            return True

        try:
            noted, _ = await decide(self._store, self._now, note)
        except StoreError:
            log_event(log, logging.WARNING, LogEvent.QUEUE_UNTOLD, "a notice was not noted", job=job.id)
            return False
        return noted
