"""A duplicate that meets a delivery still at work waits for it; one that meets a dead delivery finishes its work."""

# ruff: noqa: ARG001 - the ports' signatures

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from shared.pipeline.claims import SENDING, SKEW
from shared.pipeline.decision import CallData, Decision
from shared.pipeline.inbox import LOOK, LOOKS, Handled, Inbox
from shared.pipeline.outbox import GRACE, Outbox
from shared.pipeline.sending import Attachments, DeliveryResult
from shared.pipeline.tasks import QueueUnavailable
from shared.store.collections import Collection
from shared.store.port import Create, Key, Record, Unavailable
from tests.pipeline.bench import NOW, Bench

KEPT = timedelta(minutes=10)
BUSY = timedelta(seconds=SENDING + SKEW)
KEY = Key("inbox", "e1")


def inbox(bench: Bench, outbox: Outbox | None = None) -> Inbox:
    return Inbox(
        bench.store, outbox or bench.outbox(), bench.clock, bench.backlog, collection=Collection("inbox", KEPT)
    )


async def greet(decision: Decision) -> None:
    decision.send({"text": "hello"})


async def died(bench: Bench, *words: str, busy_until: datetime | None) -> None:
    """Leave a record as a delivery does that died right after its commit."""
    outbox = [{"text": word} for word in words or ("hello",)]
    data = {"permits": [], "outbox": outbox, "sent": 0, "tries": 0, "unanswered": 0, "sending": busy_until}
    await bench.store.commit([Create(KEY, data, NOW + KEPT, busy_until)])


async def settled(bench: Bench) -> Record:
    record = await bench.record(KEY)
    assert record.data["outbox"] == []
    return record


