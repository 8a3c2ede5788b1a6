"""The time budget of each method: ten one-minute buckets per caller and method.

It is looked at before a call: whoever is over the limit waits until the oldest bucket leaves. `batch` itself is not
counted, each method inside is.
"""

from __future__ import annotations

from dataclasses import dataclass

from infra.local.clock import Clock
from infra.local.portal.errors import operation_limit

BUCKET = 60
BUCKETS = 10


@dataclass(frozen=True)
class Usage:
    """What a method has used up, in seconds, and when (unix time) the oldest bucket leaves."""

    seconds: float
    reset_at: int


class OperatingBudget:
    """Adds up how long the methods took. Every call counts, short ones too."""

    def __init__(self, limit: float, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._buckets: dict[tuple[str, str], dict[int, float]] = {}
        self._exhausted: dict[str, int] = {}

    def check(self, caller: str, method: str) -> None:
        """Raise `RestError` OPERATION_TIME_LIMIT when the method's time is used up."""
        resting = self._minute() - self._exhausted.get(method, -BUCKETS) < BUCKETS
        if resting or self.usage(caller, method).seconds >= self._limit:
            raise operation_limit()

    def exhaust(self, method: str) -> int:
        """Use up a method's time for everybody; return when (unix time) it may be called again."""
        self._exhausted[method] = self._minute()
        return (self._minute() + BUCKETS) * BUCKET

    def spend(self, caller: str, method: str, seconds: float) -> None:
        """Count the time of a call that has just ended."""
        minute = self._minute()
        buckets = self._buckets.setdefault((caller, method), {})
        buckets[minute] = buckets.get(minute, 0.0) + seconds

    def usage(self, caller: str, method: str) -> Usage:
        """Return what was used in the last ten minutes; buckets that are over are dropped."""
        now = self._minute()
        buckets = self._buckets.get((caller, method), {})
        for minute in [minute for minute in buckets if minute <= now - BUCKETS]:
            del buckets[minute]
        return Usage(sum(buckets.values()), (min(buckets, default=now) + BUCKETS) * BUCKET)

    def _minute(self) -> int:
        return int(self._clock.now().timestamp()) // BUCKET
