"""The pipeline on a bench: a clock moved by hand, a queue that keeps its tasks, a portal and a Telegram of lists."""

# ruff: noqa: ARG002 - all job kinds share their methods' signatures

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.pipeline.backlog import Backlog
from shared.pipeline.decision import CallData, Decision
from shared.pipeline.jobs import Job, JobState, Lane, enqueue
from shared.pipeline.outbox import Outbox
from shared.pipeline.outcomes import Answered, Outcome, Refusal, UnknownOutcome
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.queue_notice import QueueNotifier
from shared.pipeline.registry import JobRegistry
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.pipeline.tasks import Task
from shared.pipeline.worker import Worker, WorkerLimits
from shared.store.collections import JOBS
from shared.store.memory import MemoryStore
from shared.store.port import Key, Record, Store
from shared.store.unit_of_work import decide
from tests.support.clock import Clock
from tests.support.queues import BITRIX, TELEGRAM, FakeQueue

NOW = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
ACCOUNT = "tasks@p.example"


@dataclass
class FakeDeliver:
    """Keeps messages; answers from `answers`, else «sent». `during` runs while the first one is on its way.

    `reached`: what Telegram answers who asks it something that nobody sees; each time is kept in `asked`.
    """

    calls: list[CallData] = field(default_factory=list)
    attachments: list[Attachments] = field(default_factory=list)
    answers: deque[DeliveryResult | Exception] = field(default_factory=deque)
    during: Callable[[], Awaitable[None]] | None = None
    reached: bool = True
    asked: list[float] = field(default_factory=list)

    async def reaches(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return self.reached

    async def __call__(self, call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        await asyncio.sleep(0)
        if self.during is not None:
            during, self.during = self.during, None
            await during()
        answer = self.answers.popleft() if self.answers else DeliveryResult()
        if isinstance(answer, Exception):
            raise answer
        if answer.later is None:
            self.calls.append(call)
            self.attachments.append(attachments)
        return answer

    @property
    def texts(self) -> list[str]:
        return [call["text"] for call in self.calls]


@dataclass(frozen=True)
class Request:
    """One HTTP request to the fake portal."""

    lane: Lane
    wants: tuple[str, ...]
    key: str | None = None


@dataclass
class FakeBackend:
    """Keeps requests; answers a want from `answers`, else «ok». `during` runs while a request is under way."""

    requests: list[Request] = field(default_factory=list)
    answers: dict[str, deque[Outcome]] = field(default_factory=dict)
    weights: dict[str, int] = field(default_factory=dict)
    alike: dict[str, str] = field(default_factory=dict)
    during: Callable[[], Awaitable[None]] | None = None
    broken: Exception | None = None

    def will(self, want: str, *outcomes: Outcome) -> None:
        self.answers.setdefault(want, deque()).extend(outcomes)

    def weight(self, request: str) -> int:
        return self.weights.get(request, 1)

    def asks(self, request: str) -> str:
        return self.alike.get(request, "")

    async def read(self, requests: Sequence[str]) -> list[Outcome]:
        return await self._ask(Request(Lane.READ, tuple(requests)))

    async def write(self, request: str, idempotency_key: str) -> Outcome:
        return (await self._ask(Request(Lane.WRITE, (request,), idempotency_key)))[0]

    async def fetch(self, request: str) -> Outcome:
        return (await self._ask(Request(Lane.FILE, (request,))))[0]

    async def _ask(self, request: Request) -> list[Outcome]:
        self.requests.append(request)
        await asyncio.sleep(0)
        if self.during is not None:
            during, self.during = self.during, None
            await during()
        if self.broken is not None:
            raise self.broken
        return [self._answer(want) for want in request.wants]

    def _answer(self, want: str) -> Outcome:
        scripted = self.answers.get(want)
        return scripted.popleft() if scripted else Answered("ok")

    @property
    def asked(self) -> list[str]:
        """Every want of every request."""
        return [want for request in self.requests for want in request.wants]


class Echo:
    """A kind that asks for `payload["want"]`, says what came of it, and wants `payload["then"]`, if given, next.

    What was decided about a job is counted in the same commit, in `results/<job id>`.
    """

    def plan(self, job: Job) -> str:
        want: str = job.payload["want"]
        return want

    async def done(self, job: Job, value: Any, decision: Decision) -> None:
        await count(job, decision)
        decision.send({"text": f"{job.payload['want']}: {value}"})
        if "then" in job.payload:
            await decision.enqueue(Job("echo", Lane.READ, {**job.payload.get("to", {}), "want": job.payload["then"]}))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        await count(job, decision)
        decision.send({"text": f"{job.payload.get('want')} failed: {reason.code}"})

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        decision.send({"text": f"{job.payload['want']} unsure: {reason.code}"})

    async def delayed(self, job: Job, decision: Decision) -> None:
        decision.send({"text": f"{job.payload['want']} takes longer"})

    def attachments(self, job: Job, value: object) -> Attachments:
        return {"picture": value} if isinstance(value, bytes) else {}


async def count(job: Job, decision: Decision) -> None:
    """Count, in the turn's commit, how often the job was decided."""
    key = Key("results", job.id)
    seen = await decision.unit.get(key)
    decision.unit.put(key, {"count": 1 + (seen["count"] if seen else 0), "at": decision.now})


class Bench:
    """A store, a queue, a portal, a Telegram and workers over them. `kinds` may be added to."""

    def __init__(self) -> None:
        self.clock = Clock(NOW)
        self.store: Store = MemoryStore(self.clock)
        self.backlog = Backlog(self.store, self.clock)
        self.queue = FakeQueue()
        self.deliver = FakeDeliver()
        self.backend = FakeBackend()
        self.kinds: dict[str, Any] = {"echo": Echo()}

    @property
    def tasks(self) -> TaskScheduler:
        return TaskScheduler(self.queue, self.backlog, bitrix=BITRIX, telegram=TELEGRAM, service_account=ACCOUNT)

    def outbox(self) -> Outbox:
        return Outbox(self.store, self.tasks, self.deliver, self.deliver.reaches, self.clock)

    def worker(
        self,
        *,
        store: Store | None = None,
        writes_in_flight: int = 6,
        batch: Callable[[], int] | None = None,
        notifier: QueueNotifier | None = None,
    ) -> Worker:
        kinds: JobRegistry = self.kinds
        return Worker(
            store or self.store,
            self.backend,
            kinds,
            self.tasks,
            self.outbox(),
            self.clock,
            WorkerLimits(writes_in_flight) if batch is None else WorkerLimits(writes_in_flight, batch),
            backlog=self.backlog,
            notifier=notifier,
        )

    async def deliver_later(self) -> None:
        """Do what `telegram_send` does with each task that is due."""
        due = [(key, at) for key, at in self.queue.later if at <= self.clock()]
        self.queue.tasks = [task for task in self.queue.tasks if task.queue != TELEGRAM[0] or not _is_due(task, self)]
        for key, _ in due:
            await self.outbox().take_up(key)

    async def enqueue(self, *jobs: Job, due_at: datetime | None = None) -> None:
        """Have jobs wanted, by a commit of their own and without permits."""

        async def make_decision(unit: Any) -> None:
            for job in jobs:
                await enqueue(unit, job, due_at or self.clock())

        await decide(self.store, self.clock, make_decision)

    async def job(self, job: Job) -> Job:
        return Job.from_data((await self.record(job.key)).data)

    async def record(self, key: Key) -> Record:
        record = await self.store.get(key)
        assert record is not None
        return record

    async def decided(self, job: Job) -> int:
        """Return how often the job was decided for good."""
        record = await self.store.get(Key("results", job.id))
        return record.data["count"] if record else 0

    async def open_jobs(self) -> list[Job]:
        far = self.clock() + timedelta(days=1)
        return [Job.from_data(record.data) for record in await self.store.due(JOBS.name, far, 1000)]


def _is_due(task: Task, bench: Bench) -> bool:
    return task.schedule_at is None or task.schedule_at <= bench.clock()


def read(want: str, **more: Any) -> Job:
    return Job("echo", Lane.READ, {"want": want, **more})


def write(want: str, **more: Any) -> Job:
    return Job("echo", Lane.WRITE, {"want": want, **more})


def file(want: str, **more: Any) -> Job:
    return Job("echo", Lane.FILE, {"want": want, **more})


def is_done(job: Job) -> bool:
    return job.state is JobState.DONE
