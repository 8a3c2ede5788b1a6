"""Time that skips what nobody needs to wait for: an event loop on its own time, for what is all in one process.

An hour of pauses, leases and queues' paces takes no longer there than the work between them.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

T = TypeVar("T")

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class StandstillError(AssertionError):
    """Everybody waits for something that will never happen."""


class _Skipper(selectors.BaseSelector):
    """Waits for files like any selector, but not for the time: that is told to pass."""

    def __init__(self, passes: Callable[[float], None]) -> None:
        self._files = selectors.DefaultSelector()
        self._passes = passes

    def register(self, fileobj: FileDescriptorLike, events: int, data: object = None) -> selectors.SelectorKey:
        return self._files.register(fileobj, events, data)

    def unregister(self, fileobj: FileDescriptorLike) -> selectors.SelectorKey:
        return self._files.unregister(fileobj)

    def get_map(self) -> Mapping[FileDescriptorLike, selectors.SelectorKey]:
        return self._files.get_map()

    def close(self) -> None:
        self._files.close()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise StandstillError("nobody waits for a timer, and nothing else can happen")
        self._passes(max(timeout, 0.0))
        return []


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop on its own time, which starts at 0 and jumps to the next timer whenever nothing else is left to do.

    All that ever waits in it waits for a timer, so pauses, timeouts and leases hold to the microsecond.
    """

    def __init__(self) -> None:
        self._passed = 0.0
        super().__init__(_Skipper(self._pass))

    def time(self) -> float:
        """Return the seconds that passed, most of them skipped."""
        return self._passed

    def run_in_executor(self, _executor: Executor | None, func: Callable[..., T], *args: object) -> asyncio.Future[T]:
        """Call at once: a thread would take real time, of which this loop knows none."""
        done: asyncio.Future[T] = self.create_future()
        done.set_result(func(*args))
        return done

    def _pass(self, seconds: float) -> None:
        self._passed += seconds


class LoopClock:
    """The time of a running `SkippingLoop`, as `infra.local.clock.Clock` shows it; its zero is `start`."""

    def __init__(self, start: datetime = START) -> None:
        self._loop = asyncio.get_running_loop()
        self._start = start

    def __call__(self) -> datetime:
        """Return the present moment, as `shared.clock.Now`."""
        return self.now()

    def now(self) -> datetime:
        """Return the present moment."""
        return self._start + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        """Return the loop's own seconds."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Return when so much of the loop's time has passed."""
        await asyncio.sleep(max(seconds, 0.0))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run work on a loop that skips."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(work)
