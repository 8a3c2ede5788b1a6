"""What callers see: a token when there is one, renewed when needed, an honest error otherwise."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from shared.bitrix.errors import AccessDenied, AuthFailed, Verdict
from shared.bitrix.tokens import RefreshOutcome, RefreshPolicy, RefreshReport, TokenDead, TokenMissing, TokenUnavailable
from shared.store.port import Conflict, Key, Unavailable
from tests.bitrix.memory_vault import MemoryVault
from tests.bitrix.tokens.conftest import GRANT_REFUSED, HOUR, NAME, SickVault, World
from tests.support.clock import START
from tests.support.logs import Heard
from tests.support.stores import FaultyStore, documents


def asked_for(store: FaultyStore) -> list[str]:
    """The collections of what was read."""
    return [key.collection for keys in store.read for key in keys]


def changed(store: FaultyStore) -> list[str]:
    """The collections of what was committed."""
    return [writes[0].key.collection for writes in store.written]


class TestCurrent:
    async def test_a_fresh_token_is_just_handed_out(self, world: World) -> None:
        await world.installed()
        assert await world.manager().current() == "access-token-0"
        assert not world.oauth.requests

    @pytest.mark.parametrize(("left", "renewed"), [(61, False), (60, True), (0, True), (-99999, True)])
    async def test_it_is_renewed_a_minute_before_its_end(self, world: World, left: int, renewed: bool) -> None:
        await world.installed()
        world.clock.advance(seconds=3600 - left)
        assert await world.manager().current() == ("access-token-1" if renewed else "access-token-0")
        assert (await world.version_record()).generation == (2 if renewed else 1)

    async def test_without_an_installation(self, world: World) -> None:
        with pytest.raises(TokenMissing, match="ever installed") as caught:
            await world.manager().current()
        assert caught.value.verdict is Verdict.OPERATORS

    async def test_a_version_that_was_destroyed(self, world: World) -> None:
        await world.installed()
        await world.vault.destroy("1")
        with pytest.raises(TokenMissing, match="version 1 of the token pair: the version was destroyed"):
            await world.manager().current()

    async def test_a_version_that_holds_rubbish(self, world: World) -> None:
        await world.installed()
        assert isinstance(world.vault, MemoryVault)
        world.vault._versions[0] = b"rubbish"
        with pytest.raises(TokenMissing, match="not a JSON object"):
            await world.manager().current()

    async def test_a_vault_in_trouble(self, world: World, vault: SickVault) -> None:
        await world.installed()
        vault.sick = True
        with pytest.raises(TokenUnavailable) as caught:
            await world.manager().current()
        assert caught.value.verdict is Verdict.TRANSIENT

    async def test_calls_in_a_row_cost_one_read(self, world: World, store: FaultyStore) -> None:
        await world.installed()
        manager = world.manager()
        await manager.current()
        store.read.clear()
        for _ in range(9):
            world.clock.advance(milliseconds=500)
            await manager.current()
        assert asked_for(store) == []
        world.clock.advance(milliseconds=500)
        await manager.current()
        assert asked_for(store) == ["tokens"]

    async def test_the_next_instance_reads_what_another_renewed(self, world: World) -> None:
        await world.installed()
        one, two = world.manager(), world.manager()
        assert await two.current() == "access-token-0"
        await one.expired("access-token-0")
        world.clock.advance(seconds=5)
        assert await two.current() == "access-token-1"
        assert len(world.oauth.requests) == 1


class TestUse:
    async def test_is_noted_coarsely(self, world: World, store: FaultyStore) -> None:
        await world.installed()
        manager = world.manager()
        store.written.clear()
        for _ in range(60):
            await manager.current()
            world.clock.advance(seconds=10)
        assert changed(store) == ["tokens"] * 2
        assert (await world.version_record()).last_used_at == START + HOUR / 12

    async def test_of_several_instances_is_noted_once(self, world: World, store: FaultyStore) -> None:
        await world.installed()
        managers = [world.manager() for _ in range(3)]
        store.written.clear()
        for manager in managers:
            await manager.current()
            world.clock.advance(seconds=1)
        assert changed(store) == ["tokens"]

    async def test_an_instance_that_saw_an_old_pointer_writes_nothing(self, world: World, store: FaultyStore) -> None:
        await world.installed()
        manager = world.manager()
        await manager._version_record()
        await world.manager().current()
        store.written.clear()
        assert await manager.current() == "access-token-0"
        assert changed(store) == []

    @pytest.mark.parametrize("error", [Conflict("somebody was faster"), Unavailable("down")])
    async def test_a_note_that_fails_is_no_matter(self, world: World, store: FaultyStore, error: Exception) -> None:
        await world.installed()
        store.breaks, store.errors = "tokens", [error]
        manager = world.manager()
        assert await manager.current() == "access-token-0"
        assert not store.errors
        store.written.clear()
        assert await manager.current() == "access-token-0"
        assert changed(store) == []


class TestExpired:
    async def test_brings_another_token_though_the_clock_says_fresh(self, world: World) -> None:
        await world.installed()
        manager = world.manager()
        assert await manager.expired(await manager.current()) == "access-token-1"
        assert await manager.current() == "access-token-1"

    async def test_adopts_what_another_instance_renewed(self, world: World) -> None:
        await world.installed()
        one, two = world.manager(), world.manager()
        await one.expired("access-token-0")
        assert await two.expired("access-token-0") == "access-token-1"
        assert len(world.oauth.requests) == 1

    async def test_a_flight_that_set_out_before_is_not_enough(self, world: World) -> None:
        await world.installed()
        manager = world.manager()
        early = asyncio.create_task(manager._fly("", HOUR / 2))
        await asyncio.sleep(0)
        assert await manager.expired("access-token-0") == "access-token-1"
        assert (await early).access == "access-token-0"


class TestRefusals:
    async def test_a_dead_refresh_token_alerts_once(self, world: World, events: Heard) -> None:
        await world.installed()
        world.clock.advance(hours=1)
        world.oauth.refresh = "somebody-has-used-it"
        died_at = world.clock()
        for _ in range(3):
            with pytest.raises(TokenDead) as caught:
                await world.manager().current()
            assert caught.value.verdict is Verdict.OPERATORS
            world.clock.advance(minutes=3)
        assert len(world.oauth.requests) == 1
        assert len(events.named("token_dead")) == 1
        assert events.named("token_dead")[0].levelname == "ERROR"
        assert (await world.version_record()).failed_since == died_at
        assert not await world.leased()

    async def test_after_ten_minutes_it_is_asked_once_more(self, world: World, events: Heard) -> None:
        await world.installed()
        world.clock.advance(hours=1)
        world.oauth.replies += [GRANT_REFUSED, GRANT_REFUSED]
        manager = world.manager()
        for _ in range(2):
            with pytest.raises(TokenDead):
                await manager.current()
            world.clock.advance(minutes=10)
        assert await manager.current() == "access-token-1"
        assert len(events.named("token_dead")) == 1
        assert (await world.version_record()).failed_since is None

    async def test_a_token_that_is_good_is_used_though_the_next_is_refused(self, world: World) -> None:
        await world.installed()
        manager = world.manager(policy=RefreshPolicy.ALWAYS)
        world.clock.advance(minutes=56)
        world.oauth.replies.append(GRANT_REFUSED)
        assert (await manager.refresh_ahead()) == RefreshReport(RefreshOutcome.FAILED, "token_dead")
        assert await manager.current() == "access-token-0"
        world.clock.advance(minutes=4)
        with pytest.raises(TokenDead, match="refused since 2026-11-23 09:56:00 UTC"):
            await manager.current()

    async def test_somebody_who_renewed_without_the_lease_is_adopted(self, world: World, events: Heard) -> None:
        await world.installed()
        world.clock.advance(hours=1)
        answer = world.oauth.answer

        class Rival(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                if not world.oauth.requests:
                    answer(request)
                    await world.manager().install(world.first_pair(access="rival", refresh=world.oauth.refresh))
                return answer(request)

        world.http = httpx.AsyncClient(transport=Rival())
        async with world.http:
            assert await world.manager().current() == "rival"
        assert not events.named("token_dead")

    async def test_a_rival_whose_refresh_token_is_no_better(self, world: World, events: Heard) -> None:
        await world.installed()
        world.clock.advance(hours=1)

        class Rival(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                world.oauth.requests.append(request)
                await world.vault.add(world.first_pair(expires_at=START).encode())
                return httpx.Response(400, json={"error": "invalid_grant"})

        world.http = httpx.AsyncClient(transport=Rival())
        async with world.http:
            with pytest.raises(TokenDead):
                await world.manager().current()
        assert len(world.oauth.requests) == 3
        assert len(events.named("token_dead")) == 1

    async def test_a_refusal_overtaken_by_an_installation_is_not_recorded(self, world: World, events: Heard) -> None:
        await world.installed()
        world.clock.advance(hours=1)

        class Rival(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                world.oauth.requests.append(request)
                await world.manager().install(world.first_pair(access="rival"))
                return httpx.Response(400, json={"error": "invalid_client"})

        world.http = httpx.AsyncClient(transport=Rival())
        async with world.http:
            manager = world.manager()
            with pytest.raises(AuthFailed):
                await manager.current()
            assert await manager.current() == "rival"
        assert not events.named("token_refused")

    @pytest.mark.parametrize(
        ("word", "kind"), [("invalid_client", AuthFailed), ("PAYMENT_REQUIRED", AccessDenied), ("odd", AuthFailed)]
    )
    async def test_trouble_with_the_application_alerts_once_and_is_remembered(
        self, world: World, events: Heard, word: str, kind: type[Exception]
    ) -> None:
        await world.installed()
        world.clock.advance(hours=1)
        world.oauth.replies += [httpx.Response(400, json={"error": word})] * 2
        for _ in range(3):
            with pytest.raises(kind) as caught:
                await world.manager().current()
            assert not isinstance(caught.value, TokenDead)
        assert len(world.oauth.requests) == 1
        world.clock.advance(minutes=10)
        with pytest.raises(kind):
            await world.manager().current()
        assert len(events.named("token_refused")) == 1
        world.clock.advance(minutes=10)
        assert await world.manager().current() == "access-token-1"

    async def test_trouble_that_may_pass_is_not_remembered(self, world: World, events: Heard) -> None:
        await world.installed()
        world.clock.advance(hours=1)
        world.oauth.replies.append(httpx.Response(503, html="<html>busy</html>"))
        manager = world.manager()
        with pytest.raises(TokenUnavailable) as caught:
            await manager.current()
        assert caught.value.verdict is Verdict.TRANSIENT
        assert len(events.named("token_renewal_failed")) == 1
        assert not await world.leased()
        assert await manager.current() == "access-token-1"


class TestAhead:
    async def use(self, world: World, policy: RefreshPolicy) -> RefreshReport:
        return await world.manager(policy=policy).refresh_ahead()

    @pytest.mark.parametrize("policy", list(RefreshPolicy))
    async def test_nothing_installed(self, world: World, policy: RefreshPolicy) -> None:
        assert await self.use(world, policy) == RefreshReport(RefreshOutcome.MISSING)

    @pytest.mark.parametrize(
        ("policy", "minutes", "used", "did"),
        [
            (RefreshPolicy.AUTO, 54, True, RefreshOutcome.FRESH),
            (RefreshPolicy.AUTO, 55, True, RefreshOutcome.RENEWED),
            (RefreshPolicy.AUTO, 55, False, RefreshOutcome.IDLE),
            (RefreshPolicy.AUTO, 600, False, RefreshOutcome.IDLE),
            (RefreshPolicy.ALWAYS, 54, False, RefreshOutcome.FRESH),
            (RefreshPolicy.ALWAYS, 55, False, RefreshOutcome.RENEWED),
            (RefreshPolicy.NEVER, 55, True, RefreshOutcome.NEVER),
            (RefreshPolicy.NEVER, 600, True, RefreshOutcome.NEVER),
        ],
    )
    async def test_policy(
        self, world: World, policy: RefreshPolicy, minutes: int, used: bool, did: RefreshOutcome
    ) -> None:
        await world.installed()
        if used:
            await world.manager().current()
        world.clock.advance(minutes=minutes)
        assert await self.use(world, policy) == RefreshReport(did)
        assert len(world.oauth.requests) == (did is RefreshOutcome.RENEWED)

    async def test_it_is_idempotent_and_stops_when_the_use_does(self, world: World) -> None:
        await world.installed()
        await world.manager().current()
        world.clock.advance(minutes=55)
        managers = [world.manager() for _ in range(3)]
        results = await asyncio.gather(*(manager.refresh_ahead() for manager in managers))
        assert {one.did for one in results} == {RefreshOutcome.RENEWED}
        assert len(world.oauth.requests) == 1
        assert (await self.use(world, RefreshPolicy.AUTO)).did is RefreshOutcome.FRESH
        world.clock.advance(minutes=55)
        assert (await self.use(world, RefreshPolicy.AUTO)).did is RefreshOutcome.IDLE
        world.clock.advance(minutes=30)
        assert await world.manager().current() == "access-token-2"
        world.clock.advance(minutes=55)
        assert (await self.use(world, RefreshPolicy.AUTO)).did is RefreshOutcome.RENEWED

    async def test_a_refusal_is_not_repeated_every_minute(self, world: World) -> None:
        await world.installed()
        world.clock.advance(minutes=56)
        world.oauth.replies += [GRANT_REFUSED]
        assert await self.use(world, RefreshPolicy.ALWAYS) == RefreshReport(RefreshOutcome.FAILED, "token_dead")
        assert await self.use(world, RefreshPolicy.ALWAYS) == RefreshReport(RefreshOutcome.REFUSED)
        world.clock.advance(minutes=10)
        assert (await self.use(world, RefreshPolicy.ALWAYS)).did is RefreshOutcome.RENEWED

    async def test_superseded_versions_are_destroyed_after_an_hour(self, world: World) -> None:
        await world.installed()
        await world.manager().expired("access-token-0")
        world.clock.advance(minutes=59)
        assert (await self.use(world, RefreshPolicy.NEVER)).destroyed == 0
        await world.vault.read("1")
        world.clock.advance(minutes=1)
        assert (await self.use(world, RefreshPolicy.NEVER)).destroyed == 1
        with pytest.raises(Exception, match="destroyed"):
            await world.vault.read("1")
        await world.vault.read("2")
        assert (await world.version_record()).retired == ()
        assert (await self.use(world, RefreshPolicy.NEVER)).destroyed == 0

    async def test_a_vault_in_trouble_is_asked_again(self, world: World, vault: SickVault, events: Heard) -> None:
        await world.installed()
        await world.manager().expired("access-token-0")
        world.clock.advance(hours=1)
        vault.sick = True
        assert (await self.use(world, RefreshPolicy.NEVER)).destroyed == 0
        assert len(events.named("token_sweep_failed")) == 1
        vault.sick = False
        assert (await self.use(world, RefreshPolicy.NEVER)).destroyed == 1

    async def test_what_somebody_destroyed_already_counts(self, world: World) -> None:
        await world.installed()
        await world.manager().expired("access-token-0")
        await world.vault.destroy("1")
        world.clock.advance(hours=1)
        assert (await self.use(world, RefreshPolicy.NEVER)).destroyed == 1
        assert (await world.version_record()).retired == ()

    async def test_a_pointer_that_is_gone_when_the_sweep_ends(self, world: World, store: FaultyStore) -> None:
        await world.installed()
        await world.manager().expired("access-token-0")
        world.clock.advance(hours=1)
        destroy = world.vault.destroy

        async def and_forget(version: str) -> None:
            await destroy(version)
            del documents(store)[Key("tokens", NAME)]

        world.vault.destroy = and_forget  # type: ignore[method-assign]  # the seam of this one test
        assert (await self.use(world, RefreshPolicy.NEVER)).destroyed == 1


class TestInstall:
    async def test_the_first_and_the_next(self, world: World, events: Heard) -> None:
        manager = world.manager()
        await manager.install(world.first_pair())
        assert await manager.current() == "access-token-0"
        await manager.install(world.first_pair(access="anew"))
        assert await manager.current() == "anew"
        record = await world.version_record()
        assert (record.version, record.generation) == ("2", 2)
        assert [one.version for one in record.retired] == ["1"]
        assert len(events.named("token_installed")) == 2

    async def test_a_vault_in_trouble(self, world: World, vault: SickVault) -> None:
        vault.refusals = 1
        with pytest.raises(TokenUnavailable, match="the vault"):
            await world.manager().install(world.first_pair())
        with pytest.raises(TokenMissing):
            await world.manager().current()

    async def test_a_pointer_that_vanished_during_a_renewal_is_made_anew(
        self, world: World, store: FaultyStore
    ) -> None:
        await world.installed()
        world.clock.advance(hours=1)

        class Forgets(httpx.AsyncBaseTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                del documents(store)[Key("tokens", NAME)]
                return world.oauth.answer(request)

        world.http = httpx.AsyncClient(transport=Forgets())
        async with world.http:
            assert await world.manager().current() == "access-token-1"
        assert (await world.version_record()).generation == 1


async def test_a_mark_for_a_pointer_that_is_gone(world: World, store: FaultyStore) -> None:
    await world.installed()
    manager = world.manager()
    await manager._version_record()
    await manager._repository.pair("1")
    documents(store).clear()
    assert await manager.current() == "access-token-0"


async def test_close_without_a_renewal(world: World) -> None:
    await world.manager().close()
