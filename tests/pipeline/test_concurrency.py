"""Many permits at once: each one asks once at most, each job is done once."""

from __future__ import annotations

import asyncio
from collections import Counter, deque

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Answered, Outcome, Postponed, Refusal, TransientFailure, UnknownOutcome
from shared.pipeline.sending import DeliveryResult
from tests.pipeline.bench import NOW, Bench, file, is_done, read, write


async def serve_all(bench: Bench, permits: int, *, writes_in_flight: int = 50) -> None:
    """Serve that many permits at once, and then whatever permits they left behind, also at once."""
    worker = bench.worker(writes_in_flight=writes_in_flight)
    for _ in range(60):
        await asyncio.gather(*(worker.serve() for _ in range(permits)))
        due = [moment for moment in bench.queue.permits if moment <= bench.clock()]
        permits = len(due)
        bench.queue.tasks.clear()
        if not permits:
            return
    pytest.fail("the permits never end")


async def check_each_once(bench: Bench, jobs: list[Job]) -> None:
    assert Counter(bench.backend.asked) == Counter(job.payload["want"] for job in jobs)
    for job in jobs:
        assert is_done(await bench.job(job))
        assert await bench.decided(job) == 1


async def test_twenty_permits_over_sixty_jobs(bench: Bench):
    jobs = [
        *(read(f"r{n}") for n in range(45)),
        *(write(f"w{n}") for n in range(10)),
        *(file(f"f{n}") for n in range(5)),
    ]
    await bench.enqueue(*jobs)
    await serve_all(bench, 20)
    await check_each_once(bench, jobs)


async def test_a_permit_per_write_is_enough_however_they_collide(bench: Bench):
    jobs = [write(f"w{n}") for n in range(15)]
    await bench.enqueue(*jobs)
    await serve_all(bench, 15)
    await check_each_once(bench, jobs)


async def test_more_reads_than_one_request_holds(bench: Bench):
    jobs = [read(f"r{n}") for n in range(130)]
    await bench.enqueue(*jobs)
    await serve_all(bench, 3)
    assert [len(request.wants) for request in bench.backend.requests] == [50, 50, 30]
    await check_each_once(bench, jobs)


outcomes = st.sampled_from(
    [
        Answered("ok"),
        Refusal("NO"),
        TransientFailure("TIMEOUT"),
        UnknownOutcome("TIMEOUT"),
        Postponed(NOW),
    ]
)
lanes = st.sampled_from(Lane)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(lanes, st.lists(outcomes, max_size=3), st.integers(1, 60)), max_size=8),
    st.lists(st.sampled_from([DeliveryResult(), DeliveryResult(later=5.0), ValueError("bug")]), max_size=6),
    st.booleans(),
)
async def test_a_permit_is_one_request_at_most_whatever_happens(
    wanted: list[tuple[Lane, list[Outcome], int]], deliveries: list[DeliveryResult | Exception], broken: bool
):
    bench = Bench()
    bench.deliver.answers = deque(deliveries)
    bench.backend.broken = RuntimeError("broken") if broken else None
    for number, (lane, script, weight) in enumerate(wanted):
        want = f"{lane}{number}"
        bench.backend.weights[want] = weight
        bench.backend.will(want, *script)
        await bench.enqueue(Job("echo", lane, {"want": want}))
    for _ in range(10):
        before = len(bench.backend.requests)
        await bench.worker().serve()
        assert len(bench.backend.requests) - before <= 1
        bench.clock.advance(1)
    for request in bench.backend.requests:
        assert sum(bench.backend.weights[want] for want in request.wants) <= 50 or request.lane is not Lane.READ
