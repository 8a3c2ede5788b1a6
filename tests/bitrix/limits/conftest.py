"""A clock, a store that can fail, and the log's events."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.store.memory import MemoryStore
from shared.store.port import Key, Record, Unavailable, Version, Write

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Clock:
    """A clock that moves when told to, or when somebody sleeps on it."""

    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> datetime:
        return self.time

    def advance(self, **delta: float) -> None:
        self.time += timedelta(**delta)

    async def sleep(self, _: float) -> None:
        """Take no time: the stores' pauses between tries are none of these tests' business."""


class SickStore(MemoryStore):
    """A store that does not answer while it is `down`, and raises what is queued; counts what it is asked."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.down = False
        self.reads = 0
        self.writes = 0
        self.failures: list[Exception] = []

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        self.reads += 1
        if self.down:
            raise Unavailable("down")
        return await super().get_many(keys)

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        self.writes += 1
        if self.down:
            raise Unavailable("down")
        if self.failures:
            raise self.failures.pop(0)
        return await super().commit(writes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(clock: Clock) -> SickStore:
    return SickStore(clock)


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
