"""How many commands go into one batch of reads: as many as the portal answers within the timeout.

See shared/pipeline/README.md, «Jobs and permits».
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from shared.bitrix.encoding import MOST_COMMANDS
from shared.log_events import LogEvent, log_event

log = logging.getLogger(__name__)

STEP = 4
"""Commands added after each batch that was full enough and came in time."""

SURE = 0.75
"""Share of the target that more commands may take, by what each took now, while no batch was slow."""

GROWTH = 2.5
"""How many times as many that may be at once: what so few took says little about many more."""


@dataclass(frozen=True)
class Size:
    """The size, and its bounds. `target` is the seconds a batch may take: a share of the read timeout. Pure.

    `rising`: no batch was slow yet. Until one is, the size goes at once as far as the time surely allows: in a rush
    each new instance would else climb for seconds.
    """

    size: int
    target: float
    most: int = MOST_COMMANDS
    rising: bool = False

    def after(self, commands: int, seconds: float) -> Size:
        """Return the size after a batch of `commands` that took `seconds`.

        Grows by a step, or by leaps, when the batch was at least half full (operations of several commands seldom fill
        it exactly) and the measured time per command leaves room for it; falls to what that time allows, but to no less
        than half, when the batch took too long: one slow command among few says little about many. A batch of a few
        commands proves nothing about many.
        """
        per_command = seconds / commands
        if seconds > self.target:
            return self._fallen(max(self.size // 2, min(self.size, int(self.target / per_command))))
        if 2 * commands < self.size:
            return self
        leap = int(min(GROWTH * self.size, SURE * self.target / per_command if per_command else self.most))
        if self.rising and leap > self.size + STEP:
            return self._of(leap)
        return self if (self.size + STEP) * per_command > self.target else self._of(self.size + STEP)

    def after_timeout(self) -> Size:
        """Return the size after a batch that did not come in time: half; of a size that nobody has proved a third."""
        return self._fallen(self.size // (3 if self.rising else 2))

    def _fallen(self, size: int) -> Size:
        return replace(self._of(size), rising=False)

    def _of(self, size: int) -> Size:
        return replace(self, size=max(1, min(size, self.most)))


class BatchSize:
    """The present size in this instance: slow start, additive increase, halving on timeout; 1 to 50 commands.

    Fail-open: it starts at `first` in every instance, whatever others have learned, and is in no store. A size that is
    wrong costs one batch that is too slow (a read, tried again), so it is not worth a write. Counted by the log event
    `batch_size`, one entry per change.
    """

    def __init__(self, read_timeout: float = 3.0, *, share: float = 0.7, first: int = 32) -> None:
        self._now = Size(max(1, min(first, MOST_COMMANDS)), read_timeout * share, rising=True)

    @property
    def size(self) -> int:
        """How many commands the next batch may have."""
        return self._now.size

    def learn(self, commands: int, seconds: float, *, timed_out: bool) -> None:
        """Hear of a request that carried `commands` (at least one)."""
        before = self._now
        self._now = before.after_timeout() if timed_out else before.after(commands, seconds)
        if self._now.size != before.size:
            log_event(
                log,
                logging.INFO,
                LogEvent.BATCH_SIZE,
                "batch size",
                size=self.size,
                before=before.size,
                timed_out=timed_out,
            )
