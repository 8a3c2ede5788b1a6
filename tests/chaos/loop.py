"""An event loop whose time is not real: it jumps to the next timer whenever nothing else is left to do.

Everything lives in this process, without sockets and threads, so all that ever waits waits for a timer: pauses,
timeouts, leases and the pace of a queue hold to the microsecond, and an hour of them takes no time at all.
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

    def register(self, fileobj: FileDescriptorLike, events: int, data: Any = None) -> selectors.SelectorKey:
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
    """An event loop on its own time, which starts at 0."""

    def __init__(self) -> None:
        self._passed = 0.0
        super().__init__(_Skipper(self._pass))

    def time(self) -> float:
        return self._passed

    def run_in_executor(self, _executor: Executor | None, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override] # typeshed's TypeVarTuple
        """Call at once: a thread would take real time, of which this loop knows none."""
        done: asyncio.Future[T] = self.create_future()
        done.set_result(func(*args))
        return done

    def _pass(self, seconds: float) -> None:
        self._passed += seconds


class LoopClock:
    """`infra.local.clock.Clock` and `shared.clock.Now` over the running loop's time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def __call__(self) -> datetime:
        return self.now()

    def now(self) -> datetime:
        return START + timedelta(seconds=self._loop.time())

    def monotonic(self) -> float:
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run on a loop of its own."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(work)
