"""The lives of jobs, as their records tell them commit by commit: waiting, tries, the end."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.pipeline.jobs import JobState
from shared.pipeline.payloads import chat_of

_KEPT = 600


@dataclass(frozen=True)
class Place:
    """Which commit it is, and in which span it was made."""

    number: int
    span: int | None


@dataclass
class Try:
    """One worker's turn at a job: from its lease to what came of it. `span` is the permit's that had it."""

    began: datetime
    span: int | None
    ended: datetime | None = None


@dataclass
class JobLife:
    """What is known of one job. `born_in` and `ended_in` are numbers of commits; `key` is its idempotency key."""

    id: str
    kind: str
    lane: str
    key: str
    chat: int | None
    born: datetime
    born_in: int
    tries: list[Try] = field(default_factory=list)
    due: datetime | None = None
    doubt: bool = False
    ended: datetime | None = None
    lease: str = ""


class JobLives:
    """The newest lives, by the job's id; a job that starts anew under its id has a new life."""

    def __init__(self) -> None:
        self._lives: OrderedDict[str, JobLife] = OrderedDict()

    def all(self) -> list[JobLife]:
        """Return every life that is remembered, oldest first."""
        return list(self._lives.values())

    def get(self, job_id: str) -> JobLife | None:
        """Return a job's newest life."""
        return self._lives.get(job_id)

    def note(self, job_id: str, data: Mapping[str, Any], due: datetime | None, at: datetime, commit: Place) -> None:
        """Take in what a commit wrote of a job."""
        life = self._lives.get(job_id)
        if life is None or (life.ended is not None and data["state"] == JobState.PENDING):
            life = self._begin(job_id, data, at, commit)
        life.due, life.doubt = due, bool(data["doubt"])
        _note_lease(life, str(data["lease"]), at, commit)
        if data["state"] != JobState.PENDING and life.ended is None:
            _end_try(life, at)
            life.ended = at

    def _begin(self, job_id: str, data: Mapping[str, Any], at: datetime, commit: Place) -> JobLife:
        key, chat = str(data["idempotency_key"]), chat_of(data["payload"])
        life = JobLife(job_id, str(data["kind"]), str(data["lane"]), key, chat, at, commit.number)
        self._lives[job_id] = life
        self._lives.move_to_end(job_id)
        while len(self._lives) > _KEPT:
            self._lives.popitem(last=False)
        return life


def _note_lease(life: JobLife, lease: str, at: datetime, commit: Place) -> None:
    if lease == life.lease:
        return
    _end_try(life, at)
    life.lease = lease
    if lease:
        life.tries.append(Try(at, commit.span))


def _end_try(life: JobLife, at: datetime) -> None:
    if life.tries and life.tries[-1].ended is None:
        life.tries[-1].ended = at
