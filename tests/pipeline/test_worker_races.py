"""Serving permits beside others: faster workers, slow ones, conflicts, an infrastructure that fails half-way."""

# ruff: noqa: ARG002 - all job kinds share their methods' signatures

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, JobState, Lane
from shared.pipeline.leases import LEASES
from shared.pipeline.tasks import QueueUnavailable
from shared.store.port import Conflict, Create, Key, Put, Record, Unavailable, Version, Write
from tests.pipeline.bench import NOW, Bench, Echo, count, is_done, read, write


class Faster:
    """A store where something happens right before one commit."""

    def __init__(self, bench: Bench, happen: Callable[[], Awaitable[object]], *, before: int = 1) -> None:
        self._store = bench.store
        self._happen = happen
        self._before = before

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        self._before -= 1
        if self._before == 0:
            await self._happen()
        return await self._store.commit(writes)

    async def get(self, key: Key) -> Record | None:
        return await self._store.get(key)

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        return await self._store.get_many(keys)

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        return await self._store.due(collection, before, limit, after)

    async def page(self, collection: str, after: str, limit: int) -> list[Record]:
        return await self._store.page(collection, after, limit)

    async def close(self) -> None:
        await self._store.close()


async def test_a_job_that_another_worker_took_is_his(bench: Bench):
    await bench.enqueue(write("pay"))
    store = Faster(bench, bench.worker().serve)
    assert (await bench.worker(store=store).serve()).jobs == 0
    assert bench.backend.asked == ["pay"]
    assert bench.deliver.texts == ["pay: ok"]


async def take(bench: Bench, job: Job) -> None:
    """Lease the job, as another worker does."""
    record = await bench.record(job.key)
    leased = replace(Job.from_data(record.data), lease="his").as_data()
    await bench.store.commit([Put(record.key, leased, record.version, due_at=bench.clock() + timedelta(seconds=10))])


async def test_of_many_jobs_those_that_nobody_took_are_ours(bench: Bench):
    taken, others = read("taken"), [read("a"), read("b")]
    await bench.enqueue(taken, *others)
    store = Faster(bench, lambda: take(bench, taken))
    assert (await bench.worker(store=store).serve()).jobs == 2
    assert sorted(bench.backend.asked) == ["a", "b"]
    assert (await bench.job(taken)).lease == "his"


async def test_a_permit_that_came_second_is_not_lost(bench: Bench):
    """Two writes, two permits, both see the same oldest write: who comes second must leave the other write a permit."""
    await bench.enqueue(write("w1"), write("w2"))
    store = Faster(bench, bench.worker().serve)
    await bench.worker(store=store).serve()
    assert len(bench.backend.asked) == 1
    assert bench.queue.permits == [NOW]
    await bench.worker().serve()
    assert sorted(bench.backend.asked) == ["w1", "w2"]


async def test_a_slow_worker_whose_lease_is_over_decides_nothing(bench: Bench):
    job = read("slow")

    async def meanwhile() -> None:
        bench.clock.advance(LEASES[Lane.READ].total_seconds())
        await bench.worker().serve()

    await bench.enqueue(job)
    bench.backend.during = meanwhile
    await bench.worker().serve()
    assert bench.backend.asked == ["slow", "slow"]
    assert bench.deliver.texts == ["slow: ok"]
    assert await bench.decided(job) == 1


async def test_a_slow_worker_leaves_a_job_to_who_is_at_it_now(bench: Bench):
    job = read("slow")

    async def meanwhile() -> None:
        bench.clock.advance(LEASES[Lane.READ].total_seconds())
        await take(bench, job)

    await bench.enqueue(job)
    bench.backend.during = meanwhile
    await bench.worker().serve()
    assert bench.deliver.texts == []
    assert (await bench.job(job)).lease == "his"


async def test_a_slow_worker_whose_job_nobody_took_decides_after_all(bench: Bench):
    async def meanwhile() -> None:
        bench.clock.advance(LEASES[Lane.READ].total_seconds() + 5)

    await bench.enqueue(read("slow"))
    bench.backend.during = meanwhile
    await bench.worker().serve()
    assert bench.deliver.texts == ["slow: ok"]


