"""The token bucket: the last guard of the portal's pace, in each instance (spec §5).

The pace of all instances together is the queue's (shared/pipeline/README.md, «Jobs and permits»); this one only catches
what would slip past it: a queue configured wrongly, a burst of permits after a pause.
"""

from __future__ import annotations

from datetime import datetime


class RateLimiter:
    """`rate` requests a second in the long run, `burst` at once. Nobody sleeps: who gets no token comes again.

    Fail-closed: without a token there is no request. It needs neither store nor network, so it cannot be in trouble.
    Counted by the log event `pace_guard` of `shared.bitrix.limits.limited_client`.
    """

    def __init__(self, rate: float = 2.0, burst: int = 10) -> None:
        if rate <= 0 or burst < 1:
            raise ValueError("a bucket needs a rate above 0 and room for one token")
        self._rate = rate
        self._burst = float(burst)
        self._level = self._burst
        self._at: datetime | None = None

    def take(self, now: datetime) -> bool:
        """Take a token if there is one."""
        self._fill(now)
        if self._level < 1:
            return False
        self._level -= 1
        return True

    def _fill(self, now: datetime) -> None:
        """Let in what has come since the last time. A clock that goes backwards brings nothing."""
        if self._at is not None and now > self._at:
            self._level = min(self._burst, self._level + (now - self._at).total_seconds() * self._rate)
        self._at = now if self._at is None else max(self._at, now)
