"""What each store of a real portal holds of one product, and what the stores are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
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


def stock_of(answers: Mapping[str, Answer], product_id: str, most: Decimal | None) -> Sequence[Stock]:
    """Return what each active store can sell. `BadAnswer` when the portal dropped the filter.

    `most` is what all of them can sell together, by the product's own row; None where nobody counts it.
    """
    names = {need_id(row, "id"): text(row, "title") for row in rows_of(answers, "stores", _STORES, "stores")}
    found = sensible(rows_of(answers, "stock", _STOCK, "storeProducts"), _STOCK, STOCK_NEEDED)
    own = rows_by_product(found, (product_id,)).get(product_id, ())
    free = [(_name(row, names), _free(row)) for row in own if _store(row) in names]
    left = sum((amount for _, amount in free), Decimal(0))
    return _together([Stock(name, max(Decimal(0), it)) for name, it in free], left if most is None else min(left, most))


def _store(row: Row) -> str:
    return need_id(row, "storeId")


def _name(row: Row, names: Mapping[str, str]) -> str:
    return names[_store(row)] or f"№ {_store(row)}"


def _free(row: Row) -> Decimal:
    """Return what one store has left, below zero where it promised more than it has."""
    return bound(row, "amount") - bound(row, "quantityReserved")


def _together(stocks: Sequence[Stock], most: Decimal) -> Sequence[Stock]:
    """Lessen stocks that are more than the portal lets anybody order, the fullest first.

    What one store promised and does not have, the others owe; who of them, nobody can say.
    """
    over = sum((stock.amount for stock in stocks), Decimal(0)) - max(Decimal(0), most)
    lessened = {}
    for place in sorted(range(len(stocks)), key=lambda place: -stocks[place].amount):
        owed = min(stocks[place].amount, max(Decimal(0), over))
        lessened[place] = replace(stocks[place], amount=stocks[place].amount - owed)
        over -= owed
    return tuple(lessened[place] for place in range(len(stocks)))


STOCK_NEEDED: Mapping[str, Reader] = {
    "productId": lambda row: need_id(row, "productId"),
    "storeId": _store,
    "amount": lambda row: bound(row, "amount"),
    "quantityReserved": lambda row: bound(row, "quantityReserved"),
}
"""What a row is nothing without."""
