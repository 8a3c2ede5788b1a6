"""Price and stock in the spec's contract, in either of its two ways (spec §2, row 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial

from shared.bitrix.contract.settings import ContractSettings
from shared.bitrix.encoding import MOST_COMMANDS, as_sent, command_line
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import (
    Row,
    find,
    has,
    listed_if_any,
    need_amount,
    need_currency,
    need_id,
    need_row,
    number,
    text,
)
from shared.bitrix.paging import PAGE, paged
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import Reader, left_out, sensible
from shared.domain.ids import clean_id
from shared.domain.offers import Offer, Stock

Answers = Mapping[str, Answer]

_BATCH, _PRICES, _STOCK = "crm.product.batch", "catalog.price.list", "catalog.storeproduct.list"
_AT_A_TIME = 10
"""Products in one list: of some a portal may tell several prices, and a list has 50 rows at most."""


def quote(settings: ContractSettings, product_ids: Sequence[str]) -> Operation[dict[str, Offer]]:
    """`crm.product.batch`: one command that weighs as many as it has products. Not 1 to 50 products: ValueError."""
    wanted = tuple(dict.fromkeys(product_ids))
    if not 0 < len(wanted) <= MOST_COMMANDS:
        raise ValueError(f"a quote is for 1 to {MOST_COMMANDS} products, not {len(wanted)}")
    if settings.quote_by_lists:
        return _quote_by_lists(settings, wanted)
    lines = {
        f"sku_{_checked(product_id)}": command_line(Command("catalog.product.get", {"id": product_id}))
        for product_id in wanted
    }
    command = Command(_BATCH, {"cmd": lines})
    return Operation({"batch": command}, partial(_offers, settings, wanted), weight=len(wanted))


def _checked(product_id: str) -> str:
    """Return the id if it can be part of a key of the batch."""
    if clean_id(product_id) != product_id:
        raise ValueError("a product's id must be a short word")
    return product_id


def _offers(settings: ContractSettings, product_ids: Sequence[str], answers: Answers) -> dict[str, Offer]:
    """Read `result.result.sku_<id>`. A product without an answer or without a price is not for sale: left out."""
    result = need_row(answers["batch"].result, "result")
    if not has(result, "result"):
        raise BadAnswer("result.result is missing")
    by_sku = find(result, "result") or {}
    by_sku = need_row(by_sku, "result.result")
    known = ((product_id, by_sku.get(f"sku_{product_id}")) for product_id in product_ids)
    quoted = ((product_id, _offer(settings, product_id, row)) for product_id, row in known if row)
    return {product_id: offer for product_id, offer in quoted if offer is not None}


def _offer(settings: ContractSettings, product_id: str, value: object) -> Offer | None:
    """Read one product; None when it has no price, or makes no sense."""
    if not isinstance(value, Mapping):
        left_out(_BATCH, "sku")
        return None
    if has(value, "PRICE") and find(value, "PRICE") in (None, ""):
        return None
    for row in sensible([value], _BATCH, _OF_SKU):
        return _priced(settings, product_id, row, _stocks(find(row, "STORE_AMOUNT")))
    return None


def _priced(settings: ContractSettings, product_id: str, row: Row, stocks: Sequence[Stock]) -> Offer:
    currency = need_currency(row)
    foreign = currency != settings.currency
    return Offer(product_id, need_amount(row, "PRICE"), currency, stocks, foreign=foreign)


def _need_stock(row: Row) -> object:
    if not has(row, "STORE_AMOUNT"):
        raise BadAnswer("STORE_AMOUNT is missing")
    return _stocks(find(row, "STORE_AMOUNT"))


def _stocks(value: object) -> tuple[Stock, ...]:
    """Read stock given as a list of stores, a map from store to amount, or numbers."""
    if value is None or value == "":
        return ()
    if isinstance(value, Mapping):
        if has(value, "AMOUNT"):
            return (_stock("", value),)
        return tuple(_stock(str(store), amount) for store, amount in value.items())
    if isinstance(value, list):
        return tuple(_stock("", amount) for amount in value)
    return (_stock("", value),)


def _stock(store: str, value: object) -> Stock:
    """Read one store's stock. Oversold stores are empty, they do not lessen what others hold."""
    if isinstance(value, Mapping):
        store = text(value, "STORE_NAME", "NAME", "STORE_ID") or store
        value = find(value, "AMOUNT")
    return Stock(store, max(Decimal(0), number(value, "AMOUNT")))


