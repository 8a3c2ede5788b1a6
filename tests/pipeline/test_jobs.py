"""Wanting a job: new, waiting, under way, answered, done."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, JobState, Lane, enqueue, enqueue_instead, is_under_way
from shared.store.collections import JOBS
from shared.store.port import Create
from shared.store.unit_of_work import UnitOfWork
from tests.pipeline.bench import NOW, Bench, read

SYNC = Job("sync", Lane.READ, {"order": "7"}, id="sync:7")
LATER = NOW + timedelta(seconds=9)


async def put(bench: Bench, job: Job, **times: Any) -> None:
    """Bring the job's record into that state."""
    unit = UnitOfWork(bench.store, bench.clock)
    await unit.get(job.key)
    unit.put(job.key, job.as_data(), **times)
    await unit.commit()


async def wanted(bench: Bench, job: Job, due_at: Any = NOW) -> bool:
    unit = UnitOfWork(bench.store, bench.clock)
    needs_permit = await enqueue(unit, job, due_at)
    await unit.commit()
    return needs_permit


async def test_a_new_job_waits_from_its_moment_on_and_needs_a_permit(bench: Bench):
    assert await wanted(bench, SYNC, LATER)
    record = await bench.record(SYNC.key)
    assert record.key == JOBS.key("sync:7")
    assert record.due_at == LATER
    assert record.expires_at is None
    assert Job.from_data(record.data) == SYNC


async def test_a_waiting_job_serves_the_new_wish_too(bench: Bench):
    await wanted(bench, SYNC)
    before = await bench.record(SYNC.key)
    assert not await wanted(bench, replace(SYNC, idempotency_key="other"), LATER)
    assert await bench.record(SYNC.key) == before


async def test_a_leased_job_is_told_to_go_once_more(bench: Bench):
    await put(bench, replace(SYNC, lease="w1"), due_at=LATER)
    assert not await wanted(bench, SYNC)
    record = await bench.record(SYNC.key)
    assert Job.from_data(record.data) == replace(SYNC, lease="w1", again=True)
    assert record.due_at == LATER


async def test_a_job_that_goes_once_more_anyway_is_left_alone(bench: Bench):
    await put(bench, replace(SYNC, lease="w1", again=True), due_at=LATER)
    before = await bench.record(SYNC.key)
    assert not await wanted(bench, SYNC)
    assert await bench.record(SYNC.key) == before


async def test_a_finished_job_starts_anew(bench: Bench):
    old = replace(SYNC, state=JobState.DONE, attempts=2, idempotency_key="old")
    await put(bench, old, ttl=timedelta(hours=72), due_at=None)
    assert await wanted(bench, replace(SYNC, idempotency_key="new"))
    record = await bench.record(SYNC.key)
    assert Job.from_data(record.data) == replace(SYNC, idempotency_key="new")
    assert record.due_at == NOW
    assert record.expires_at is None


async def test_a_job_that_is_sending_its_messages_goes_once_more_after_them(bench: Bench):
    outbox = ({"text": "one"}, {"text": "two"}, {"text": "three"})
    sending = replace(SYNC, state=JobState.ANSWERED, outbox=outbox, sent=1)
    await put(bench, sending, ttl=JOBS.kept, due_at=LATER)
    assert not await wanted(bench, SYNC)
    record = await bench.record(SYNC.key)
    assert Job.from_data(record.data) == replace(sending, again=True)
    assert (record.due_at, record.expires_at) == (LATER, NOW + timedelta(hours=72))


async def test_what_is_wanted_after_an_answer_is_what_was_wanted_last(bench: Bench):
    sending = replace(SYNC, state=JobState.ANSWERED, refused=True, outbox=({"text": "no"},))
    await put(bench, sending, ttl=JOBS.kept, due_at=LATER)
    fresh = replace(SYNC, payload={"order": "7", "where": "below"}, idempotency_key="fresh", until=LATER)
    await wanted(bench, fresh)
    assert await bench.job(SYNC) == replace(
        fresh, state=JobState.ANSWERED, again=True, refused=True, outbox=({"text": "no"},)
    )
    await wanted(bench, replace(SYNC, payload={"order": "late"}))
    assert (await bench.job(SYNC)).payload == fresh.payload, "which is wanted already"


