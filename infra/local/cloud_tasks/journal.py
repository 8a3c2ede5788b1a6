"""What an emulator did, for tests and for whoever watches the sandbox."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

_KEPT = 10_000


@dataclass
class Dispatch:
    """One attempt at one task, by full names.

    `attempt` counts from 1. Until the attempt is over, `finished_at` is None. `status` stays None when no answer came;
    `outcome` then says why: `UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`, else `HTTP <status>`.
    """

    at: datetime
    queue: str
    task: str
    attempt: int
    status: int | None = None
    outcome: str = ""
    finished_at: datetime | None = None


class Journal:
    """The last dispatches, oldest first, and a way to wait for more."""

    def __init__(self) -> None:
        self._dispatches: deque[Dispatch] = deque(maxlen=_KEPT)
        self._changed = asyncio.Event()

    @property
    def dispatches(self) -> list[Dispatch]:
        """Return what is remembered, oldest first."""
        return list(self._dispatches)

    @property
    def finished(self) -> list[Dispatch]:
        """Return the attempts that are over."""
        return [one for one in self._dispatches if one.finished_at is not None]

    def begin(self, dispatch: Dispatch) -> None:
        """Note an attempt that starts."""
        self._dispatches.append(dispatch)
        self._announce()

    def end(self, dispatch: Dispatch, now: datetime, status: int | None, outcome: str) -> None:
        """Note how an attempt ended."""
        dispatch.status, dispatch.outcome, dispatch.finished_at = status, outcome, now
        self._announce()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until `condition` holds; it is asked again after each entry."""
        while not condition():
            await self._changed.wait()

    def _announce(self) -> None:
        """Wake all who wait, and make the next announcement a new one."""
        self._changed.set()
        self._changed = asyncio.Event()