async def test_a_duplicate_waits_while_the_first_is_sending(bench: Bench):
    sending, go_on = asyncio.Event(), asyncio.Event()

    async def slow(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        sending.set()
        await go_on.wait()
        return await bench.deliver(call, attachments, seconds)

    outbox = Outbox(bench.store, bench.tasks, slow, bench.deliver.reaches, bench.clock)
    first = asyncio.create_task(inbox(bench, outbox).handle("e1", greet))
    await sending.wait()
    second = asyncio.create_task(inbox(bench).handle("e1", greet))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not second.done()
    go_on.set()
    assert (await first, await second) == (Handled.DONE, Handled.DUPLICATE)
    assert bench.deliver.texts == ["hello"]


async def test_what_a_dead_delivery_left_is_handed_on_once_its_time_is_over(bench: Bench):
    """What he sent may have arrived: an entrance has no time for a Telegram that keeps silent."""
    await died(bench, busy_until=NOW + BUSY)
    bench.clock.advance(BUSY.total_seconds())
    assert await inbox(bench).handle("e1", greet) is Handled.DUPLICATE
    assert (bench.deliver.texts, bench.queue.later) == ([], [(KEY, bench.clock())])
    await bench.deliver_later()
    assert bench.deliver.texts == ["hello"]
    assert (await settled(bench)).due_at is None


async def test_a_duplicate_waits_for_that_time(bench: Bench):
    await died(bench, busy_until=NOW + BUSY)
    waiting = asyncio.create_task(inbox(bench).handle("e1", greet))
    for _ in range(20):
        await asyncio.sleep(0)
    assert bench.queue.later == []
    bench.clock.advance(BUSY.total_seconds())
    await waiting
    assert bench.queue.later == [(KEY, bench.clock())]


async def test_a_duplicate_does_not_wait_for_ever_and_leaves_the_rest_to_a_task(bench: Bench):
    await died(bench, busy_until=NOW + 100 * BUSY)
    await inbox(bench).handle("e1", greet)
    assert bench.deliver.texts == [], "its holder is not surely dead"
    assert bench.queue.later == [(KEY, NOW + 100 * BUSY)]


async def unanswered(bench: Bench) -> None:
    """Leave a record whose message Telegram has perhaps taken, and whose task is lost."""
    bench.deliver.answers = deque([DeliveryResult(later=2.0, unanswered=True)])
    await inbox(bench).handle("e1", greet)
    bench.queue.tasks.clear()
    bench.clock.advance(40 + GRACE.total_seconds())


async def test_a_message_that_is_waited_for_longer_is_left_to_who_has_the_time(bench: Bench):
    """An entrance has fifty seconds: a claim of seventy-five would outlive it, and hold up who goes on."""
    await unanswered(bench)
    handled = await asyncio.gather(*(inbox(bench).handle("e1", greet) for _ in range(5)))
    assert handled == [Handled.DUPLICATE] * 5
    assert bench.deliver.texts == []
    assert bench.queue.later == [(KEY, bench.clock())]
    await bench.deliver_later()
    assert bench.deliver.texts == ["hello"]


async def test_a_duplicate_does_not_wait_for_who_is_patient(bench: Bench):
    await unanswered(bench)
    await bench.outbox().claim(await bench.record(KEY))
    await asyncio.wait_for(inbox(bench).handle("e1", greet), timeout=1)
    assert bench.deliver.texts == []
    assert bench.queue.later == []


def test_a_duplicate_looks_for_as_long_as_a_delivery_may_be_busy():
    assert round(LOOKS * LOOK, 6) == BUSY.total_seconds()


async def test_of_many_duplicates_one_finishes(bench: Bench):
    await died(bench, "one", "two", busy_until=None)
    handled = await asyncio.gather(*(inbox(bench).handle("e1", greet) for _ in range(10)))
    assert handled == [Handled.DUPLICATE] * 10
    assert bench.deliver.texts == ["one", "two"]


async def test_a_record_that_expires_meanwhile_needs_nothing(bench: Bench):
    await died(bench, busy_until=NOW + 100 * BUSY)
    waiting = asyncio.create_task(inbox(bench).handle("e1", greet))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    bench.clock.advance(KEPT.total_seconds())
    assert await waiting is Handled.DUPLICATE
    assert bench.deliver.texts == []


@pytest.mark.parametrize("error", [Unavailable("away"), QueueUnavailable("away")])
async def test_a_delivery_that_fails_leaves_the_rest_to_the_next_one_at_once(bench: Bench, error: Exception):
    bench.deliver.answers = deque([error])
    with pytest.raises(type(error)):
        await inbox(bench).handle("e1", greet)
    assert (await bench.record(KEY)).data["sending"] is None
    assert await inbox(bench).handle("e1", greet) is Handled.DUPLICATE
    assert bench.deliver.texts == ["hello"]


async def test_without_a_store_there_is_nothing_to_leave_it_with(bench: Bench, monkeypatch: pytest.MonkeyPatch):
    whole = bench.store.commit

    async def away(writes: Sequence[object]) -> None:
        raise Unavailable("away")

    async def breaks(call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        monkeypatch.setattr(bench.store, "commit", away)
        raise QueueUnavailable("away")

    outbox = Outbox(bench.store, bench.tasks, breaks, bench.deliver.reaches, bench.clock)
    with pytest.raises(QueueUnavailable):
        await inbox(bench, outbox).handle("e1", greet)
    monkeypatch.setattr(bench.store, "commit", whole)
    assert (await bench.record(KEY)).data["sending"] == NOW + BUSY


async def test_messages_that_wait_for_their_task_are_left_to_it(bench: Bench):
    bench.deliver.answers = deque([DeliveryResult(later=40.0)])
    await inbox(bench).handle("e1", greet)
    assert await inbox(bench).handle("e1", greet) is Handled.DUPLICATE
    assert bench.deliver.texts == []
    assert (await bench.record(KEY)).due_at == NOW + timedelta(seconds=40) + GRACE


async def test_messages_whose_task_is_lost_are_sent_by_a_duplicate(bench: Bench):
    bench.deliver.answers = deque([DeliveryResult(later=40.0)])
    await inbox(bench).handle("e1", greet)
    bench.clock.advance(40 + GRACE.total_seconds())
    assert await inbox(bench).handle("e1", greet) is Handled.DUPLICATE
    assert bench.deliver.texts == ["hello"]


async def test_a_record_of_the_version_before_is_waited_for_as_well(bench: Bench):
    data = {"permits": [], "outbox": [{"text": "hello"}], "sent": 0, "tries": 0}
    await bench.store.commit([Create(KEY, data, NOW + KEPT, NOW + BUSY)])
    waiting = asyncio.create_task(inbox(bench).handle("e1", greet))
    for _ in range(20):
        await asyncio.sleep(0)
    assert bench.deliver.texts == []
    bench.clock.advance(BUSY.total_seconds())
    await waiting
    assert bench.deliver.texts == ["hello"]
