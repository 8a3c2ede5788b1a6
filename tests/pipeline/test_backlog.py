"""The backlog of permits: none is created for work that those in the queue will serve; what has none is served too."""

# ruff: noqa: ARG001, S311 - the ports' signatures; dice of a test

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from infra.local.cloud_tasks.paced import PacedQueues, handing_out
from infra.local.sandbox.environment import BITRIX_QUEUE
from shared.entry.bitrix_call import late_since
from shared.pipeline.backlog import AHEAD, BACKLOG, LATE, REMEMBERED, Backlog
from shared.pipeline.decision import CallData, Decision
from shared.pipeline.inbox import Inbox
from shared.pipeline.outbox import Outbox
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.registry import JobRegistry
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.pipeline.tasks import Task
from shared.pipeline.worker import Worker, WorkerLimits
from shared.store.collections import Collection
from shared.store.memory import MemoryStore
from shared.store.port import Conflict, Create
from tests.pipeline.bench import ACCOUNT, NOW, Bench, Echo, FakeBackend, is_done, read, write
from tests.support.clock import LoopClock, run
from tests.support.queues import BITRIX, TELEGRAM
from tests.support.stores import FaultyStore

SECOND = timedelta(seconds=1)
END = NOW + AHEAD


@pytest.fixture
def bench() -> Bench:
    return Bench()


def instance(bench: Bench) -> Backlog:
    """What an instance that has just started knows."""
    return Backlog(bench.store, bench.clock)


async def wants(bench: Bench, number: int) -> None:
    """Have an event want one job."""
    inbox = Inbox(bench.store, bench.outbox(), bench.clock, bench.backlog, collection=Collection("inbox", SECOND))

    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(read(f"w{number}"))

    await inbox.handle(f"event {number}", make_decision)


async def test_while_no_permit_late_since_each_event_makes_one(bench: Bench):
    for number in range(3):
        await wants(bench, number)
    await bench.worker().serve()
    assert bench.queue.permits == [NOW] * 3


async def test_a_late_permit_leaves_one_for_later_and_events_make_none_until_then(bench: Bench):
    await bench.worker().serve(late=NOW - LATE)
    for number in range(3):
        await wants(bench, number)
    assert bench.queue.permits == [END]
    bench.clock.advance(AHEAD.seconds)
    await wants(bench, 3)
    assert bench.queue.permits == [END, END]


async def test_what_follows_an_answer_makes_none_either(bench: Bench):
    await bench.enqueue(read("first", then="second"))
    worker = bench.worker()
    assert (await worker.serve(late=NOW - LATE)).jobs == 1
    assert bench.queue.permits == [END]
    await bench.worker().serve()
    assert bench.backend.asked == ["first", "second"]


async def test_work_for_after_the_end_gets_its_permit(bench: Bench):
    await bench.worker().serve(late=NOW - LATE)
    await bench.tasks.permit([NOW + timedelta(seconds=3), END, END + SECOND])
    assert bench.queue.permits == [END, END, END + SECOND]


async def test_the_note_is_renewed_once_by_whichever_instance_comes(bench: Bench):
    await bench.worker().serve(late=NOW - LATE)
    bench.clock.advance(4)
    for _ in range(3):
        bench.backlog = instance(bench)
        await bench.worker().serve(late=NOW - LATE)
    assert bench.queue.permits == [END, END + SECOND * 4]


async def test_the_last_permits_of_a_backlog_end_the_notes(bench: Bench):
    """Who comes then would find none behind them, and wait for the one that a note left."""
    await bench.worker().serve(late=NOW - LATE)
    bench.clock.advance(AHEAD.seconds + 7)
    await bench.worker().serve(late=NOW - SECOND)
    await wants(bench, 1)
    assert bench.queue.permits == [END, bench.clock()]


async def test_a_backlog_long_after_another_has_notes_of_its_own(bench: Bench):
    await bench.worker().serve(late=NOW - LATE)
    bench.clock.advance(60)
    await bench.worker().serve(late=bench.clock() - LATE)
    assert bench.queue.permits == [END, bench.clock() + AHEAD]


async def test_who_is_slower_to_note_leaves_the_faster_ones_note(bench: Bench):
    slow, fast = instance(bench), instance(bench)
    until = await slow.to_note(NOW - LATE)
    assert until == END
    await fast.note(END)
    store = FaultyStore(bench.store)
    store.errors = [Conflict("somebody was faster")]
    await Backlog(store, bench.clock).note(END + SECOND)
    record = await bench.record(BACKLOG)
    assert record.data == {"since": NOW, "until": END}


