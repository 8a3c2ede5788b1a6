"""The whole way against the simulated portal and its token server: consent, calls, expiry, rotation, the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from infra.local.portal import OAuthOptions, Portal, PortalOptions, create_portal
from infra.local.portal.faults import OAUTH_TOKEN, FaultKind
from shared.bitrix.auth import TokenAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import AuthFailed, BitrixError, TokenExpired
from shared.bitrix.tokens import OAuthServer, TokenDead, TokenManager, TokenUnavailable
from shared.bitrix.tokens.errors import GrantRefused
from shared.domain.catalogue import ProductPage
from shared.domain.orders import PaymentKind
from shared.store.memory import MemoryStore
from tests.bitrix.memory_vault import MemoryVault
from tests.bitrix.tokens.conftest import NAME
from tests.support.clock import Clock

ORIGIN = "http://portal.test"
GRACE = 60.0
DIALECT = ContractPortal(
    ContractSettings(pay_systems={PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}, delivery_id="3")
)


@dataclass
class Town:
    """A portal, and instances of a function that call it."""

    portal: Portal
    http: httpx.AsyncClient
    clock: Clock
    store: MemoryStore
    vault: MemoryVault

    def server(self) -> OAuthServer:
        known = self.portal.tokens.options
        return OAuthServer(self.http, f"{ORIGIN}/oauth/token/", known.client_id, known.client_secret, now=self.clock)

    def manager(self) -> TokenManager:
        return TokenManager(self.store, self.vault, self.server(), NAME, now=self.clock, sleep=self.clock.sleep)

    def instance(self) -> BitrixClient:
        manager = self.manager()
        auth = TokenAuth(manager.current, manager.expired)
        return BitrixClient(self.http, f"{ORIGIN}/rest/", auth=auth, now=self.clock)

    async def consent(self) -> str:
        """A person says yes; the code that comes of it."""
        known = self.portal.tokens.options
        answer = await self.http.get(f"{ORIGIN}/oauth/authorize/", params={"client_id": known.client_id})
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def token_requests(self) -> int:
        return [record.method for record in self.portal.rest.calls.since(None)].count(OAUTH_TOKEN)


@pytest.fixture
def grace() -> float:
    return 0.0


@pytest.fixture
async def town(clock: Clock, grace: float) -> AsyncIterator[Town]:
    options = PortalOptions(costs={}, default_cost=0.0, oauth=OAuthOptions(refresh_grace=grace))
    async with httpx.AsyncClient() as outgoing:
        portal = create_portal(options, clock=clock, http=outgoing)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(portal.app)) as http:
            town = Town(portal, http, clock, MemoryStore(clock), MemoryVault())
            await town.manager().install(await town.server().exchange(await town.consent()))
            yield town
        await portal.close()


async def ask(client: BitrixClient) -> Any:
    [result] = await client.read([DIALECT.search("дрель")])
    return result


async def test_a_consent_is_all_it_takes(town: Town) -> None:
    assert isinstance(await ask(town.instance()), ProductPage)
    assert town.token_requests() == 1


async def test_a_code_works_once(town: Town) -> None:
    code = await town.consent()
    pair = await town.server().exchange(code)
    assert pair.expires_at == town.clock() + timedelta(hours=1)
    assert pair.client_endpoint == "portal.test"
    with pytest.raises(GrantRefused) as caught:
        await town.server().exchange(code)
    assert code not in repr(caught.value)


async def test_an_hour_passes_and_nobody_notices(town: Town) -> None:
    client = town.instance()
    for _ in range(5):
        assert isinstance(await ask(client), ProductPage)
        town.clock.advance(hours=1)
    assert town.token_requests() == 5


async def test_an_expiry_out_of_turn_costs_one_call_and_one_renewal(town: Town) -> None:
    instances = [town.instance() for _ in range(4)]
    for client in instances:
        assert isinstance(await ask(client), ProductPage)
    town.portal.tokens.expire()
    results = await asyncio.gather(*(ask(instances[number % 4]) for number in range(20)))
    assert {type(result) for result in results} <= {TokenExpired, ProductPage}
    assert any(isinstance(result, TokenExpired) for result in results)
    assert [type(await ask(client)) for client in instances] == [ProductPage] * 4
    assert town.token_requests() == 2


@pytest.mark.parametrize("kind", [FaultKind.SERVER_ERROR, FaultKind.HTML_502])
async def test_a_request_that_got_lost_is_made_again(town: Town, kind: FaultKind) -> None:
    town.clock.advance(hours=1)
    town.portal.rest.faults.add(kind, method=OAUTH_TOKEN)
    client = town.instance()
    assert isinstance(await ask(client), TokenUnavailable)
    assert isinstance(await ask(client), ProductPage)


class TestLostAnswer:
    async def lost(self, town: Town) -> list[type[BitrixError | ProductPage]]:
        town.clock.advance(hours=1)
        town.portal.rest.faults.add(FaultKind.DONE_THEN_5XX, method=OAUTH_TOKEN)
        client = town.instance()
        return [type(await ask(client)) for _ in range(2)]

    async def test_where_a_refresh_token_works_once_it_is_the_end(self, town: Town) -> None:
        assert await self.lost(town) == [TokenUnavailable, TokenDead]
        await town.manager().install(await town.server().exchange(await town.consent()))
        assert isinstance(await ask(town.instance()), ProductPage)

    @pytest.mark.parametrize("grace", [GRACE])
    async def test_where_it_works_a_little_longer_it_is_not(self, town: Town) -> None:
        assert await self.lost(town) == [TokenUnavailable, ProductPage]


async def test_an_application_that_was_removed(town: Town) -> None:
    client = town.instance()
    town.portal.tokens.revoke()
    assert type(await ask(client)) is AuthFailed
    town.clock.advance(hours=1)
    assert isinstance(await ask(client), TokenDead)