async def test_an_answer_to_a_job_that_is_gone_is_dropped(bench: Bench):
    job = read("gone")

    async def meanwhile() -> None:
        bench.clock.advance(LEASES[Lane.READ].total_seconds())
        await bench.worker().serve()
        bench.clock.advance(timedelta(days=4).total_seconds())

    await bench.enqueue(job)
    bench.backend.during = meanwhile
    await bench.worker().serve()
    assert await bench.store.get(job.key) is None
    assert await bench.decided(job) == 1


class Contended(Echo):
    """Somebody else writes the same document while the decision is being made, the first time."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.runs = 0

    async def done(self, job: Job, value: Any, decision: Decision) -> None:
        self.runs += 1
        await count(job, decision)
        if self.runs == 1:
            record = await self.bench.store.get(Key("results", job.id))
            assert record is None
            await self.bench.store.commit([_created(job)])
        decision.send({"text": "said once"})


def _created(job: Job) -> Write:
    return Create(Key("results", job.id), {"count": 10, "at": NOW})


async def test_a_conflict_in_one_decision_has_it_decide_again(bench: Bench):
    kind = Contended(bench)
    bench.kinds["contended"] = kind
    job, neighbour = Job("contended", Lane.READ, {"want": "x"}), read("neighbour")
    await bench.enqueue(job, neighbour)
    await bench.worker().serve()
    assert kind.runs == 2
    assert await bench.decided(job) == 11
    assert await bench.decided(neighbour) == 1
    assert sorted(bench.deliver.texts) == ["neighbour: ok", "said once"]


async def test_a_document_that_is_never_left_alone_leaves_the_job_for_later(bench: Bench):
    class Hopeless(Echo):
        async def done(self, job: Job, value: Any, decision: Decision) -> None:
            raise Conflict("again and again")

    bench.kinds["hopeless"] = Hopeless()
    job, neighbour = Job("hopeless", Lane.READ, {"want": "x"}), read("neighbour")
    await bench.enqueue(job, neighbour)
    with pytest.raises(Conflict):
        await bench.worker().serve()
    assert is_done(await bench.job(neighbour))
    assert (await bench.job(job)).state is JobState.PENDING


async def test_without_a_queue_the_decision_stands_and_the_rest_comes_later(bench: Bench):
    job = read("first", then="second")
    await bench.enqueue(job)
    bench.queue.down = True
    with pytest.raises(QueueUnavailable):
        await bench.worker().serve()
    assert (await bench.job(job)).state is JobState.ANSWERED
    bench.queue.down = False
    bench.clock.advance(60)
    await bench.worker().serve()
    assert bench.queue.permits == [NOW + timedelta(minutes=1)]
    assert sorted(bench.deliver.texts) == ["first: ok", "second: ok"]
    assert await bench.decided(job) == 1


async def test_a_store_that_stays_away_leaves_the_job_to_the_end_of_its_lease(bench: Bench):
    async def away() -> None:
        raise Unavailable("still away")

    job = read("r")
    await bench.enqueue(job)
    bench.backend.broken = Unavailable("where the token's version record is")
    with pytest.raises(Unavailable):
        await bench.worker(store=Faster(bench, away, before=2)).serve()
    bench.backend.broken = None
    assert (await bench.worker().serve()).jobs == 0
    bench.clock.advance(LEASES[Lane.READ].total_seconds())
    assert (await bench.worker().serve()).jobs == 1
    assert is_done(await bench.job(job))


async def test_being_stopped_in_mid_request_is_not_taken_for_an_answer(bench: Bench):
    started = asyncio.Event()

    async def stuck() -> None:
        started.set()
        await asyncio.Event().wait()

    job = write("pay")
    await bench.enqueue(job)
    bench.backend.during = stuck
    serving = asyncio.create_task(bench.worker().serve())
    await started.wait()
    serving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await serving
    stands = await bench.job(job)
    assert (stands.state, bool(stands.lease)) == (JobState.PENDING, True)
