"""A clock, a store that can fail, and the log's events."""

from collections.abc import Iterator

import pytest

from shared.store.memory import MemoryStore
from tests.support.clock import Clock
from tests.support.logs import Heard, listening
from tests.support.stores import FaultyStore


@pytest.fixture
def store(clock: Clock) -> FaultyStore:
    return FaultyStore(MemoryStore(clock))


@pytest.fixture
def events() -> Iterator[Heard]:
    with listening("shared.bitrix.limits") as heard:
        yield heard
