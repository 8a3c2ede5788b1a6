"""The process dies at every single step of a renewal; the next caller must end well, or say honestly that it cannot."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
import pytest

from shared.bitrix.secrets import SecretVault
from shared.bitrix.tokens import TokenDead, TokenManager, TokenPair, TokenUnavailable
from shared.bitrix.tokens.server import OAuthServer
from shared.store.port import Key, Record, Store, Version, Write
from tests.bitrix.tokens.conftest import NAME, Events, World

T = TypeVar("T")


class Died(BaseException):
    """The process is no more."""


@dataclass
class Life:
    """Ends at step number `end`, before or after the step took effect; from then on nothing works."""

    end: int = -1
    after: bool = False
    steps: list[str] = field(default_factory=list)
    dead: bool = False

    async def step(self, name: str, act: Callable[[], Awaitable[T]]) -> T:
        if self.dead:
            raise Died
        self.steps.append(name)
        self.dead = len(self.steps) - 1 == self.end
        if self.dead and not self.after:
            raise Died
        result = await act()
        if self.dead:
            raise Died
        return result


class MortalStore:
    def __init__(self, store: Store, life: Life) -> None:
        self._store, self._life = store, life

    async def get(self, key: Key) -> Record | None:
        return await self._life.step(f"get {key.collection}", lambda: self._store.get(key))

    async def get_many(self, keys: Sequence[Key]) -> dict[Key, Record]:
        return await self._life.step(f"get {keys[0].collection}", lambda: self._store.get_many(keys))

    async def due(self, *_: Any) -> list[Record]:
        raise AssertionError("not used here")

    async def commit(self, writes: Sequence[Write]) -> dict[Key, Version]:
        return await self._life.step(f"commit {writes[0].key.collection}", lambda: self._store.commit(writes))

    async def close(self) -> None:
        raise AssertionError("not used here")


class MortalVault:
    def __init__(self, vault: SecretVault, life: Life) -> None:
        self._vault, self._life = vault, life

    async def add(self, data: bytes) -> str:
        return await self._life.step("vault add", lambda: self._vault.add(data))

    async def read(self, version: str) -> bytes:
        return await self._life.step("vault read", lambda: self._vault.read(version))

    async def destroy(self, version: str) -> None:
        return await self._life.step("vault destroy", lambda: self._vault.destroy(version))

    async def close(self) -> None:
        raise AssertionError("not used here")


class MortalServer:
    def __init__(self, server: OAuthServer, life: Life) -> None:
        self._server, self._life = server, life

    async def refresh(self, pair: TokenPair) -> TokenPair:
        return await self._life.step("http", lambda: self._server.refresh(pair))


def mortal(world: World, life: Life) -> TokenManager:
    store, vault = MortalStore(world.store, life), MortalVault(world.vault, life)
    server = MortalServer(world.server(), life)
    return TokenManager(store, vault, server, NAME, now=world.clock, sleep=world.clock.sleep)


STEPS = [
    "get tokens",  # the pointer, for the call
    "vault read",
    "get tokens",  # the pointer, for the renewal
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
LOST = {(STEPS.index("http"), True), (STEPS.index("vault add"), False)}
"""Where the only one who knew the new pair has died."""


async def test_the_steps_of_a_renewal(world: World) -> None:
    """The table above is what really happens, so that the enumeration below is complete."""
    await world.installed()
    world.clock.advance(hours=1)
    life = Life()
    assert await mortal(world, life).current() == "access-token-1"
    assert life.steps == STEPS


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
async def test_the_next_caller_ends_well(world: World, events: Events, step: int, after: bool) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    with pytest.raises(Died):
        await mortal(world, Life(step, after=after)).current()
    if (step, after) in LOST:
        with pytest.raises(TokenDead):
            await next_caller(world.keeper())
        assert len(events.named("token_dead")) == 1
        with pytest.raises(TokenDead):
            await world.keeper().current()
        assert len(events.named("token_dead")) == 1
        assert len(world.oauth.requests) == 2
    else:
        assert await next_caller(world.keeper()) in world.oauth.alive
        assert len(world.oauth.requests) == 1
        assert not events.named("token_dead")


async def test_what_was_lost_is_mended_by_a_new_installation(world: World) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    with pytest.raises(Died):
        await mortal(world, Life(STEPS.index("http"), after=True)).current()
    fresh = world.keeper()
    with pytest.raises(TokenDead):
        await next_caller(fresh)
    await fresh.install(world.first_pair(access="access-anew", refresh="refresh-anew"))
    assert await fresh.current() == "access-anew"
    pointer = await world.pointer()
    assert pointer.failed_since is None
    assert pointer.retry_at is None


async def test_a_crash_after_a_crash(world: World) -> None:
    """Who finds a pair that was never published may die as well, at each of its steps."""
    life = Life(STEPS.index("vault add"), after=True)
    await world.installed()
    world.clock.advance(hours=1)
    with pytest.raises(Died):
        await mortal(world, life).current()
    for end in range(40):
        world.clock.advance(minutes=1)
        life = Life(end)
        try:
            token = await mortal(world, life).current()
        except Died:
            continue
        assert token == "access-token-1"
        break
    else:
        pytest.fail("it never came to an end")
    assert len(world.oauth.requests) == 1


async def test_a_pair_found_too_late_still_buys_the_next(world: World) -> None:
    await world.installed()
    world.clock.advance(hours=1)
    with pytest.raises(Died):
        await mortal(world, Life(STEPS.index("vault add"), after=True)).current()
    world.clock.advance(days=3)
    assert await world.keeper().current() == "access-token-2"
    pointer = await world.pointer()
    assert pointer.version == "3"
    assert [one.version for one in pointer.retired] == ["1", "2"]


async def test_an_answer_that_got_lost_is_like_a_death_in_the_wrong_moment(world: World, events: Events) -> None:
    """The server has rotated, we do not know to what: said as it is, and no endless asking."""
    await world.installed()
    world.clock.advance(hours=1)
    world.oauth.issue()
    world.oauth.replies.append(httpx.ReadTimeout("no answer"))
    keeper = world.keeper()
    with pytest.raises(TokenUnavailable):
        await keeper.current()
    with pytest.raises(TokenDead):
        await keeper.current()
    assert len(world.oauth.requests) == 2
    assert len(events.named("token_dead")) == 1
