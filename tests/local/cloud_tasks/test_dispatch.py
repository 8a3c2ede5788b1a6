"""Dispatching under a clock that stands still until it is moved: nothing here waits for real seconds."""

import asyncio
import itertools
import random
from collections.abc import Callable
from datetime import timedelta

import grpc.aio
import pytest
from google.cloud.tasks_v2 import (
    CloudTasksAsyncClient,
    HttpRequest,
    Queue,
    RateLimits,
    RetryConfig,
    Task,
    UpdateQueueRequest,
)
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport

from infra.local.cloud_tasks import CloudTasksEmulator, Limits, ManualClock, Reply, RetryRules
from tests.local.cloud_tasks.worker import QUEUE, URL, FakeWorker, http

SECOND = timedelta(seconds=1)


async def add(client: CloudTasksAsyncClient, count: int = 1, **fields: object) -> list[str]:
    """Create tasks and return their names."""
    names = []
    for number in range(count):
        task = Task(http_request=HttpRequest(url=URL, body=str(number).encode()), **fields)
        names.append((await client.create_task(parent=QUEUE, task=task)).name)
    return names


def always(reply: Reply) -> Callable[[int], Reply]:
    return lambda _: reply


class TestRate:
    @pytest.mark.parametrize(("rate", "burst"), [(2.0, 1), (2.0, 2), (2.0, 7), (0.5, 1), (0.3, 2), (10.0, 10)])
    async def test_never_more_than_burst_and_rate_allow(
        self,
        emulator: CloudTasksEmulator,
        client: CloudTasksAsyncClient,
        clock: ManualClock,
        worker: FakeWorker,
        rate: float,
        burst: int,
    ):
        emulator.add_queue(QUEUE, Limits(rate=rate, burst=burst))
        await add(client, 30)
        # Steps of odd lengths, so that the alarms never fall together with them.
        for step in itertools.repeat(0.7, 60):
            await clock.advance(step)
        times = [one.at for one in worker.served]
        for start, end in itertools.combinations(range(len(times)), 2):
            elapsed = (times[end] - times[start]).total_seconds()
            assert end - start + 1 <= burst + rate * elapsed + 1e-6
        # And not slower than it could be, but for a microsecond lost here and there.
        assert len(times) >= min(30, burst + int(rate * 41.9))

    async def test_one_each_two_seconds(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=0.5))
        await add(client, 4)
        await clock.advance(10)
        assert worker.offsets() == pytest.approx([0, 2, 4, 6], abs=1e-4)

    async def test_after_idling_a_burst_goes_at_once(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=2, burst=3))
        await add(client, 3)
        await clock.advance(60)
        await add(client, 5)
        await clock.advance(0)
        assert len(worker.served) == 6

    async def test_retries_take_tokens_too(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=1), RetryRules(min_backoff=timedelta(0), max_backoff=timedelta(0)))
        worker.answers = lambda number: http(404 if number < 3 else 200)
        await add(client, 2)
        await clock.advance(20)
        assert worker.offsets() == pytest.approx([0, 1, 2, 3, 4], abs=1e-4)

    async def test_a_new_rate_holds_at_once(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=0.01))
        await add(client, 3)
        await clock.advance(1)
        queue = Queue(name=QUEUE, rate_limits=RateLimits(max_dispatches_per_second=1))
        await client.update_queue(
            UpdateQueueRequest(queue=queue, update_mask={"paths": ["rate_limits.max_dispatches_per_second"]})
        )
        await clock.advance(2)
        assert len(worker.served) == 3


class TestConcurrency:
    async def test_no_more_at_once_than_allowed(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=500, concurrent=3))
        worker.hold()
        await add(client, 8)
        await clock.advance(5)
        assert worker.busy == 3
        worker.release()
        await clock.advance(5)
        assert len(worker.served) == 8
        assert worker.busiest == 3


