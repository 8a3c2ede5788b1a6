from collections.abc import AsyncIterator

import grpc.aio
import pytest
from google.cloud.tasks_v2 import CloudTasksAsyncClient
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcAsyncIOTransport

from infra.local.cloud_tasks import CloudTasksEmulator, ManualClock
from tests.local.cloud_tasks.worker import FakeWorker


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def worker(clock: ManualClock) -> FakeWorker:
    return FakeWorker(clock)


@pytest.fixture
async def emulator(clock: ManualClock, worker: FakeWorker) -> AsyncIterator[CloudTasksEmulator]:
    emulator = CloudTasksEmulator(clock=clock, target=worker)
    yield emulator
    worker.release()
    await emulator.stop(grace=0.1)


@pytest.fixture
async def client(emulator: CloudTasksEmulator) -> AsyncIterator[CloudTasksAsyncClient]:
    """The unchanged client library, speaking to the emulator over a socket."""
    channel = grpc.aio.insecure_channel(await emulator.start())
    yield CloudTasksAsyncClient(transport=CloudTasksGrpcAsyncIOTransport(channel=channel))
    await channel.close()