def _quote_by_lists(settings: ContractSettings, wanted: Sequence[str]) -> Operation[dict[str, Offer]]:
    """`catalog.price.list` and `catalog.storeproduct.list`, ten products at a time.

    Stock has a row per store: it is asked for in as many pages as these fill, or as there is room for.
    """
    parts = [wanted[first : first + _AT_A_TIME] for first in range(0, len(wanted), _AT_A_TIME)]
    most = (MOST_COMMANDS - len(parts)) // len(parts) * PAGE
    commands = {}
    for index, part in enumerate(parts):
        only = {"filter": {"@PRODUCT_ID": [as_sent(_checked(product_id)) for product_id in part]}}
        commands[f"price{index}"] = Command(_PRICES, only)
        commands |= paged(f"stock{index}", Command(_STOCK, only), min(most, len(part) * settings.stores))
    return Operation(commands, partial(_listed_offers, settings, wanted), weight=len(commands))


def _listed_offers(settings: ContractSettings, product_ids: Sequence[str], answers: Answers) -> dict[str, Offer]:
    """Join the lists. A product without a price is left out, the first price counts."""
    priced = sensible(list(_rows(answers, "price", _PRICES, ("prices", "items"))), _PRICES, _OF_PRICE)
    held = sensible(list(_rows(answers, "stock", _STOCK, ("storeProducts", "items"))), _STOCK, _OF_STOCK)
    stocks = _by_product(held, product_ids)
    return {
        product_id: _priced(
            settings, product_id, found[0], tuple(_stock("", row) for row in stocks.get(product_id, ()))
        )
        for product_id, found in _by_product(priced, product_ids).items()
    }


def _by_product(found: Iterable[Row], product_ids: Sequence[str]) -> dict[str, list[Row]]:
    by_product: dict[str, list[Row]] = {}
    for row in found:
        product_id = need_id(row, "PRODUCT_ID")
        if product_id not in product_ids:
            raise BadAnswer("PRODUCT_ID is another product's: the portal dropped the filter")
        by_product.setdefault(product_id, []).append(row)
    return by_product


def _rows(answers: Answers, kind: str, method: str, wrappers: Sequence[str]) -> Iterator[Row]:
    """Yield the rows of all parts' pages, each once. What goes on behind the last page is missed, and told."""
    parts = dict.fromkeys(key.partition("_")[0] for key in answers if key.startswith(kind))
    for part in parts:
        pages = [answer for key, answer in answers.items() if key.partition("_")[0] == part]
        seen: list[Row] = []
        for page in pages:
            # A portal that knows no second page here gives the first again.
            seen += [row for row in listed_if_any(page, *wrappers) if row not in seen]
        yield from seen
        if pages[-1].next is not None:
            left_out(method, "next")


_OF_SKU: Mapping[str, Reader] = {
    "PRICE": lambda row: need_amount(row, "PRICE"),
    "CURRENCY": need_currency,
    "STORE_AMOUNT": _need_stock,
}
_OF_PRICE: Mapping[str, Reader] = {
    "PRODUCT_ID": lambda row: need_id(row, "PRODUCT_ID"),
    "PRICE": lambda row: need_amount(row, "PRICE"),
    "CURRENCY": need_currency,
}
_OF_STOCK: Mapping[str, Reader] = {
    "PRODUCT_ID": lambda row: need_id(row, "PRODUCT_ID"),
    "AMOUNT": lambda row: _stock("", row),
}
"""What a row is nothing without."""
