"""How long somebody waited for the first thing he could read is told once, by whoever sent it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from shared.pipeline.decision import Decision
from shared.pipeline.inbox import Inbox
from shared.pipeline.outcomes import TransientFailure
from shared.pipeline.sending import DeliveryResult
from shared.pipeline.tasks import QueueUnavailable
from shared.store.collections import INBOX_TELEGRAM
from tests.pipeline.bench import Bench, read
from tests.support.logs import Heard, listening

ASKER = {"chat_id": 42}
SIGN = {"text": "typing", "sign": True}
SLOW = 12.0


def inbox(bench: Bench, *, answered: bool = True) -> Inbox:
    return Inbox(bench.store, bench.outbox(), bench.clock, bench.backlog, collection=INBOX_TELEGRAM, answered=answered)


async def searched(decision: Decision) -> None:
    """Show that somebody types, and want the answer."""
    await decision.enqueue(read("r", **ASKER))
    decision.send(SIGN)


async def ordered(decision: Decision) -> None:
    """Say that it is being done, and want it."""
    await decision.enqueue(read("r", **ASKER))
    decision.send({"text": "wait"})


def taking(bench: Bench, seconds: float) -> Callable[[], Awaitable[None]]:
    async def pass_by() -> None:
        bench.clock.advance(seconds)

    return pass_by


def waited(heard: Heard) -> list[float]:
    return [fields["seconds"] for fields in heard.fields("answered")]


async def test_an_answer_that_goes_out_with_the_update_is_told_by_it(bench: Bench):
    bench.deliver.during = taking(bench, 0.4)
    with listening("shared") as heard:
        await inbox(bench).handle("1", ordered)
        await bench.worker().serve()
    assert waited(heard) == [0.4], "what comes after the first word is no first word"


async def test_an_answer_of_the_portal_s_is_told_by_whoever_fetched_it(bench: Bench):
    with listening("shared") as heard:
        await inbox(bench).handle("1", searched)
        assert waited(heard) == [], "who sees somebody type has no answer"
        bench.backend.during = taking(bench, SLOW)
        await bench.worker().serve()
    assert waited(heard) == [12.0]


async def test_a_retry_counts_from_the_update_on(bench: Bench):
    bench.backend.will("r", TransientFailure("TIMEOUT"))
    with listening("shared") as heard:
        await inbox(bench).handle("1", searched)
        await bench.worker().serve()
        bench.clock.advance(SLOW)
        await bench.worker().serve()
    assert waited(heard) == [12.0]


async def test_the_next_job_on_the_way_to_the_answer_takes_the_moment_along(bench: Bench):
    bench.kinds["echo"].done = _silently_on
    with listening("shared") as heard:
        await inbox(bench).handle("1", searched)
        await bench.worker().serve()
        del bench.kinds["echo"].done
        bench.clock.advance(SLOW)
        await bench.worker().serve()
    assert waited(heard) == [12.0]


async def _silently_on(_job: object, _value: object, decision: Decision) -> None:
    await decision.enqueue(read("second", **ASKER))


async def test_what_telegram_takes_later_is_told_when_it_is_taken(bench: Bench):
    bench.deliver.answers.append(DeliveryResult(later=12.0))
    with listening("shared") as heard:
        await inbox(bench).handle("1", ordered)
        assert waited(heard) == []
        bench.clock.advance(SLOW)
        await bench.deliver_later()
    assert waited(heard) == [12.0]


async def test_a_queue_out_of_reach_tells_nothing_twice(bench: Bench):
    bench.queue.down = True
    with listening("shared") as heard:
        with pytest.raises(QueueUnavailable):
            await inbox(bench).handle("1", ordered)
        bench.queue.down = False
        await inbox(bench).handle("1", ordered)
    assert waited(heard) == [0.0]


async def test_nobody_waits_for_what_the_portal_s_event_brings(bench: Bench):
    with listening("shared") as heard:
        await inbox(bench, answered=False).handle("1", ordered)
        await bench.worker().serve()
    assert waited(heard) == []
