"""Stores in tests: wrappers over any store that count, fail before or after a call, or step in at each one."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

import pytest

from shared.pipeline import inbox, sending
from shared.store import patience, unit_of_work
from shared.store.memory import MemoryStore
from shared.store.port import Key, Record, Store, Unavailable, Version, Write

T = TypeVar("T")


class StoreWrapper:
    """Passes everything on to `inner`; a subclass steps in at `_around`."""

    def __init__(self, inner: Store) -> None:
        self.inner = inner

    async def get(self, key: Key) -> Record | None:
        return await self._around("get", [key], partial(self.inner.get, key))

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        return await self._around("get", keys, partial(self.inner.get_many, keys))

    async def due(self, collection: str, before: datetime, limit: int, after: datetime | None = None) -> list[Record]:
        look = partial(self.inner.due, collection, before, limit, after)
        return await self._around("due", [Key(collection, "")], look)

    async def page(self, collection: str, after: str, limit: int) -> list[Record]:
        return await self._around("page", [Key(collection, "")], partial(self.inner.page, collection, after, limit))

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        return await self._around("commit", writes, partial(self.inner.commit, writes))

    async def close(self) -> None:
        await self.inner.close()

    async def _around(self, call: str, about: Sequence[Any], act: Callable[[], Awaitable[T]]) -> T:
        """Make one call (`get`, `due`, `page`, `commit`) `about` keys or writes, by awaiting `act()`."""
        raise NotImplementedError


def documents(store: Store) -> dict[Key, Record]:
    """Return what a store in memory holds below all its wrappers; what is changed there is changed."""
    while isinstance(store, StoreWrapper):
        store = store.inner
    assert isinstance(store, MemoryStore)
    return store._documents


class FaultyStore(StoreWrapper):
    """Counts what it is asked, and fails on demand.

    `reads` and `commits` count calls that arrived while the store was in reach; `read` and `written` keep them.
    `down`: out of reach. `failures`: calls until it is in reach again. `errors`: what the next commits to `breaks`
    ("": to anything) raise instead of being done.
    """

    def __init__(self, inner: Store) -> None:
        super().__init__(inner)
        self.reads = 0
        self.commits = 0
        self.read: list[list[Key]] = []
        self.written: list[list[Write]] = []
        self.down = False
        self.failures = 0
        self.errors: list[Exception] = []
        self.breaks = ""
        self._fails_at: Callable[[Sequence[Write]], bool] | None = None
        self._left = 0
        self._applied = False

    def fail_at(self, commit: int, *, applied: bool, of: Callable[[Sequence[Write]], bool] = lambda _: True) -> None:
        """Have the commit with this number (1 = the next) of those that `of` picks fail.

        `applied`: it was done, but the answer was lost.
        """
        self._left, self._applied, self._fails_at = commit, applied, of

    def works(self) -> None:
        self._fails_at = None

    @property
    def failed(self) -> bool:
        return self._fails_at is None

    async def _around(self, call: str, about: Sequence[Any], act: Callable[[], Awaitable[T]]) -> T:
        self.failures -= 1
        if self.down or self.failures >= 0:
            raise Unavailable("the store is out of reach")
        if call != "commit":
            self.reads += 1
            self.read.append(list(about))
            return await act()
        self.commits += 1
        self.written.append(list(about))
        if self.errors and self.breaks in ("", about[0].key.collection):
            raise self.errors.pop(0)
        strikes = self._strikes(about)
        if strikes and not self._applied:
            raise Unavailable("the store is out of reach")
        done = await act()
        if strikes:
            raise Unavailable("the answer was lost")
        return done

    def _strikes(self, writes: Sequence[Write]) -> bool:
        if self._fails_at is None or not self._fails_at(writes):
            return False
        self._left -= 1
        if self._left == 0:
            self._fails_at = None
        return self._left == 0


class Step(Protocol):
    """Makes a call by awaiting `act()`, before, after or instead of which something may happen."""

    async def __call__(self, name: str, act: Callable[[], Awaitable[T]]) -> T: ...


class SteppedStore(StoreWrapper):
    """Makes every call through `step`, under the name «get carts», «commit jobs»."""

    def __init__(self, inner: Store, step: Step) -> None:
        super().__init__(inner)
        self._step = step

    async def _around(self, call: str, about: Sequence[Any], act: Callable[[], Awaitable[T]]) -> T:
        key = about[0].key if call == "commit" else about[0]
        return await self._step(f"{call} {key.collection}", act)


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decisions are repeated and records looked at again at once: the pauses between are real time."""
    monkeypatch.setattr(unit_of_work, "back_off", lambda _: 0.0)
    monkeypatch.setattr(inbox, "LOOK", 0.0)
    monkeypatch.setattr(sending, "LOOK", 0.0)
    monkeypatch.setattr(patience, "PAUSES", (0.0,) * 6)
