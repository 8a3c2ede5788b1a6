"""The leases of jobs: a worker takes what its permit serves by conditional writes, so of two workers one has a job.

A lease is `due_at` moved past the request's deadline; a dead worker's jobs come free by themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.pipeline.jobs import Job, Lane
from shared.store.port import Conflict, Put, Record, Store

LEASES = {Lane.READ: timedelta(seconds=10), Lane.FILE: timedelta(seconds=15), Lane.WRITE: timedelta(seconds=75)}
"""Longer than the request's timeout: when a lease ends, its worker is surely dead."""

LONGEST_LEASE = max(LEASES.values())
"""What a dead worker had taken is free after this time."""


@dataclass(frozen=True)
class LeasedJob:
    """A job that is ours, and its record as the lease left it."""

    job: Job
    record: Record


async def lease(store: Store, chosen: Sequence[Record], now: datetime) -> list[LeasedJob]:
    """Take the chosen jobs by one conditional commit; if someone was faster with one, try them one by one."""
    owner = uuid.uuid4().hex
    jobs = [_taken(Job.from_data(record.data), owner) for record in chosen]
    writes = [_leased(record, job, now) for record, job in zip(chosen, jobs, strict=True)]
    pairs = list(zip(jobs, writes, strict=True))
    try:
        return await _take(store, pairs) if pairs else []
    except Conflict:
        return await _take_singly(store, pairs)


async def _take(store: Store, pairs: Sequence[tuple[Job, Put]]) -> list[LeasedJob]:
    versions = await store.commit([write for _, write in pairs])
    return [
        LeasedJob(job, Record(write.key, write.data, versions[write.key], write.expires_at, write.due_at))
        for job, write in pairs
    ]


async def _take_singly(store: Store, pairs: Sequence[tuple[Job, Put]]) -> list[LeasedJob]:
    taken: list[LeasedJob] = []
    for pair in pairs:
        try:
            taken += await _take(store, [pair])
        except Conflict:
            continue
    return taken


def _taken(job: Job, owner: str) -> Job:
    """Return the job as ours. A write with a lease that ran out may have been done: whoever had it died over it."""
    died = job.lane is Lane.WRITE and bool(job.lease)
    return replace(job, lease=owner, doubt=job.doubt or died)


def _leased(record: Record, job: Job, now: datetime) -> Put:
    return Put(record.key, job.as_data(), record.version, record.expires_at, now + LEASES[job.lane])
