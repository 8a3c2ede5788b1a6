"""The production side of the queue, against the emulator over a socket."""

import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from google.cloud.tasks_v2 import CreateTaskRequest, HttpMethod
from google.cloud.tasks_v2 import Task as TaskMessage
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport

from infra.local.cloud_tasks import CloudTasksEmulator, ManualClock
from infra.local.cloud_tasks.model import TaskRecord
from infra.local.cloud_tasks.service import SERVICE
from infra.local.cloud_tasks.wire import task_message
from infra.local.rpc import Method, RefusedError, RpcServer
from shared.pipeline.cloud_tasks import CloudTasks
from shared.pipeline.tasks import QueueUnavailable, Task, TaskQueue
from tests.support.door import LONGEST
from tests.support.servers import silent

QUEUE = "projects/p/locations/europe-west1/queues/bitrix"
URL = "https://bitrix-call.example/permit?x=1"


@pytest.fixture
async def emulator() -> AsyncIterator[CloudTasksEmulator]:
    emulator = CloudTasksEmulator(clock=ManualClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC)))
    emulator.add_queue(QUEUE, paused=True)
    yield emulator
    await emulator.stop()


@pytest.fixture
async def tasks(emulator: CloudTasksEmulator) -> AsyncIterator[CloudTasks]:
    tasks = CloudTasks(emulator_host=await emulator.start(), timeout_seconds=LONGEST)
    yield tasks
    await tasks.close()


def queued(emulator: CloudTasksEmulator) -> list[TaskRecord]:
    return list(emulator.queue(QUEUE).tasks.values())


async def test_a_task_arrives_whole(emulator: CloudTasksEmulator, tasks: CloudTasks):
    queue: TaskQueue = tasks
    due = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=UTC)
    await queue.add(
        Task(
            queue=QUEUE,
            url=URL,
            body="мастер".encode(),
            headers={"Content-Type": "application/json"},
            schedule_at=due,
            service_account="tasks@p.iam.gserviceaccount.com",
            dispatch_deadline=timedelta(seconds=70),
        )
    )
    [record] = queued(emulator)
    assert not record.named
    message = task_message(record, TaskMessage.View.FULL)
    assert message.http_request.http_method == HttpMethod.POST
    assert message.http_request.url == URL
    assert message.http_request.body == "мастер".encode()
    assert message.http_request.headers == {"Content-Type": "application/json"}
    assert message.http_request.oidc_token.service_account_email == "tasks@p.iam.gserviceaccount.com"
    assert message.http_request.oidc_token.audience == "https://bitrix-call.example"
    assert message.schedule_time == due
    assert message.dispatch_deadline == timedelta(seconds=70)


async def test_the_least_a_task_needs(emulator: CloudTasksEmulator, tasks: CloudTasks):
    await tasks.add(Task(QUEUE, URL, b""))
    [record] = queued(emulator)
    assert record.identity is None
    assert record.schedule_at == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert record.deadline == timedelta(minutes=10)


async def test_an_audience_of_ones_own(emulator: CloudTasksEmulator, tasks: CloudTasks):
    await tasks.add(Task(QUEUE, URL, b"", service_account="a@p.example", audience="https://service.example/x"))
    [record] = queued(emulator)
    assert record.identity is not None
    assert record.identity.audience == "https://service.example/x"


async def test_twice_the_same_task_is_two_tasks(emulator: CloudTasksEmulator, tasks: CloudTasks):
    for _ in range(2):
        await tasks.add(Task(QUEUE, URL, b"permit"))
    assert len(queued(emulator)) == 2


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        Task(QUEUE, URL, b"", schedule_at=datetime(2026, 3, 2))  # noqa: DTZ001 - the mistake under test


async def test_a_refusal_names_its_kind_but_not_the_task(tasks: CloudTasks):
    with pytest.raises(QueueUnavailable) as caught:
        await tasks.add(Task(f"{QUEUE}-other", URL, b"s3cret"))
    assert str(caught.value) == f"{QUEUE}-other: NotFound"


async def test_nobody_there(emulator: CloudTasksEmulator):
    address = await emulator.start()
    await emulator.stop()
    tasks = CloudTasks(emulator_host=address, timeout_seconds=0.3)
    with pytest.raises(QueueUnavailable):
        await tasks.add(Task(QUEUE, URL, b""))
    await tasks.close()


class Faltering:
    """A queue that is UNAVAILABLE a few times before it takes a task."""

    def __init__(self, failures: int) -> None:
        self.calls = 0
        self._failures = failures

    def create_task(self, request: CreateTaskRequest) -> TaskMessage:
        self.calls += 1
        if self.calls <= self._failures:
            raise RefusedError(grpc.StatusCode.UNAVAILABLE, "not now")
        return request.task


async def test_unavailable_for_a_moment_is_retried():
    queue = Faltering(2)
    server = RpcServer("A test", SERVICE, {"CreateTask": Method(queue.create_task, CreateTaskRequest, TaskMessage)})
    tasks = CloudTasks(emulator_host=await server.start("127.0.0.1", 0), timeout_seconds=LONGEST)
    await tasks.add(Task(QUEUE, URL, b""))
    assert queue.calls == 3
    await tasks.close()
    await server.stop()


async def test_a_queue_that_never_answers_is_given_up():
    with silent() as host:
        tasks = CloudTasks(emulator_host=host, timeout_seconds=0.2)
        with pytest.raises(QueueUnavailable):
            await tasks.add(Task(QUEUE, URL, b""))
        await tasks.close()


async def test_without_credentials_the_queue_is_unavailable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "absent.json"))
    tasks = CloudTasks()
    with pytest.raises(QueueUnavailable, match="DefaultCredentialsError"):
        await tasks.add(Task(QUEUE, URL, b""))
    await tasks.close()


def test_a_cold_start_does_not_pay_for_the_google_libraries():
    # `google` and `google.cloud` themselves are namespaces that the installation registers: they cost nothing.
    code = """
import sys
from shared.pipeline.cloud_tasks import CloudTasks
CloudTasks("localhost:1")
heavy = ("grpc", "proto", "google.api_core", "google.auth", "google.protobuf", "google.cloud.")
print([name for name in sys.modules if name.startswith(heavy)])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


async def test_after_a_close_a_new_connection_is_made(emulator: CloudTasksEmulator, tasks: CloudTasks):
    for _ in range(2):
        await tasks.add(Task(QUEUE, URL, b""))
        transport = tasks._connected().transport
        assert isinstance(transport, CloudTasksGrpcAsyncIOTransport)
        await tasks.close()
        assert transport.grpc_channel.get_state() is grpc.ChannelConnectivity.SHUTDOWN
    await tasks.close()
    assert len(queued(emulator)) == 2
