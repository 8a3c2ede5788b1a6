"""A portal with made-up time, and a client that speaks to it over real HTTP semantics."""

import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from infra.local.portal import Portal, PortalOptions, create_portal
from tests.support.clock import Clock

KEY = "local-webhook-key"
HOST = "http://portal.test"
OPENED = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
"""The moment at which a portal's time begins."""


class PortalClient:
    """Calls methods of a portal by the webhook key. Nothing is open that would have to be closed."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(app=portal.app), base_url=HOST)

    async def call(
        self, method: str, params: dict[str, Any] | None = None, *, key: str | None = None, **headers: str
    ) -> httpx.Response:
        headers |= {"Idempotency-Key": key} if key else {}
        return await self.http.post(f"/rest/1/{KEY}/{method}", json=params or {}, headers=headers)

    async def change(self, method: str, params: dict[str, Any] | None = None) -> httpx.Response:
        return await self.call(method, params, key=str(uuid.uuid4()))

    async def body(self, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = await self.change(method, params)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def result(self, method: str, params: dict[str, Any] | None = None) -> Any:
        return (await self.body(method, params))["result"]


class RestClient(PortalClient):
    async def order(self, *, pay_system: str = "1", buyer: str = "17", lines: dict[str, int] | None = None) -> str:
        for product_id, quantity in (lines or {"1001": 1}).items():
            fields = {"PRODUCT_ID": product_id, "QUANTITY": quantity, "FUSER_ID": buyer}
            await self.result("sale.basketitem.add", {"fields": fields})
        return str(await self.result("sale.order.add", order_params(pay_system=pay_system, buyer=buyer)))


def order_params(*, pay_system: str = "1", buyer: str = "17", **properties: str) -> dict[str, Any]:
    return {
        "fields": {
            "USER_ID": buyer,
            "PAYMENT": [{"PAY_SYSTEM_ID": pay_system}],
            "SHIPMENT": [{"DELIVERY_SERVICE_ID": "3"}],
            "PROPERTY_VALUES": {"ADDRESS": "Тверь, ул. Советская, 10", **properties},
        }
    }


@pytest.fixture
def clock() -> Clock:
    return Clock(OPENED)


@pytest.fixture
async def outbound() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as http:
        yield http


@pytest.fixture
def options() -> PortalOptions:
    return PortalOptions(burst=1000, access_tokens=("good-token",), expired_tokens=("old-token",))


MakePortal = Callable[..., Portal]


@pytest.fixture
async def make_portal(options: PortalOptions, clock: Clock, outbound: httpx.AsyncClient) -> AsyncIterator[MakePortal]:
    made: list[Portal] = []

    def make(http: httpx.AsyncClient | None = None, **changes: Any) -> Portal:
        time = changes.pop("clock", clock)
        portal = create_portal(replace(options, **changes), clock=time, http=http or outbound)
        made.append(portal)
        return portal

    yield make
    for portal in made:
        await portal.close()


@pytest.fixture
def portal(make_portal: MakePortal) -> Portal:
    return make_portal()


@pytest.fixture
def rest(portal: Portal) -> RestClient:
    return RestClient(portal)
