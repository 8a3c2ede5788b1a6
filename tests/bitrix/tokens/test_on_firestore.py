"""What is written in the store survives the real one: the same promises on the official Firestore emulator."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.bitrix.errors import Overloaded
from shared.bitrix.limits import CircuitBreaker, MethodPauses, PortalStopped
from shared.bitrix.tokens import RefreshOutcome, RefreshPolicy, TokenDead
from shared.store.collections import TOKENS
from shared.store.port import Key, Version, Write
from tests.bitrix.tokens.conftest import World
from tests.store.conftest import MakeStore, firestore

__all__ = ["firestore"]

pytestmark = pytest.mark.emulator


@pytest.fixture
async def moved(world: World, firestore: MakeStore, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Puts Firestore under the world; set when the version record was committed, so that who polls need not sleep."""
    store = firestore(world.clock)
    commit = store.commit
    moved = asyncio.Event()

    async def announcing(writes: Sequence[Write]) -> dict[Key, Version]:
        versions = await commit(writes)
        if writes[0].key.collection == TOKENS.name:
            moved.set()
        return versions

    async def until_moved(_: float) -> None:
        await moved.wait()

    monkeypatch.setattr(store, "commit", announcing)
    monkeypatch.setattr(world.clock, "sleep", until_moved)
    world.store = store
    return moved


async def test_twenty_callers_of_four_instances_renew_once(world: World, moved: asyncio.Event) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    moved.clear()
    managers = [world.manager() for _ in range(4)]
    tokens = await asyncio.gather(*(managers[number % 4].current() for number in range(20)))
    assert tokens == ["access-token-1"] * 20
    assert len(world.oauth.requests) == 1
    assert not await world.leased()


@pytest.mark.usefixtures("moved")
async def test_the_life_of_a_version_record(world: World) -> None:
    await world.installed()
    manager = world.manager(policy=RefreshPolicy.ALWAYS)
    await manager.current()
    world.clock.advance(minutes=56)
    assert (await manager.refresh_ahead()).did is RefreshOutcome.RENEWED
    world.clock.advance(hours=1)
    world.oauth.refresh = "used-by-somebody"
    with pytest.raises(TokenDead):
        await manager.current()
    assert (await world.version_record()).failed_since == world.clock()
    assert (await manager.refresh_ahead()).destroyed == 1
    await manager.install(world.first_pair(access="anew"))
    assert await manager.current() == "anew"
    record = await world.version_record()
    assert (record.version, record.generation, record.failed_since) == ("3", 3, None)


@pytest.mark.usefixtures("moved")
async def test_the_limits(world: World) -> None:
    until = world.clock() + timedelta(minutes=5)
    await MethodPauses(world.store, world.clock).rest("sale.order.list", until)
    assert await MethodPauses(world.store, world.clock).resting(["sale.order.list"]) == {"sale.order.list": until}
    await CircuitBreaker(world.store, world.clock).learn(Overloaded("x"))
    other = CircuitBreaker(world.store, world.clock)
    with pytest.raises(PortalStopped):
        await other.admit()
    world.clock.advance(minutes=1)
    await other.admit()
    await other.learn(None)
    await CircuitBreaker(world.store, world.clock).admit()
