"""A clock, a store that can fail, and the log's events."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest

from shared.store.memory import MemoryStore
from tests.support.clock import START, Clock
from tests.support.stores import FaultyStore


@pytest.fixture
def clock() -> Clock:
    return Clock(START)


@pytest.fixture
def store(clock: Clock) -> FaultyStore:
    return FaultyStore(MemoryStore(clock))


class Events:
    """The log's events as (name, level, fields)."""

    def __init__(self) -> None:
        self.records: list[logging.LogRecord] = []

    def __call__(self, *names: str) -> list[tuple[str, str]]:
        """The named events in order, with their levels."""
        return [(event, record.levelname) for event, record in self._events() if event in names]

    def fields(self, name: str) -> list[dict[str, Any]]:
        return [dict(vars(record)["fields"]) for event, record in self._events() if event == name]

    def _events(self) -> Iterator[tuple[str, logging.LogRecord]]:
        for record in self.records:
            yield vars(record).get("fields", {}).get("event", ""), record


@pytest.fixture
def events() -> Iterator[Events]:
    found = Events()

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.records.append(record)

    handler = Keep()
    log = logging.getLogger("shared.bitrix.limits")
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    yield found
    log.removeHandler(handler)
    log.setLevel(level)
