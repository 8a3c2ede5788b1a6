from collections.abc import AsyncIterator
from datetime import timedelta

import grpc.aio
import pytest
from google.cloud.secretmanager_v1 import SecretManagerServiceAsyncClient
from google.cloud.secretmanager_v1.services.secret_manager_service.transports import (
    SecretManagerServiceGrpcAsyncIOTransport,
)

from infra.local.cloud_tasks import ManualClock
from infra.local.secret_manager import SecretManagerEmulator


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def latest_lag() -> timedelta:
    return timedelta(0)


@pytest.fixture
async def emulator(clock: ManualClock, latest_lag: timedelta) -> AsyncIterator[SecretManagerEmulator]:
    emulator = SecretManagerEmulator(latest_lag=latest_lag, clock=clock)
    yield emulator
    await emulator.stop()


@pytest.fixture
async def client(emulator: SecretManagerEmulator) -> AsyncIterator[SecretManagerServiceAsyncClient]:
    """The unchanged client library, speaking to the emulator over a socket."""
    channel = grpc.aio.insecure_channel(await emulator.start())
    yield SecretManagerServiceAsyncClient(transport=SecretManagerServiceGrpcAsyncIOTransport(channel=channel))
    await channel.close()
