"""The process dies, or the infrastructure fails, at every single step of a permit: nothing is lost, nothing is twice.

Every step to the outside (store, queue, portal, Telegram) is counted. A run is repeated with trouble at the first
step, at the second, and so on, until a run gets through. After each one the clock moves past all leases and the jobs
are served as after a sweep of housekeeping.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from shared.pipeline.backlog import Backlog
from shared.pipeline.decision import CallData
from shared.pipeline.jobs import Job
from shared.pipeline.outbox import Outbox
from shared.pipeline.outcomes import Outcome, UnknownOutcome
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.pipeline.tasks import QueueUnavailable
from shared.pipeline.worker import Worker, WorkerLimits
from shared.store.collections import JOBS
from shared.store.port import Key, StoreError, Unavailable
from tests.pipeline.bench import ACCOUNT, Bench, file, is_done, read, write
from tests.support.fate import Death, Fate
from tests.support.queues import BITRIX, TELEGRAM, SteppedQueue
from tests.support.stores import SteppedStore


def trouble(name: str) -> Exception:
    """What a step raises when it fails without a death."""
    if name.startswith("ask"):
        return RuntimeError("broken")
    return QueueUnavailable("away") if name == "add task" else Unavailable("away")


class MortalBackend:
    """The bench's portal, step by step."""

    def __init__(self, bench: Bench, fate: Fate) -> None:
        self._backend = bench.backend
        self._fate = fate

    def weight(self, request: str) -> int:
        return self._backend.weight(request)

    def asks(self, request: str) -> str:
        return self._backend.asks(request)

    async def read(self, requests: Sequence[str]) -> list[Outcome]:
        return await self._fate("ask", lambda: self._backend.read(requests))

    async def write(self, request: str, idempotency_key: str) -> Outcome:
        return await self._fate("ask", lambda: self._backend.write(request, idempotency_key))

    async def fetch(self, request: str) -> Outcome:
        return await self._fate("ask", lambda: self._backend.fetch(request))


def mortal_worker(bench: Bench, fate: Fate) -> Worker:
    async def deliver(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        return await fate("deliver", lambda: bench.deliver(call, attachments, seconds))

    async def reaches(seconds: float) -> bool:
        return await fate("reach", lambda: bench.deliver.reaches(seconds))

    store = SteppedStore(bench.store, fate)
    backlog, queue = Backlog(store, bench.clock), SteppedQueue(bench.queue, fate)
    tasks = TaskScheduler(queue, backlog, bitrix=BITRIX, telegram=TELEGRAM, service_account=ACCOUNT)
    outbox = Outbox(store, tasks, deliver, reaches, bench.clock)
    backend = MortalBackend(bench, fate)
    return Worker(store, backend, bench.kinds, tasks, outbox, bench.clock, WorkerLimits(6), backlog=backlog)


async def sweep(bench: Bench) -> None:
    """Move past leases and pauses and serve whatever is due, until all is at rest."""
    for _ in range(12):
        bench.clock.advance(400)
        overdue = await bench.store.due(JOBS.name, bench.clock() - timedelta(seconds=30), 100)
        for _ in overdue:
            await bench.worker().serve()
        await bench.deliver_later()
        if not await bench.open_jobs():
            return


async def run(bench: Bench, fate: Fate, permits: int) -> None:
    """Serve permits under this fate, then pick up the pieces."""
    worker = mortal_worker(bench, fate)
    for _ in range(permits):
        try:
            await worker.serve()
        except (Death, StoreError, QueueUnavailable):
            break
        bench.clock.advance(3)
    await sweep(bench)


async def check(bench: Bench, jobs: Sequence[Job]) -> None:
    """Every job was decided once, its messages went out, what it led to has its permit and was done too."""
    assert await bench.open_jobs() == []
    for job in jobs:
        assert is_done(await bench.job(job))
        result = (await bench.record(Key("results", job.id))).data
        assert result["count"] == 1
        assert f"{job.payload['want']}: ok" in bench.deliver.texts
        if "then" in job.payload:
            assert max(bench.queue.permits) >= result["at"]
            assert f"{job.payload['then']}: ok" in bench.deliver.texts
        keys = {request.key for request in bench.backend.requests if job.payload["want"] in request.wants}
        assert keys == {job.idempotency_key if job.lane == "write" else None}


def doubtful(bench: Bench) -> Sequence[Job]:
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"))
    return [write("pay", then="look")]


SCENARIOS: dict[str, Callable[[Bench], Sequence[Job]]] = {
    "reads": lambda _: [read("a", then="a2"), read("b"), read("c", then="c2")],
    "write": lambda _: [write("pay", then="look")],
    "file": lambda _: [file("photo")],
    "write in doubt": doubtful,
}


@pytest.mark.parametrize("deadly", [True, False], ids=["death", "error"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("scenario", list(SCENARIOS))
async def test_trouble_at_any_step_loses_nothing_and_decides_nothing_twice(scenario: str, after: bool, deadly: bool):
    fate = Fate()
    for at in range(1, 200):
        bench, fate = Bench(), Fate(at, after, None if deadly else trouble)
        jobs = SCENARIOS[scenario](bench)
        await bench.enqueue(*jobs)
        await run(bench, fate, permits=3)
        await check(bench, jobs)
        if len(fate.steps) < at:
            break
    assert 8 < len(fate.steps) < fate.at, "the trouble never came, or never ended"
    how = f"{'death' if deadly else 'an error'} {'after' if after else 'before'} it worked"
    print(f"{scenario}: {len(fate.steps)} effect points, {how}")  # noqa: T201 - for `make faults`


async def test_a_write_in_doubt_says_so_even_if_we_die_right_after_learning_it():
    for at in range(1, 200):
        bench, fate = Bench(), Fate(at)
        jobs = doubtful(bench)
        # The doubt lasts: what is over by the time it could be told needs no telling.
        bench.backend.will("pay", *[UnknownOutcome("TIMEOUT")] * 2)
        await bench.enqueue(*jobs)
        await run(bench, fate, permits=3)
        doubted = len([request for request in bench.backend.requests if request.wants == ("pay",)]) > 1
        assert ("pay unsure: TIMEOUT" in bench.deliver.texts) or not doubted or at <= LEARNT
        if len(fate.steps) < at:
            return
    pytest.fail("the trouble never ended")


LEARNT = 6
"""Steps up to the commit of the doubt: due, lease, request, read, commit. A death before it forgets the answer."""