@pytest.mark.parametrize(
    ("seen", "is_it"),
    [
        (None, False),
        ({}, True),
        ({"lease": "w1"}, True),
        ({"state": JobState.ANSWERED}, True),
        ({"state": JobState.ANSWERED, "refused": True}, False),
        ({"state": JobState.ANSWERED, "refused": True, "again": True}, True),
        ({"refused": True}, True),
        ({"state": JobState.DONE}, False),
        ({"state": JobState.DONE, "refused": True}, False),
    ],
)
async def test_what_is_under_way(bench: Bench, seen: dict[str, Any] | None, is_it: bool):
    if seen is not None:
        await put(bench, replace(SYNC, **seen), due_at=LATER)
    assert await is_under_way(UnitOfWork(bench.store, bench.clock), SYNC.id) is is_it


async def test_a_record_of_the_version_before_is_under_way_until_it_is_told(bench: Bench):
    data = replace(SYNC, state=JobState.ANSWERED).as_data()
    del data["refused"]
    await bench.store.commit([Create(SYNC.key, data, None, NOW)])
    assert await is_under_way(UnitOfWork(bench.store, bench.clock), SYNC.id)


async def test_a_turn_collects_permits_for_what_needs_one(bench: Bench):
    decision = Decision(UnitOfWork(bench.store, bench.clock))
    await decision.enqueue(SYNC)
    await decision.enqueue(SYNC)
    await decision.enqueue(Job("other", Lane.READ, {}), background=True)
    assert decision.permits == [NOW, NOW + timedelta(seconds=2)]


def test_two_jobs_are_two_changes_to_the_portal():
    first, second = Job("pay", Lane.WRITE, {}), Job("pay", Lane.WRITE, {})
    assert first.id != second.id
    assert first.idempotency_key != second.idempotency_key


calls = st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=2)
jobs = st.builds(
    Job,
    kind=st.text(max_size=8),
    lane=st.sampled_from(Lane),
    payload=st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5) | st.none(), max_size=3),
    state=st.sampled_from(JobState),
    attempts=st.integers(0, 9),
    lease=st.text(max_size=5),
    again=st.booleans(),
    outbox=st.lists(calls, max_size=3).map(tuple),
    sent=st.integers(0, 3),
    tries=st.integers(0, 3),
    permits=st.lists(st.just(NOW), max_size=2).map(tuple),
)


@given(jobs)
def test_a_record_holds_the_whole_job(job: Job):
    data = job.as_data()
    assert Job.from_data(data) == job
    assert {type(value) for value in (data["lane"], data["state"])} == {str}
    assert {type(value) for value in (data["outbox"], data["permits"])} == {list}


async def test_a_record_of_a_newer_version_does_not_stop_the_others(bench: Bench):
    """After a roll-back there are records with fields this version does not know; every permit reads them all."""
    newer, ours = read("newer"), read("ours")
    await bench.enqueue(ours)
    await bench.store.commit([Create(newer.key, {**newer.as_data(), "mood": "good"}, None, NOW)])
    assert (await bench.worker().serve()).jobs == 2
    assert sorted(bench.deliver.texts) == ["newer: ok", "ours: ok"]


async def replaced(bench: Bench, job: Job, waiting_id: str) -> bool:
    unit = UnitOfWork(bench.store, bench.clock)
    was_there = await enqueue_instead(unit, job, waiting_id)
    await unit.commit()
    return was_there


async def test_a_job_takes_the_place_of_one_that_nobody_has_begun(bench: Bench):
    old, new = read("дре"), read("дрель", more=1)
    await put(bench, replace(old, attempts=1), due_at=LATER)
    assert await replaced(bench, new, old.id)
    record = await bench.record(old.key)
    assert record.due_at == LATER
    assert Job.from_data(record.data) == replace(new, id=old.id)
    assert [job.id for job in await bench.open_jobs()] == [old.id]


@pytest.mark.parametrize(
    "begun",
    [
        {"lease": "w1"},
        {"state": JobState.ANSWERED},
        {"state": JobState.DONE},
        {"outbox": ({"method": "sendMessage"},)},
        None,
    ],
    ids=["leased", "answered", "done", "unsent", "absent"],
)
async def test_what_is_begun_or_gone_is_left_alone(bench: Bench, begun: dict[str, Any] | None):
    old = read("дре")
    if begun is not None:
        await put(bench, replace(old, **begun), due_at=LATER)
    before = await bench.store.get(old.key)
    assert not await replaced(bench, read("дрель"), old.id)
    assert await bench.store.get(old.key) == before
