"""An event is decided once, however often and however simultaneously it comes."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import timedelta

import pytest

from shared.pipeline.decision import Decision
from shared.pipeline.inbox import Handled, Inbox
from shared.pipeline.outbox import GRACE
from shared.pipeline.sending import DeliveryResult
from shared.pipeline.tasks import QueueUnavailable
from shared.store.collections import Collection
from shared.store.port import Create, Key
from tests.pipeline.bench import NOW, Bench, read

KEPT = timedelta(minutes=10)
COUNTER = Key("things", "counter")


def inbox(bench: Bench) -> Inbox:
    return Inbox(bench.store, bench.outbox(), bench.clock, bench.backlog, collection=Collection("inbox", KEPT))


async def greet(decision: Decision) -> None:
    """Count up, say hello and want a job."""
    seen = await decision.unit.get(COUNTER)
    decision.unit.put(COUNTER, {"count": 1 + (seen["count"] if seen else 0)})
    decision.send({"text": "hello"})
    await decision.enqueue(read("r"))


async def counted(bench: Bench) -> int:
    count: int = (await bench.record(COUNTER)).data["count"]
    return count


async def test_a_new_event_is_decided_and_settled(bench: Bench):
    assert await inbox(bench).handle("e1", greet) is Handled.DONE
    record = await bench.record(Key("inbox", "e1"))
    assert record.data == {"permits": [], "outbox": [], "sent": 0, "tries": 0, "unanswered": 0, "sending": None}
    assert record.expires_at == NOW + KEPT
    assert record.due_at is None
    assert bench.deliver.texts == ["hello"]
    assert bench.queue.permits == [NOW]
    assert [job.payload["want"] for job in await bench.open_jobs()] == ["r"]


async def test_a_repeated_event_does_nothing(bench: Bench):
    await inbox(bench).handle("e1", greet)
    before = await bench.record(Key("inbox", "e1"))
    assert await inbox(bench).handle("e1", greet) is Handled.DUPLICATE
    assert await bench.record(Key("inbox", "e1")) == before
    assert await counted(bench) == 1
    assert bench.deliver.texts == ["hello"]
    assert len(bench.queue.tasks) == 1


async def test_an_event_that_leads_to_nothing_is_remembered_too(bench: Bench):
    async def ignore(decision: Decision) -> None:
        assert decision.now == NOW

    assert await inbox(bench).handle("e1", ignore) is Handled.DONE
    assert await inbox(bench).handle("e1", ignore) is Handled.DUPLICATE


async def test_an_event_is_forgotten_after_its_time(bench: Bench):
    await inbox(bench).handle("e1", greet)
    bench.clock.advance(KEPT.total_seconds())
    assert await inbox(bench).handle("e1", greet) is Handled.DONE
    assert await counted(bench) == 2


async def test_the_repetition_finishes_what_the_first_delivery_left(bench: Bench):
    bench.queue.down = True
    with pytest.raises(QueueUnavailable):
        await inbox(bench).handle("e1", greet)
    assert bench.queue.permits == []
    bench.queue.down = False
    assert await inbox(bench).handle("e1", greet) is Handled.DUPLICATE
    assert bench.deliver.texts == ["hello"]
    assert bench.queue.permits == [NOW]
    assert await counted(bench) == 1


async def test_the_repetition_does_not_lose_its_place(bench: Bench):
    async def two(decision: Decision) -> None:
        decision.send({"text": "one"})
        decision.send({"text": "two"})

    bench.deliver.answers = deque([DeliveryResult(), DeliveryResult(later=5.0)])
    await inbox(bench).handle("e1", two)
    bench.clock.advance(5 + GRACE.total_seconds())
    await inbox(bench).handle("e1", two)
    assert bench.deliver.texts == ["one", "two"]


async def test_twenty_deliveries_at_once_are_one_decision(bench: Bench):
    handled = await asyncio.gather(*(inbox(bench).handle("e1", greet) for _ in range(20)))
    assert handled.count(Handled.DONE) == 1
    assert await counted(bench) == 1
    assert len(await bench.open_jobs()) == 1
    assert bench.deliver.texts == ["hello"]
    assert bench.queue.permits == [NOW]


async def test_twenty_events_at_once_are_twenty_decisions(bench: Bench):
    async def want_one(decision: Decision) -> None:
        await decision.enqueue(read("r"))

    await asyncio.gather(*(inbox(bench).handle(f"e{number}", want_one) for number in range(20)))
    assert len(await bench.open_jobs()) == len(bench.queue.permits) == 20


async def test_a_conflict_has_the_event_decided_again(bench: Bench):
    runs = []

    async def contended(decision: Decision) -> None:
        await greet(decision)
        runs.append(decision)
        if len(runs) == 1:
            await bench.store.commit([Create(COUNTER, {"count": 5})])

    assert await inbox(bench).handle("e1", contended) is Handled.DONE
    assert len(runs) == 2
    assert await counted(bench) == 6
    assert bench.deliver.texts == ["hello"]


async def test_what_a_decision_raises_commits_nothing(bench: Bench):
    async def trips(decision: Decision) -> None:
        await greet(decision)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await inbox(bench).handle("e1", trips)
    assert await bench.store.get(Key("inbox", "e1")) is None
    assert await bench.store.get(COUNTER) is None
    assert bench.deliver.texts == []