class TestSchedule:
    async def test_a_task_waits_for_its_time(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE)
        due = clock.now() + timedelta(seconds=90.25)
        await add(client, schedule_time=due)
        await clock.advance(90.2)
        assert not worker.served
        await clock.advance(0.05)
        assert worker.served[0].at == due
        assert worker.served[0].call.headers["X-CloudTasks-TaskETA"] == f"{due.timestamp():.6f}"

    async def test_what_is_due_first_goes_first(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock
    ):
        emulator.add_queue(QUEUE, Limits(rate=1))
        late, early = [(await add(client, schedule_time=clock.now() + wait * SECOND))[0] for wait in (2, 1)]
        await clock.advance(10)
        assert [one.task for one in emulator.journal.dispatches] == [early, late]


class TestRetries:
    async def test_the_timetable(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        rules = RetryRules(min_backoff=10 * SECOND, max_backoff=300 * SECOND, max_doublings=3, max_attempts=8)
        emulator.add_queue(QUEUE, retry=rules)
        worker.answers = always(http(400))
        await add(client)
        await clock.advance(2000)
        offsets = worker.offsets()
        gaps = [round(after - before) for before, after in itertools.pairwise(offsets)]
        assert gaps == [10, 20, 40, 80, 160, 240, 300]
        # The eighth attempt was the last.
        assert not emulator.queue(QUEUE).tasks

    async def test_what_a_worker_is_told(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, retry=RetryRules(min_backoff=SECOND, max_doublings=0))
        replies = [http(404), http(500), Reply(None, "UNAVAILABLE"), http(200)]
        worker.answers = lambda number: replies[number]
        await add(client)
        await clock.advance(100)
        told = [
            tuple(
                one.call.headers.get(f"X-CloudTasks-Task{name}")
                for name in ("RetryCount", "ExecutionCount", "PreviousResponse", "RetryReason")
            )
            for one in worker.served
        ]
        assert told == [
            ("0", "0", None, None),
            ("1", "1", "404", "HTTP 404"),
            ("2", "1", "500", "HTTP 500"),
            ("3", "1", None, "UNAVAILABLE"),
        ]

    async def test_both_limits_must_be_met(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        rules = RetryRules(
            max_attempts=2, max_retry_duration=25 * SECOND, min_backoff=10 * SECOND, max_backoff=10 * SECOND
        )
        emulator.add_queue(QUEUE, retry=rules)
        worker.answers = always(http(400))
        await add(client)
        await clock.advance(100)
        # 0, 10 and 20 s; at 30 s the task is too old for another attempt.
        assert worker.offsets() == pytest.approx([0, 10, 20], abs=1e-4)
        assert not emulator.queue(QUEUE).tasks

    async def test_a_tasks_own_rules_go_before_the_queues(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, retry=RetryRules(min_backoff=10 * SECOND))
        worker.answers = always(http(400))
        own = RetryConfig(min_backoff=timedelta(seconds=3.9), max_backoff=3 * SECOND, max_attempts=3)
        await add(client, retry_config=own)
        await clock.advance(100)
        assert worker.offsets() == pytest.approx([0, 3, 6], abs=1e-4)

    async def test_a_worker_that_does_not_answer_in_time_is_tried_again(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, retry=RetryRules(min_backoff=SECOND))
        worker.hold()
        await add(client, dispatch_deadline=20 * SECOND)
        await clock.advance(19)
        assert worker.busy == 1
        await clock.advance(1)
        assert worker.busy == 0
        assert [one.outcome for one in emulator.journal.finished] == ["DEADLINE_EXCEEDED"]
        worker.release()
        await clock.advance(1)
        assert [one.status for one in emulator.journal.finished] == [None, 200]

    async def test_a_bug_in_the_target_loses_no_task(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, retry=RetryRules(min_backoff=SECOND))

        def stumble(number: int) -> Reply:
            if number == 0:
                raise LookupError("a bug")
            return http(200)

        worker.answers = stumble
        await add(client)
        await clock.advance(2)
        assert [one.status for one in emulator.journal.finished] == [None, 200]


class TestThrottling:
    async def test_an_overloaded_worker_slows_the_whole_queue(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=1), RetryRules(min_backoff=timedelta(hours=1)))
        worker.answers = lambda number: http(503 if number == 0 else 200)
        await add(client, 12)
        await clock.advance(10.01)
        # Half the pace for ten seconds …
        assert worker.offsets() == pytest.approx([0, 2, 4, 6, 8, 10], abs=1e-3)
        await clock.advance(3)
        # … then the queue's own again.
        assert worker.offsets()[6:] == pytest.approx([11, 12, 13], abs=1e-3)

    async def test_retry_after_stops_the_queue(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=1))
        worker.answers = lambda number: http(503, "30") if number == 0 else http(200)
        await add(client, 3)
        await clock.advance(29.9)
        assert len(worker.served) == 1
        await clock.advance(0.1)
        assert len(worker.served) == 2

    async def test_a_wait_gets_shorter_when_the_pace_recovers(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=0.1), RetryRules(min_backoff=timedelta(hours=1)))
        worker.answers = lambda number: http(503 if number == 0 else 200)
        await add(client, 2)
        await clock.advance(60)
        # Half a token in the ten slow seconds, the other half in five seconds at the queue's own pace.
        assert worker.offsets() == pytest.approx([0, 15], abs=1e-3)

    async def test_while_throttled_the_burst_is_smaller_too(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=1, burst=8, concurrent=1), RetryRules(min_backoff=timedelta(hours=1)))
        worker.answers = lambda number: http(429 if number < 3 else 200)
        await add(client, 11)
        await clock.advance(0)
        # Three answers of 429 leave room for one token; the fourth call takes it.
        assert len(worker.served) == 4


