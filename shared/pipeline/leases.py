"""The leases of jobs: a worker takes what its permit serves by conditional writes, so of two workers one has a job.

A lease is `due_at` moved past the request's deadline; a dead worker's jobs come free by themselves.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.pipeline.jobs import Job, Lane
from shared.store.port import Conflict, Put, Record, Store

LEASES = {Lane.READ: timedelta(seconds=10), Lane.FILE: timedelta(seconds=15), Lane.WRITE: timedelta(seconds=75)}
"""Longer than the request's timeout: when a lease ends, its worker is surely dead."""

LONGEST_LEASE = max(LEASES.values())
"""What a dead worker had taken is free after this time."""


async def lease(store: Store, records: Sequence[Record], now: datetime) -> list[Job]:
    """Take these jobs by one conditional commit; if someone was faster with one, try them one by one.

    Returns those that are ours now. Raises `StoreError`.
    """
    owner = uuid.uuid4().hex
    jobs = [_taken(Job.from_data(record.data), owner) for record in records]
    writes = [_leased(record, job, now) for record, job in zip(records, jobs, strict=True)]
    try:
        if writes:
            await store.commit(writes)
    except Conflict:
        return await _lease_singly(store, jobs, writes)
    return jobs


async def _lease_singly(store: Store, jobs: Sequence[Job], writes: Sequence[Put]) -> list[Job]:
    taken = []
    for job, write in zip(jobs, writes, strict=True):
        try:
            await store.commit([write])
        except Conflict:
            continue
        taken.append(job)
    return taken


def _taken(job: Job, owner: str) -> Job:
    """Return the job as ours. A write with a lease that ran out may have been done: whoever had it died over it."""
    died = job.lane is Lane.WRITE and bool(job.lease)
    return replace(job, lease=owner, doubt=job.doubt or died)


def _leased(record: Record, job: Job, now: datetime) -> Put:
    return Put(record.key, job.as_data(), record.version, record.expires_at, now + LEASES[job.lane])
