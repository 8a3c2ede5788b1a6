"""A job: one thing Bitrix must do, as a record in `jobs` (shared/pipeline/README.md, «One commit», «Jobs and permits»).

States of a record::

    PENDING ──lease──▶ PENDING, leased ──answer──▶ ANSWERED ──messages sent──▶ DONE (kept 72 h)
       ▲                      │
       └── retry, lease over ─┘

`due_at` is a field of the record itself (one index finds what is due): a pending job has the moment it may start, a
leased one the moment its lease ends, an answered one the moment after which its messages are taken to be unsent; a
finished one has none.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from shared.pipeline.payloads import chat_of
from shared.store.collections import JOBS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

BACKGROUND_DELAY = timedelta(seconds=2)
"""Background work is due this much later than interactive work of the same moment: the whole priority scheme."""

TOO_LATE = "TOO_LATE"
"""Code of a refusal: the job's `until` has passed, and the portal was not asked."""


class Lane(StrEnum):
    """How a job uses its HTTP request: reads share one, so do wishes for one file; a write has one to itself."""

    READ = "read"
    WRITE = "write"
    FILE = "file"


class JobState(StrEnum):
    """Where a job stands; see the module's picture."""

    PENDING = "pending"
    ANSWERED = "answered"
    DONE = "done"


class DrawnId(str):
    """An id that was drawn just now: no record can have it, so none is looked for."""

    __slots__ = ()


def _drawn() -> str:
    return DrawnId(uuid.uuid4().hex)


@dataclass(frozen=True)
class Job:
    """One wanted thing.

    `payload` is what the kind needs, as plain data (`shared.pipeline.payloads`). `idempotency_key` (UUID v4) goes
    with every modifying call. `lease` names the worker that has it, `answered_by` the one that wrote what came of it,
    `attempts` counts tries that came to nothing, `renewals` those that only found the credential out of date; `doubt`:
    one of them was a write that may have been carried out, `patience`: seconds the portal may go on with such a one,
    `promised_at`: when its master was told that he would hear within minutes (`shared.pipeline.retry.PROMISED`).
    `again` means: wanted once more while it was being done or told; `refused`: its last answer was a refusal.
    `lasting`: a look whose failure is no answer, so it is tried for long. `share`: file jobs with the same one are
    served by one download. `until`: from then on the answer of a read is of no use to anybody, so the portal is not
    asked. `outbox` holds the Telegram calls of the answer, `sent` how many of them went out, `tries` how often the rest
    was put off, `unanswered` how often its first one may have arrived without an answer, `sending` until when somebody
    is at them, `permits` the moments for which follow-up jobs still need a permit. `told` names the message that told
    the asker how long he waits, until `told_until`, and `notice` is the call that takes it away
    (`shared.pipeline.queue_notice`). `asked_at`: when somebody asked who has heard nothing yet
    (`shared.pipeline.answer_time`).
    """

    kind: str
    lane: Lane
    payload: Mapping[str, Any]
    id: str = field(default_factory=_drawn)
    idempotency_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: JobState = JobState.PENDING
    attempts: int = 0
    renewals: int = 0
    doubt: bool = False
    patience: float = 0.0
    promised_at: datetime | None = None
    lease: str = ""
    answered_by: str = ""
    again: bool = False
    refused: bool = False
    lasting: bool = False
    share: str = ""
    until: datetime | None = None
    outbox: tuple[Mapping[str, Any], ...] = ()
    sent: int = 0
    tries: int = 0
    unanswered: int = 0
    sending: datetime | None = None
    permits: tuple[datetime, ...] = ()
    told: str = ""
    told_until: datetime | None = None
    notice: Mapping[str, Any] | None = None
    asked_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Where the record lives."""
        return JOBS.key(str(self.id))

    @property
    def asker(self) -> int | None:
        """The chat that waits for the answer, if one does: `chat_id` of the payload."""
        return chat_of(self.payload)

    def as_data(self) -> dict[str, Any]:
        """Return the record's data. What is nested in it is the job's own: whoever stores it copies it."""
        plain = {"id": str(self.id), "lane": str(self.lane), "state": str(self.state)}
        return {**vars(self), **plain, "outbox": list(self.outbox), "permits": list(self.permits)}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Job:
        """Read a record's data; what a newer version added to it is of no use here."""
        known = {name: value for name, value in data.items() if name in _FIELDS}
        enums = {"lane": Lane(data["lane"]), "state": JobState(data["state"])}
        return cls(**{**known, **enums, "outbox": tuple(data["outbox"]), "permits": tuple(data["permits"])})


_FIELDS = frozenset(each.name for each in fields(Job))
"""What a job's record is read for: a permit reads hundreds, and to ask the class each time takes as long."""


async def enqueue(unit: UnitOfWork, job: Job, due_at: datetime) -> bool:
    """Write the job into the unit; return whether a permit is needed for it.

    Jobs with a natural key (`sync_order:<id>`) are one record for all who want them: a waiting one serves the new wish
    too; a leased one has perhaps read already, and is told to go once more when it is through; an answered one is
    sending its messages, and the new wish follows them; a finished one starts anew.
    """
    if isinstance(job.id, DrawnId) and not unit.knows(job.key):
        unit.create(job.key, job.as_data(), due_at=due_at)
        return True
    data = await unit.get(job.key)
    if data is None:
        unit.put(job.key, job.as_data(), due_at=due_at)
        return True
    seen = Job.from_data(data)
    if seen.state is JobState.DONE:
        unit.put(job.key, job.as_data(), due_at=due_at)
        return True
    if seen.state is JobState.ANSWERED and not seen.again:
        following = replace(seen, again=True, payload=job.payload, idempotency_key=job.idempotency_key, until=job.until)
        unit.put(job.key, following.as_data(), ttl=JOBS.kept, due_at=unit.due_at(job.key))
    elif seen.lease and not seen.again:
        unit.put(job.key, replace(seen, again=True).as_data(), due_at=unit.due_at(job.key))
    return False


async def enqueue_instead(unit: UnitOfWork, job: Job, waiting_id: str) -> bool:
    """Write the job in the place of one that waits and that nobody has begun; return whether there was such a one.

    It takes over that one's id, moment and permit, so what nobody needs any more costs the portal nothing.
    """
    key = JOBS.key(waiting_id)
    data = await unit.get(key)
    seen = None if data is None else Job.from_data(data)
    if seen is None or seen.state is not JobState.PENDING or seen.lease or unsent(seen):
        return False
    unit.put(key, replace(job, id=waiting_id).as_data(), due_at=unit.due_at(key))
    return True


async def is_under_way(unit: UnitOfWork, job_id: str) -> bool:
    """Whether such a job waits, is being done or is telling its answer: a second tap need not want it again.

    One that tells a refusal is over: its master reads «Попробовать ещё раз» before it is noted that it was sent.
    """
    data = await unit.get(JOBS.key(job_id))
    if data is None or data["state"] == JobState.DONE:
        return False
    job = Job.from_data(data)
    return job.state is JobState.PENDING or job.again or not job.refused


def unsent(job: Job) -> tuple[Mapping[str, Any], ...]:
    """Return the notices that did not go out yet, so that another try does not lose them."""
    return job.outbox[job.sent :]
