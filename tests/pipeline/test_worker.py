"""Serving a permit when nothing is wrong with us: one request, then each job's own commit, permits and messages."""

# ruff: noqa: ARG002 - all job kinds share their methods' signatures

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, JobState, Lane, is_under_way
from shared.pipeline.leases import LEASES
from shared.pipeline.outbox import GRACE
from shared.pipeline.outcomes import Answered, Postponed, Refusal, TokenRenewed, TransientFailure, UnknownOutcome
from shared.pipeline.sending import DeliveryResult
from shared.pipeline.worker import BLOCKED_PAUSE, SLACK, WINDOW, Served
from shared.store.unit_of_work import UnitOfWork
from tests.pipeline.bench import NOW, Bench, Echo, file, is_done, read, write


async def test_nothing_due_is_nothing_asked(bench: Bench):
    await bench.enqueue(read("later"), due_at=NOW + timedelta(seconds=1))
    assert await bench.worker().serve() == Served()
    assert bench.backend.requests == []
    assert bench.queue.tasks == []


async def test_reads_share_one_request_and_each_is_answered(bench: Bench):
    jobs = [read("a"), read("b"), read("c")]
    await bench.enqueue(*jobs)
    bench.backend.will("b", Refusal("NO"))
    assert await bench.worker().serve() == Served(jobs=3)
    assert len(bench.backend.requests) == 1
    assert sorted(bench.deliver.texts) == ["a: ok", "b failed: NO", "c: ok"]
    for job in jobs:
        assert is_done(await bench.job(job))


async def test_how_many_reads_share_a_request_is_asked_at_every_permit(bench: Bench):
    await bench.enqueue(*(read(f"r{number}") for number in range(9)))
    sizes = iter([2, 4, 1])
    worker = bench.worker(batch=lambda: next(sizes))
    assert [(await worker.serve()).jobs for _ in range(3)] == [2, 4, 1]
    assert [len(request.wants) for request in bench.backend.requests] == [2, 4, 1]


async def test_a_finished_job_keeps_nothing_of_what_it_said_and_stays_72_hours(bench: Bench):
    job = write("pay")
    await bench.enqueue(job)
    await bench.worker().serve()
    record = await bench.record(job.key)
    assert record.data["outbox"] == record.data["permits"] == []
    assert record.data["lease"] == ""
    assert record.data["idempotency_key"] == job.idempotency_key
    assert record.due_at is None
    assert record.expires_at == NOW + timedelta(hours=72)


async def test_a_write_goes_alone_with_its_key(bench: Bench):
    job = write("pay")
    await bench.enqueue(job)
    await bench.enqueue(read("r"), due_at=NOW + timedelta(milliseconds=1))
    bench.clock.advance(1)
    await bench.worker().serve()
    assert [(request.wants, request.key) for request in bench.backend.requests] == [(("pay",), job.idempotency_key)]


async def test_a_file_goes_alone_and_its_bytes_go_out_with_the_message(bench: Bench):
    await bench.enqueue(file("photo"))
    bench.backend.will("photo", Answered(b"png"))
    await bench.worker().serve()
    assert [request.wants for request in bench.backend.requests] == [("photo",)]
    assert bench.deliver.attachments == [{"picture": b"png"}]


async def test_one_download_serves_two_masters(bench: Bench):
    await bench.enqueue(replace(file("photo"), share="drill"))
    await bench.enqueue(replace(file("photo"), share="drill"))
    bench.backend.will("photo", Answered(b"png"))
    assert await bench.worker().serve() == Served(jobs=2)
    assert [request.lane for request in bench.backend.requests] == ["file"]
    assert bench.deliver.attachments == [{"picture": b"png"}, {"picture": b"png"}]


async def test_a_refused_file_has_no_bytes(bench: Bench):
    await bench.enqueue(file("photo"))
    bench.backend.will("photo", Refusal("GONE"))
    await bench.worker().serve()
    assert bench.deliver.attachments == [{}]
    assert bench.deliver.texts == ["photo failed: GONE"]


async def test_what_a_job_leads_to_gets_its_permit(bench: Bench):
    await bench.enqueue(read("first", then="second"))
    await bench.worker().serve()
    assert bench.queue.permits == [NOW]
    await bench.worker().serve()
    assert bench.deliver.texts == ["first: ok", "second: ok"]


