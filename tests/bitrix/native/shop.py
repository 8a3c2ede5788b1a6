"""A shop of the simulated native portal, for what is asked of its catalogue over real HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import httpx

from infra.local.portal import Portal, PortalOptions, SystemClock, create_portal
from infra.local.portal.catalogue.model import Product as Sold
from shared.bitrix.auth import WebhookAuth
from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativePortal
from shared.bitrix.portal import Operation
from tests.bitrix.native.speaking import T, native
from tests.support.door import LONGEST
from tests.support.servers import serving

SHOP = {
    "offers_iblock_id": "25",
    "offers_article_property": "property205",
    "variation_properties": ("property210",),
}
NATIVE = native(**SHOP)


class Shop:
    """A running portal whose goods have variations."""

    def __init__(self, portal: Portal, client: BitrixClient) -> None:
        self.portal = portal
        self._client = client
        self._goods = portal.shop.catalogue

    def sells(self, name: str, article: str = "", parent: str = "", trait: str = "", **more: object) -> str:
        """Put a product into the shop, or a variation of one; return its id."""
        like = self._goods.known("1001")
        product = Sold(
            self._goods.next_id(), name, article, like.category, like.price, {"1": 3, "2": 0, "3": 0}, parent=parent
        )
        product.trait = trait
        for field, value in more.items():
            setattr(product, field, value)
        self._goods.add(product)
        return product.id

    async def asks(self, operation: Operation[T]) -> T:
        """Ask in one request."""
        before = len(self.portal.rest.calls.since(None))
        (answer,) = await self._client.read([operation])
        assert len(self.portal.rest.calls.since(None)) == before + 1
        assert not isinstance(answer, BitrixError), answer
        return cast("T", answer)

    async def finds(self, query: str, portal: NativePortal = NATIVE) -> list[str]:
        """Return the ids of the first page."""
        return [product.id for product in (await self.asks(portal.search(query))).products]


@asynccontextmanager
async def running_shop() -> AsyncIterator[Shop]:
    """A portal with the morning's catalogue, over real HTTP."""
    options = PortalOptions(dialect="native", webhook_user="17", webhook_key="k3y", costs={}, default_cost=0.0)
    async with httpx.AsyncClient() as http:
        portal = create_portal(options, clock=SystemClock(), http=http)
        async with serving(portal.app) as origin:
            auth = WebhookAuth()
            yield Shop(portal, BitrixClient(http, f"{origin}/rest/17/k3y/", auth=auth, read_timeout=LONGEST))
