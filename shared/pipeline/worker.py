"""The worker: what `bitrix_call` does with one permit (shared/pipeline/README.md, «Jobs and permits»).

```mermaid
sequenceDiagram
    participant Q as Cloud Tasks (2/s)
    participant W as worker
    participant S as store
    participant B as Bitrix24
    participant T as Telegram
    Q->>W: one permit
    W->>S: which jobs are due?
    W->>S: lease them (conditional write)
    W->>B: exactly one HTTP request
    B-->>W: answers
    loop each job on its own
        W->>S: commit: result, session, outbox, follow-up jobs
        W->>T: the outbox
        W->>Q: permits for the follow-ups
        W->>S: mark
    end
```
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.logs import bind
from shared.pipeline.backlog import Backlog
from shared.pipeline.claims import has_time, left_to_do
from shared.pipeline.commit_result import commit_result, put_back
from shared.pipeline.jobs import TOO_LATE, Job, Lane
from shared.pipeline.leases import LEASES, LONGEST_LEASE, LeasedJob, lease
from shared.pipeline.outbox import Outbox
from shared.pipeline.outcomes import (
    Answered,
    Backend,
    BackendRequest,
    Outcome,
    Refusal,
    TransientFailure,
    UnknownOutcome,
)
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.queue_notice import QueueNotifier, long_waits, put_off
from shared.pipeline.registry import JobHandler, JobRegistry, UnknownJobHandler
from shared.pipeline.select import BATCH, Load, LoadOf, select
from shared.store.collections import JOBS
from shared.store.patience import outlasting
from shared.store.port import Record, Store, StoreError

log = logging.getLogger(__name__)

WINDOW = 240
"""Due jobs looked at per permit: in a rush many ask the same, so a batch serves more of them than it has commands."""

UNDER_WAY = 60
"""Jobs looked at that are due soon, for the slow writes among them: more than can be leased at once."""

SLACK = timedelta(milliseconds=50)
"""A permit may be served by an instance whose clock is a little behind the one that set `due_at`."""

WATCH_PAUSE = timedelta(seconds=5)
"""Between two permits that look after the work of one dead worker."""

BLOCKED_PAUSE = timedelta(seconds=1)
"""When a permit found only work that waits for slow writes, the next look is this much later."""


@dataclass(frozen=True)
class Served:
    """What a permit was good for."""

    jobs: int = 0
    settled: int = 0


@dataclass(frozen=True)
class WorkerLimits:
    """How much at once: slow writes under way, and how many commands one shared request may carry at the moment.

    `per_second`: permits the queue hands out.
    """

    writes_in_flight: int
    batch: Callable[[], int] = lambda: BATCH
    per_second: float = 2.0


class Worker:
    """Serves permits. All collaborators are handed in; one instance serves many permits at once.

    With a `notifier`, who has to wait long is told so.
    """

    def __init__(  # noqa: PLR0913 - each is a collaborator of its own
        self,
        store: Store,
        backend: Backend,
        handlers: JobRegistry,
        tasks: TaskScheduler,
        outbox: Outbox,
        now: Now,
        limits: WorkerLimits,
        *,
        backlog: Backlog,
        notifier: QueueNotifier | None = None,
    ) -> None:
        self._store = store
        self._backend = backend
        self._handlers = handlers
        self._tasks = tasks
        self._backlog = backlog
        self._outbox = outbox
        self._now = now
        self._limits = limits
        self._notifier = notifier

    async def serve(self, watch: datetime | None = None, *, late: datetime | None = None) -> Served:
        """Serve one permit. Raises `StoreError` or `QueueUnavailable` when the infrastructure fails.

        `late`: when it was due, if it was handed out late: then others wait behind it.

        With `watch` its worker died: what is leased or claimed until then may be his, so another permit is left for
        the moment it comes free. Only then: if each permit that finds others at work left one, they had no end.
        """
        if late is not None:
            await self._note_backlog(late)
        now = self._now()
        window = await self._window(now + SLACK)
        load, batch = _remembering(self._load), self._limits.batch() if window else BATCH
        choice = select(window, now + SLACK, load=load, writes_in_flight=self._limits.writes_in_flight, batch=batch)
        for record in choice.unsettled:
            await self._outbox.hand_over(record)
        leased = await lease(self._store, choice.taken, now)
        if leased:
            telling = self._tell(choice.left, load, batch)
            await _all(self._perform(leased), telling, self._keep_up(choice.left))
        elif choice.taken:
            # Somebody was faster with all of them. This permit is not spent, and other work may count on it.
            await self._tasks.permit([now])
        elif choice.blocked:
            await self._tasks.permit([now + BLOCKED_PAUSE])
        if watch is not None:
            await self._keep_watch(choice.held, watch)
        return Served(jobs=len(leased), settled=len(choice.unsettled))

    async def _note_backlog(self, due_at: datetime) -> None:
        """Spare the queue more permits for some seconds."""
        until = await self._backlog.to_note(due_at)
        if until is not None:
            # First the permit: what is noted must be true.
            await self._tasks.permit([until])
            await self._backlog.note(until)

    async def _keep_up(self, left: Sequence[tuple[Record, Job]]) -> None:
        """After a backlog, leave permits for work that has none: two, so that their number grows up to a backlog."""
        if left and await self._backlog.just_ended():
            await self._tasks.permit([self._now()] * 2)

    async def _keep_watch(self, held: Sequence[datetime], until: datetime) -> None:
        """Leave a permit for the next moment something comes free; not many, for each is a place in the queue."""
        soonest = self._now() + WATCH_PAUSE
        ends = [max(end, soonest) for end in held if end <= until]
        if ends and min(ends) <= until + WATCH_PAUSE:
            await self._tasks.watch(min(ends), until)

    async def _tell(self, left: Sequence[tuple[Record, Job]], load: LoadOf, batch: int) -> None:
        """Tell who of those that are left has to wait long, if there is anybody to bring it to them."""
        if self._notifier is None:
            return
        waiting = long_waits(left, load, batch, self._limits.per_second)
        if waiting:
            await self._notifier.tell(waiting)

    async def _window(self, now: datetime) -> list[Record]:
        """Return what is due, and apart from it what is leased: a backlog must not hide the writes under way."""
        due, soon = await asyncio.gather(
            self._store.due(JOBS.name, now, WINDOW),
            self._store.due(JOBS.name, now + LONGEST_LEASE, UNDER_WAY, now),
        )
        return [*due, *soon]

    def _handler(self, job: Job) -> JobHandler:
        return self._handlers.get(job.kind) or UnknownJobHandler()

    def _load(self, job: Job) -> Load:
        request = self._plan(job)
        if isinstance(request, Refusal) or job.lane is not Lane.READ:
            return Load(1)
        return Load(self._backend.weight(request), self._backend.asks(request))

    def _plan(self, job: Job) -> BackendRequest | Refusal:
        """Return what to ask; nothing for who no longer waits.

        A plan that fails, or fits no request, is a bug of ours: it must not hold up others.
        """
        if job.until is not None and job.until <= self._now():
            return Refusal(TOO_LATE)
        try:
            request = self._handler(job).plan(job)
            weight = self._backend.weight(request) if job.lane is Lane.READ else 1
        except Exception:  # noqa: BLE001 - logged
            log_event(log, logging.ERROR, LogEvent.BUG, "plan failed", exc_info=True, kind=job.kind, job=job.id)
            return Refusal("PLAN_FAILED", operators=True)
        return request if weight <= BATCH else Refusal("TOO_LARGE", operators=True)

    async def _perform(self, leased: Sequence[LeasedJob]) -> None:
        """Ask, then conclude each job on its own, so that trouble of one touches none of the others."""
        plans = [(one, self._plan(one.job)) for one in leased]
        good = [(one, request) for one, request in plans if not isinstance(request, Refusal)]
        bad = [(one, request) for one, request in plans if isinstance(request, Refusal)]
        began = self._now()
        try:
            outcomes = await self._asking([(one.job, request) for one, request in good]) if good else []
        except StoreError:
            # Not a write in doubt: without its credential the request was never made.
            for one in leased:
                await put_back(self._store, self._now, one.job)
            raise
        pairs = [*zip([one for one, _ in good], outcomes, strict=True), *bad]
        took = self._now() - began
        await _all(*(self._conclude(one, outcome, took) for one, outcome in pairs))

    def _asking(self, good: Sequence[tuple[Job, BackendRequest]]) -> Awaitable[list[Outcome]]:
        """Ask; who waits long for the answer is told so."""
        jobs, asking = [job for job, _ in good], self._ask(good)
        return asking if self._notifier is None else self._notifier.accompany(jobs, LEASES[jobs[0].lane], asking)

    async def _ask(self, good: Sequence[tuple[Job, BackendRequest]]) -> list[Outcome]:
        """Ask the portal. A back end that breaks is a bug of ours: its jobs stumble, the queue is not slowed down.

        Raises `StoreError` when nothing was asked because the store is out of reach.
        """
        job, _ = good[0]
        try:
            return await self._request(good)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - logged
            log_event(log, logging.ERROR, LogEvent.BUG, "back end failed", exc_info=True, kind=job.kind, job=job.id)
        code = "BACKEND_FAILED"
        return [UnknownOutcome(code) if job.lane is Lane.WRITE else TransientFailure(code) for job, _ in good]

    async def _request(self, good: Sequence[tuple[Job, BackendRequest]]) -> list[Outcome]:
        """Make exactly one HTTP request."""
        job, request = good[0]
        if job.lane is Lane.WRITE:
            return [await self._backend.write(request, job.idempotency_key)]
        if job.lane is Lane.FILE:
            return [await self._backend.fetch(request)] * len(good)
        return await self._backend.read([request for _, request in good])

    async def _conclude(self, leased: LeasedJob, outcome: Outcome, took: timedelta) -> None:
        job = leased.job
        with bind(job=job.id, kind=job.kind):
            kind = self._handler(job)
            dice = random.random()  # noqa: S311 - jitter
            # The portal has answered, and a write's answer comes but once: it outlasts a store that stops for a while.
            record = await outlasting(
                partial(commit_result, self._store, self._now, kind, job, outcome, dice, leased.record)
            )
            if record is not None and not has_time(record.data, self._now()):
                # Written by a commit whose answer was lost, some time ago; or with news that may have gone out already.
                await self._outbox.take_up(record.key)
            elif record is not None and left_to_do(record.data):
                attachments = kind.attachments(job, outcome.value) if isinstance(outcome, Answered) else {}
                await self._outbox.settle(record, attachments)
            waiting = None if record is None else put_off(record, took, self._now())
            if self._notifier is not None and waiting is not None:
                await self._notifier.tell_put_off(waiting)


async def _all(*parts: Awaitable[None]) -> None:
    """Let all of them end, whatever becomes of the others; then raise the first error."""
    for result in await asyncio.gather(*parts, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result


def _remembering(load: LoadOf) -> LoadOf:
    """Return `load`, asked once for each job: it makes the job's whole plan."""
    known: dict[str, Load] = {}

    def remembered(job: Job) -> Load:
        if job.id not in known:
            known[job.id] = load(job)
        return known[job.id]

    return remembered
