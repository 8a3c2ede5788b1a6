"""Time for the simulators: what they read and wait on, so that their tests never wait for real seconds."""

from __future__ import annotations

import asyncio
import heapq
import time
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

# Loop turns after which everything that does not wait for a socket or for the clock has come to rest.
_TURNS = 200


class Clock(Protocol):
    """A clock and an alarm."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go backwards, from an arbitrary zero."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed on this clock."""
        ...


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return the machine's monotonic seconds."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait for real."""
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._order = count()
        self._alarms: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """Return the moment the clock stands at."""
        return self._now

    def monotonic(self) -> float:
        """Return the moment the clock stands at, in seconds."""
        return self._now.timestamp()

    async def sleep(self, seconds: float) -> None:
        """Wait until somebody has moved the clock by `seconds`."""
        alarm = asyncio.get_running_loop().create_future()
        heapq.heappush(self._alarms, (self._now + timedelta(seconds=max(seconds, 0.0)), next(self._order), alarm))
        if seconds <= 0:
            self._ring(self._now)
        await alarm

    async def advance(self, seconds: float) -> None:
        """Move the clock, stopping at each alarm on the way until what it woke has come to rest."""
        until = self._now + timedelta(seconds=seconds)
        await settle()
        while self._alarms and self._alarms[0][0] <= until:
            self._now = max(self._now, self._alarms[0][0])
            self._ring(self._now)
            await settle()
        self._now = until
        await settle()

    async def settle(self) -> None:
        """Let everything run that does not wait for the clock."""
        await settle()

    def _ring(self, now: datetime) -> None:
        while self._alarms and self._alarms[0][0] <= now:
            alarm = heapq.heappop(self._alarms)[2]
            if not alarm.done():
                alarm.set_result(None)


async def settle() -> None:
    """Let everything run that waits neither for a socket nor for a clock."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


async def within(clock: Clock, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` returns, or cancel it and raise TimeoutError after `seconds` on the clock."""
    task = asyncio.ensure_future(work)
    if await _outlasts(clock, seconds, task):
        raise TimeoutError
    return task.result()


async def wait_for_signal(clock: Clock, signal: asyncio.Event, seconds: float | None) -> None:
    """Return when `signal` is set, or after `seconds` on the clock (None: never)."""
    if seconds is None:
        await signal.wait()
    else:
        await _outlasts(clock, seconds, asyncio.ensure_future(signal.wait()))


async def _outlasts(clock: Clock, seconds: float, task: asyncio.Task[Any]) -> bool:
    """Tell whether `task` was still running when the time was up; leave nothing running either way."""
    alarm = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
        return not task.done()
    finally:
        unfinished = [one for one in (task, alarm) if not one.done()]
        for one in unfinished:
            one.cancel()
        if unfinished:
            await asyncio.wait(unfinished)
