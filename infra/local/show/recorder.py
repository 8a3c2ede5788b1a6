"""What the functions did: their spans, their commits, the lives of their jobs, their log lines; the last ones of each.

Everything is told apart by the span it happened in, which a context variable carries from the function's door to its
commits and log lines.
"""

from __future__ import annotations

import json
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from infra.local.show.lives import JobLives, Place
from shared import tracing
from shared.entry.container import Container
from shared.logs import JsonFormatter
from shared.store.collections import JOBS
from shared.store.port import Conflict, Create, Delete, Key, Record, Store, Version, Write

_KEPT = 1_000
_LINES = 3_000

_here: ContextVar[tuple[object, int] | None] = ContextVar("span", default=None)
"""The recorder whose span this is, and the span's number."""


@dataclass
class Span:
    """One request to one function. `ended` and `status` are None while it runs."""

    number: int
    function: str
    began: datetime
    ended: datetime | None = None
    status: int | None = None
    parts: tuple[tracing.Span, ...] = ()
    """What it did inside, as Cloud Trace would show it: calls of the portal and of Telegram."""


@dataclass(frozen=True)
class Commit:
    """One atomic write, by the keys in it; a `refused` one found that somebody was faster and wrote nothing."""

    number: int
    at: datetime
    span: int | None
    keys: tuple[Key, ...]
    created: frozenset[Key]
    refused: bool


@dataclass(frozen=True)
class LogLine:
    """One entry of the log, as it is written out: without secrets."""

    at: datetime
    span: int
    entry: dict[str, Any]


class Recorder:
    """The memory of one sandbox's functions. `now` is the sandbox's clock."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.spans: deque[Span] = deque(maxlen=_KEPT)
        self.commits: deque[Commit] = deque(maxlen=_KEPT)
        self.lines: deque[LogLine] = deque(maxlen=_LINES)
        self.jobs = JobLives()
        self.changes = 0
        """Counts everything that is noted: a picture whose number is the same is the same picture."""
        self._numbers = count(1)

    def watch(self, container: Container) -> None:
        """Note all commits of a container. Call it before the container's parts are made."""
        container.store = WatchedStore(container.store, self)
        container.span_exporter = self

    @contextmanager
    def span(self, function: str) -> Iterator[Span]:
        """A function at work; what happens inside is told to be of this span."""
        span = Span(next(self._numbers), function, self.now())
        self.spans.append(span)
        self.changes += 1
        token = _here.set((self, span.number))
        try:
            yield span
        finally:
            _here.reset(token)
            span.ended = self.now()
            self.changes += 1

    async def export(self, trace: tracing.Trace) -> None:
        """Keep the spans of the request that has just been answered."""
        number = self.here()
        for span in self.spans:
            if span.number == number:
                span.parts = tuple(trace.spans[1:])

    def here(self) -> int | None:
        """Return the number of the span this code runs in, None outside of any of this recorder's."""
        place = _here.get()
        return place[1] if place is not None and place[0] is self else None

    def note(self, writes: Sequence[Write], *, refused: bool) -> None:
        """Remember a commit."""
        now, created = self.now(), frozenset(write.key for write in writes if isinstance(write, Create))
        commit = Commit(next(self._numbers), now, self.here(), tuple(w.key for w in writes), created, refused)
        self.commits.append(commit)
        self.changes += 1
        if refused:
            return
        for write in writes:
            if write.key.collection == JOBS.name and not isinstance(write, Delete):
                self.jobs.note(write.key.id, write.data, write.due_at, now, Place(commit.number, commit.span))

    @contextmanager
    def listening(self, secrets: Sequence[str]) -> Iterator[None]:
        """Take in what is logged from INFO on, while what goes to stdout stays as it was."""
        root, tail = logging.getLogger(), _LogTail(self, secrets)
        before, levels = root.level, [(handler, handler.level) for handler in root.handlers]
        for handler, level in levels:
            handler.setLevel(max(level, before))
        root.addHandler(tail)
        root.setLevel(min(before, logging.INFO))
        try:
            yield
        finally:
            root.removeHandler(tail)
            root.setLevel(before)
            for handler, level in levels:
                handler.setLevel(level)


class _LogTail(logging.Handler):
    """Hands the log lines of a recorder's spans to it."""

    def __init__(self, recorder: Recorder, secrets: Sequence[str]) -> None:
        super().__init__(logging.INFO)
        self._recorder = recorder
        self.setFormatter(JsonFormatter(secrets))

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the entry if it is of one of the spans."""
        span = self._recorder.here()
        if span is not None:
            self._recorder.lines.append(LogLine(self._recorder.now(), span, json.loads(self.format(record))))
            self._recorder.changes += 1


class WatchedStore:
    """A store whose commits are noted."""

    def __init__(self, inner: Store, recorder: Recorder) -> None:
        self.inner = inner
        self._recorder = recorder

    async def get(self, key: Key) -> Record | None:
        """Ask the store."""
        return await self.inner.get(key)

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Ask the store."""
        return await self.inner.get_many(keys)

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        """Ask the store."""
        return await self.inner.due(collection, before, limit, after)

    async def page(self, collection: str, after: str, limit: int) -> list[Record]:
        """Ask the store."""
        return await self.inner.page(collection, after, limit)

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        """Commit, and note it; also one that was refused because somebody was faster."""
        try:
            versions = await self.inner.commit(writes)
        except Conflict:
            self._recorder.note(writes, refused=True)
            raise
        self._recorder.note(writes, refused=False)
        return versions

    async def close(self) -> None:
        """Close the store."""
        await self.inner.close()
