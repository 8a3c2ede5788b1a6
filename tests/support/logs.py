"""The log as tests hear it, and the root logger put back where a test configures logging."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


def same_logging() -> Iterator[None]:
    """Put the root logger back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


same_logging_afterwards = pytest.fixture(autouse=True)(same_logging)


class Heard(logging.Handler):
    """Keeps every entry, as `records` and as `texts`."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.records: list[logging.LogRecord] = []
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
        fields = json.dumps(_fields(record), default=str, ensure_ascii=False)
        self.texts.append(f"{record.name}: {record.getMessage()} {fields} {record.exc_info or ''}")

    def __call__(self, *names: str) -> list[tuple[str, str]]:
        """The named events in order, with their levels."""
        told = [(_fields(record).get("event", ""), record.levelname) for record in self.records]
        return [(event, level) for event, level in told if event in names]

    def named(self, name: str) -> list[logging.LogRecord]:
        return [record for record in self.records if _fields(record).get("event") == name]

    def fields(self, name: str) -> list[dict[str, Any]]:
        return [_fields(record) for record in self.named(name)]

    def text(self) -> str:
        return "\n".join(self.texts)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    return dict(getattr(record, "fields", {}))


@contextmanager
def listening(logger: str = "", level: int = logging.DEBUG) -> Iterator[Heard]:
    """Keep what is logged there; ERROR is what wakes a person.

    «shared» rather than the root where functions start meanwhile: the root's handlers are replaced with each start.
    """
    heard, log = Heard(level), logging.getLogger(logger)
    before = log.level
    log.addHandler(heard)
    log.setLevel(min(level, before or level))
    try:
        yield heard
    finally:
        log.removeHandler(heard)
        log.setLevel(before)
