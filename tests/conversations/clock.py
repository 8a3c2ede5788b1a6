"""A clock that shows real time plus what was skipped, so that no test waits for a queue's pace or a retry's pause."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta


class SkippingClock:
    """`infra.local.clock.Clock` for a whole sandbox. `skip` wakes all sleepers whose time has come by it.

    Sleeps shorter than `blink` seconds, as a command costs the portal, are skipped at once. It is for speed only: what
    happens at the same time moves apart by so much.
    """

    def __init__(self) -> None:
        self.blink = 0.1
        self._skipped = 0.0
        self._signal = asyncio.Event()

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC) + timedelta(seconds=self._skipped)

    def monotonic(self) -> float:
        """Seconds that never go backwards."""
        return time.monotonic() + self._skipped

    async def sleep(self, seconds: float) -> None:
        """Return when `seconds` have passed or were skipped."""
        until = self.monotonic() + seconds
        if seconds < self.blink:
            self.skip(seconds)
        await asyncio.sleep(0)
        while (left := until - self.monotonic()) > 0:
            signal = self._signal
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await signal.wait()

    def skip(self, seconds: float) -> None:
        """Pass over so many seconds."""
        self._skipped += max(seconds, 0.0)
        signal, self._signal = self._signal, asyncio.Event()
        signal.set()
