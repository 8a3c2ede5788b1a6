"""The two kinds of tasks, as the queue gets them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from shared.logs import bind, trace_context, trace_fields
from shared.pipeline.permits import DEADLINE
from shared.pipeline.tasks import QueueUnavailable, Task
from shared.store.port import Key
from tests.pipeline.bench import ACCOUNT, NOW, Bench
from tests.support.queues import BITRIX, TELEGRAM

LATER = NOW + timedelta(milliseconds=250)
JSON = {"Content-Type": "application/json"}


async def test_a_permit_carries_nothing_but_the_right_to_call(bench: Bench):
    await bench.tasks.permit([LATER])
    assert bench.queue.tasks == [Task(BITRIX[0], BITRIX[1], b"{}", JSON, LATER, ACCOUNT, DEADLINE)]


async def test_a_permit_per_moment(bench: Bench):
    await bench.tasks.permit([NOW, LATER, NOW])
    assert bench.queue.permits == [NOW, LATER, NOW]


async def test_messages_that_are_put_off_name_their_record(bench: Bench):
    await bench.tasks.send_later(Key("jobs", "sync:7 «ж»"), LATER)
    [task] = bench.queue.tasks
    assert json.loads(task.body) == {"collection": "jobs", "id": "sync:7 «ж»"}
    assert task == Task(TELEGRAM[0], TELEGRAM[1], task.body, JSON, LATER, ACCOUNT, DEADLINE)


async def test_a_task_carries_the_trace_of_what_caused_it(bench: Bench):
    header = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    with bind(**trace_fields(trace_context(header), "shop")):
        await bench.tasks.permit([NOW])
    assert bench.queue.tasks[0].headers == JSON | header


async def test_a_slow_write_is_not_handed_out_twice():
    assert timedelta(seconds=60) < DEADLINE < timedelta(minutes=30)


async def test_a_queue_that_is_away_is_told(bench: Bench):
    bench.queue.down = True
    with pytest.raises(QueueUnavailable):
        await bench.tasks.permit([NOW])
