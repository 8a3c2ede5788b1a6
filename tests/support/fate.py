"""Death or trouble at a chosen step, so that a test can have it at the first step, at the second, and so on."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")


class Death(BaseException):
    """The process is gone: no handler of ours sees it, nothing of it acts any more."""


@dataclass
class Fate:
    """Strikes at step number `at` (1 = the first), before or after the step did its work.

    `trouble` says what a step raises by its name; None: the process dies, and every later step with it.
    """

    at: int = 0
    after: bool = False
    trouble: Callable[[str], Exception] | None = None
    steps: list[str] = field(default_factory=list)
    dead: bool = False

    async def __call__(self, name: str, act: Callable[[], Awaitable[T]]) -> T:
        """Take a step by awaiting `act()`."""
        if self.dead:
            raise Death
        self.steps.append(name)
        struck = len(self.steps) == self.at
        # Before the step is made: one that fails by itself is a process's last one all the same.
        self.dead = struck and self.trouble is None
        if struck and not self.after:
            self._strike(name)
        result = await act()
        if struck or self.dead:
            self._strike(name)
        return result

    def _strike(self, name: str) -> None:
        raise Death if self.trouble is None else self.trouble(name)