@pytest.mark.parametrize(
    ("job", "outcome", "pause"),
    [(read("r"), TransientFailure("TIMEOUT"), 0.25), (write("w"), UnknownOutcome("TIMEOUT"), 2.0)],
    ids=["read", "write"],
)
async def test_a_retry_is_the_same_job_later_and_a_new_permit(bench: Bench, job, outcome, pause):
    await bench.enqueue(job)
    bench.backend.will(job.payload["want"], outcome)
    await bench.worker().serve()
    record = await bench.record(job.key)
    stands = await bench.job(job)
    assert (stands.state, stands.lease, stands.attempts) == (JobState.PENDING, "", 1)
    assert record.expires_at is None
    assert record.due_at is not None
    assert timedelta(seconds=pause) <= record.due_at - NOW <= timedelta(seconds=pause * 1.2)
    assert bench.queue.permits == [record.due_at]


async def test_a_pause_of_the_portal_costs_no_attempt(bench: Bench):
    job, until = read("r"), NOW + timedelta(minutes=4)
    await bench.enqueue(job)
    bench.backend.will("r", Postponed(until))
    await bench.worker().serve()
    stands = await bench.job(job)
    assert (stands.attempts, stands.lease) == (0, "")
    assert until <= bench.queue.permits[0] <= until + timedelta(seconds=1)


async def test_a_write_in_doubt_tells_so_once_and_then_how_it_ended(bench: Bench):
    job = write("pay")
    await bench.enqueue(job)
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"), UnknownOutcome("TIMEOUT"))
    for _ in range(3):
        await bench.worker().serve()
        bench.clock.advance(30)
    assert bench.deliver.texts == ["pay unsure: TIMEOUT", "pay: ok"]
    assert {request.key for request in bench.backend.requests} == {job.idempotency_key}


async def test_a_doubt_that_is_over_before_it_could_be_told_is_not_told_any_more(bench: Bench):
    """Its notice would come after what the next job says, and take its place on the master's screen."""
    job = write("pay", then="next")
    await bench.enqueue(job)
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"))
    bench.deliver.answers.append(DeliveryResult(later=300.0))
    await bench.worker().serve()
    bench.clock.advance(30)
    bench.deliver.answers.append(DeliveryResult(later=1.0))
    await bench.worker().serve()
    record = await bench.record(job.key)
    assert [call["text"] for call in record.data["outbox"]] == ["pay: ok"]


async def test_a_write_in_doubt_is_never_called_undone_because_the_portal_went_away(bench: Bench):
    """«Failed» tells the master that nothing was changed; the first try may have been carried out all the same."""
    await bench.enqueue(write("pay"))
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"), *[TransientFailure("not_sent")] * 3)
    for _ in range(4):
        await bench.worker().serve()
        bench.clock.advance(300)
    assert bench.deliver.texts == ["pay unsure: TIMEOUT"]


async def test_a_write_that_does_not_get_out_says_once_that_it_takes_longer(bench: Bench):
    job = write("pay")
    await bench.enqueue(job)
    bench.backend.will("pay", *[TransientFailure("not_sent")] * 6)
    for _ in range(7):
        await bench.worker().serve()
        bench.clock.advance(150)
    assert bench.deliver.texts == ["pay takes longer", "pay: ok"]
    assert {request.key for request in bench.backend.requests} == {job.idempotency_key}


async def test_a_new_credential_is_tried_at_once_and_costs_nothing(bench: Bench):
    job = read("r")
    await bench.enqueue(job)
    bench.backend.will("r", *[TokenRenewed("expired_token")] * 3, *[TransientFailure("TIMEOUT")] * 2)
    for _ in range(6):
        await bench.worker().serve()
        bench.clock.advance(1)
    assert bench.deliver.texts == ["r: ok"]
    stands = await bench.job(job)
    assert (stands.attempts, stands.renewals) == (0, 0)


async def test_only_so_many_slow_writes_at_once(bench: Bench):
    await bench.enqueue(write("w1"), write("w2"), read("r"))
    worker = bench.worker(writes_in_flight=1)
    await bench.enqueue(write("w0"), due_at=NOW - timedelta(seconds=1))

    async def meanwhile() -> None:
        assert (await worker.serve()).jobs == 1
        assert (await worker.serve()).jobs == 0

    bench.backend.during = meanwhile
    await worker.serve()
    assert bench.backend.asked == ["w0", "r"]
    assert bench.queue.permits == [NOW + BLOCKED_PAUSE]


async def test_an_answered_job_whose_messages_were_forgotten_is_handed_over_beside_the_request(bench: Bench):
    job = read("old")
    await bench.enqueue(job)
    bench.deliver.answers.append(DeliveryResult(later=30.0))
    await bench.worker().serve()
    assert (await bench.job(job)).state is JobState.ANSWERED
    bench.clock.advance(30 + GRACE.total_seconds())
    await bench.enqueue(read("new"))
    bench.queue.tasks.clear()
    assert await bench.worker().serve() == Served(jobs=1, settled=1)
    assert bench.deliver.texts == ["new: ok"]
    await bench.deliver_later()
    assert bench.deliver.texts == ["new: ok", "old: ok"]
    assert is_done(await bench.job(job))


