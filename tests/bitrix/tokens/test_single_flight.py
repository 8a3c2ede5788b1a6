"""One expired token, many callers, many instances: one renewal."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

import httpx
import pytest

from shared.bitrix.tokens import TokenDead, TokenUnavailable
from shared.bitrix.tokens.lease import Lease
from shared.bitrix.tokens.renewal import LEASE_TTL, POLLS
from shared.store.memory import MemoryStore
from tests.bitrix.memory_vault import MemoryVault
from tests.bitrix.tokens.conftest import World
from tests.support.logs import Heard
from tests.support.stores import SteppedStore, T

CALLERS = 20
INSTANCES = 4


class Jitter:
    """A `Step` that lets others go first, before and after, as often as the dice say: answers come in any order."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice

    async def __call__(self, name: str, act: Callable[[], Awaitable[T]]) -> T:  # noqa: ARG002 - the protocol's
        await self._wait()
        done = await act()
        await self._wait()
        return done

    async def _wait(self) -> None:
        for _ in range(self._dice.randrange(12)):
            await asyncio.sleep(0)


async def test_twenty_callers_of_four_instances_renew_once(world: World) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    managers = [world.manager() for _ in range(INSTANCES)]
    tokens = await asyncio.gather(*(managers[number % INSTANCES].current() for number in range(CALLERS)))
    assert tokens == ["access-token-1"] * CALLERS
    assert len(world.oauth.requests) == 1
    assert not await world.leased()


async def test_the_same_when_the_portal_says_so(world: World) -> None:
    await world.installed()
    managers = [world.manager() for _ in range(INSTANCES)]
    old = await managers[0].current()
    tokens = await asyncio.gather(*(managers[number % INSTANCES].expired(old) for number in range(CALLERS)))
    assert tokens == ["access-token-1"] * CALLERS
    assert len(world.oauth.requests) == 1


async def test_a_mixed_crowd_renews_once(world: World) -> None:
    await world.installed()
    managers = [world.manager() for _ in range(INSTANCES)]
    world.clock.advance(hours=1)
    crowd = [managers[number % INSTANCES].current() for number in range(10)]
    crowd += [managers[number % INSTANCES].expired("access-token-0") for number in range(10)]
    tokens = await asyncio.gather(*crowd, managers[0].refresh_ahead())
    assert set(tokens[:20]) == {"access-token-1"}
    assert len(world.oauth.requests) == 1


async def test_a_caller_who_gives_up_does_not_stop_the_renewal(world: World) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    manager = world.manager()
    caller = asyncio.create_task(manager.current())
    for _ in range(4):
        await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await manager.close()
    assert await world.manager().current() == "access-token-1"
    assert len(world.oauth.requests) == 1


async def test_the_failure_of_a_renewal_nobody_waits_for_is_not_left_lying(world: World, events: Heard) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    world.oauth.replies.append(httpx.Response(502))
    manager = world.manager()
    caller = asyncio.create_task(manager.current())
    for _ in range(4):
        await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await manager.close()
    assert len(events.named("token_renewal_failed")) == 1
    await manager.close()


async def test_a_renewal_that_is_cancelled_gives_the_lease_back(world: World) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    manager = world.manager()
    caller = asyncio.create_task(manager.current())
    for _ in range(6):
        await asyncio.sleep(0)
    assert await world.leased()
    assert manager._flight is not None
    manager._flight.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert not await world.leased()
    assert manager._flight is None


async def test_who_waits_too_long_is_told_to_come_again(world: World) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    other = Lease(world.store, "bitrix_token", world.clock, LEASE_TTL)
    assert await other.take()
    with pytest.raises(TokenUnavailable, match="too long"):
        await world.manager().current()
    assert len(world.clock.slept) == POLLS
    assert sum(world.clock.slept) == pytest.approx(12)
    assert not world.oauth.requests
    world.clock.advance(seconds=LEASE_TTL.total_seconds())
    assert await world.manager().current() == "access-token-1"


async def test_a_lease_lost_just_before_the_renewal_stops_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    answers = [True, False]
    take = Lease.take

    async def flaky(self: Lease) -> bool:
        await take(self)
        return answers.pop(0)

    monkeypatch.setattr(Lease, "take", flaky)
    with pytest.raises(TokenUnavailable, match="lost"):
        await world.manager().current()
    assert not world.oauth.requests


async def test_a_token_of_no_use_ends_the_trying(world: World) -> None:
    world.oauth.life = 30
    await world.installed()
    world.clock.advance(hours=1)
    take = world.oauth.issue

    def slow() -> dict[str, object]:
        world.clock.advance(minutes=1)
        return take()

    world.oauth.issue = slow  # type: ignore[method-assign]  # the seam of this one test
    with pytest.raises(TokenUnavailable, match="no use"):
        await world.manager().current()
    assert world.oauth.issued == 3


@pytest.mark.parametrize("seed", range(60))
async def test_in_whatever_order_things_happen(world: World, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    async def a_while(_: float) -> None:
        for _ in range(50):
            await asyncio.sleep(0)

    dice = random.Random(seed)  # noqa: S311 - the order of a test
    monkeypatch.setattr(world.clock, "sleep", a_while)
    world.store = SteppedStore(MemoryStore(world.clock), Jitter(dice))
    await world.installed()
    world.clock.advance(hours=1)
    managers = [world.manager() for _ in range(INSTANCES)]
    calls = [
        dice.choice(managers).expired("access-token-0") if dice.random() < 0.5 else dice.choice(managers).current()
        for _ in range(CALLERS)
    ]
    assert set(await asyncio.gather(*calls)) == {"access-token-1"}
    assert len(world.oauth.requests) == 1


async def test_who_was_frozen_for_longer_than_the_lease_heals_what_it_broke(world: World, events: Heard) -> None:
    """An instance without CPU between the server's answer and the vault: others find the refresh token used up."""
    frozen, thawed = asyncio.Event(), asyncio.Event()

    class Freezing(MemoryVault):
        async def add(self, data: bytes) -> str:
            frozen.set()
            await thawed.wait()
            return await world.vault.add(data)

        async def read(self, version: str) -> bytes:
            return await world.vault.read(version)

    await world.installed()
    world.clock.advance(hours=1)
    sleeper = asyncio.create_task(world.manager(vault=Freezing()).current())
    await frozen.wait()
    world.clock.advance(seconds=LEASE_TTL.total_seconds())
    with pytest.raises(TokenDead):
        await world.manager().current()
    assert (await world.version_record()).failed_since is not None
    thawed.set()
    assert await sleeper == "access-token-1"
    assert await world.manager().current() == "access-token-1"
    assert (await world.version_record()).failed_since is None
    assert len(events.named("token_dead")) == 1
