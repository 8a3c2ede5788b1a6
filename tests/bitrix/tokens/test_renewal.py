"""A renewed pair that is in no vault yet: used from memory, kept when it can be, dropped when others went on."""

from __future__ import annotations

import httpx
import pytest

from shared.bitrix.tokens import RefreshOutcome, RefreshPolicy, TokenDead, TokenUnavailable
from shared.bitrix.tokens.renewal import SAVE_PAUSES
from shared.store.port import Unavailable
from tests.bitrix.tokens.conftest import GRANT_REFUSED, SickVault, World
from tests.support.logs import Heard
from tests.support.stores import FaultyStore


async def test_a_hiccup_of_the_vault_is_overcome(world: World, vault: SickVault, events: Heard) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    vault.refusals = len(SAVE_PAUSES) - 1
    assert await world.manager().current() == "access-token-1"
    assert world.clock.slept == list(SAVE_PAUSES[1:])
    assert len(events.named("token_unsaved")) == 3
    assert await world.manager().current() == "access-token-1"
    assert not await world.leased()


async def test_the_pair_is_used_from_memory_and_kept_later(world: World, vault: SickVault) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    vault.refusals = 5
    manager, other = world.manager(), world.manager()
    assert await manager.current() == "access-token-1"
    assert await manager.current() == "access-token-1"
    assert vault.tries == 1 + len(SAVE_PAUSES)
    with pytest.raises(TokenUnavailable, match="somebody else"):
        await other.current()
    world.clock.advance(seconds=10)
    assert await manager.current() == "access-token-1"
    assert vault.tries == 2 + len(SAVE_PAUSES)
    world.clock.advance(seconds=10)
    assert await manager.current() == "access-token-1"
    assert await other.current() == "access-token-1"
    assert len(world.oauth.requests) == 1
    assert not await world.leased()


async def test_also_when_the_old_token_is_still_good(world: World, vault: SickVault) -> None:
    await world.installed()
    world.clock.advance(minutes=56)
    vault.refusals = 4
    manager = world.manager(policy=RefreshPolicy.ALWAYS)
    assert (await manager.refresh_ahead()).did is RefreshOutcome.RENEWED
    assert await manager.current() == "access-token-1"
    world.clock.advance(seconds=10)
    assert await manager.current() == "access-token-1"
    assert (await world.version_record()).version == "2"


async def test_when_others_have_gone_on_it_is_dropped(world: World, vault: SickVault) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    vault.refusals = 4
    manager = world.manager()
    await manager.current()
    await world.manager().install(world.first_pair(access="anew"))
    assert await manager.expired("access-token-1") == "anew"
    assert await manager.current() == "anew"


async def test_when_somebody_else_has_the_lease_it_is_used_on(world: World, vault: SickVault) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    vault.refusals = 4
    manager = world.manager()
    await manager.current()
    world.clock.advance(minutes=3)
    world.oauth.replies.append(GRANT_REFUSED)
    with pytest.raises(TokenDead):
        await world.manager().current()
    vault.refusals = 1
    blocker = world.manager()
    assert await blocker._renewal._lease.take()
    assert await manager.current() == "access-token-1"
    await blocker._renewal._lease.release()
    assert await manager.current() == "access-token-1"
    world.clock.advance(seconds=10)
    assert await manager.current() == "access-token-1"
    assert await world.manager().current() == "access-token-1"


async def test_a_store_in_trouble_on_top_does_not_lose_it(world: World, vault: SickVault, store: FaultyStore) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    manager = world.manager()
    await manager.refresh_ahead()
    vault.refusals = 4

    class Fails(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            store.breaks, store.errors = "leases", [Unavailable("down")] * 5
            return world.oauth.answer(request)

    world.http = httpx.AsyncClient(transport=Fails())
    async with world.http:
        manager = world.manager()
        assert await manager.current() == "access-token-1"
    assert not store.errors
    world.clock.advance(seconds=10)
    assert await manager.current() == "access-token-1"
    assert (await world.version_record()).version == "2"
