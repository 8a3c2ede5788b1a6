"""A decision: what follows from one event or one answer — documents, jobs and messages, in one commit.

```mermaid
sequenceDiagram
    participant E as event
    participant D as decision
    participant S as store
    participant Q as queue
    participant T as Telegram
    E->>D: read what is needed, decide
    D->>S: one commit: inbox record, documents, jobs, outbox
    S-->>D: versions (or Conflict: decide again)
    D->>T: the outbox
    D->>Q: permits for the jobs
    D->>S: mark settled
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.pipeline.jobs import BACKGROUND_DELAY, Job, enqueue
from shared.store.unit_of_work import UnitOfWork

CallData = Mapping[str, Any]
"""A Telegram call as data (`shared.telegram.calls.StoredCall.as_data`)."""


@dataclass(frozen=True)
class Notice:
    """A message that tells the chat `asker` how long it waits: its `told` mark, until when, what takes it away."""

    asker: int
    told: str
    until: datetime | None
    withdrawal: CallData


class Decision:
    """Collects what is decided. Running a decision twice is safe: it only collects.

    `notice` is what the asker was told while he waited for this answer. The answer takes its place, or the next job on
    the way to the answer takes it along; what nobody took is withdrawn.
    """

    def __init__(self, unit: UnitOfWork, notice: Notice | None = None) -> None:
        self.unit = unit
        self.calls: list[CallData] = []
        self.permits: list[datetime] = []
        self.notice = notice
        self._asking: list[tuple[Job, datetime]] = []

    @property
    def now(self) -> datetime:
        """The moment of this decision."""
        return self.unit.now

    def send(self, call: CallData) -> None:
        """Send this after the commit."""
        self.calls.append(call)

    async def enqueue(self, job: Job, *, background: bool = False) -> None:
        """Have Bitrix do this after the commit."""
        due_at = self.now + BACKGROUND_DELAY if background else self.now
        notice = self.notice if self.notice is not None and self.notice.asker == job.asker else None
        if notice is not None:
            job = replace(job, told=notice.told, told_until=notice.until, notice=notice.withdrawal)
        if await enqueue(self.unit, job, due_at):
            self.permits.append(due_at)
            self._asking += [] if background or job.asker is None else [(job, due_at)]
            self.notice = None if notice is not None else self.notice

    def hand_on(self, asked_at: datetime) -> None:
        """Have the jobs that fetch the answer know since when somebody waits for it."""
        for job, due_at in self._asking:
            self.unit.put(job.key, replace(job, asked_at=asked_at).as_data(), due_at=due_at)

    def withdraw_notice(self) -> None:
        """Take the notice away before anything else is shown."""
        if self.notice is not None:
            self.calls.insert(0, self.notice.withdrawal)
            self.notice = None
