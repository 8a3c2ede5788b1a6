"""The queue of tasks as the pipeline sees it: what a task is, and where it is put.

Tasks are unnamed. A named one would be slower and deduplicated for a time nobody promises; whoever handles a task must
bear a duplicate anyway, because the service itself delivers «at least once». A permit does: a surplus one finds nothing
to do and ends. So adding may be retried freely.

Errors::

    QueueUnavailable   the task may or may not be in the queue; the cause is the client library's error
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


class QueueUnavailable(Exception):  # noqa: N818 - named like the other errors of the pipeline: by what is wrong
    """The queue did not confirm that it took the task."""


@dataclass(frozen=True)
class Task:
    """A request to make later.

    `queue` is the full name, `projects/…/locations/…/queues/…`. Without `schedule_at` (aware, at most 30 days ahead) it
    is due at once. With `service_account` (an e-mail address) it carries that account's identity token for `audience`:
    by default the URL's scheme and host, which is what Cloud Run expects. `dispatch_deadline` is how long the queue
    waits for the answer, 15 s to 30 min; a little more than the handler's own timeout, or it runs twice.
    """

    queue: str
    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    schedule_at: datetime | None = None
    service_account: str | None = None
    dispatch_deadline: timedelta = timedelta(minutes=10)
    audience: str | None = None

    def __post_init__(self) -> None:
        """Refuse a moment without a time zone: it would be taken for UTC in silence."""
        if self.schedule_at is not None and self.schedule_at.tzinfo is None:
            raise ValueError("schedule_at must be aware")


class TaskQueue(Protocol):
    """Where tasks are put."""

    async def add(self, task: Task) -> None:
        """Put a task into its queue, perhaps twice. Raises QueueUnavailable."""
        ...
