"""Save, then send: what is left of a record is done, in order, and marked."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from typing import Any

import pytest

from shared.pipeline.claims import left_to_do, pause
from shared.pipeline.jobs import JobState
from shared.pipeline.outbox import GRACE
from shared.pipeline.sending import DeliveryResult
from shared.pipeline.tasks import QueueUnavailable
from shared.store.port import Create, Key, Put, Record, Unavailable
from tests.pipeline.bench import NOW, Bench

KEY = Key("inbox", "7")
EXPIRES = NOW + timedelta(hours=48)


def texts(*words: str) -> list[dict[str, str]]:
    return [{"text": word} for word in words]


async def left(bench: Bench, *words: str, due: Any = None, **data: Any) -> Record:
    """Return a record as a turn left it."""
    whole = {"permits": [], "outbox": texts(*words), "sent": 0, "tries": 0, **data}
    await bench.store.commit([Create(KEY, whole, EXPIRES, due)])
    return await bench.record(KEY)


async def settle(bench: Bench, **attachments: bytes) -> dict[str, Any]:
    """Settle the record as it stands; return its data afterwards."""
    await bench.outbox().settle(await bench.record(KEY), attachments)
    return dict((await bench.record(KEY)).data)


async def test_all_is_done_in_order_and_nothing_of_it_is_kept(bench: Bench):
    moments = [NOW, NOW + timedelta(seconds=2)]
    await left(bench, "one", "two", "three", permits=moments)
    data = await settle(bench)
    assert bench.deliver.texts == ["one", "two", "three"]
    assert bench.queue.permits == moments
    assert data == {"permits": [], "outbox": [], "sent": 0, "tries": 0, "unanswered": 0, "sending": None}
    assert (await bench.record(KEY)).expires_at == EXPIRES


async def test_what_went_out_before_does_not_go_out_again(bench: Bench):
    await left(bench, "one", "two", sent=1)
    await settle(bench)
    assert bench.deliver.texts == ["two"]


async def test_the_bytes_go_with_every_call(bench: Bench):
    await left(bench, "one")
    await settle(bench, picture=b"png")
    assert bench.deliver.attachments == [{"picture": b"png"}]


async def test_what_cannot_go_out_now_is_put_off_with_the_rest_behind_it(bench: Bench):
    await left(bench, "one", "two", "three", permits=[NOW])
    bench.deliver.answers = deque([DeliveryResult(), DeliveryResult(later=17.0)])
    data = await settle(bench)
    assert bench.deliver.texts == ["one"]
    outbox = texts("one", "two", "three")
    assert data == {"permits": [], "outbox": outbox, "sent": 1, "tries": 1, "unanswered": 0, "sending": None}
    assert bench.queue.later == [(KEY, NOW + timedelta(seconds=17))]
    assert bench.queue.permits == [NOW]
    assert left_to_do(data)


async def test_later_the_rest_goes_out_in_order(bench: Bench):
    await left(bench, "one", "two", "three")
    bench.deliver.answers = deque([DeliveryResult(), DeliveryResult(later=17.0)])
    await settle(bench)
    data = await settle(bench)
    assert bench.deliver.texts == ["one", "two", "three"]
    assert not left_to_do(data)


async def test_each_goes_out_once_however_often_the_rest_is_put_off(bench: Bench):
    await left(bench, "one", "two", "three", "four")
    bench.deliver.answers = deque([DeliveryResult(), DeliveryResult(later=1.0)] * 3)
    for _ in range(4):
        await settle(bench)
    assert bench.deliver.texts == ["one", "two", "three", "four"]


async def test_every_put_off_waits_longer(bench: Bench):
    await left(bench, "one")
    bench.deliver.answers = deque([DeliveryResult(later=3.0)] * 6)
    for _ in range(6):
        await settle(bench)
    waited = [(at - NOW).total_seconds() for _, at in bench.queue.later]
    assert waited == [3, 3, 4, 8, 16, 32]


@pytest.mark.parametrize(
    ("asked", "tries", "seconds"), [(0.0, 0, 1.0), (5.0, 1, 5.0), (5.0, 5, 32.0), (5.0, 40, 600.0), (9000.0, 2, 9000.0)]
)
def test_a_pause_is_at_least_what_was_asked_for_and_does_not_grow_for_ever(asked: float, tries: int, seconds: float):
    assert pause(asked, tries) == seconds


async def test_a_bug_in_the_delivery_costs_one_call_and_not_the_rest(bench: Bench):
    await left(bench, "one", "two", "three")
    bench.deliver.answers = deque([DeliveryResult(), ZeroDivisionError("bug"), DeliveryResult()])
    data = await settle(bench)
    assert bench.deliver.texts == ["one", "three"]
    assert not left_to_do(data)


@pytest.mark.parametrize("error", [Unavailable("away"), QueueUnavailable("away")])
async def test_an_infrastructure_that_fails_is_not_taken_for_a_bug(bench: Bench, error: Exception):
    before = await left(bench, "one", "two")
    bench.deliver.answers = deque([DeliveryResult(), error])
    with pytest.raises(type(error)):
        await settle(bench)
    assert await bench.record(KEY) == before


async def test_without_a_queue_what_was_said_is_not_said_again(bench: Bench):
    await left(bench, "one", permits=[NOW], due=NOW)
    bench.queue.down = True
    with pytest.raises(QueueUnavailable):
        await settle(bench)
    record = await bench.record(KEY)
    assert (record.data["permits"], record.data["sent"], record.due_at) == ([NOW], 1, NOW + GRACE)
    bench.queue.down = False
    assert (await settle(bench))["permits"] == []
    assert bench.deliver.texts == ["one"]
    assert bench.queue.permits == [NOW]


async def test_what_was_said_without_a_queue_is_said_again_rather_than_lost(bench: Bench):
    stale = await left(bench, "one", permits=[NOW])
    await bench.store.commit([Put(KEY, stale.data, stale.version, EXPIRES)])
    bench.queue.down = True
    with pytest.raises(QueueUnavailable):
        await bench.outbox().settle(stale)
    assert (await bench.record(KEY)).data["sent"] == 0


async def test_who_settles_the_same_record_may_have_the_mark(bench: Bench):
    record = await left(bench, "one")
    moved = Put(KEY, {**record.data, "outbox": texts("his")}, record.version)
    await bench.store.commit([moved])
    await bench.outbox().settle(record)
    assert bench.deliver.texts == ["one"]
    assert (await bench.record(KEY)).data["outbox"] == texts("his")


async def test_an_answered_job_is_done_with_its_last_message(bench: Bench):
    await left(bench, "one", state="answered", due=NOW + GRACE)
    data = await settle(bench)
    assert data["state"] == JobState.DONE
    assert (await bench.record(KEY)).due_at is None


async def test_an_answered_job_is_looked_at_again_after_its_delayed_task(bench: Bench):
    await left(bench, "one", state="answered", due=NOW + GRACE)
    bench.deliver.answers.append(DeliveryResult(later=200.0))
    data = await settle(bench)
    assert data["state"] == JobState.ANSWERED
    assert (await bench.record(KEY)).due_at == NOW + timedelta(seconds=200) + GRACE


@pytest.mark.parametrize("later", [None, 200.0])
async def test_a_job_that_waits_for_its_retry_keeps_its_moment(bench: Bench, later: float | None):
    retry = NOW + timedelta(seconds=5)
    await left(bench, "unsure", state="pending", due=retry)
    bench.deliver.answers.append(DeliveryResult(later))
    data = await settle(bench)
    assert data["state"] == JobState.PENDING
    assert (await bench.record(KEY)).due_at == retry


@pytest.mark.parametrize(
    ("data", "left_over"),
    [
        ({"permits": [], "outbox": [], "sent": 0}, False),
        ({"permits": [NOW], "outbox": [], "sent": 0}, True),
        ({"permits": [], "outbox": texts("one"), "sent": 0}, True),
        ({"permits": [], "outbox": texts("one"), "sent": 1}, False),
    ],
)
def test_what_is_left_to_do(data: dict[str, Any], left_over: bool):
    assert left_to_do(data) is left_over


async def test_messages_go_out_before_the_permits_so_that_no_answer_is_overwritten(bench: Bench):
    seen: list[int] = []

    async def during() -> None:
        seen.append(len(bench.queue.permits))

    await left(bench, "busy", permits=[NOW])
    bench.deliver.during = during
    await settle(bench)
    assert seen == [0]
    assert bench.queue.permits == [NOW]
