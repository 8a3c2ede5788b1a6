"""Stores to test: the memory one, and the Firestore one on the official emulator."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

import pytest

from shared.store.memory import MemoryStore
from shared.store.port import Key, Record, Store
from tests.support.clock import Clock
from tests.support.door import LONGEST

from .proxy import Proxy

if TYPE_CHECKING:
    from shared.store.firestore import FirestoreStore
    from shared.store.firestore.calls import Patience


class MakeStore(Protocol):
    """Makes Firestore stores on one database, at the emulator and with all patience unless told otherwise."""

    def __call__(
        self, now: Callable[[], datetime], host: str = ..., patience: "Patience | None" = ...
    ) -> "FirestoreStore": ...


async def read(store: Store, key: Key) -> Record:
    record = await store.get(key)
    assert record is not None
    return record


@pytest.fixture
async def firestore(firestore_host: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MakeStore]:
    """A maker of Firestore stores on one empty database; they are closed at the end.

    The usual patience is five real seconds, which the emulator takes on a busy machine while all is well.
    """
    from shared.store.firestore import FirestoreStore, connect  # noqa: PLC0415 - it loads Google's libraries
    from shared.store.firestore.calls import Patience  # noqa: PLC0415 - the same

    project = f"test-{uuid4().hex[:12]}"
    made: list[FirestoreStore] = []

    def make(
        now: Callable[[], datetime], host: str = firestore_host, patience: "Patience | None" = None
    ) -> "FirestoreStore":
        monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", host)
        made.append(connect(project, "(default)", now, patience or Patience(LONGEST)))
        return made[-1]

    yield make
    for store in made:
        await store.close()


@pytest.fixture
def memory_store(clock: Clock) -> Store:
    return MemoryStore(clock)


@pytest.fixture
async def firestore_store(firestore: MakeStore, clock: Clock) -> Store:
    return firestore(clock)


@pytest.fixture(params=["memory", pytest.param("firestore", marks=pytest.mark.emulator)])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty store of each kind."""
    made: Store = request.getfixturevalue(f"{request.param}_store")
    return made


@pytest.fixture
async def proxy(firestore_host: str) -> AsyncIterator[Proxy]:
    async with Proxy(firestore_host) as running:
        yield running
