"""Whose pair becomes the present one, and what becomes of the others."""

from __future__ import annotations

import pytest

from shared.store.port import Conflict, Key, Put, Unavailable
from tests.bitrix.memory_vault import MemoryVault
from tests.bitrix.tokens.conftest import NAME, World
from tests.support.stores import FaultyStore, documents


async def test_a_store_that_fails_just_then_loses_nothing(world: World, store: FaultyStore) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    store.breaks, store.errors = "tokens", [Unavailable("down")]
    manager = world.manager()
    with pytest.raises(Unavailable):
        await manager.current()
    assert await manager.current() == "access-token-1"
    assert len(world.oauth.requests) == 1


async def test_a_conflict_with_a_mark_is_decided_again(world: World, store: FaultyStore) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    store.breaks, store.errors = "tokens", [Conflict("a mark was faster")]
    assert await world.manager().current() == "access-token-1"
    assert (await world.version_record()).generation == 2


async def test_who_was_overtaken_takes_the_other_pair(world: World) -> None:
    """A renewal so slow that an installation came between: its version is an orphan, and is retired."""
    await world.installed()
    world.clock.advance(hours=1)

    class Overtaken(MemoryVault):
        async def add(self, data: bytes) -> str:
            version = await super().add(data)
            if version == "2":
                other = world.manager(vault=world.vault)
                await other.install(world.first_pair(access="anew"))
            return version

    vault = Overtaken()
    vault._versions = world.vault._versions  # type: ignore[attr-defined]  # one secret, two views of it
    assert await world.manager(vault=vault).current() == "anew"
    record = await world.version_record()
    assert (record.version, record.generation) == ("3", 2)
    assert [one.version for one in record.retired] == ["1", "2"]


async def test_an_orphan_is_never_adopted(world: World, store: FaultyStore) -> None:
    await world.installed()
    orphan = await world.vault.add(world.first_pair(access="orphan").encode())
    kept = documents(store)[Key("tokens", NAME)]
    retired = (await world.version_record()).without_orphan(orphan, world.clock())
    await store.commit([Put(kept.key, retired.data(), kept.version)])
    assert await world.manager().expired("access-token-0") == "access-token-1"
    record = await world.version_record()
    assert (record.version, sorted(one.version for one in record.retired)) == ("3", ["1", "2"])
