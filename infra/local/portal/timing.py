"""How long things take: the cost of commands, the 60 s cap, the `time` block."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from infra.local.clock import Clock
from infra.local.portal.errors import RequestTimeoutError
from infra.local.portal.operating import Usage
from infra.local.portal.options import PortalOptions

PORTAL_ZONE = timezone(timedelta(hours=3), "MSK")
_OPERATING_WINDOW = 600


@dataclass
class Stopwatch:
    """Measures a request or one command of it; `usage` is what its method has used up where that is counted."""

    clock: Clock
    started_at: datetime
    started: float
    processing: float = 0.0
    usage: Usage | None = None

    @classmethod
    def start(cls, clock: Clock) -> Stopwatch:
        """Begin to measure now."""
        return cls(clock, clock.now(), clock.monotonic())

    def view(self, *, operating: bool = True) -> dict[str, Any]:
        """Return the `time` block; `batch` itself has no operating time."""
        finished_at = self.clock.now()
        block: dict[str, Any] = {
            "start": round(self.started_at.timestamp(), 6),
            "finish": round(finished_at.timestamp(), 6),
            "duration": round(self.clock.monotonic() - self.started, 6),
            "processing": round(self.processing, 6),
            "date_start": iso(self.started_at),
            "date_finish": iso(finished_at),
        }
        if operating:
            usage = self.usage or Usage(self.processing, int(self.started_at.timestamp()) + _OPERATING_WINDOW)
            block["operating_reset_at"] = usage.reset_at
            block["operating"] = round(usage.seconds, 6)
        return block


class Toil:
    """The time one HTTP request may still spend."""

    def __init__(self, options: PortalOptions, clock: Clock) -> None:
        self._options = options
        self._clock = clock
        self._deadline = clock.monotonic() + options.request_limit

    async def spend(self, method: str, watch: Stopwatch) -> None:
        """Take as long as a command of this method takes.

        Raises `RequestTimeoutError` at the cap: the command is not run.
        """
        cost = self._options.costs.get(method, self._options.default_cost)
        left = self._deadline - self._clock.monotonic()
        if cost > left:
            await self._clock.sleep(max(0.0, left))
            raise RequestTimeoutError
        await self._clock.sleep(cost)
        watch.processing += cost


def iso(moment: datetime) -> str:
    """Return a moment as the portal writes it: ISO 8601 with the portal's offset."""
    return moment.astimezone(PORTAL_ZONE).isoformat(timespec="seconds")
