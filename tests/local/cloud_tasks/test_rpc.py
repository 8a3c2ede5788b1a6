"""The calls as the unchanged client libraries make them, over a socket: answers and error codes."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta

import grpc
import pytest
from google.api_core import exceptions as errors
from google.cloud.tasks_v2 import (
    CloudTasksAsyncClient,
    CloudTasksClient,
    CreateTaskRequest,
    HttpMethod,
    HttpRequest,
    Queue,
    Task,
    UpdateQueueRequest,
)
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.cloud_tasks import CloudTasksEmulator, Limits, ManualClock, RetryRules
from infra.local.rpc import RefusedError
from tests.local.cloud_tasks.worker import LOCATION, QUEUE, URL, FakeWorker, http


def task(**fields: object) -> Task:
    return Task(http_request=HttpRequest(url=URL), **fields)


async def refused(error: type[errors.GoogleAPICallError], call: Awaitable[object]) -> str:
    """Expect a call to be refused so, and return the text."""
    with pytest.raises(error) as caught:
        await call
    return str(caught.value)


class TestQueues:
    async def test_a_queue_gets_the_services_defaults(self, client: CloudTasksAsyncClient):
        made = await client.create_queue(parent=LOCATION, queue=Queue(name=QUEUE))
        assert made.rate_limits.max_dispatches_per_second == 500
        assert made.rate_limits.max_concurrent_dispatches == 1000
        assert made.rate_limits.max_burst_size == 500
        assert made.retry_config.max_attempts == 100
        assert made.retry_config.min_backoff == timedelta(milliseconds=100)
        assert made.retry_config.max_backoff == timedelta(hours=1)
        assert made.retry_config.max_doublings == 16
        assert made.state == Queue.State.RUNNING
        assert await client.get_queue(name=QUEUE) == made

    async def test_backoffs_are_cut_to_whole_seconds(self, client: CloudTasksAsyncClient):
        config = {"min_backoff": timedelta(seconds=1.75), "max_backoff": timedelta(seconds=9.99)}
        made = await client.create_queue(parent=LOCATION, queue=Queue(name=QUEUE, retry_config=config))
        assert made.retry_config.min_backoff == timedelta(seconds=1)
        assert made.retry_config.max_backoff == timedelta(seconds=9)

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "bitrix",
            f"{LOCATION}/queues/",
            f"{LOCATION}/queues/with_underscore",
            f"{LOCATION}/queues/{'x' * 101}",
            f"projects/p p/locations/l/queues/q{'x'}",
            f"{QUEUE}/tasks/1",
            f"{QUEUE}\n",
            "projects/p/locations/elsewhere/queues/bitrix",
        ],
    )
    async def test_bad_names(self, client: CloudTasksAsyncClient, name: str):
        await refused(errors.InvalidArgument, client.create_queue(parent=LOCATION, queue=Queue(name=name)))

    @pytest.mark.parametrize(
        ("section", "setting", "value"),
        [
            ("rate_limits", "max_dispatches_per_second", 500.5),
            ("rate_limits", "max_dispatches_per_second", -1),
            ("rate_limits", "max_concurrent_dispatches", 5001),
            ("rate_limits", "max_concurrent_dispatches", -1),
            ("retry_config", "max_attempts", -2),
            ("retry_config", "max_doublings", -1),
            ("retry_config", "max_retry_duration", timedelta(seconds=-1)),
            ("retry_config", "min_backoff", timedelta(hours=2)),
        ],
    )
    async def test_bad_settings(self, client: CloudTasksAsyncClient, section: str, setting: str, value: object):
        queue = Queue(name=QUEUE, **{section: {setting: value}})
        await refused(errors.InvalidArgument, client.create_queue(parent=LOCATION, queue=queue))

    @pytest.mark.parametrize("setting", ["http_target", "app_engine_routing_override"])
    async def test_settings_it_would_have_to_ignore(self, client: CloudTasksAsyncClient, setting: str):
        queue = Queue(name=QUEUE, **{setting: {}})
        text = await refused(errors.MethodNotImplemented, client.create_queue(parent=LOCATION, queue=queue))
        assert setting in text

    async def test_twice_the_same_name(self, client: CloudTasksAsyncClient):
        await client.create_queue(parent=LOCATION, queue=Queue(name=QUEUE))
        await refused(errors.AlreadyExists, client.create_queue(parent=LOCATION, queue=Queue(name=QUEUE)))

    async def test_the_name_of_a_deleted_queue_is_locked_for_days(
        self, client: CloudTasksAsyncClient, clock: ManualClock
    ):
        await client.create_queue(parent=LOCATION, queue=Queue(name=QUEUE))
        await client.delete_queue(name=QUEUE)
        await refused(errors.NotFound, client.get_queue(name=QUEUE))
        await clock.advance(timedelta(days=2.9).total_seconds())
        await refused(errors.FailedPrecondition, client.create_queue(parent=LOCATION, queue=Queue(name=QUEUE)))
        await clock.advance(timedelta(days=0.2).total_seconds())
        await client.create_queue(parent=LOCATION, queue=Queue(name=QUEUE))

    async def test_listing_in_pages(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        names = [f"{LOCATION}/queues/q{number}" for number in range(5)]
        for name in reversed(names):
            emulator.add_queue(name)
        emulator.add_queue("projects/p/locations/elsewhere/queues/q")
        pages = await client.list_queues(request={"parent": LOCATION, "page_size": 2})
        assert [[queue.name for queue in page.queues] async for page in pages.pages] == [
            names[:2],
            names[2:4],
            names[4:],
        ]

    async def test_what_listing_refuses(self, client: CloudTasksAsyncClient):
        await refused(errors.InvalidArgument, client.list_queues(parent="projects/p"))
        await refused(errors.InvalidArgument, client.list_queues(request={"parent": LOCATION, "page_size": -1}))
        request = {"parent": LOCATION, "filter": "state: PAUSED"}
        await refused(errors.MethodNotImplemented, client.list_queues(request=request))

    @pytest.mark.parametrize("call", ["get_queue", "delete_queue", "purge_queue", "pause_queue", "resume_queue"])
    async def test_a_queue_that_is_not_there(self, client: CloudTasksAsyncClient, call: str):
        text = await refused(errors.NotFound, getattr(client, call)(name=QUEUE))
        assert "Queue does not exist" in text


class TestUpdateQueue:
    async def test_only_what_the_mask_names_changes(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE, Limits(rate=2, concurrent=10, burst=4), RetryRules(max_attempts=5))
        wanted = Queue(
            name=QUEUE,
            rate_limits={"max_dispatches_per_second": 3, "max_concurrent_dispatches": 99},
            retry_config={"max_attempts": 7},
        )
        mask = {"paths": ["rate_limits.max_dispatches_per_second"]}
        changed = await client.update_queue(UpdateQueueRequest(queue=wanted, update_mask=mask))
        assert changed.rate_limits.max_dispatches_per_second == 3
        assert changed.rate_limits.max_concurrent_dispatches == 10
        assert changed.retry_config.max_attempts == 5
        assert changed.retry_config.min_backoff == timedelta(milliseconds=100)
        # The burst is the emulator's own setting and survives.
        assert changed.rate_limits.max_burst_size == 4

    async def test_without_a_mask_everything_changes(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE, Limits(rate=2, concurrent=10), RetryRules(max_attempts=5), paused=True)
        changed = await client.update_queue(queue=Queue(name=QUEUE, retry_config={"max_attempts": 7}))
        assert changed.rate_limits.max_dispatches_per_second == 500
        assert changed.retry_config.max_attempts == 7
        assert changed.state == Queue.State.PAUSED

    async def test_it_makes_a_queue_that_is_not_there(self, client: CloudTasksAsyncClient):
        await client.update_queue(queue=Queue(name=QUEUE))
        assert (await client.get_queue(name=QUEUE)).name == QUEUE

    async def test_a_mask_that_names_nothing(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE)
        request = UpdateQueueRequest(queue=Queue(name=QUEUE), update_mask={"paths": ["rate_limits.speed"]})
        await refused(errors.InvalidArgument, client.update_queue(request))


class TestTasks:
    async def test_an_unnamed_task_gets_a_name(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE, paused=True)
        made = await client.create_task(parent=QUEUE, task=task())
        assert made.name.startswith(f"{QUEUE}/tasks/")
        assert made.name.rpartition("/")[2].isdigit()
        assert await client.get_task(name=made.name) == made

    async def test_what_a_client_sees(
        self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator, clock: ManualClock
    ):
        emulator.add_queue(QUEUE, paused=True)
        due = clock.now() + timedelta(hours=1)
        given = Task(
            http_request=HttpRequest(
                url=URL,
                http_method=HttpMethod.PUT,
                headers={"Content-Type": "text/plain"},
                body=b"hello",
                oidc_token={"service_account_email": "a@p.iam.gserviceaccount.com"},
            ),
            schedule_time=due,
            dispatch_deadline=timedelta(seconds=15.0004),
            retry_config={"max_attempts": 3},
        )
        basic = await client.create_task(parent=QUEUE, task=given)
        assert basic.view == Task.View.BASIC
        assert basic.http_request.body == b""
        assert basic.http_request.http_method == HttpMethod.PUT
        assert basic.http_request.headers == {"Content-Type": "text/plain"}
        assert basic.http_request.oidc_token.audience == URL
        assert basic.schedule_time == due
        assert basic.create_time == clock.now()
        assert basic.dispatch_deadline == timedelta(seconds=15)
        assert basic.retry_config.max_attempts == 3
        full = await client.get_task(request={"name": basic.name, "response_view": Task.View.FULL})
        assert full.http_request.body == b"hello"

    async def test_defaults(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator, clock: ManualClock):
        emulator.add_queue(QUEUE, paused=True)
        past = clock.now() - timedelta(days=1)
        made = await client.create_task(parent=QUEUE, task=task(schedule_time=past))
        assert made.http_request.http_method == HttpMethod.POST
        assert made.schedule_time == clock.now()
        assert made.dispatch_deadline == timedelta(minutes=10)

    async def test_the_story_of_a_failing_task(
        self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE, retry=RetryRules(min_backoff=timedelta(seconds=60)))
        worker.answers = lambda _: http(500)
        made = await client.create_task(parent=QUEUE, task=task())
        await clock.advance(1)
        seen = await client.get_task(name=made.name)
        assert (seen.dispatch_count, seen.response_count) == (1, 1)
        assert seen.first_attempt.dispatch_time == made.schedule_time
        assert seen.last_attempt.response_status.code == grpc.StatusCode.UNKNOWN.value[0]
        assert seen.schedule_time == made.schedule_time + timedelta(seconds=60)

    async def test_listing_in_pages(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE, paused=True)
        made = sorted([(await client.create_task(parent=QUEUE, task=task())).name for _ in range(5)])
        pages = await client.list_tasks(request={"parent": QUEUE, "page_size": 4})
        assert [[one.name for one in page.tasks] async for page in pages.pages] == [made[:4], made[4:]]

    async def test_deleting(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE, paused=True)
        name = (await client.create_task(parent=QUEUE, task=task())).name
        await client.delete_task(name=name)
        for call in (client.get_task, client.delete_task, client.run_task):
            await refused(errors.NotFound, call(name=name))

    async def test_into_a_queue_that_is_not_there(self, client: CloudTasksAsyncClient):
        await refused(errors.NotFound, client.create_task(parent=QUEUE, task=task()))
        await refused(errors.NotFound, client.list_tasks(parent=QUEUE))

    async def test_app_engine_and_empty_tasks(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE)
        app_engine = Task(app_engine_http_request={"relative_uri": "/"})
        await refused(errors.MethodNotImplemented, client.create_task(parent=QUEUE, task=app_engine))
        await refused(errors.InvalidArgument, client.create_task(parent=QUEUE, task=Task()))


class TestRefusedTasks:
    @pytest.fixture(autouse=True)
    def _queue(self, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE, paused=True)

    @pytest.mark.parametrize(
        "request_fields",
        [
            {"url": ""},
            {"url": "ftp://worker.example/"},
            {"url": "worker.example/path"},
            {"url": "https://"},
            {"url": "https:///path"},
            {"url": "https://worker.example/two words"},
            {"url": "https://worker.example:99999/"},
            {"url": "https://worker.example:0/"},
            {"url": "https://[::1/"},
            {"url": "https://worker.example/" + "x" * 2083},
            {"url": URL, "http_method": HttpMethod.GET, "body": b"x"},
            {"url": URL, "http_method": HttpMethod.DELETE, "body": b"x"},
            {"url": URL, "http_method": 77},
            {"url": URL, "headers": {"Bad Name": "x"}},
            {"url": URL, "headers": {"X-Thing": "a\r\nX-Other: b"}},
            {"url": URL, "headers": {"X-Thing": "мастер"}},
            {"url": URL, "headers": {"X-Long": "x" * 81_920}},
            {"url": URL, "body": b"x" * 1_000_001},
            {"url": URL, "oidc_token": {}},
            {"url": URL, "oidc_token": {"service_account_email": "nobody"}},
        ],
    )
    async def test_requests_that_cannot_be_made(self, client: CloudTasksAsyncClient, request_fields: dict[str, object]):
        bad = Task(http_request=HttpRequest(**request_fields))
        await refused(errors.InvalidArgument, client.create_task(parent=QUEUE, task=bad))

    @pytest.mark.parametrize("seconds", [0, 14.9, 1800.1, 86400])
    async def test_deadlines_out_of_range(self, client: CloudTasksAsyncClient, seconds: float):
        bad = task(dispatch_deadline=timedelta(seconds=seconds))
        await refused(errors.InvalidArgument, client.create_task(parent=QUEUE, task=bad))

    async def test_more_than_30_days_ahead(self, client: CloudTasksAsyncClient, clock: ManualClock):
        edge = clock.now() + timedelta(days=30)
        await client.create_task(parent=QUEUE, task=task(schedule_time=edge))
        bad = task(schedule_time=edge + timedelta(seconds=1))
        await refused(errors.InvalidArgument, client.create_task(parent=QUEUE, task=bad))

    @pytest.mark.parametrize(
        "name", ["mine", f"{QUEUE}/tasks/", f"{QUEUE}/tasks/a.b", f"{QUEUE}/tasks/{'x' * 501}", f"{QUEUE}2/tasks/x"]
    )
    async def test_bad_names(self, client: CloudTasksAsyncClient, name: str):
        await refused(errors.InvalidArgument, client.create_task(parent=QUEUE, task=task(name=name)))

    async def test_oauth_tokens_are_not_emulated(self, client: CloudTasksAsyncClient):
        request = HttpRequest(url=URL, oauth_token={"service_account_email": "a@b.example"})
        await refused(errors.MethodNotImplemented, client.create_task(parent=QUEUE, task=Task(http_request=request)))

    async def test_a_refusal_does_not_repeat_the_address(self, client: CloudTasksAsyncClient):
        bad = Task(http_request=HttpRequest(url="https://worker.example/rest/1/s3cret key/"))
        text = await refused(errors.InvalidArgument, client.create_task(parent=QUEUE, task=bad))
        assert "s3cret" not in text


class TestDeduplication:
    NAME = f"{QUEUE}/tasks/order-1"

    async def test_while_it_waits(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE, paused=True)
        await client.create_task(parent=QUEUE, task=task(name=self.NAME))
        await refused(errors.AlreadyExists, client.create_task(parent=QUEUE, task=task(name=self.NAME)))

    async def test_after_it_was_executed(
        self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator, clock: ManualClock, worker: FakeWorker
    ):
        emulator.add_queue(QUEUE)
        await client.create_task(parent=QUEUE, task=task(name=self.NAME))
        await clock.advance(timedelta(hours=23).total_seconds())
        assert len(worker.served) == 1
        text = await refused(errors.AlreadyExists, client.create_task(parent=QUEUE, task=task(name=self.NAME)))
        assert "too recently" in text
        await clock.advance(timedelta(hours=2).total_seconds())
        await client.create_task(parent=QUEUE, task=task(name=self.NAME))

    async def test_after_it_was_deleted(self, client: CloudTasksAsyncClient, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE, paused=True)
        await client.create_task(parent=QUEUE, task=task(name=self.NAME))
        await client.delete_task(name=self.NAME)
        await refused(errors.AlreadyExists, client.create_task(parent=QUEUE, task=task(name=self.NAME)))


class TestTheRest:
    async def test_what_is_not_emulated_says_so(self, client: CloudTasksAsyncClient):
        request = CreateTaskRequest(parent=QUEUE, task=task())
        text = await refused(
            errors.MethodNotImplemented, client.batch_create_tasks(request={"parent": QUEUE, "requests": [request]})
        )
        assert "The Cloud Tasks emulator does not emulate" in text
        assert "BatchCreateTasks" in text

    async def test_the_synchronous_client_is_served_too(self, emulator: CloudTasksEmulator, clock: ManualClock):
        address = await emulator.start()
        emulator.add_queue(QUEUE)
        with grpc.insecure_channel(address) as channel:
            client = CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))
            made = await asyncio.to_thread(client.create_task, parent=QUEUE, task=task())
        await clock.advance(0)
        assert [one.task for one in emulator.journal.finished] == [made.name]

    async def test_a_port_in_use_is_an_error(self, emulator: CloudTasksEmulator):
        address = await emulator.start()
        second = CloudTasksEmulator()
        with pytest.raises(RuntimeError):
            await second.start(port=int(address.rpartition(":")[2]))
        await second.stop()

    async def test_the_emulators_owner_is_refused_like_a_client(self, emulator: CloudTasksEmulator):
        emulator.add_queue(QUEUE)
        with pytest.raises(RefusedError):
            emulator.add_queue(QUEUE)
        with pytest.raises(RefusedError):
            emulator.add_queue("bitrix")

    def test_a_bucket_needs_room_for_a_token(self):
        with pytest.raises(ValueError, match="burst"):
            Limits(burst=0)
