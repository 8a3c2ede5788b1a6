"""The portal's rate limit: a leaky bucket."""

from __future__ import annotations

from infra.local.clock import Clock


class LeakyBucket:
    """Each HTTP request adds one, `rate` leak out each second, a request that would go over `burst` is refused.

    One bucket serves the whole portal: a real one keeps a bucket per caller's address, and here all callers share one
    machine.
    """

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._rate = rate
        self._burst = burst
        self._clock = clock
        self._level = 0.0
        self._seen_at = clock.monotonic()

    def take(self) -> bool:
        """Count a request; False means it is refused (and not counted)."""
        now = self._clock.monotonic()
        self._level = max(0.0, self._level - (now - self._seen_at) * self._rate)
        self._seen_at = now
        if self._level + 1 > self._burst:
            return False
        self._level += 1
        return True
