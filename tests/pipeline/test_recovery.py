"""What a dead worker had taken comes back by itself, and what the portal answered outlasts a store that stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.pipeline.claims import SENDING, SKEW
from shared.pipeline.commit_result import commit_result
from shared.pipeline.jobs import Job, JobState, Lane
from shared.pipeline.leases import LEASES, LONGEST_LEASE
from shared.pipeline.outcomes import Answered, Outcome, TransientFailure
from shared.pipeline.retry import LOOK_RETRIES, READ_RETRIES
from shared.pipeline.worker import WATCH_PAUSE
from shared.store import patience
from shared.store.port import Create, Key, Put, Unavailable, Write
from tests.pipeline.bench import NOW, Bench, file, is_done, read, write
from tests.support.fate import Death
from tests.support.queues import watched
from tests.support.stores import FaultyStore

CLAIM = SENDING + SKEW


async def dies_over(bench: Bench, *jobs: Job) -> None:
    """Have a worker die while the portal works on these."""

    async def death() -> None:
        raise Death

    bench.backend.during = death
    with pytest.raises(Death):
        await bench.worker().serve()
    for job in jobs:
        assert (await bench.job(job)).lease


async def repeat(bench: Bench) -> None:
    """Hand the dead worker's permit out once more, and then what permits that leads to; housekeeping never comes."""
    bench.clock.advance(1)
    await bench.worker().serve(bench.clock() + LONGEST_LEASE)
    while bench.queue.tasks:
        task = bench.queue.tasks.pop(0)
        assert task.schedule_at is not None
        bench.clock.advance(max(0.0, (task.schedule_at - bench.clock()).total_seconds()))
        await bench.worker().serve(watched(task))


@pytest.mark.parametrize(("job", "seconds"), [(read("search"), 15), (file("photo"), 20), (write("pay"), 90)])
async def test_what_a_dead_worker_had_taken_is_done_by_the_end_of_its_lease(bench: Bench, job: Job, seconds: int):
    await bench.enqueue(job)
    await dies_over(bench, job)
    await repeat(bench)
    assert bench.deliver.texts == [f"{job.payload['want']}: ok"]
    assert bench.clock() - NOW <= timedelta(seconds=seconds)


async def test_others_at_work_do_not_hide_the_dead_ones(bench: Bench):
    """The permit that was left comes back when another's lease ends, and must not be spent over that."""
    dead = write("pay")
    await bench.enqueue(dead)
    await dies_over(bench, dead)
    other = replace(read("other"), lease="alive")
    await bench.store.commit([Create(other.key, other.as_data(), due_at=NOW + timedelta(seconds=8))])
    await repeat(bench)
    assert is_done(await bench.job(dead))
    assert bench.clock() - NOW <= timedelta(seconds=90)


async def test_an_answer_whose_sender_died_is_said_at_the_end_of_its_claim(bench: Bench):
    job = replace(
        read("paid"), state=JobState.ANSWERED, outbox=({"text": "paid"},), sending=NOW + timedelta(seconds=CLAIM)
    )
    await bench.store.commit([Create(job.key, job.as_data(), due_at=NOW + timedelta(seconds=CLAIM))])
    await bench.worker().serve(NOW + LONGEST_LEASE)
    [task] = bench.queue.tasks
    bench.queue.tasks.clear()
    bench.clock.advance(CLAIM)
    assert task.schedule_at == bench.clock()
    await bench.worker().serve(watched(task))
    await bench.deliver_later()
    assert bench.deliver.texts == ["paid"]
    assert bench.clock() - NOW <= timedelta(seconds=15)


async def test_a_permit_that_finds_others_at_work_leaves_none_behind(bench: Bench):
    """Only one whose worker died does: else they would have no end."""
    job = replace(read("r"), lease="his")
    await bench.store.commit([Create(job.key, job.as_data(), due_at=NOW + timedelta(seconds=5))])
    await bench.worker().serve()
    assert bench.queue.tasks == []


async def test_one_that_watches_does_not_come_back_more_often_than_needed(bench: Bench):
    for number in range(40):
        job = replace(read(f"r{number}"), lease="his")
        ends = NOW + timedelta(seconds=number / 4)
        await bench.store.commit([Create(job.key, job.as_data(), due_at=ends)])
    await bench.worker().serve(NOW + timedelta(seconds=10))
    [permit] = bench.queue.permits
    assert permit == NOW + WATCH_PAUSE


async def test_what_is_free_after_the_watch_is_over_is_not_watched(bench: Bench):
    job = replace(read("r"), lease="his")
    await bench.store.commit([Create(job.key, job.as_data(), due_at=NOW + timedelta(seconds=30))])
    await bench.worker().serve(NOW + timedelta(seconds=20))
    assert bench.queue.tasks == []


async def test_a_job_whose_news_is_on_its_way_keeps_its_permit(bench: Bench):
    job = replace(write("pay"), sending=NOW + timedelta(seconds=3))
    await bench.enqueue(job)
    await bench.worker().serve()
    assert bench.backend.asked == []
    [permit] = bench.queue.permits
    bench.clock.advance((permit - NOW).total_seconds() + 3)
    await bench.worker().serve()
    assert bench.backend.asked == ["pay"]


