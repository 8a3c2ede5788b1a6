"""The simulated portal in this process, with the ids of `speaking`, and a client that speaks to it."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import httpx
import pytest

from infra.local.portal import PortalOptions, create_portal
from infra.local.portal.deliveries import Delivery
from infra.local.portal.errors import RequestTimeoutError, RestError
from infra.local.portal.native.model import SaleOrder
from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from tests.bitrix.native.shop import Shop, running_shop
from tests.bitrix.native.speaking import CASH, PREPAID
from tests.support.clock import Clock
from tests.support.portal import BASE, KEY

PRICES = {"1243": Decimal(490), "1250": Decimal("12.5"), "1260": Decimal(100)}


class OrderPortal:
    """`refuse` has the methods that fail; `lose_after` lets the portal break down once after so many commands."""

    def __init__(self) -> None:
        options = PortalOptions(
            "native",
            webhook_user="17",
            webhook_key=KEY,
            burst=10_000,
            pay_system_prepaid=PREPAID,
            pay_system_cod=CASH,
            deliveries=(Delivery("198"),),
        )
        self._portal = create_portal(options, clock=Clock(), http=httpx.AsyncClient())
        self.transport = httpx.ASGITransport(self._portal.app)
        self.ledger = self._portal.native.ledger
        self.refuse: set[str] = set()
        self.lose_after: int | None = None
        runner = self._portal.rest._runner
        self._perform = runner._perform
        vars(runner)["_perform"] = self._perform_or_not
        for product_id, price in PRICES.items():
            self.product(product_id).price = price

    @property
    def orders(self) -> list[SaleOrder]:
        return self.ledger.all()

    @property
    def requests(self) -> int:
        return len(self._portal.rest.calls.since())

    def product(self, product_id: str) -> Any:
        return self._portal.shop.catalogue.get(product_id)

    async def _perform_or_not(self, method: Any, command: Any, *how: Any) -> Any:
        if self.lose_after is not None:
            self.lose_after -= 1
            if self.lose_after < 0:
                self.lose_after = None
                raise RequestTimeoutError
        if command.method in self.refuse:
            raise RestError("NOT_TODAY", "no")
        return await self._perform(method, command, *how)


@pytest.fixture
def fake() -> OrderPortal:
    return OrderPortal()


@pytest.fixture
async def client(fake: OrderPortal) -> AsyncIterator[BitrixClient]:
    async with httpx.AsyncClient(transport=fake.transport) as http:
        yield BitrixClient(http, BASE, auth=WebhookAuth())


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    async with running_shop() as shop:
        yield shop
