"""What a token that expired leads to: the manager renews it, the job comes again with a permit of its own."""

from __future__ import annotations

import httpx
import pytest

from shared.bitrix.auth import Auth, TokenAuth, WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import AuthFailed, TokenExpired
from shared.bitrix.tokens import TokenDead
from shared.domain.orders import PaymentKind
from tests.bitrix.test_secrets import everything_logged, traces_of
from tests.bitrix.tokens.conftest import World, world
from tests.support.portal import FakePortal

__all__ = ["world"]

BASE = "https://masters.example/rest/"
EXPIRED = {"error": "expired_token", "error_description": "The access token provided has expired."}
PORTAL = ContractPortal(
    ContractSettings(pay_systems={PaymentKind.PREPAID: "1", PaymentKind.CASH: "2"}, delivery_id="1")
)


async def oauth_client(http: httpx.AsyncClient, world: World) -> BitrixClient:
    await world.installed()
    manager = world.manager()
    return BitrixClient(http, BASE, auth=TokenAuth(manager.current, manager.expired), now=world.clock)


async def test_an_expired_token_is_renewed_and_the_next_request_carries_the_new_one(
    portal: FakePortal, http: httpx.AsyncClient, world: World
) -> None:
    client = await oauth_client(http, world)
    portal.says(EXPIRED, status=401)
    portal.result([])
    [error] = await client.read([PORTAL.order("5")])
    assert isinstance(error, TokenExpired)
    assert len(portal.requests) == 1
    await client.read([PORTAL.search("дрель")])
    assert "access-token-1" in str(portal.requests[-1].url) + portal.requests[-1].content.decode()
    assert len(world.oauth.requests) == 1


async def test_when_there_is_no_new_token_that_is_what_is_told(
    portal: FakePortal, http: httpx.AsyncClient, world: World
) -> None:
    client = await oauth_client(http, world)
    world.oauth.refresh = "refresh-token-77-of-somebody"
    portal.says(EXPIRED, status=401)
    with everything_logged() as logged:
        [error] = await client.read([PORTAL.order("5")])
        world.clock.advance(hours=1)
        with pytest.raises(TokenDead) as caught:
            await client.write(PORTAL.order("5"), "key")
    assert isinstance(error, TokenDead)
    told = logged.getvalue() + traces_of(error) + traces_of(caught.value)
    assert not [secret for secret in ("access-token", "refresh-token", "of-somebody", "very-secret") if secret in told]


@pytest.mark.parametrize("error", [AuthFailed("x"), TokenExpired("x")])
async def test_without_a_token_manager_nothing_is_renewed(error: AuthFailed | TokenExpired) -> None:
    async def get_token() -> str:
        return "t"

    for auth in (WebhookAuth(), TokenAuth(get_token)):
        known: Auth = auth
        await known.failed(await known.parameters(), error)


async def test_only_expiry_is_renewed() -> None:
    renewed: list[str] = []

    async def get_token() -> str:
        return "t"

    async def renew(token: str) -> None:
        renewed.append(token)

    auth = TokenAuth(get_token, renew)
    await auth.failed({"auth": "old"}, AuthFailed("x"))
    await auth.failed({"auth": "old"}, TokenExpired("x"))
    assert renewed == ["old"]
