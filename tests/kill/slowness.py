"""Seconds that last longer: on a busy machine all time-outs, pauses and blows of a run stretch alike.

A machine that many share serves nothing in the three seconds a portal has. What such a run shows is the machine.
"""

from __future__ import annotations

import selectors
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from infra.local.clock import SystemClock


@dataclass(frozen=True)
class Slowness:
    """Each second lasts `times` of the machine's, from `since` on (seconds of its epoch), in all processes alike."""

    times: float = 1.0
    since: float = 0.0

    def now(self) -> datetime:
        """Return the moment by the slow clock."""
        return datetime.fromtimestamp(self.since + (time.time() - self.since) / self.times, UTC)

    def begin(self) -> None:
        """Have this process live by it: what asyncio waits for, and what is measured."""
        if self.times == 1.0:
            return
        monotonic, perf_counter, select = time.monotonic, time.perf_counter, selectors.EpollSelector.select

        def slow_select(
            poll: selectors.EpollSelector, timeout: float | None = None
        ) -> list[tuple[selectors.SelectorKey, int]]:
            return select(poll, None if timeout is None else timeout * self.times)

        setattr(time, "monotonic", lambda: monotonic() / self.times)  # noqa: B010 - mypy would not have it assigned
        setattr(time, "perf_counter", lambda: perf_counter() / self.times)  # noqa: B010
        setattr(selectors.EpollSelector, "select", slow_select)  # noqa: B010


class SlowClock(SystemClock):
    """The simulators' clock in a process that lives by a slowness."""

    def __init__(self, slowness: Slowness) -> None:
        self._slowness = slowness

    def now(self) -> datetime:
        return self._slowness.now()