async def test_a_job_wanted_again_meanwhile_goes_once_more(bench: Bench):
    job = replace(read("order"), id="order")

    async def meanwhile() -> None:
        await bench.enqueue(job)

    await bench.enqueue(job)
    bench.backend.during = meanwhile
    await bench.worker().serve()
    assert bench.deliver.texts == ["order: ok"]
    assert bench.queue.permits == [NOW]
    await bench.worker().serve()
    assert bench.deliver.texts == ["order: ok", "order: ok"]
    assert is_done(await bench.job(job))
    assert not (await bench.job(job)).again


async def test_a_job_wanted_while_its_message_goes_out_says_it_once_and_goes_once_more(bench: Bench):
    job = replace(read("order"), id="order")
    await bench.enqueue(job)

    async def meanwhile() -> None:
        await bench.enqueue(job)
        assert await bench.worker().serve() == Served()

    bench.deliver.during = meanwhile
    await bench.worker().serve()
    assert bench.deliver.texts == ["order: ok"]
    again = await bench.job(job)
    assert (again.state, again.again) == (JobState.PENDING, False)
    assert bench.queue.permits == [NOW]
    await bench.worker().serve()
    assert bench.deliver.texts == ["order: ok", "order: ok"]
    assert is_done(await bench.job(job))


async def test_who_has_read_a_refusal_may_want_it_again_before_it_is_noted(bench: Bench):
    job = replace(read("order"), id="order")
    bench.backend.will("order", Refusal("ERROR"))
    await bench.enqueue(job)

    async def meanwhile() -> None:
        assert not await is_under_way(UnitOfWork(bench.store, bench.clock), job.id)
        await bench.enqueue(replace(job, payload={"want": "below"}))
        assert await is_under_way(UnitOfWork(bench.store, bench.clock), job.id)

    bench.deliver.during = meanwhile
    await bench.worker().serve()
    await bench.worker().serve()
    assert bench.deliver.texts == ["order failed: ERROR", "below: ok"]
    assert is_done(await bench.job(job))


async def test_a_job_that_goes_once_more_has_all_its_tries(bench: Bench):
    job = replace(read("order"), id="order")

    async def meanwhile() -> None:
        await bench.enqueue(job)

    await bench.enqueue(job)
    bench.backend.will("order", TransientFailure("TIMEOUT"), TransientFailure("TIMEOUT"))
    for _ in range(2):
        await bench.worker().serve()
        bench.clock.advance(1)
    bench.backend.during = meanwhile
    await bench.worker().serve()
    stands = await bench.job(job)
    assert (stands.state, stands.attempts, stands.lease) == (JobState.PENDING, 0, "")


async def test_what_a_doubt_leads_to_gets_its_permit_too(bench: Bench):
    class Asking(Echo):
        async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
            await decision.enqueue(read("look"))

    bench.kinds["asking"] = Asking()
    await bench.enqueue(Job("asking", Lane.WRITE, {"want": "pay"}))
    bench.backend.will("pay", UnknownOutcome("TIMEOUT"))
    await bench.worker().serve()
    assert bench.queue.permits[0] == NOW
    assert len(bench.queue.permits) == 2


async def test_leases_outlast_the_requests(bench: Bench):
    for job in (read("r"), file("f"), write("w")):
        lane = job.lane
        await bench.enqueue(job)

        async def meanwhile(job=job, lane=lane) -> None:
            record = await bench.record(job.key)
            assert record.due_at == NOW + LEASES[lane]
            assert record.data["lease"]

        bench.backend.during = meanwhile
        assert (await bench.worker().serve()).jobs == 1
        assert bench.backend.during is None
    assert [request.lane for request in bench.backend.requests] == ["read", "file", "write"]


async def test_a_backlog_does_not_hide_the_writes_under_way(bench: Bench):
    under_way = [replace(write(f"busy{number}"), lease="w") for number in range(6)]
    await bench.enqueue(*under_way, due_at=NOW + LEASES[Lane.WRITE])
    await bench.enqueue(*(write(f"w{number}") for number in range(WINDOW + 80)))
    assert await bench.worker().serve() == Served()
    assert bench.backend.requests == []


async def test_a_clock_that_is_a_little_behind_does_not_waste_the_permit(bench: Bench):
    await bench.enqueue(read("r"), due_at=NOW + SLACK)
    assert await bench.worker().serve() == Served(jobs=1)
