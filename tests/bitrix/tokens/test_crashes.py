"""The process dies at every single step of a renewal; the next caller must end well, or say honestly that it cannot."""

from __future__ import annotations

import httpx
import pytest

from shared.bitrix.secrets import SecretVault
from shared.bitrix.tokens import TokenDead, TokenManager, TokenPair, TokenUnavailable
from shared.bitrix.tokens.server import OAuthServer
from tests.bitrix.tokens.conftest import NAME, World
from tests.support.fate import Death, Fate
from tests.support.logs import Heard
from tests.support.stores import SteppedStore


class MortalVault:
    def __init__(self, vault: SecretVault, fate: Fate) -> None:
        self._vault, self._fate = vault, fate

    async def add(self, data: bytes) -> str:
        return await self._fate("vault add", lambda: self._vault.add(data))

    async def read(self, version: str) -> bytes:
        return await self._fate("vault read", lambda: self._vault.read(version))

    async def destroy(self, version: str) -> None:
        return await self._fate("vault destroy", lambda: self._vault.destroy(version))

    async def close(self) -> None:
        raise AssertionError("not used here")


class MortalServer:
    def __init__(self, server: OAuthServer, fate: Fate) -> None:
        self._server, self._fate = server, fate

    async def refresh(self, pair: TokenPair) -> TokenPair:
        return await self._fate("http", lambda: self._server.refresh(pair))


def mortal(world: World, fate: Fate) -> TokenManager:
    store, vault = SteppedStore(world.store, fate), MortalVault(world.vault, fate)
    server = MortalServer(world.server(), fate)
    return TokenManager(store, vault, server, NAME, now=world.clock, sleep=world.clock.sleep)


STEPS = [
    "get tokens",  # the version record, for the call
    "vault read",
    "get tokens",  # the version record, for the renewal
    "get leases",
    "commit leases",
    "get tokens",  # again, under the lease
    "vault read",  # kept but never published?
    "vault read",
    "vault read",
    "get leases",
    "commit leases",
    "http",
    "vault add",
    "get tokens",
    "commit tokens",  # published
    "get leases",
    "commit leases",  # given back
    "get tokens",
    "get tokens",
    "commit tokens",  # used
]


def nth(step: str) -> int:
    """The number of a step, the first being 1."""
    return STEPS.index(step) + 1


LOST = {(STEPS.index("http"), True), (STEPS.index("vault add"), False)}
"""Where the only one who knew the new pair has died."""


async def test_the_steps_of_a_renewal(world: World) -> None:
    """The table above is what really happens, so that the enumeration below is complete."""
    await world.installed()
    world.clock.advance(hours=1)
    fate = Fate()
    assert await mortal(world, fate).current() == "access-token-1"
    assert fate.steps == STEPS


async def next_caller(fresh: TokenManager) -> str:
    """What a job does: try again while it is told to."""
    for _ in range(5):
        try:
            return await fresh.current()
        except TokenUnavailable:
            continue
    raise AssertionError("the lease of the dead never ends")


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(len(STEPS)), ids=lambda step: f"{step} {STEPS[step]}")
async def test_the_next_caller_ends_well(world: World, events: Heard, step: int, after: bool) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    with pytest.raises(Death):
        await mortal(world, Fate(step + 1, after=after)).current()
    if (step, after) in LOST:
        with pytest.raises(TokenDead):
            await next_caller(world.manager())
        assert len(events.named("token_dead")) == 1
        with pytest.raises(TokenDead):
            await world.manager().current()
        assert len(events.named("token_dead")) == 1
        assert len(world.oauth.requests) == 2
    else:
        assert await next_caller(world.manager()) in world.oauth.alive
        assert len(world.oauth.requests) == 1
        assert not events.named("token_dead")


async def test_what_was_lost_is_mended_by_a_new_installation(world: World) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    with pytest.raises(Death):
        await mortal(world, Fate(nth("http"), after=True)).current()
    fresh = world.manager()
    with pytest.raises(TokenDead):
        await next_caller(fresh)
    await fresh.install(world.first_pair(access="access-anew", refresh="refresh-anew"))
    assert await fresh.current() == "access-anew"
    record = await world.version_record()
    assert record.failed_since is None
    assert record.retry_at is None


async def test_a_crash_after_a_crash(world: World) -> None:
    """Who finds a pair that was never published may die as well, at each of its steps."""
    fate = Fate(nth("vault add"), after=True)
    await world.installed()
    world.clock.advance(hours=1)
    with pytest.raises(Death):
        await mortal(world, fate).current()
    for end in range(1, 41):
        world.clock.advance(minutes=1)
        fate = Fate(end)
        try:
            token = await mortal(world, fate).current()
        except Death:
            continue
        assert token == "access-token-1"
        break
    else:
        pytest.fail("it never came to an end")
    assert len(world.oauth.requests) == 1


async def test_a_pair_found_too_late_still_buys_the_next(world: World) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    with pytest.raises(Death):
        await mortal(world, Fate(nth("vault add"), after=True)).current()
    world.clock.advance(days=3)
    assert await world.manager().current() == "access-token-2"
    record = await world.version_record()
    assert record.version == "3"
    assert [one.version for one in record.retired] == ["1", "2"]


async def test_an_answer_that_got_lost_is_like_a_death_in_the_wrong_moment(world: World, events: Heard) -> None:
    """The server has rotated, we do not know to what: said as it is, and no endless asking."""
    await world.installed()
    world.clock.advance(hours=1)
    world.oauth.issue()
    world.oauth.replies.append(httpx.ReadTimeout("no answer"))
    manager = world.manager()
    with pytest.raises(TokenUnavailable):
        await manager.current()
    with pytest.raises(TokenDead):
        await manager.current()
    assert len(world.oauth.requests) == 2
    assert len(events.named("token_dead")) == 1
