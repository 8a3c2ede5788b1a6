"""Prices and stock in the second way that the spec's §2 names for them: two lists of Bitrix24's, in its spelling."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from infra.local.portal.catalogue import Product, store_title
from infra.local.portal.contract.goods import PAGE
from infra.local.portal.dialect import Call, Method, Reply
from infra.local.portal.figures import money
from infra.local.portal.params import Params
from infra.local.portal.shop import Shop

PRODUCTS = "@PRODUCT_ID"


class OfferLists:
    """The two lists; of products that there are none of they say nothing."""

    def __init__(self, shop: Shop) -> None:
        self._catalogue = shop.catalogue

    def table(self) -> dict[str, Method]:
        """Return the methods by name."""
        return {"catalog.price.list": Method(self.prices), "catalog.storeproduct.list": Method(self.stock)}

    def prices(self, call: Call) -> Reply:
        """`catalog.price.list`: a row for each product."""
        rows = [
            {"PRODUCT_ID": product.id, "PRICE": money(product.price), "CURRENCY": product.currency}
            for product in self._asked(call)
        ]
        return page_of(call.params, "prices", rows)

    def stock(self, call: Call) -> Reply:
        """`catalog.storeproduct.list`: a row for each product and store."""
        rows = [
            {"PRODUCT_ID": product.id, "STORE_ID": store, "STORE_NAME": store_title(store), "AMOUNT": str(amount)}
            for product in self._asked(call)
            for store, amount in product.stock.items()
        ]
        return page_of(call.params, "storeProducts", rows)

    def _asked(self, call: Call) -> Iterator[Product]:
        found = map(self._catalogue.get, call.params.section("filter").id_values(PRODUCTS))
        return (product for product in found if product is not None)


def page_of(params: Params, wrapper: str, rows: Sequence[dict[str, Any]]) -> Reply:
    """Return the page that `start` names, of 50 rows."""
    start = params.integer("start") // PAGE * PAGE if params.has("start") else 0
    following = start + PAGE if start + PAGE < len(rows) else None
    return Reply({wrapper: list(rows[start : start + PAGE])}, total=len(rows), next=following)
