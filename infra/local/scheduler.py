"""Cloud Scheduler on one machine: calls the scheduled functions as the real one does.

Each job runs at every full `every` since the scheduler started. A run that is due while the same job still runs is
left out, as the service does. A job that fails for good waits for its next time; no failure stops the scheduler.

See functions/README.md, «Scheduler».
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from infra.local.clock import Clock, SystemClock, within
from infra.local.cloud_tasks.backoff import RetryRules, exhausted, interval
from infra.local.cloud_tasks.oidc import identity_token
from infra.local.cloud_tasks.target import drain
from infra.local.cloud_tasks.throttle import SUCCESS

USER_AGENT = "Google-Cloud-Scheduler"
SHORTEST_DEADLINE = timedelta(seconds=15)
LONGEST_DEADLINE = timedelta(minutes=30)
MOST_RETRIES = 5
_CONNECT_SECONDS = 10.0
_KEPT = 1000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ScheduledJob:
    """What to call and how often.

    `name` is the short one. With `service_account` the call carries an identity token for `audience` (default: the
    URL). `retry_count` is 0 to 5 tries more after a failed one; with `max_retry_duration` both must be used up. A job
    with neither waits for its next time. The backoff defaults are the service's.
    """

    name: str
    url: str
    every: timedelta
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    service_account: str | None = None
    audience: str | None = None
    attempt_deadline: timedelta = timedelta(minutes=3)
    retry_count: int = 0
    max_retry_duration: timedelta = timedelta(0)
    min_backoff: timedelta = timedelta(seconds=5)
    max_backoff: timedelta = timedelta(hours=1)
    max_doublings: int = 5

    def __post_init__(self) -> None:
        """Refuse what the service refuses."""
        if self.every <= timedelta(0):
            raise ValueError(f"job {self.name}: every must be positive")
        if not 0 <= self.retry_count <= MOST_RETRIES:
            raise ValueError(f"job {self.name}: retry_count must be 0 to {MOST_RETRIES}")
        if not SHORTEST_DEADLINE <= self.attempt_deadline <= LONGEST_DEADLINE:
            raise ValueError(f"job {self.name}: attempt_deadline must be 15 s to 30 min")


@dataclass(frozen=True)
class Call:
    """One attempt that is over. `status` None: no answer came."""

    job: str
    scheduled_at: datetime
    at: datetime
    attempt: int
    status: int | None


class Scheduler:
    """Runs jobs until it is stopped. `calls` holds the last attempts, oldest first."""

    def __init__(self, jobs: Sequence[ScheduledJob], http: httpx.AsyncClient, clock: Clock | None = None) -> None:
        self._jobs = {job.name: job for job in jobs}
        if len(self._jobs) != len(jobs):
            raise ValueError("two jobs have the same name")
        self._http = http
        self._clock = clock or SystemClock()
        self._busy = {name: asyncio.Lock() for name in self._jobs}
        self._tasks: set[asyncio.Task[None]] = set()
        self._calls: deque[Call] = deque(maxlen=_KEPT)

    @property
    def calls(self) -> list[Call]:
        """Return the last attempts."""
        return list(self._calls)

    def start(self) -> None:
        """Begin to run the jobs; the first time of each is one `every` from now."""
        for job in self._jobs.values():
            self._spawn(self._tick(job))

    async def stop(self) -> None:
        """Run nothing more; calls under way are broken off."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def run_now(self, name: str) -> bool:
        """Run a job at once, or right after the run under way; tell whether it succeeded. KeyError: no such job."""
        async with self._busy[name]:
            return await self._run(self._jobs[name], self._clock.now())

    async def _tick(self, job: ScheduledJob) -> None:
        due = self._clock.now()
        while True:
            due = next_due(due, job.every, self._clock.now())
            await self._clock.sleep((due - self._clock.now()).total_seconds())
            if self._busy[job.name].locked():
                log.warning("job %s is left out: the run before is not over", job.name)
            else:
                self._spawn(self._scheduled(job, due))
                # The new run takes its lock before anyone looks at it again.
                await asyncio.sleep(0)

    async def _scheduled(self, job: ScheduledJob, due: datetime) -> None:
        async with self._busy[job.name]:
            await self._run(job, due)

    async def _run(self, job: ScheduledJob, scheduled_at: datetime) -> bool:
        """Call the job's URL until it answers 2xx or the retries are used up."""
        rules = RetryRules(
            max_attempts=job.retry_count + 1,
            max_retry_duration=job.max_retry_duration,
            min_backoff=job.min_backoff,
            max_backoff=job.max_backoff,
            max_doublings=job.max_doublings,
        )
        started, attempt = self._clock.now(), 0
        while True:
            at, attempt = self._clock.now(), attempt + 1
            status = await self._attempt(job, scheduled_at)
            self._calls.append(Call(job.name, scheduled_at, at, attempt, status))
            if status in SUCCESS:
                return True
            if exhausted(rules, attempt, started, self._clock.now()):
                log.warning("job %s failed: last answer %s", job.name, status)
                return False
            await self._clock.sleep(interval(rules, attempt).total_seconds())

    async def _attempt(self, job: ScheduledJob, scheduled_at: datetime) -> int | None:
        """Call once; None when no answer came in time."""
        headers = job_headers(job, scheduled_at, self._clock.now())
        try:
            return await within(self._clock, job.attempt_deadline.total_seconds(), self._post(job, headers))
        except (httpx.HTTPError, httpx.InvalidURL, OSError):
            return None

    async def _post(self, job: ScheduledJob, headers: Mapping[str, str]) -> int:
        timeout = httpx.Timeout(job.attempt_deadline.total_seconds(), connect=_CONNECT_SECONDS)
        async with self._http.stream(
            "POST", job.url, headers=headers, content=job.body, timeout=timeout, follow_redirects=False
        ) as answer:
            await drain(answer)
        return answer.status_code

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something beside, until it ends or the scheduler stops."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def next_due(last: datetime, every: timedelta, now: datetime) -> datetime:
    """Return the first time of a job after `last` that is not past: what a sleeping machine missed stays missed."""
    return last + every * max(1, -((last - now) // every))


def job_headers(job: ScheduledJob, scheduled_at: datetime, now: datetime) -> dict[str, str]:
    """Return the headers of a call: the job's own, a content type if it has a body, then those of the scheduler."""
    headers = {"Content-Type": "application/octet-stream"} if job.body else {}
    headers |= {
        **job.headers,
        "User-Agent": USER_AGENT,
        "X-CloudScheduler": "true",
        "X-CloudScheduler-JobName": job.name,
        "X-CloudScheduler-ScheduleTime": scheduled_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    if job.service_account is not None:
        headers["Authorization"] = f"Bearer {identity_token(job.service_account, job.audience or job.url, now)}"
    return headers
