"""A clock, a store that can fail."""

import pytest

from shared.store.memory import MemoryStore
from tests.support.clock import Clock
from tests.support.stores import FaultyStore


@pytest.fixture
def store(clock: Clock) -> FaultyStore:
    return FaultyStore(MemoryStore(clock))
