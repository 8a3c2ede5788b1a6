"""Bitrix24's own SDK against the simulated portal: what it does on a real one it must be able to do here."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import pytest

from infra.local.portal import NativeOptions, Portal
from infra.local.portal.faults import FaultKind
from tests.local.portal.conftest import KEY
from tests.local.portal.native.conftest import SHIPMENT, Bot, NativeClient
from tests.local.portal.native.test_batch import CHAIN
from tests.support.clock import Clock
from tests.support.servers import serving

WHY = "the official SDK is a development dependency"
b24pysdk: Any = pytest.importorskip("b24pysdk", reason=WHY)
requests: Any = pytest.importorskip("requests", reason=WHY)
requester: Any = pytest.importorskip("b24pysdk.api.requesters._base_requester", reason=WHY)
errors: Any = b24pysdk.errors
oauth_errors: Any = pytest.importorskip("b24pysdk.errors.oauth", reason=WHY)

T = TypeVar("T")

DOMAIN = "masters.portal.test"
SEARCH = {"select": ["id", "iblockId", "name"], "filter": {"iblockId": 23}}
APP = b24pysdk.BitrixApp(client_id="local.64f0c0ffee0000.12345678", client_secret="local-client-secret")


@dataclass
class Wire:
    """Plays name service and TLS: the SDK insists on https and on the real token server's name."""

    address: str
    hosts: list[str]

    def put_up(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Carry what goes to any https address to the portal."""
        send = requests.adapters.HTTPAdapter.send

        def rewritten(adapter: Any, request: Any, **options: Any) -> Any:
            link = urlsplit(request.url)
            self.hosts.append(link.netloc)
            request.url = f"{self.address}{link.path}" + (f"?{link.query}" if link.query else "")
            return send(adapter, request, **options)

        monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", rewritten)


@dataclass
class Town:
    """A running portal and the way to it."""

    portal: Portal
    wire: Wire

    @property
    def webhook(self) -> Any:
        return b24pysdk.BitrixWebhook(domain=DOMAIN, webhook_token=f"1/{KEY}")

    def token(self) -> Any:
        pair = self.portal.tokens.issue()
        return b24pysdk.BitrixToken(
            domain=DOMAIN, auth_token=pair.access_token, refresh_token=pair.refresh_token, bitrix_app=APP
        )

    def calls(self) -> list[str]:
        return [record.method for record in self.portal.rest.calls.since()]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the SDK would have slept between its attempts."""
    waited: list[float] = []
    monkeypatch.setattr(requester, "time", SimpleNamespace(sleep=waited.append))
    return waited


@pytest.fixture
async def make_town(
    make_portal: Callable[..., Portal], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Callable[..., Any]]:
    servers: list[Any] = []

    async def make(**changes: Any) -> Town:
        portal = make_portal(**changes)
        server = serving(portal.app)
        servers.append(server)
        wire = Wire(await server.__aenter__(), [])
        wire.put_up(monkeypatch)
        return Town(portal, wire)

    yield make
    for server in servers:
        await server.__aexit__(None, None, None)


async def off_loop(work: Callable[[], T]) -> T:
    """Run what blocks beside the portal's loop."""
    return await asyncio.to_thread(work)


async def test_it_pages_the_catalogue(make_town):
    town = await make_town()
    everything = {int(product.id) for product in town.portal.shop.catalogue.all()}
    for how in ("as_list", "as_list_fast"):

        def read(how: str = how) -> set[int]:
            request = town.webhook.get_client().catalog.product.list(**SEARCH)
            return {product["id"] for product in getattr(request, how)().result}

        assert await off_loop(read) == everything


async def test_it_makes_an_order_in_one_batch(make_town):
    town = await make_town()

    def order() -> Any:
        return town.webhook.call_method("batch", {"halt": 1, "cmd": CHAIN})["result"]

    result = await off_loop(order)
    assert result["result_error"] == []
    assert "/pay/" in result["result"]["link"]["payment"]["url"]


async def test_its_own_batches_keep_references(make_town):
    town = await make_town()
    order = {"lid": "s1", "personTypeId": 3, "currency": "RUB", "xmlId": "tg-1"}
    line = {"orderId": "$result[order][order][id]", "productId": 1001, "quantity": 2, "currency": "RUB"}
    shipment = {"orderId": "$result[order][order][id]", **SHIPMENT}

    def make() -> Mapping[str, Any]:
        sale = town.webhook.get_client().sale
        requests_ = {
            "order": sale.order.add(fields=order),
            "line": sale.basketitem.add_catalog_product(fields=line),
            "ship": sale.shipment.add(fields=shipment),
        }
        result: Mapping[str, Any] = town.webhook.get_client().call_batch(requests_, halt=True).result.result
        return result

    result = await off_loop(make)
    assert result["line"]["basketItem"]["orderId"] == result["order"]["order"]["id"] == 5121
    assert result["ship"]["shipment"]["orderId"] == 5121


async def test_it_refreshes_an_expired_token_once(make_town):
    town = await make_town()
    token = town.token()
    first = (token.auth_token, token.refresh_token)
    town.portal.tokens.expire()
    answer = await off_loop(lambda: token.get_client().sale.status.list().response)
    assert len(answer.result["statuses"]) == 9
    assert not set(first) & {token.auth_token, token.refresh_token}
    assert town.calls() == ["sale.status.list", "oauth.token", "sale.status.list"]
    assert town.wire.hosts[1] != DOMAIN


async def test_a_used_refresh_token_is_an_invalid_grant(make_town):
    town = await make_town()
    one = town.token()
    two = b24pysdk.BitrixToken(
        domain=DOMAIN, auth_token=one.auth_token, refresh_token=one.refresh_token, bitrix_app=APP
    )
    town.portal.tokens.expire()
    await off_loop(lambda: one.call_method("scope"))
    with pytest.raises(oauth_errors.BitrixOAuthInvalidGrant):
        await off_loop(lambda: two.call_method("scope"))


async def test_it_hits_the_rate_limit_and_gets_through(make_town, clock: Clock, pauses: list[float]):
    town = await make_town(burst=2)
    scope = functools.partial(town.webhook.call_method, "scope")
    for _ in range(2):
        await off_loop(scope)
    with pytest.raises(errors.BitrixAPIQueryLimitExceeded):
        await off_loop(scope)
    assert [record.error for record in town.portal.rest.calls.since()][2:] == ["QUERY_LIMIT_EXCEEDED"] * 3
    assert pauses == [1, 2]
    clock.passed += 1
    town.portal.rest.faults.add(FaultKind.RATE_LIMIT)
    assert (await off_loop(scope))["result"]


async def test_it_hits_the_time_budget(make_town):
    town = await make_town(native=NativeOptions(operating_limit=0.05), costs={"sale.status.list": 0.06})
    await off_loop(lambda: town.webhook.call_method("sale.status.list"))
    with pytest.raises(errors.BitrixAPIOperationTimeLimit):
        await off_loop(lambda: town.webhook.call_method("sale.status.list"))


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FaultKind.OVERLOAD, errors.BitrixAPIOverloadLimit),
        (FaultKind.ACCESS_DENIED, errors.BitrixAPIAccessDenied),
        (FaultKind.INSUFFICIENT_SCOPE, errors.BitrixAPIInsufficientScope),
        (FaultKind.SERVER_ERROR, errors.BitrixAPIInternalServerError),
        (FaultKind.HTML_502, errors.BitrixResponseJSONDecodeError),
    ],
)
async def test_it_knows_the_refusals(make_town, pauses: list[float], kind, error):
    town = await make_town()
    town.portal.rest.faults.add(kind, count=3)  # it tries 503 three times
    with pytest.raises(error):
        await off_loop(lambda: town.webhook.call_method("scope"))
    assert len(pauses) == (2 if kind is FaultKind.OVERLOAD else 0)


async def test_it_follows_a_renamed_portal(make_town):
    town = await make_town()
    town.portal.rest.faults.add(FaultKind.RENAMED, location="https://renamed.portal.test")
    webhook = town.webhook
    assert (await off_loop(lambda: webhook.call_method("profile")))["result"]["ID"] == "1"
    assert webhook.domain == "renamed.portal.test"
    assert town.wire.hosts == [DOMAIN, "renamed.portal.test"]


async def test_it_reads_the_portals_events(make_portal):
    bot = Bot()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=bot.app)) as http:
        rest = NativeClient(make_portal(http, webhook_url="http://bot.test/webhook/bitrix"))
        await rest.order()
        await rest.portal.webhooks.settle()
        await rest.http.aclose()
    event = b24pysdk.credentials.OAuthEventData.from_dict(bot.posts[0])
    assert (event.event, event.event_handler_id, event.is_system) == ("ONSALEORDERSAVED", 975, True)
    assert event.data["FIELDS"]["XML_ID"] == "tg-1"
    assert event.auth.application_token == "local-application-token"
