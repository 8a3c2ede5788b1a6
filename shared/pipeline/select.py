"""The selection of the due jobs that one permit serves. Pure: records in, a choice out.

See shared/pipeline/README.md, «Jobs and permits».
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.pipeline.jobs import Job, JobState, Lane
from shared.store.port import Record

BATCH = 50
"""Commands in one `batch` request (spec §5)."""


READS_TOGETHER = 5
"""Reads that most requests have room for; of more, the next sweep finds what is left."""


@dataclass(frozen=True)
class Load:
    """What a job takes of a shared request: so many commands, none beside a job that asks the very same.

    `asked` is what it asks, in words; "" is like no other.
    """

    weight: int
    asked: str = ""


LoadOf = Callable[[Job], Load]


@dataclass(frozen=True)
class Selection:
    """What to do with one permit.

    `taken` share one HTTP request; `unsettled` were answered but their messages may not have gone out, which costs no
    request; `left` are due but for later permits; `blocked` = there is due work that must wait for a slow write, or for
    messages, to end. `held`: when the leases and claims end that others have just now.
    """

    taken: tuple[Record, ...] = ()
    unsettled: tuple[Record, ...] = ()
    left: tuple[tuple[Record, Job], ...] = ()
    blocked: bool = False
    held: tuple[datetime, ...] = ()


def select(
    window: Sequence[Record], now: datetime, *, load: LoadOf, writes_in_flight: int, batch: int = BATCH
) -> Selection:
    """Choose from records ordered by `due_at`, among them the leased ones, which are due when their lease ends."""
    jobs = [(record, Job.from_data(record.data)) for record in window]
    due = [(record, job) for record, job in jobs if record.due_at is not None and record.due_at <= now]
    unsettled = tuple(record for record, job in due if job.state is JobState.ANSWERED)
    pending = [(record, job) for record, job in due if job.state is JobState.PENDING]
    waiting = [(record, job) for record, job in pending if not _telling(job, now)]
    busy = sum(1 for record, job in jobs if _under_way(record, job, now))
    if busy >= writes_in_flight:
        allowed = [(record, job) for record, job in waiting if job.lane is not Lane.WRITE]
    else:
        allowed = waiting
    taken = share(allowed, load, batch)
    keys = {record.key for record in taken}
    return Selection(
        taken=taken,
        unsettled=unsettled,
        left=tuple((record, job) for record, job in waiting if record.key not in keys),
        blocked=bool(pending) and not allowed,
        held=tuple(sorted(end for record, job in jobs if (end := _held_until(record, job, now)) is not None)),
    )


def is_answered(record: Record) -> bool:
    """Whether a job has its answer, and only messages or permits are left of it."""
    return bool(record.data["state"] == JobState.ANSWERED)


def permits_for(overdue: Sequence[Record]) -> int:
    """Return how many permits serve these jobs: reads share, so one each would be a queue full of empty ones."""
    pending = [Job.from_data(record.data) for record in overdue if not is_answered(record)]
    reads = sum(1 for job in pending if job.lane is Lane.READ)
    return len(pending) - reads + -(-reads // READS_TOGETHER)


def _telling(job: Job, now: datetime) -> bool:
    """Whether somebody is at the job's messages: what is learnt meanwhile would be told beside them, or before."""
    return job.sending is not None and job.sending > now


def _held_until(record: Record, job: Job, now: datetime) -> datetime | None:
    """Return when what somebody is at comes free by itself, should he be dead: a job being done, or messages."""
    if _telling(job, now):
        return job.sending
    at_it = bool(job.lease) or job.state is JobState.ANSWERED
    return record.due_at if at_it and record.due_at is not None and record.due_at > now else None


def _under_way(record: Record, job: Job, now: datetime) -> bool:
    leased = job.state is JobState.PENDING and bool(job.lease)
    return leased and job.lane is Lane.WRITE and record.due_at is not None and record.due_at > now


def share(waiting: Sequence[tuple[Record, Job]], load: LoadOf, batch: int) -> tuple[Record, ...]:
    """Return the oldest job, with a read all other reads that fit into the request, with a file who else wants it."""
    if not waiting:
        return ()
    oldest, first = waiting[0]
    if first.lane is Lane.FILE and first.share:
        return tuple(record for record, job in waiting if job.lane is Lane.FILE and job.share == first.share)[:BATCH]
    if first.lane is not Lane.READ:
        return (oldest,)
    taken: list[Record] = []
    asked: set[str] = set()
    # The oldest goes in any case: a small batch size must not starve a long cart.
    room = max(batch, min(load(first).weight, BATCH))
    for record, job in waiting:
        if job.lane is not Lane.READ:
            continue
        takes = load(job)
        cost = 0 if takes.asked in asked else takes.weight
        if cost <= room:
            taken.append(record)
            room -= cost
            asked |= {takes.asked} - {""}
    return tuple(taken)
