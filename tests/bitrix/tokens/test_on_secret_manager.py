"""The manager on Secret Manager, whose `latest` lags by an hour: why the version's number is what is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from google.cloud.secretmanager_v1 import SecretVersion

from infra.local.cloud_tasks import ManualClock
from infra.local.secret_manager import SecretManagerEmulator
from shared.bitrix.secrets import SecretManagerVault, VersionMissing
from shared.bitrix.tokens import RefreshPolicy, decode
from shared.store.collections import TOKENS
from shared.store.memory import MemoryStore
from tests.bitrix.tokens.conftest import World
from tests.support.door import LONGEST
from tests.support.stores import SteppedStore

SECRET = "projects/p/secrets/bitrix-token"


@pytest.fixture
def lagging() -> ManualClock:
    """The clock of the alias."""
    return ManualClock()


@pytest.fixture
async def emulator(lagging: ManualClock) -> AsyncIterator[SecretManagerEmulator]:
    emulator = SecretManagerEmulator(latest_lag=timedelta(hours=1), clock=lagging)
    emulator.add_secret(SECRET)
    yield emulator
    await emulator.stop()


@pytest.fixture
async def vaults(emulator: SecretManagerEmulator, world: World) -> AsyncIterator[list[SecretManagerVault]]:
    """One client per instance, as in production."""
    host = await emulator.start()
    vaults = [SecretManagerVault(SECRET, emulator_host=host, timeout_seconds=LONGEST) for _ in range(4)]
    world.vault = vaults[0]
    yield vaults
    for vault in vaults:
        await vault.close()


async def test_latest_would_give_a_dead_token_and_the_number_does_not(
    world: World, vaults: list[SecretManagerVault], lagging: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = asyncio.Event()

    async def tell(name: str, act: Callable[[], Awaitable[Any]]) -> Any:
        """Say when a version record was committed, so that who polls need not sleep."""
        done = await act()
        if name == f"commit {TOKENS.name}":
            moved.set()
        return done

    world.store = SteppedStore(MemoryStore(world.clock), tell)
    await world.installed()
    world.clock.advance(hours=1)
    await lagging.advance(3600)
    moved.clear()

    async def until_moved(_: float) -> None:
        await moved.wait()

    monkeypatch.setattr(world.clock, "sleep", until_moved)
    managers = [world.manager(vault=vault) for vault in vaults]
    tokens = await asyncio.gather(*(managers[number % 4].current() for number in range(20)))
    assert tokens == ["access-token-1"] * 20
    assert len(world.oauth.requests) == 1
    client = vaults[0]._connected()
    by_alias = await client.access_secret_version(name=f"{SECRET}/versions/latest")
    by_number = await client.access_secret_version(name=f"{SECRET}/versions/2")
    assert decode(by_alias.payload.data).access not in world.oauth.alive
    assert decode(by_number.payload.data).access in world.oauth.alive


async def test_old_versions_are_really_destroyed(world: World, vaults: list[SecretManagerVault]) -> None:
    await world.installed()
    manager = world.manager(policy=RefreshPolicy.ALWAYS)
    for _ in range(3):
        world.clock.advance(hours=1)
        await manager.refresh_ahead()
    client = vaults[0]._connected()
    states = [(await client.get_secret_version(name=f"{SECRET}/versions/{number}")).state for number in range(1, 5)]
    gone, there = SecretVersion.State.DESTROYED, SecretVersion.State.ENABLED
    assert states == [gone, gone, there, there]
    with pytest.raises(VersionMissing):
        await vaults[1].read("1")
