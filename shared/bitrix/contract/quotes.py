"""Price and stock in the spec's contract, in either of its two ways (spec §2, row 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial

from shared.bitrix.contract.settings import ContractSettings
from shared.bitrix.encoding import MOST_COMMANDS, as_sent, command_line
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, has, listed, need_amount, need_currency, need_id, need_row, number, text
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.ids import clean_id
from shared.domain.offers import Offer, Stock

Answers = Mapping[str, Answer]

_AT_A_TIME = 10
"""Products in one list of stock: it has a row per store and at most 50 rows."""


def quote(settings: ContractSettings, product_ids: Sequence[str]) -> Operation[dict[str, Offer]]:
    """`crm.product.batch`: one command that weighs as many as it has products. Not 1 to 50 products: ValueError."""
    wanted = tuple(dict.fromkeys(product_ids))
    if not 0 < len(wanted) <= MOST_COMMANDS:
        raise ValueError(f"a quote is for 1 to {MOST_COMMANDS} products, not {len(wanted)}")
    if settings.quote_by_lists:
        return _quote_by_lists(wanted)
    lines = {
        f"sku_{_checked(product_id)}": command_line(Command("catalog.product.get", {"id": product_id}))
        for product_id in wanted
    }
    command = Command("crm.product.batch", {"cmd": lines})
    return Operation({"batch": command}, partial(_offers, wanted), weight=len(wanted))


def _checked(product_id: str) -> str:
    """Return the id if it can be part of a key of the batch."""
    if clean_id(product_id) != product_id:
        raise ValueError("a product's id must be a short word")
    return product_id


def _offers(product_ids: Sequence[str], answers: Answers) -> dict[str, Offer]:
    """Read `result.result.sku_<id>`. A product without an answer or without a price is not for sale: left out."""
    result = need_row(answers["batch"].result, "result")
    if not has(result, "result"):
        raise BadAnswer("result.result is missing")
    by_sku = find(result, "result") or {}
    by_sku = need_row(by_sku, "result.result")
    known = ((product_id, by_sku.get(f"sku_{product_id}")) for product_id in product_ids)
    quoted = ((product_id, _offer(product_id, row)) for product_id, row in known if row)
    return {product_id: offer for product_id, offer in quoted if offer is not None}


def _offer(product_id: str, value: object) -> Offer | None:
    row = need_row(value, "sku")
    if has(row, "PRICE") and find(row, "PRICE") in (None, ""):
        return None
    price = need_amount(row, "PRICE")
    if not has(row, "STORE_AMOUNT"):
        raise BadAnswer("STORE_AMOUNT is missing")
    return Offer(product_id, price, need_currency(row), _stocks(find(row, "STORE_AMOUNT")))


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


def _quote_by_lists(wanted: Sequence[str]) -> Operation[dict[str, Offer]]:
    """`catalog.price.list` and `catalog.storeproduct.list`, ten products at a time."""
    parts = [wanted[first : first + _AT_A_TIME] for first in range(0, len(wanted), _AT_A_TIME)]
    commands = {}
    for index, part in enumerate(parts):
        only = {"filter": {"@PRODUCT_ID": [as_sent(_checked(product_id)) for product_id in part]}}
        commands[f"price{index}"] = Command("catalog.price.list", only)
        commands[f"stock{index}"] = Command("catalog.storeproduct.list", only)
    return Operation(commands, partial(_listed_offers, wanted), weight=len(commands))


def _listed_offers(product_ids: Sequence[str], answers: Answers) -> dict[str, Offer]:
    """Join the lists of prices and of stock. A product without a price is left out, the first price counts."""
    prices = _by_product(answers, "price", ("prices", "items"), product_ids)
    stocks = _by_product(answers, "stock", ("storeProducts", "items"), product_ids)
    offers = {}
    for product_id, found in prices.items():
        stock = tuple(_stock("", row) for row in stocks.get(product_id, ()))
        offers[product_id] = Offer(product_id, need_amount(found[0], "PRICE"), need_currency(found[0]), stock)
    return offers


def _by_product(
    answers: Answers, kind: str, wrappers: Sequence[str], product_ids: Sequence[str]
) -> dict[str, list[Row]]:
    by_product: dict[str, list[Row]] = {}
    for row in _whole_lists(answers, kind, wrappers):
        product_id = need_id(row, "PRODUCT_ID")
        if product_id not in product_ids:
            raise BadAnswer("PRODUCT_ID is another product's: the portal dropped the filter")
        by_product.setdefault(product_id, []).append(row)
    return by_product


def _whole_lists(answers: Answers, kind: str, wrappers: Sequence[str]) -> Iterable[Row]:
    for answer in (answer for key, answer in answers.items() if key.startswith(kind)):
        found = listed(answer, *wrappers)
        if answer.next is not None:
            raise BadAnswer(f"{wrappers[0]} does not fit on one page")
        yield from found
