"""What the emulator keeps of a task, and what a worker's answer comes down to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.local.cloud_tasks.backoff import RetryRules


@dataclass(frozen=True)
class Identity:
    """The service account whose token a dispatch carries."""

    email: str
    audience: str


@dataclass(frozen=True)
class HttpCall:
    """An HTTP request to make."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """How an attempt ended. `status` None: no answer came, and `reason` says why. `retry_after` is the raw header."""

    status: int | None
    reason: str
    retry_after: str | None = None


@dataclass(frozen=True)
class LastAttempt:
    """The times of a task's last attempt; without `answered_at` it is running or got no answer."""

    scheduled_at: datetime
    dispatched_at: datetime
    answered_at: datetime | None = None
    status: int | None = None


@dataclass
class TaskRecord:
    """A task in a queue. `dispatches`, `responses` and `executions` are counters of attempts.

    `executions` counts answers except 5xx. `running` is more than 1 only when RunTask pushed a running task again.
    """

    name: str
    call: HttpCall
    identity: Identity | None
    created_at: datetime
    schedule_at: datetime
    deadline: timedelta
    named: bool
    retry: RetryRules | None = None
    dispatches: int = 0
    responses: int = 0
    executions: int = 0
    running: int = 0
    first_attempt_at: datetime | None = None
    last: LastAttempt | None = None
    previous_response: int | None = None
    retry_reason: str | None = None
