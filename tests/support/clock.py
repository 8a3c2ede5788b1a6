"""Time in tests: a clock that is set, one that skips what nobody needs to wait for, and an event loop that skips too.

Which to take: `Clock` where nothing runs by itself; `SkippingClock` where sockets are real; `run` where all is in this
process, for then an hour of pauses, leases and queues' paces takes no longer than the work between them.
"""

import asyncio
import time
from collections.abc import Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.skipping import START, LoopClock, SkippingLoop, run

__all__ = ["START", "Clock", "LoopClock", "SkippingClock", "SkippingLoop", "run"]


class Clock:
    """`shared.clock.Now` and `infra.local.clock.Clock` at once: stands still until it is moved, or slept on.

    `slept` has the seconds of every sleep, each of which passes at once.
    """

    def __init__(self, time: datetime = START) -> None:
        self.time = time
        self.slept: list[float] = []
        self._start = time

    def __call__(self) -> datetime:
        return self.time

    def now(self) -> datetime:
        return self.time

    @property
    def passed(self) -> float:
        """Seconds since the clock was made."""
        return (self.time - self._start).total_seconds()

    @passed.setter
    def passed(self, seconds: float) -> None:
        self.time = self._start + timedelta(seconds=seconds)

    def monotonic(self) -> float:
        return self.passed

    def advance(self, seconds: float = 0.0, **delta: float) -> None:
        """Move on by so many seconds, or by what `timedelta` takes."""
        self.time += timedelta(seconds=seconds, **delta)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.advance(max(seconds, 0.0))
        await asyncio.sleep(0)


class SkippingClock:
    """`infra.local.clock.Clock` that shows real time plus what was skipped.

    `skip` wakes all sleepers whose time has come by it. Sleeps shorter than `blink` seconds, as a command costs the
    portal, are skipped at once: for speed only, what happens at the same time moves apart by so much.
    """

    def __init__(self) -> None:
        self.blink = 0.1
        self.skipped = 0.0
        self._signal = asyncio.Event()

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.skipped)

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped

    def sleep(self, seconds: float) -> Coroutine[Any, Any, None]:
        """Return when `seconds` from this call have passed or were skipped.

        From the call, not from the first step of the coroutine: time may be skipped between the two, and who counts
        the seconds from then on oversleeps by as much.
        """
        return self._sleep_until(self.monotonic() + seconds, seconds)

    async def _sleep_until(self, until: float, seconds: float) -> None:
        if seconds < self.blink:
            self.skip(until - self.monotonic())
        await asyncio.sleep(0)
        while (left := until - self.monotonic()) > 0:
            signal = self._signal
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await signal.wait()

    def skip(self, seconds: float) -> None:
        self.skipped += max(seconds, 0.0)
        signal, self._signal = self._signal, asyncio.Event()
        signal.set()