async def test_a_crash_between_permit_and_note_leaves_only_a_surplus_permit(bench: Bench):
    until = await bench.backlog.to_note(NOW - LATE)
    assert until is not None
    await bench.tasks.permit([until])
    await wants(bench, 1)
    assert bench.queue.permits == [until, NOW]


async def test_after_a_backlog_work_without_permits_is_served_to_the_end(bench: Bench):
    """The permits behind the late one were gone: the one that was left calls as many as the work needs."""
    await bench.worker().serve(late=NOW - LATE)
    jobs = [write(f"w{number}") for number in range(9)]
    await bench.enqueue(*jobs)
    bench.queue.tasks.clear()
    bench.clock.advance(AHEAD.seconds)
    bench.backlog = instance(bench)
    handed_out = 1
    await bench.worker().serve()
    while bench.queue.tasks:
        bench.queue.tasks.pop(0)
        await bench.worker().serve()
        handed_out += 1
    assert all([is_done(await bench.job(job)) for job in jobs])
    assert handed_out <= 2 * len(jobs), "what is left calls two, what is done calls none"


async def test_long_after_a_backlog_all_work_has_permits_of_its_own(bench: Bench):
    await bench.worker().serve(late=NOW - LATE)
    bench.queue.tasks.clear()
    bench.clock.advance(AHEAD.seconds + REMEMBERED.seconds + 1)
    await bench.enqueue(write("one"), write("two"))
    await bench.worker().serve()
    assert bench.queue.permits == []


async def test_a_permit_for_a_moment_that_is_over_is_for_now(bench: Bench):
    """Else it looked late, though nothing was before it."""
    bench.clock.advance(60)
    await bench.tasks.permit([NOW])
    assert bench.queue.permits == [NOW + SECOND * 60]


async def test_a_note_of_long_ago_says_nothing(bench: Bench):
    await bench.store.commit([Create(BACKLOG, {"since": NOW - SECOND * 9, "until": NOW - SECOND})])
    await wants(bench, 1)
    assert bench.queue.permits == [NOW]


MINUTE, RATE = 60, 10
"""Ten events a second for a minute, each with a job of its own; the queue hands out two permits a second."""


async def rush() -> tuple[list[int], list[timedelta]]:
    """Return how many permits waited, second by second, and how long the jobs did."""
    clock, waits = LoopClock(), []
    store = MemoryStore(clock.now)

    async def permit(task: Task) -> bool:
        headers = {name.lower(): value for name, value in task.headers.items()}
        await worker.serve(late=late_since(clock.now(), headers))
        return True

    async def deliver(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        waits.append(clock.now() - datetime.fromisoformat(call["text"].removesuffix(": ok")))
        return DeliveryResult()

    async def reaches(seconds: float) -> bool:
        return True

    queues = PacedQueues(clock, permit, permit, random.Random(1))
    backlog = Backlog(store, clock.now)
    tasks = TaskScheduler(queues, backlog, bitrix=(BITRIX_QUEUE, BITRIX[1]), telegram=TELEGRAM, service_account=ACCOUNT)
    outbox = Outbox(store, tasks, deliver, reaches, clock.now)
    kinds: JobRegistry = {"echo": Echo()}
    worker = Worker(store, FakeBackend(), kinds, tasks, outbox, clock.now, WorkerLimits(6), backlog=backlog)
    inbox = Inbox(store, outbox, clock.now, backlog, collection=Collection("inbox", timedelta(hours=1)))

    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(read(clock.now().isoformat()))

    waiting: list[int] = []
    async with handing_out(queues):
        for number in range(MINUTE * RATE):
            await inbox.handle(str(number), make_decision)
            await asyncio.sleep(1 / RATE)
            waiting += [] if number % RATE else [queues.permits.waiting]
        while not queues.idle:
            await asyncio.sleep(1)
            waiting.append(queues.permits.waiting)
    return waiting, waits


def test_after_a_rush_no_pile_of_permits_is_left() -> None:
    waiting, waits = run(rush())
    assert len(waits) == MINUTE * RATE
    assert max(waits) <= timedelta(seconds=1)
    # Ten seconds until one is late, and what was made meanwhile; without the backlog's note it were 480.
    assert max(waiting) <= 12 * RATE
    assert len(waiting) <= MINUTE + 60, "seconds until the last permit is handed out"