@pytest.mark.parametrize("lane", list(Lane))
@pytest.mark.parametrize("failures", [1, 4, len(patience.PAUSES)])
async def test_an_answer_outlasts_a_store_that_stops(bench: Bench, lane: Lane, failures: int):
    job = Job("echo", lane, {"want": "x"})
    await bench.enqueue(job)
    store = FaultyStore(bench.store)

    async def stops() -> None:
        store.failures = failures

    bench.backend.during = stops
    await bench.worker(store=store).serve()
    assert bench.backend.asked == ["x"]
    assert bench.deliver.texts == ["x: ok"]


def _concludes(writes: Sequence[Write]) -> bool:
    """Whether a commit is the one that follows the portal's answer: it frees the job."""
    return any(isinstance(write, Put) and "lease" in write.data and not write.data["lease"] for write in writes)


@pytest.mark.parametrize("outcome", [Answered("ok"), TransientFailure("away")])
async def test_a_commit_whose_answer_was_lost_is_known_as_ones_own(bench: Bench, outcome: Outcome):
    """Taken for somebody else's it left its message and its permit to housekeeping."""
    await bench.enqueue(read("x"))
    bench.backend.will("x", outcome)
    bench.queue.tasks.clear()
    store = FaultyStore(bench.store)
    store.fail_at(1, applied=True, of=_concludes)
    bench.store = store
    await bench.worker().serve()
    assert store.failed
    assert bench.deliver.texts == (["x: ok"] if isinstance(outcome, Answered) else [])
    assert len(bench.queue.permits) == (0 if isinstance(outcome, Answered) else 1)


async def test_one_that_is_known_too_late_to_say_it_all_is_said_by_a_task(bench: Bench):
    await bench.enqueue(read("x"))
    bench.queue.tasks.clear()
    store = FaultyStore(bench.store)

    def concludes_slowly(writes: Sequence[Write]) -> bool:
        if (concludes := _concludes(writes)) and store.failed:
            return False
        bench.clock.advance(SKEW + 1 if concludes else 0)
        return concludes

    store.fail_at(1, applied=True, of=concludes_slowly)
    bench.store = store
    await bench.worker().serve()
    assert bench.deliver.texts == []
    [(_, at)] = bench.queue.later
    assert at == NOW + timedelta(seconds=CLAIM)
    bench.clock.advance(CLAIM)
    await bench.deliver_later()
    assert bench.deliver.texts == ["x: ok"]


async def test_what_another_worker_has_taken_since_is_his(bench: Bench):
    """The retry was written by a commit whose answer was lost, and somebody is at it already."""
    wanted = read("x")
    await bench.enqueue(wanted)
    bench.backend.will("x", TransientFailure("away"))
    await bench.worker().serve()
    tried = await bench.job(wanted)
    taken = replace(tried, lease="another")
    record = await bench.record(tried.key)
    await bench.store.commit([Put(tried.key, taken.as_data(), record.version, None, record.due_at)])
    job = replace(tried, lease=tried.answered_by)
    kind = bench.kinds["echo"]
    assert await commit_result(bench.store, bench.clock, kind, job, Answered("ok"), 0.5) is None


async def test_a_message_that_is_out_is_noted_when_the_store_is_back(bench: Bench):
    await bench.enqueue(read("x"))
    store = FaultyStore(bench.store)
    bench.store = store

    async def stops() -> None:
        store.failures = 4

    bench.deliver.during = stops
    await bench.worker().serve()
    bench.clock.advance(CLAIM + 1)
    await bench.worker().serve()
    await bench.deliver_later()
    assert bench.deliver.texts == ["x: ok"]


async def test_a_store_that_stays_away_is_given_up(bench: Bench):
    store = FaultyStore(bench.store)
    store.failures = len(patience.PAUSES) + 1
    with pytest.raises(Unavailable):
        await patience.outlasting(lambda: store.get(Key("jobs", "1")))
    assert await store.get(Key("jobs", "1")) is None, "each try was one call"


async def test_a_look_that_fails_is_repeated_until_it_succeeds(bench: Bench):
    job = replace(read("status"), lasting=True)
    await bench.enqueue(job)
    bench.backend.will("status", *[TransientFailure("TIMEOUT")] * 12)
    for _ in range(13):
        await bench.worker().serve()
        if bench.queue.permits:
            bench.clock.advance(max(0.0, (bench.queue.permits[-1] - bench.clock()).total_seconds()))
    assert bench.deliver.texts == ["status: ok"]


async def test_after_a_silence_of_a_minute_a_look_succeeds_within_half_a_minute(bench: Bench):
    job = replace(read("status"), lasting=True)
    await bench.enqueue(job)
    silent_until = NOW + timedelta(seconds=60)
    while not is_done(await bench.job(job)):
        if bench.clock() < silent_until:
            bench.backend.will("status", TransientFailure("TIMEOUT"))
        await bench.worker().serve()
        if not is_done(await bench.job(job)):
            bench.clock.advance((bench.queue.permits[-1] - bench.clock()).total_seconds())
    assert bench.clock() - silent_until <= timedelta(seconds=36)
    assert bench.deliver.texts == ["status: ok"]


def test_a_look_is_given_up_after_an_hour():
    """By then housekeeping has asked for what changed."""
    assert LOOK_RETRIES[: len(READ_RETRIES)] == READ_RETRIES
    assert timedelta(hours=1) <= sum(LOOK_RETRIES, timedelta()) <= timedelta(hours=1, minutes=5)


def test_a_dead_workers_work_is_free_when_the_watch_ends():
    assert max(LEASES.values()) == LONGEST_LEASE >= timedelta(seconds=CLAIM)