class TestQueueStates:
    async def test_a_paused_queue_keeps_its_tasks(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE)
        assert (await client.pause_queue(name=QUEUE)).state == Queue.State.PAUSED
        await add(client, 2)
        await clock.advance(1000)
        assert not worker.served
        assert (await client.resume_queue(name=QUEUE)).state == Queue.State.RUNNING
        await clock.advance(0)
        assert len(worker.served) == 2

    async def test_a_queue_can_begin_paused(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, paused=True)
        await add(client)
        await clock.advance(10)
        assert not worker.served

    async def test_a_purge_deletes_what_waits(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE)
        await add(client, 3, schedule_time=clock.now() + 60 * SECOND)
        purged = await client.purge_queue(name=QUEUE)
        assert purged.purge_time == clock.now()
        await clock.advance(100)
        assert not worker.served

    async def test_a_deleted_queue_dispatches_nothing_more(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=1))
        worker.hold()
        await add(client, 3)
        await clock.advance(0)
        await client.delete_queue(name=QUEUE)
        worker.release()
        await clock.advance(100)
        assert len(worker.served) == 1
        with pytest.raises(KeyError):
            emulator.queue(QUEUE)

    async def test_an_answer_to_a_deleted_task_changes_nothing(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, retry=RetryRules(min_backoff=SECOND))
        worker.hold()
        worker.answers = always(http(500))
        [name] = await add(client)
        await clock.advance(0)
        await client.delete_task(name=name)
        worker.release()
        await clock.advance(100)
        assert len(worker.served) == 1
        assert not emulator.queue(QUEUE).tasks

    async def test_the_answer_to_a_deleted_task_is_not_its_namesakes(self, clock: ManualClock, worker: FakeWorker):
        emulator = CloudTasksEmulator(clock=clock, target=worker, dedup_window=timedelta(0))
        state = emulator.add_queue(QUEUE)
        channel = grpc.aio.insecure_channel(await emulator.start())
        client = CloudTasksAsyncClient(transport=CloudTasksGrpcAsyncIOTransport(channel=channel))
        name = f"{QUEUE}/tasks/order-1"
        worker.hold()
        await add(client, name=name)
        await clock.advance(1)
        await client.delete_task(name=name)
        await add(client, name=name, schedule_time=clock.now() + 60 * SECOND)
        worker.release()
        await clock.advance(1)
        assert len(worker.served) == 1
        assert name in state.tasks
        await channel.close()
        await emulator.stop()


