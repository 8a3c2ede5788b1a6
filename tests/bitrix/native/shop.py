"""A shop of the simulated native portal, for what is asked of its catalogue over real HTTP."""

from __future__ import annotations

from typing import cast

from infra.local.portal import Portal
from infra.local.portal.catalogue.model import Product as Sold
from shared.bitrix.client import BitrixClient
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativePortal
from shared.bitrix.portal import Operation
from tests.bitrix.native.speaking import T, native

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
