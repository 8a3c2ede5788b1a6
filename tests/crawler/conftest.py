"""A sandbox for a walk, and the log's alarms while it is under way."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.support.logs import listening
from tests.support.sandbox import World, running_world


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    """What the system logs as an error, whichever event it is of."""
    with listening("shared", logging.ERROR) as heard:
        yield heard.texts


@pytest_asyncio.fixture(params=["contract", "native"])
async def fresh_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A sandbox of each dialect in which nobody has done anything."""
    async with running_world({"BITRIX_DIALECT": request.param}) as running:
        yield running
