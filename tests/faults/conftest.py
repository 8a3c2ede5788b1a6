"""A running sandbox per module whose functions give up on a silent portal at once, so that tests are quick."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest
import pytest_asyncio

from shared.clock import Now
from shared.entry.container import Container
from shared.pipeline.cloud_tasks import CloudTasks
from shared.settings import Settings
from shared.store.memory import MemoryStore
from tests.support.door import Door
from tests.support.sandbox import Patient, World, running_world
from tests.support.stores import FaultyStore

QUEUE_TIMEOUT = 2.0
OPERATORS = 400_001
"""Telegram id of the chat that is told of trouble."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def door() -> AsyncIterator[Door]:
    """The functions' way to the portal."""
    async with Door() as door:
        yield door


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["contract", "native"])
async def sandbox(request: pytest.FixtureRequest, door: Door) -> AsyncIterator[World]:
    """A sandbox of each dialect with a way to the portal and a store that can fail."""
    given = {"TELEGRAM_OPERATORS_CHAT_ID": str(OPERATORS), "BITRIX_DIALECT": request.param}

    def faulty(settings: Settings, now: Now) -> Container:
        queue = CloudTasks(settings.cloud_tasks_emulator_host, timeout_seconds=QUEUE_TIMEOUT)
        closing.push_async_callback(queue.close)
        return Patient(settings, now, http, queue=queue, store=FaultyStore(MemoryStore(now)))

    async with (
        httpx.AsyncClient(transport=door) as http,
        AsyncExitStack() as closing,
        running_world(given, faulty, swept=False) as running,
    ):
        door.leads_to(running.portal)
        operators = running.stranger()
        operators.user_id = OPERATORS
        await operators.says("/start")
        await operators.settles()
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def world(sandbox: World, door: Door) -> AsyncIterator[World]:
    """The sandbox, in which all works again after each test."""
    yield sandbox
    door.shut = 0
    await sandbox.shop.works()
    (await sandbox.http.delete(f"{sandbox.addresses['telegram']}/_sim/faults")).raise_for_status()
    await sandbox.rests()
