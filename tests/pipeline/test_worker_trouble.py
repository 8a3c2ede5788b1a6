"""Serving permits when we are wrong: bugs in plans and decisions, kinds nobody knows, a back end that breaks."""

# ruff: noqa: ARG002 - all job kinds share their methods' signatures

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, JobState, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.registry import JobHandler, UnknownJobHandler
from shared.store.collections import DEAD_LETTERS
from shared.store.port import Unavailable
from tests.pipeline.bench import NOW, Bench, Echo, is_done, read, write


class BadPlan(Echo):
    """Does not know what to ask."""

    def plan(self, job: Job) -> str:
        raise KeyError("no such thing")


class BadDone(Echo):
    """Trips over the answer, after it has begun to decide."""

    async def done(self, job: Job, value: Any, decision: Decision) -> None:
        decision.send({"text": "half a screen"})
        raise ZeroDivisionError("token=s3cret")


class BadAll(BadDone):
    """Cannot even apologise."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        raise ZeroDivisionError


class FlakyDone(Echo):
    """Meets a store that is away in the middle of deciding."""

    def __init__(self, error: Exception) -> None:
        self.error: Exception | None = error

    async def done(self, job: Job, value: Any, decision: Decision) -> None:
        error, self.error = self.error, None
        if error is not None:
            raise error
        await super().done(job, value, decision)


def of(kind: str, want: str = "x", lane: Lane = Lane.READ) -> Job:
    return Job(kind, lane, {"want": want})


async def test_a_plan_that_fails_holds_nobody_up(bench: Bench):
    bench.kinds["bad"] = BadPlan()
    bad, good = of("bad"), read("good")
    await bench.enqueue(bad, due_at=NOW - timedelta(seconds=1))
    await bench.enqueue(good)
    assert (await bench.worker().serve()).jobs == 2
    assert bench.backend.asked == ["good"]
    assert sorted(bench.deliver.texts) == ["good: ok", "x failed: PLAN_FAILED"]
    assert is_done(await bench.job(bad))


@pytest.mark.parametrize("lane", list(Lane))
async def test_a_plan_that_fails_asks_the_portal_nothing(bench: Bench, lane: Lane):
    bench.kinds["bad"] = BadPlan()
    await bench.enqueue(of("bad", lane=lane))
    await bench.worker().serve()
    assert bench.backend.requests == []
    assert bench.deliver.texts == ["x failed: PLAN_FAILED"]


async def test_a_want_too_large_for_any_request_is_refused_and_not_left_for_ever(bench: Bench):
    bench.backend.weights["huge"] = 51
    huge, good = read("huge"), read("good")
    await bench.enqueue(huge, good)
    await bench.worker().serve()
    assert bench.backend.asked == ["good"]
    assert sorted(bench.deliver.texts) == ["good: ok", "huge failed: TOO_LARGE"]
    assert is_done(await bench.job(huge))


async def test_what_nobody_waits_for_any_more_costs_the_portal_nothing(bench: Bench):
    late, good = replace(read("late"), until=NOW), replace(read("good"), until=NOW + timedelta(seconds=1))
    await bench.enqueue(late, good)
    await bench.worker().serve()
    assert bench.backend.asked == ["good"]
    assert sorted(bench.deliver.texts) == ["good: ok", "late failed: TOO_LATE"]
    assert is_done(await bench.job(late))


async def test_a_bug_in_a_decision_is_buried_and_the_neighbours_go_on(bench: Bench):
    bench.kinds["bad"] = BadDone()
    bad, good = of("bad"), read("good", then="more")
    await bench.enqueue(bad, good)
    await bench.worker().serve()
    letter = await bench.record(DEAD_LETTERS.key(f"job:{bad.id}"))
    assert letter.data["error"] == "ZeroDivisionError"
    assert sorted(bench.deliver.texts) == ["good: ok", "x failed: BUG"]
    assert is_done(await bench.job(bad))
    assert await bench.decided(good) == 1
    assert bench.queue.permits == [NOW]


class Reasons(BadDone):
    """Keeps what it was told in its apology."""

    def __init__(self) -> None:
        self.told: list[Refusal] = []

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        self.told.append(reason)


@pytest.mark.parametrize(("lane", "unsure"), [(Lane.READ, False), (Lane.FILE, False), (Lane.WRITE, True)])
async def test_after_a_bug_only_a_write_may_have_left_something_on_the_portal(bench: Bench, lane: Lane, unsure: bool):
    bench.kinds["bad"] = kind = Reasons()
    await bench.enqueue(of("bad", lane=lane))
    await bench.worker().serve()
    assert kind.told == [Refusal("BUG", operators=True, unsure=unsure)]


async def test_a_bug_in_the_apology_too_ends_the_job_all_the_same(bench: Bench):
    bench.kinds["bad"] = BadAll()
    bad = of("bad")
    await bench.enqueue(bad)
    await bench.worker().serve()
    assert is_done(await bench.job(bad))
    assert bench.deliver.texts == []
    assert await bench.store.get(DEAD_LETTERS.key(f"job:{bad.id}")) is not None


async def test_a_store_that_is_away_during_a_decision_is_no_bug(bench: Bench):
    bench.kinds["flaky"] = FlakyDone(Unavailable("away"))
    flaky, good = of("flaky"), read("good")
    await bench.enqueue(flaky, good)
    await bench.worker().serve()
    assert is_done(await bench.job(good))
    assert is_done(await bench.job(flaky))
    assert await bench.store.get(DEAD_LETTERS.key(f"job:{flaky.id}")) is None
    assert sorted(bench.backend.asked) == ["good", "x"], "the portal was not asked again"


async def test_a_store_that_is_away_during_an_apology_is_no_bug(bench: Bench):
    class Away(BadDone):
        async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
            raise Unavailable("away")

    bench.kinds["away"] = Away()
    job = of("away")
    await bench.enqueue(job)
    with pytest.raises(Unavailable):
        await bench.worker().serve()
    assert (await bench.job(job)).state is JobState.PENDING


@pytest.mark.parametrize("lane", list(Lane))
async def test_a_kind_unknown_to_this_version_is_kept_for_people(bench: Bench, lane: Lane):
    job = of("from the future", lane=lane)
    await bench.enqueue(job)
    await bench.worker().serve()
    letter = await bench.record(DEAD_LETTERS.key(f"job:{job.id}"))
    assert "from the future" in letter.data["payload"]
    assert is_done(await bench.job(job))
    assert bench.backend.requests == []


@pytest.mark.parametrize("lane", list(Lane))
async def test_a_back_end_that_breaks_is_trouble_of_the_job_and_not_of_the_queue(bench: Bench, lane: Lane):
    """A permit that answers 5xx slows the whole queue down, and a job that always breaks would do so for ever."""
    job = of("echo", lane=lane)
    await bench.enqueue(job)
    bench.backend.broken = RuntimeError("nobody thought of this")
    for _ in range(10):
        await bench.worker().serve()
        bench.clock.advance(600)
    assert is_done(await bench.job(job))
    assert bench.deliver.texts[-1] == "x failed: BACKEND_FAILED"


async def test_a_write_whose_back_end_broke_may_have_been_done(bench: Bench):
    job = write("pay")
    await bench.enqueue(job)
    bench.backend.broken = RuntimeError("after the request went out")
    await bench.worker().serve()
    bench.backend.broken = None
    bench.clock.advance(60)
    await bench.worker().serve()
    assert bench.deliver.texts == ["pay unsure: BACKEND_FAILED", "pay: ok"]
    assert {request.key for request in bench.backend.requests} == {job.idempotency_key}


@pytest.mark.parametrize("lane", list(Lane))
async def test_a_store_that_is_away_when_the_credential_is_read_is_no_bug(
    bench: Bench, lane: Lane, caplog: pytest.LogCaptureFixture
):
    """The permit answers 503 and comes again; it finds the job as it was, and no write is in doubt over it."""
    bench.kinds["echo"] = watched = Watched()
    job = of("echo", lane=lane)
    await bench.enqueue(job)
    bench.backend.broken = Unavailable("where the token's version record is")
    for _ in range(5):
        with pytest.raises(Unavailable):
            await bench.worker().serve()
        assert await bench.job(job) == job
    assert bench.queue.tasks == []
    bench.backend.broken = None
    assert (await bench.worker().serve()).jobs == 1
    assert bench.deliver.texts == ["x: ok"]
    assert not any(planned.doubt for planned in watched.planned)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
    assert await bench.store.due(DEAD_LETTERS.name, NOW + timedelta(days=40), 10) == []


def test_a_kind_unknown_to_this_version_has_nothing_to_attach():
    kind: JobHandler = UnknownJobHandler()
    assert kind.attachments(read("x"), b"png") == {}


class Watched(Echo):
    """Remembers what it was asked to plan."""

    def __init__(self) -> None:
        self.planned: list[Job] = []

    def plan(self, job: Job) -> str:
        self.planned.append(job)
        return super().plan(job)


@pytest.mark.parametrize(("lane", "doubted"), [(Lane.WRITE, True), (Lane.READ, False)])
async def test_a_write_whose_worker_died_is_in_doubt(bench: Bench, lane: Lane, doubted: bool):
    bench.kinds["echo"] = watched = Watched()
    await bench.enqueue(replace(write("pay"), lane=lane, lease="of the dead"))
    await bench.worker().serve()
    assert watched.planned[-1].doubt is doubted
