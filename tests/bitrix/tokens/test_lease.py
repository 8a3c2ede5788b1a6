"""The lease on its own."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from shared.bitrix.tokens.lease import Lease
from shared.store.memory import MemoryStore
from shared.store.port import Store, Unavailable
from tests.support.clock import Clock
from tests.support.stores import FaultyStore

TTL = timedelta(seconds=30)


@pytest.fixture
def store(clock: Clock) -> MemoryStore:
    return MemoryStore(clock)


def lease(store: Store, clock: Clock) -> Lease:
    return Lease(store, "something", clock, TTL)


async def test_one_of_many_gets_it(store: MemoryStore, clock: Clock) -> None:
    got = await asyncio.gather(*(lease(store, clock).take() for _ in range(10)))
    assert sum(got) == 1


async def test_it_ends_by_itself(store: MemoryStore, clock: Clock) -> None:
    one, two = lease(store, clock), lease(store, clock)
    assert await one.take()
    clock.advance(seconds=29)
    assert not await two.take()
    clock.advance(seconds=1)
    assert await two.take()
    assert not await one.take()


async def test_it_is_prolonged_by_its_owner(store: MemoryStore, clock: Clock) -> None:
    one, two = lease(store, clock), lease(store, clock)
    assert await one.take()
    clock.advance(seconds=20)
    assert await one.take()
    clock.advance(seconds=20)
    assert not await two.take()
    assert await one.take(timedelta(minutes=5))
    clock.advance(minutes=4)
    assert not await two.take()


async def test_it_is_given_back_by_its_owner_only(store: MemoryStore, clock: Clock) -> None:
    one, two = lease(store, clock), lease(store, clock)
    await one.release()
    assert await one.take()
    await two.release()
    assert not await two.take()
    await one.release()
    assert await two.take()


async def test_an_own_commit_whose_answer_was_lost_is_recognised(clock: Clock) -> None:
    store = FaultyStore(MemoryStore(clock))
    store.fail_at(1, applied=True)
    one = lease(store, clock)
    with pytest.raises(Unavailable):
        await one.take()
    assert await one.take()


async def test_a_store_in_trouble_does_not_hinder_giving_back(clock: Clock) -> None:
    store = FaultyStore(MemoryStore(clock))
    store.down = True
    await lease(store, clock).release()
