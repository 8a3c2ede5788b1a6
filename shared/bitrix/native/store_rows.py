"""What each store of a real portal holds of one product, and what the stores are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from shared.bitrix.encoding import as_sent
from shared.bitrix.fields import Row, need_id, text
from shared.bitrix.native.answers import rows_of
from shared.bitrix.native.price_rows import bound, rows_by_product
from shared.bitrix.paging import paged
from shared.bitrix.portal import Answer, Command
from shared.bitrix.sensible import Reader, sensible
from shared.domain.offers import Stock

_STOCK, _STORES = "catalog.storeproduct.list", "catalog.store.list"


def store_list() -> Command:
    """Ask for the names of the stores."""
    return Command(_STORES, {"select": ["id", "title"], "filter": {"active": "Y"}})


def stores_lists(product_id: str, stores: int) -> dict[str, Command]:
    """Ask for the stock of a product and for the stores' names, in as many pages as so many stores fill."""
    params = {
        "select": ["id", "productId", "storeId", "amount", "quantityReserved"],
        "filter": {"productId": as_sent(product_id)},
        "order": {"id": "asc"},
    }
    return {**paged("stock", Command(_STOCK, params), stores), **paged("stores", store_list(), stores)}


def stock_of(answers: Mapping[str, Answer], product_id: str) -> Sequence[Stock]:
    """Return what each active store can sell. `BadAnswer` when the portal dropped the filter."""
    names = {need_id(row, "id"): text(row, "title") for row in rows_of(answers, "stores", _STORES, "stores")}
    found = sensible(rows_of(answers, "stock", _STOCK, "storeProducts"), _STOCK, _NEEDED)
    own = rows_by_product(found, (product_id,)).get(product_id, ())
    return tuple(_stock(row, names) for row in own if _store(row) in names)


def _store(row: Row) -> str:
    return need_id(row, "storeId")


def _stock(row: Row, names: Mapping[str, str]) -> Stock:
    """Read what one store can sell. An oversold store is empty, it does not lessen what others hold."""
    free = bound(row, "amount") - bound(row, "quantityReserved")
    return Stock(names[_store(row)] or f"№ {_store(row)}", max(Decimal(0), free))


_NEEDED: Mapping[str, Reader] = {
    "productId": lambda row: need_id(row, "productId"),
    "storeId": _store,
    "amount": lambda row: bound(row, "amount"),
    "quantityReserved": lambda row: bound(row, "quantityReserved"),
}
"""What a row is nothing without."""
