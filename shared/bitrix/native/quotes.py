"""Price and stock of a real portal: two lists and the stores' names (shared/bitrix/README.md, «Price and stock»).

A list answers 50 rows at most, and a product has a row per store. So ten products are asked for at a time, and of their
stock as many pages in the same request as the portal's stores may fill; beyond the last page there is nothing. Whether
a portal heeds a list in a filter is not certain (an old core reads it as 1): every row must be about a product asked
for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from shared.bitrix.encoding import MOST_COMMANDS, as_sent
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, need_amount, need_currency, need_id, number, text
from shared.bitrix.native.answers import Reader, listed, sensible
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.offers import Offer, Stock

PAGE = 50
_AT_A_TIME = 10
_PRICE_FIELDS = ("id", "productId", "catalogGroupId", "price", "currency", "quantityFrom", "quantityTo")
_STOCK_FIELDS = ("id", "productId", "storeId", "amount", "quantityReserved")


def quote(settings: NativeSettings, product_ids: Sequence[str], price_type: str) -> Operation[dict[str, Offer]]:
    """`catalog.price.list` of this kind of price, `catalog.storeproduct.list` and `catalog.store.list`.

    ValueError for none or more than 50 products (24 when they are asked one by one).
    """
    wanted = tuple(dict.fromkeys(product_ids))
    size = 1 if settings.quote_one_by_one else _AT_A_TIME
    parts = [wanted[first : first + size] for first in range(0, len(wanted), size)]
    most = (MOST_COMMANDS - 1) // 2 if settings.quote_one_by_one else MOST_COMMANDS
    if not 0 < len(wanted) <= most:
        raise ValueError(f"a quote is for 1 to {most} products, not {len(wanted)}")
    group = {"catalogGroupId": as_sent(price_type)}
    prices = {f"p{n}": _list("catalog.price.list", _PRICE_FIELDS, part, group) for n, part in enumerate(parts)}
    names = _paged("stores", store_list(), settings.stores)
    stocks = _stocks(settings, parts, MOST_COMMANDS - len(prices) - len(names))
    commands = {**prices, **stocks, **names}
    return Operation(commands, partial(_offers, price_type, wanted), weight=len(commands))


def store_list() -> Command:
    """Ask for the names of the stores."""
    return Command("catalog.store.list", {"select": ["id", "title"], "filter": {"active": "Y"}})


def _stocks(settings: NativeSettings, parts: Sequence[Sequence[str]], room: int) -> dict[str, Command]:
    """Ask for the stock of each part: for as many pages as its rows may fill, or as there is room for."""
    most = room // len(parts) * PAGE
    commands: dict[str, Command] = {}
    for n, part in enumerate(parts):
        first = _list("catalog.storeproduct.list", _STOCK_FIELDS, part, {})
        commands |= _paged(f"s{n}", first, min(most, len(part) * settings.stores))
    return commands


def _paged(key: str, first: Command, rows: int) -> dict[str, Command]:
    """Return the command for each page of so many rows, at least one; later pages have the key with their start."""
    later = {
        f"{key}_{start}": replace(first, params={**first.params, "start": start}) for start in range(PAGE, rows, PAGE)
    }
    return {key: first, **later}


def _list(method: str, fields: Sequence[str], part: Sequence[str], more: Mapping[str, Any]) -> Command:
    only = {"productId": as_sent(part[0])} if len(part) == 1 else {"@productId": [as_sent(one) for one in part]}
    return Command(method, {"select": list(fields), "filter": {**only, **more}, "order": {"id": "asc"}})


def _offers(price_type: str, wanted: Sequence[str], answers: Mapping[str, Answer]) -> dict[str, Offer]:
    """Join the lists. A product without a price of our kind is not for sale: left out."""
    prices = _by_product(_rows_of_parts(answers, "p", "prices"), wanted)
    stocks = _by_product(_rows_of_parts(answers, "s", "storeProducts"), wanted)
    stores = {need_id(row, "id"): text(row, "title") for row in _rows(answers, "stores", "stores")}
    offers = {}
    for product_id in wanted:
        row = _price(price_type, prices.get(product_id, ()))
        if row is not None:
            found = sensible(stocks.get(product_id, ()), "catalog.storeproduct.list", _OF_STOCK)
            stock = tuple(_stock(row, stores) for row in found if _store(row) in stores)
            offers[product_id] = Offer(product_id, need_amount(row, "price"), need_currency(row, "currency"), stock)
    return offers


def _rows(answers: Mapping[str, Answer], key: str, name: str) -> Sequence[Row]:
    """Return the rows of all pages that were asked for under a key; `BadAnswer` when there are more."""
    pages = [answer for it, answer in answers.items() if it.partition("_")[0] == key]
    found: dict[str, Row] = {}
    for answer in pages:
        # A portal that knows no second page here may give the first again.
        found = {need_id(row, "id"): row for row in listed(answer, name)} | found
    if pages[-1].next is not None or any(page.total is not None and page.total > len(found) for page in pages):
        raise BadAnswer(f"{name} does not fit on {len(pages)} pages")
    return list(found.values())


def _rows_of_parts(answers: Mapping[str, Answer], letter: str, name: str) -> Iterator[Row]:
    for key in answers:
        if key.startswith(letter) and key[1:].isdigit():
            yield from _rows(answers, key, name)


def _by_product(found: Iterable[Row], wanted: Sequence[str]) -> dict[str, list[Row]]:
    by_product: dict[str, list[Row]] = {}
    for row in found:
        product_id = need_id(row, "productId")
        if product_id not in wanted:
            raise BadAnswer("productId is another product's: the portal dropped the filter")
        by_product.setdefault(product_id, []).append(row)
    return by_product


def _price(price_type: str, found: Sequence[Row]) -> Row | None:
    """Return the row with the price of one piece; prices may depend on the quantity."""
    if any(need_id(row, "catalogGroupId") != price_type for row in found):
        raise BadAnswer("catalogGroupId is another kind of price: the portal dropped the filter")
    for row in sensible(found, "catalog.price.list", _OF_PRICE):
        if _bound(row, "quantityFrom") <= 1 and find(row, "price") is not None:
            return row
    return None


def _bound(row: Row, name: str) -> Decimal:
    value = find(row, name)
    return Decimal(0) if value in (None, "") else number(value, name)


def _price_of(row: Row) -> object:
    return find(row, "price") is None or (need_amount(row, "price"), need_currency(row, "currency"))


def _store(row: Row) -> str:
    return need_id(row, "storeId")


def _stock(row: Row, stores: Mapping[str, str]) -> Stock:
    """Read what one store can sell. An oversold store is empty, it does not lessen what others hold."""
    free = _bound(row, "amount") - _bound(row, "quantityReserved")
    return Stock(stores[_store(row)] or f"№ {_store(row)}", max(Decimal(0), free))


_OF_PRICE: Mapping[str, Reader] = {"price": _price_of, "quantityFrom": lambda row: _bound(row, "quantityFrom")}
_OF_STOCK: Mapping[str, Reader] = {
    "storeId": _store,
    "amount": lambda row: _bound(row, "amount"),
    "quantityReserved": lambda row: _bound(row, "quantityReserved"),
}
"""What a row is nothing without."""
