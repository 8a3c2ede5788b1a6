"""The functions with both simulators in one process, without sockets and without waiting, and counts of what they ask.

Time stands still unless it is moved, so nothing here measures seconds but those of the processor.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import httpx
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.bench.cold import said_in_dialogue
from infra.bench.outside import KeptTasks, bot_api
from infra.local.clock import ManualClock
from infra.local.doors import Doors
from infra.local.portal import Portal, PortalOptions, create_portal
from infra.local.portal.catalogue import Catalogue, build_catalogue
from infra.local.sandbox import environment
from infra.local.sandbox.environment import Addresses
from shared.entry import bitrix_call, telegram_update
from shared.entry.container import Container
from shared.entry.http import Incoming
from shared.settings import read_settings
from shared.store.memory import MemoryStore
from shared.store.port import Key, Record, Version, Write

T = TypeVar("T")

FUNCTIONS, PORTAL, TELEGRAM = "https://functions.test", "https://portal.test", "https://telegram.test"
STEP = timedelta(seconds=3)
"""How far time is moved between two permits: background work of the one before is due."""


class Timeless(ManualClock):
    """A clock on which nothing takes time."""

    def __init__(self) -> None:
        super().__init__()
        self.moved = timedelta()

    def now(self) -> datetime:
        """Return the moment it was moved to."""
        return super().now() + self.moved

    async def sleep(self, seconds: float) -> None:
        """Return at once."""


@dataclass
class Counts:
    """What was asked: documents read and written, round trips of the store, requests to the portal, seconds of CPU.

    Calls of the store that are under way together are one round trip.
    """

    reads: int = 0
    writes: int = 0
    trips: int = 0
    requests: int = 0
    cpu: float = 0.0


class CountingStore(MemoryStore):
    """A store in memory that counts."""

    def __init__(self, now: Callable[[], datetime], counts: Counts) -> None:
        super().__init__(now)
        self._counts = counts
        self._under_way = 0

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        """Return those of the documents that are present: each is a read, found or not."""
        self._counts.reads += len(keys)
        return await self._trip(super().get_many(keys))

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        """Return what is due: a read each, and one where nothing is."""
        found = await self._trip(super().due(collection, before, limit, after))
        self._counts.reads += max(len(found), 1)
        return found

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        """Apply all writes or none."""
        self._counts.writes += len(writes)
        return await self._trip(super().commit(writes))

    async def _trip(self, call: Awaitable[T]) -> T:
        self._counts.trips += self._under_way == 0
        self._under_way += 1
        try:
            return await call
        finally:
            self._under_way -= 1


@dataclass
class Apart:
    """An application whose requests are counted and whose work is not ours: its CPU is left out of the counts."""

    app: ASGIApp
    counts: Counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        self.counts.requests += 1
        began = time.process_time()
        await self.app(scope, receive, send)
        self.counts.cpu -= time.process_time() - began


@dataclass
class Inside:
    """The functions' parts and what is around them. `counts` goes on until `counted` begins it anew."""

    here: Container
    store: CountingStore
    queue: KeptTasks
    portal: Portal
    clock: Timeless
    counts: Counts = field(default_factory=Counts)
    updates: int = 0

    async def counted(self, act: Callable[[], Awaitable[None]]) -> Counts:
        """Return what acting asked."""
        for name in vars(self.counts):
            setattr(self.counts, name, type(getattr(self.counts, name))())
        began = time.process_time()
        await act()
        self.counts.cpu += time.process_time() - began
        return Counts(**vars(self.counts))

    async def says(self, who: int, words: str) -> None:
        """Have a person's message handled."""
        self.updates += 1
        body = json.dumps(said_in_dialogue(who, words, self.updates)).encode()
        await telegram_update.receive(self.here, Incoming({}, body))

    async def permit(self) -> None:
        """Serve one permit, some seconds later."""
        self.clock.moved += STEP
        await bitrix_call.receive(self.here, Incoming({}, b"{}"))

    async def rests(self) -> None:
        """Serve permits until none is left."""
        while self.queue.tasks:
            self.queue.tasks.clear()
            await self.permit()


@asynccontextmanager
async def inside(goods: Callable[[], Catalogue] = build_catalogue, dialect: str = "native") -> AsyncIterator[Inside]:
    """Put everything together: a portal that never says «too many requests», and a Bot API that takes everything."""
    doors, clock, counts, queue = Doors(), Timeless(), Counts(), KeptTasks()
    options = PortalOptions(
        webhook_user=environment.PORTAL_USER, webhook_key=environment.PORTAL_KEY, rate=1e9, burst=10**9, goods=goods,
        dialect="native" if dialect == "native" else "contract", native=environment.NATIVE,
    )  # fmt: skip
    found = Addresses(FUNCTIONS, "unused:1", "unused:1", TELEGRAM, environment.rest(PORTAL))
    settings = read_settings(environment.merged(found, {"BITRIX_DIALECT": dialect, "LOG_LEVEL": "ERROR"}))
    async with httpx.AsyncClient(transport=doors) as http:
        portal = create_portal(options, clock=clock, http=http)
        store = CountingStore(clock.now, counts)
        here = Container(settings, now=clock.now, timer=clock.monotonic, http=http, queue=queue, store=store)
        doors.open(PORTAL, Apart(portal.app, counts))
        doors.open(TELEGRAM, bot_api([]))
        yield Inside(here, store, queue, portal, clock, counts)
        await portal.close()
