"""What the bot does about the shop as its managers made it: a line for each trait. Pure.

A line fails only where a setting must change or masters miss something; what the portal does not tell is no failure.
"""

from __future__ import annotations

from collections.abc import Callable

from infra.preflight.guesses import article_property
from infra.preflight.result import Result, failed, passed, unknown
from infra.preflight.survey import Survey, Told
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativeSettings
from shared.bitrix.native.quotes import PAGE
from shared.bitrix.native.reference_data import Entry

VARIATIONS, UNITS, RANGES, VAT, CURRENCY = "variations", "units and steps", "prices by quantity", "VAT", "currency"
INVENTORY, STORES, ARTICLES = "stock", "stores", "articles"
_AT_A_TIME = 10
"""Products whose stock is asked for in one command (shared/bitrix/native/quotes.py)."""


def check_shop(settings: NativeSettings, survey: Survey) -> list[Result]:
    """Say of each trait how the portal has it and what the bot does about it."""
    return [
        _articles(settings, survey),
        _units(survey),
        _counted(RANGES, survey.by_quantity, _ranges),
        _counted(VAT, survey.vat_on_top, _vat),
        _currency(settings, survey),
        _inventory(survey),
        _stores(settings, survey.stores),
    ]


def _counted(name: str, count: Told[int], line: Callable[[int], str]) -> Result:
    return untold(name, count) if isinstance(count, BitrixError) else passed(name, line(count))


def untold(name: str, error: BitrixError) -> Result:
    """Say that the portal does not tell: the bot needs none of these lists to work."""
    return unknown(name, f"the portal does not tell: {error}")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _units(survey: Survey) -> Result:
    steps, units = survey.in_steps, survey.in_units
    if isinstance(steps, BitrixError):
        return untold(UNITS, steps)
    if isinstance(survey.measures, BitrixError):
        return untold(UNITS, survey.measures)
    if isinstance(units, BitrixError):
        return untold(UNITS, units)
    if not steps and not units:
        return passed(UNITS, "every product is sold by the piece, one by one")
    return passed(
        UNITS,
        f"{_many(units, 'product')} in other units than pieces, {_many(steps, 'product')} in other steps than 1: "
        "the bot shows the unit and adds and takes away by the step",
    )


def _ranges(count: int) -> str:
    if not count:
        return "none: a product costs the same however much is bought"
    return f"{_many(count, 'price')} from a second piece on: the bot takes the one that fits the whole quantity"


def _vat(count: int) -> str:
    if not count:
        return "every price holds its VAT"
    return f"{_many(count, 'product')} with VAT on top of the price: the bot adds it, as the portal does in the order"


def _currency(settings: NativeSettings, survey: Survey) -> Result:
    base, wanted = survey.currency, settings.currency
    if isinstance(survey.in_other_currency, BitrixError):
        return untold(CURRENCY, survey.in_other_currency)
    own = f"the portal's own is {base or 'not told'}"
    if not survey.in_other_currency:
        return passed(CURRENCY, f"{own}; every price is in {wanted}")
    reason = f"{own}; {_many(survey.in_other_currency, 'price')} in another than {wanted}, which orders are made in"
    if base and base != wanted:
        return failed(CURRENCY, reason, f"have a kind of price in {wanted} and name it: BITRIX_PRICE_TYPE_ID")
    return unknown(CURRENCY, reason, f"masters order these from a person, until they have a price in {wanted}")


def _inventory(survey: Survey) -> Result:
    rows, stock = survey.in_stores, survey.in_stock
    if isinstance(rows, BitrixError):
        return untold(INVENTORY, rows)
    if rows:
        return passed(INVENTORY, f"counted by store, {rows} rows: the bot shows what is free in each")
    if isinstance(stock, BitrixError):
        return untold(INVENTORY, stock)
    if stock:
        reason = f"not counted by store, as {_many(stock, 'product')} with a quantity and none of it in a store"
        return passed(INVENTORY, f"{reason}: the bot shows the product's own quantity")
    return unknown(INVENTORY, "nothing is in stock, so it does not show whether stock is counted by store")


def _stores(settings: NativeSettings, count: Told[int]) -> Result:
    if isinstance(count, BitrixError):
        return untold(STORES, count)
    rows = count * _AT_A_TIME
    pages = max(1, -(-rows // PAGE))
    reason = f"{count}: stock of {_AT_A_TIME} products is up to {rows} rows, read as {_many(pages, 'page')} of {PAGE}"
    if count > settings.stores:
        return unknown(STORES, f"{count}, and the bot reads {settings.stores} of a product", f"BITRIX_STORES={count}")
    return passed(STORES, reason)


def _articles(settings: NativeSettings, survey: Survey) -> Result:
    found, wanted = survey.properties, settings.article_property
    if isinstance(found, BitrixError):
        return untold(ARTICLES, found)
    if not wanted:
        likely = article_property(found)
        reason = "no property is set: articles are looked for in names"
        return unknown(ARTICLES, reason, _article_line(likely)) if likely else passed(ARTICLES, reason)
    chosen = next((it for it in found if f"property{it.id}" == wanted), None)
    if chosen is None:
        fix = f"BITRIX_ARTICLE_PROPERTY: a property of information block {settings.iblock_id}"
        return failed(ARTICLES, f"the catalogue has no {wanted}: a condition on it would be dropped", fix)
    values = "several values" if chosen.kind == "Y" else "one value"
    return passed(ARTICLES, f"{wanted} «{chosen.name}», {values}: the bot asks for it by a list, right for both")


def _article_line(likely: Entry) -> str:
    return f"BITRIX_ARTICLE_PROPERTY=property{likely.id} («{likely.name}»)"
