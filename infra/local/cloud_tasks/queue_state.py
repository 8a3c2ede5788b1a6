"""One queue: its tasks and the decision what may be dispatched when. No effects, no waiting; the time is handed in."""

from __future__ import annotations

import heapq
import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count

from infra.local.cloud_tasks.backoff import RetryRules, exhausted, interval
from infra.local.cloud_tasks.bucket import Bucket, default_burst, has_token, refilled, taken, until_token
from infra.local.cloud_tasks.model import LastAttempt, Reply, TaskRecord
from infra.local.cloud_tasks.throttle import SUCCESS, Throttle, after_answer, factor, next_change, read_retry_after

FASTEST_RATE = 500
MOST_CONCURRENT = 5000
RETENTION = timedelta(days=31)
_SERVER_ERRORS = range(500, 600)
_NOW = timedelta(0)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """A queue's `RateLimits`. `burst` None: as large as the service promises at least."""

    rate: float = 500.0
    concurrent: int = 1000
    burst: int | None = None

    def __post_init__(self) -> None:
        """Refuse what the service refuses, and a bucket that could never hold a token."""
        if not 0 < self.rate <= FASTEST_RATE:
            raise ValueError(f"max_dispatches_per_second must be in (0, {FASTEST_RATE}], not {self.rate}")
        if not 0 < self.concurrent <= MOST_CONCURRENT:
            raise ValueError(f"max_concurrent_dispatches must be in [1, {MOST_CONCURRENT}], not {self.concurrent}")
        if self.burst is not None and self.burst < 1:
            raise ValueError(f"the burst must be at least 1, not {self.burst}")

    @property
    def size(self) -> int:
        """Return the size of the token bucket."""
        return default_burst(self.rate) if self.burst is None else self.burst


class QueueState:
    """A queue's tasks, tokens and troubles.

    `graves` holds named tasks that are gone, with the time they went: their names stay taken for a while.
    """

    def __init__(self, name: str, limits: Limits, retry: RetryRules, now: datetime) -> None:
        self.name = name
        self.limits = limits
        self.retry = retry
        self.paused = False
        self.purged_at: datetime | None = None
        self.tasks: dict[str, TaskRecord] = {}
        self.graves: dict[str, datetime] = {}
        self.running = 0
        self._throttle = Throttle()
        self._bucket = Bucket(tokens=limits.size, at=now)
        self._due: list[tuple[datetime, int, str]] = []
        self._order = count()

    def add(self, task: TaskRecord) -> None:
        """Take a task in."""
        self.tasks[task.name] = task
        self._line_up(task)

    def remove(self, task: TaskRecord, now: datetime) -> None:
        """Forget a task; what still runs of it will not count."""
        del self.tasks[task.name]
        if task.named:
            self.graves[task.name] = now

    def purge(self, now: datetime) -> None:
        """Forget all tasks."""
        for task in list(self.tasks.values()):
            self.remove(task, now)
        self.purged_at = now

    def change(self, limits: Limits, retry: RetryRules, now: datetime) -> None:
        """Go on under other rules. Tokens gained so far stay, up to the new size of the bucket."""
        self._refill(now)
        self.limits, self.retry = limits, retry
        self._refill(now)

    def next_move(self, now: datetime) -> TaskRecord | timedelta | None:
        """Return the task to dispatch now, or how long to wait, or None when only an event can change anything."""
        if self.paused or self.running >= self.limits.concurrent:
            return None
        task = self._first(now)
        if task is None:
            return None
        self._refill(now)
        wait = max(task.schedule_at - now, self._throttle.blocked_until - now, self._until_token(now))
        return task if wait <= _NOW else wait

    def begin(self, task: TaskRecord, now: datetime, *, forced: bool = False) -> None:
        """Count an attempt that starts. A forced one (RunTask) takes no token."""
        if not forced:
            self._bucket = taken(self._bucket)
        self.running += 1
        task.running += 1
        task.dispatches += 1
        task.first_attempt_at = task.first_attempt_at or now
        task.last = LastAttempt(scheduled_at=task.schedule_at, dispatched_at=now)

    def finish(self, task: TaskRecord, reply: Reply, now: datetime, retry_from: datetime) -> None:
        """Draw the conclusions of an attempt: done, again later, or given up. Backoff counts from `retry_from`."""
        self.running -= 1
        task.running -= 1
        retry_after = read_retry_after(reply.retry_after, now)
        self._throttle = after_answer(self._throttle, reply.status, now, retry_after)
        if self.tasks.get(task.name) is not task:
            return
        self._count(task, reply, now)
        if reply.status in SUCCESS:
            self.remove(task, now)
        elif self._given_up(task, now):
            log.warning("task %s is given up after %d attempts: %s", task.name, task.dispatches, reply.reason)
            self.remove(task, now)
        else:
            task.schedule_at = retry_from + interval(task.retry or self.retry, task.dispatches)
            self._line_up(task)

    def _count(self, task: TaskRecord, reply: Reply, now: datetime) -> None:
        """Note an answer in the task, for the headers of its next attempt."""
        task.previous_response = reply.status
        task.retry_reason = reply.reason
        if reply.status is None:
            return
        task.responses += 1
        task.executions += reply.status not in _SERVER_ERRORS
        if task.last is not None:
            task.last = replace(task.last, answered_at=now, status=reply.status)

    def _given_up(self, task: TaskRecord, now: datetime) -> bool:
        """Tell whether a task that failed gets no further attempt."""
        if now - task.created_at >= RETENTION:
            return True
        started = task.first_attempt_at
        return started is not None and exhausted(task.retry or self.retry, task.dispatches, started, now)

    def _first(self, now: datetime) -> TaskRecord | None:
        """Return the waiting task that is due first; drop one whose time for retries ran out while it waited."""
        while self._due:
            due_at, _, name = self._due[0]
            task = self.tasks.get(name)
            if task is None or task.running or task.schedule_at != due_at:
                heapq.heappop(self._due)
            elif due_at <= now and self._given_up(task, now):
                log.warning("task %s is given up after %d attempts: too old", task.name, task.dispatches)
                self.remove(task, now)
            else:
                return task
        return None

    def _line_up(self, task: TaskRecord) -> None:
        """Put a task where its time comes; entries that no longer hold are dropped when they reach the front."""
        heapq.heappush(self._due, (task.schedule_at, next(self._order), task.name))

    def _refill(self, now: datetime) -> None:
        """Bring the bucket up to date, at the pace that was in force since it was last looked at."""
        slowness = factor(self._throttle, self._bucket.at)
        size = max(1.0, self.limits.size * factor(self._throttle, now))
        self._bucket = refilled(self._bucket, now, self.limits.rate * slowness, size)

    def _until_token(self, now: datetime) -> timedelta:
        """Return how long until a token is there, or until the pace changes, so that it must be asked again."""
        if has_token(self._bucket):
            return _NOW
        wait = until_token(self._bucket, self.limits.rate * factor(self._throttle, now))
        change = next_change(self._throttle, now)
        return wait if change is None else min(wait, change - now)