class TestRunTask:
    async def test_it_takes_no_token_and_ignores_the_pause(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, Limits(rate=0.01), paused=True)
        first, second = await add(client, 2)
        for name in (first, second):
            assert (await client.run_task(name=name)).dispatch_count == 1
        await clock.advance(0)
        assert len(worker.served) == 2
        assert not emulator.queue(QUEUE).tasks

    async def test_it_runs_a_running_task_again(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE)
        worker.hold()
        [name] = await add(client)
        await clock.advance(0)
        await client.run_task(name=name)
        await clock.advance(0)
        assert worker.busy == 2
        worker.release()
        await clock.advance(100)
        assert len(worker.served) == 2

    async def test_a_failure_is_tried_again_from_the_time_of_the_call(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, retry=RetryRules(min_backoff=10 * SECOND))
        worker.hold()
        worker.answers = lambda number: http(500 if number == 0 else 200)
        [name] = await add(client, schedule_time=clock.now() + timedelta(days=1))
        await client.run_task(name=name)
        await clock.advance(4)
        worker.release()
        await clock.advance(7)
        assert worker.offsets() == pytest.approx([0, 10], abs=1e-3)


class TestRestart:
    async def test_what_waits_and_what_failed_goes_on_after_a_restart(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, retry=RetryRules(min_backoff=5 * SECOND))
        worker.answers = lambda number: http(500 if number == 0 else 200)
        await add(client)
        await clock.advance(0)
        await add(client, schedule_time=clock.now() + 60 * SECOND)
        await emulator.stop()
        await clock.advance(1000)
        assert len(worker.served) == 1
        await emulator.start()
        await clock.advance(0)
        assert len(worker.served) == 3
        assert not emulator.queue(QUEUE).tasks

    async def test_a_stop_lets_running_attempts_end(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE)
        worker.hold()
        await add(client)
        await clock.advance(0)
        worker.release()
        await emulator.stop()
        assert [one.status for one in emulator.journal.finished] == [200]

    async def test_what_a_stop_cuts_off_stays_in_the_queue(
        self, emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE)
        worker.hold()
        [name] = await add(client)
        await clock.advance(0)
        await emulator.stop(grace=0.01)
        assert [one.outcome for one in emulator.journal.finished] == ["CANCELLED"]
        assert name in emulator.queue(QUEUE).tasks
        worker.release()
        await emulator.start()
        await clock.advance(1)
        assert not emulator.queue(QUEUE).tasks


async def test_a_worker_can_still_add_tasks_while_the_emulator_stops(
    emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
):
    emulator.add_queue(QUEUE)
    worker.hold()
    await add(client)
    await clock.advance(0)
    stopping = asyncio.create_task(emulator.stop())
    await clock.advance(0)
    [later] = await add(client)
    worker.release()
    await stopping
    assert list(emulator.queue(QUEUE).tasks) == [later]


async def test_no_task_is_lost_whatever_workers_do(
    emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
):
    emulator.add_queue(
        QUEUE, Limits(rate=50, concurrent=5), RetryRules(min_backoff=SECOND, max_backoff=4 * SECOND, max_attempts=-1)
    )
    dice = random.Random(7)  # noqa: S311 - misfortune, not cryptography
    ends = [http(200), http(404), http(500), http(429), http(503, "2"), Reply(None, "UNAVAILABLE")]
    worker.answers = lambda _: dice.choice(ends)
    await add(client, 60)
    for _ in range(20):
        await clock.advance(5)
        # A restart in the middle of things, cutting off what runs.
        worker.hold()
        await clock.advance(1)
        await emulator.stop(grace=0.0)
        worker.release()
        await emulator.start()
    worker.answers = lambda _: http(200)
    await clock.advance(300)
    done = [one.task for one in emulator.journal.finished if one.status == 200]
    assert len(done) == len(set(done)) == 60
    assert not emulator.queue(QUEUE).tasks


async def test_a_task_is_forgotten_after_31_days(
    emulator: CloudTasksEmulator, client: CloudTasksAsyncClient, clock: ManualClock, worker: FakeWorker
):
    emulator.add_queue(QUEUE, paused=True)
    await add(client)
    await clock.advance(timedelta(days=31).total_seconds())
    await client.resume_queue(name=QUEUE)
    await clock.advance(0)
    assert not worker.served
    assert not emulator.queue(QUEUE).tasks
