"""A sandbox for a walk, and the log's alarms while it is under way."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.conversations.world import World, running_world


class Alarms(logging.Handler):
    """Keeps what wakes a person: every entry of level ERROR, whichever event it is of."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        fields = getattr(record, "fields", {})
        self.heard.append(f"{record.name}: {record.getMessage()} {fields} {record.exc_info or ''}")


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    """What the system logs as an error. At its own logger, for the root's handlers are replaced with each start."""
    handler, logger = Alarms(), logging.getLogger("shared")
    logger.addHandler(handler)
    yield handler.heard
    logger.removeHandler(handler)


@pytest_asyncio.fixture(params=["contract", "native"])
async def fresh_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A sandbox of each dialect in which nobody has done anything."""
    async with running_world({"BITRIX_DIALECT": request.param}) as running:
        yield running
