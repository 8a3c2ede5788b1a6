"""Queues in this process that hand out tasks at a pace, as Cloud Tasks does, on any clock."""

from __future__ import annotations

import asyncio
import heapq
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from infra.local.clock import Clock
from infra.local.sandbox import environment
from shared.pipeline.tasks import Task

REPEATED_AFTER = 1.0
"""Seconds after which a task whose handler died is handed out once more."""

NEARLY = 1e-6
"""What may be missing of a token: to wait for less than the loop's clock can tell apart is to wait for ever."""

Handler = Callable[[Task], Awaitable[bool]]
"""Handles a task; False when it must be repeated."""


@dataclass
class Pace:
    """A token bucket: `rate` a second, `burst` at once."""

    rate: float
    burst: float
    level: float = 0.0
    at: float = 0.0

    def wait(self, now: float) -> float:
        """Take a token and return 0, or return the seconds until there is one."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1 - NEARLY:
            return (1 - self.level) / self.rate
        self.level -= 1
        return 0.0


@dataclass
class PacedQueue:
    """Hands out tasks as they are due and the pace lets them; one whose handler died is handed out again.

    `doubled` is the share of tasks that are handed out twice.
    """

    clock: Clock
    handler: Handler
    dice: random.Random
    pace: Pace = field(default_factory=lambda: Pace(2.0, 2.0, 2.0))
    concurrent: int = 10
    doubled: float = 0.0
    _waiting: list[tuple[datetime, int, Task]] = field(default_factory=list)
    _running: set[asyncio.Task[None]] = field(default_factory=set)
    _numbers: Iterator[int] = field(default_factory=count)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def idle(self) -> bool:
        """Whether nothing is waiting or being handled."""
        return not self._waiting and not self._running

    @property
    def waiting(self) -> int:
        """How many tasks are not handed out yet."""
        return len(self._waiting)

    def add(self, task: Task, at: datetime) -> None:
        """Put a task in, twice if luck will have it."""
        for _ in range(2 if self.dice.random() < self.doubled else 1):
            heapq.heappush(self._waiting, (at, next(self._numbers), task))
        self._news.set()

    async def hand_out(self) -> None:
        """Hand tasks out until it is cancelled."""
        while True:
            self._news.clear()
            seconds = self._until_next()
            if seconds is None or seconds > 0:
                await self._sleep(seconds)
                continue
            at, _, task = heapq.heappop(self._waiting)
            running = asyncio.create_task(self._handle(task, at))
            self._running.add(running)
            running.add_done_callback(self._ended)

    def _until_next(self) -> float | None:
        """Return the seconds until a task may go out; None: not before something else happens."""
        if not self._waiting or len(self._running) >= self.concurrent:
            return None
        early = (self._waiting[0][0] - self.clock.now()).total_seconds()
        return early if early > 0 else self.pace.wait(self.clock.monotonic())

    async def _sleep(self, seconds: float | None) -> None:
        news = asyncio.ensure_future(self._news.wait())
        await asyncio.wait([news], timeout=seconds)
        news.cancel()

    async def _handle(self, task: Task, at: datetime) -> None:
        due = {"X-CloudTasks-TaskETA": f"{at.timestamp():.6f}"}
        if not await self.handler(replace(task, headers={**task.headers, **due})):
            await self.clock.sleep(REPEATED_AFTER)
            self.add(task, self.clock.now())

    def _ended(self, running: asyncio.Task[None]) -> None:
        self._running.discard(running)
        self._news.set()
        running.result()

    async def close(self) -> None:
        """Stop what is being handled."""
        for running in self._running:
            running.remove_done_callback(self._ended)
            running.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


class PacedQueues:
    """Both queues with the deployed pace, as the `TaskQueue` of a container. Permits go to `BITRIX_QUEUE`."""

    def __init__(self, clock: Clock, permit: Handler, message: Handler, dice: random.Random) -> None:
        self._clock = clock
        self.permits = PacedQueue(clock, permit, dice)
        self.messages = PacedQueue(clock, message, dice, Pace(25.0, 25.0, 25.0), 25)

    async def add(self, task: Task) -> None:
        """Put a task into its queue."""
        await asyncio.sleep(0)
        queue = self.permits if task.queue == environment.BITRIX_QUEUE else self.messages
        queue.add(task, task.schedule_at or self._clock.now())

    async def close(self) -> None:
        """Close, as `CloudTasks`: there is nothing to let go of."""

    @property
    def idle(self) -> bool:
        """Whether neither has anything to do."""
        return self.permits.idle and self.messages.idle


@asynccontextmanager
async def handing_out(both: PacedQueues) -> AsyncIterator[None]:
    """Have the queues hand out meanwhile. Leaves nothing running."""
    queues = (both.permits, both.messages)
    handing = [asyncio.create_task(queue.hand_out()) for queue in queues]
    try:
        yield
    finally:
        for task in handing:
            task.cancel()
        await asyncio.gather(*handing, return_exceptions=True)
        for queue in queues:
            await queue.close()
