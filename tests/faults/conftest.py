"""A running sandbox per module whose functions give up on a silent portal at once, so that tests are quick.

Parts are replaced by name before anybody uses them: `shared.entry.container.Container` makes each when it is needed.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio

from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.pipeline.tasks import CloudTasks
from shared.store.memory import MemoryStore
from tests.conversations.world import LONGEST, World, running_world
from tests.faults.door import Door
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
async def world(request: pytest.FixtureRequest, door: Door) -> AsyncIterator[World]:
    """A sandbox of each dialect with a way to the portal and a store that can fail."""
    given = {"TELEGRAM_OPERATORS_CHAT_ID": str(OPERATORS), "BITRIX_DIALECT": request.param}
    async with running_world(given, swept=False) as running, httpx.AsyncClient(transport=door) as http:
        container = running.container
        base = container.settings.bitrix_base_url or ""
        container.client = BitrixClient(
            http, base, auth=WebhookAuth(), read_timeout=LONGEST, write_timeout=LONGEST, now=container.now
        )
        door.leads_to(running.portal)
        container.queue = CloudTasks(container.settings.cloud_tasks_emulator_host, timeout_seconds=QUEUE_TIMEOUT)
        container.store = FaultyStore(MemoryStore(container.now))
        operators = running.stranger()
        operators.user_id = OPERATORS
        await operators.says("/start")
        await operators.settles()
        yield running


@pytest_asyncio.fixture(autouse=True, loop_scope="module")
async def works_again(world: World, door: Door) -> AsyncIterator[None]:
    """No fault outlives its test."""
    yield
    door.shut = 0
    await world.shop.works()
    (await world.http.delete(f"{world.addresses['telegram']}/_sim/faults")).raise_for_status()
    await world.rests()
