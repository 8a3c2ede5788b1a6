"""What the bot does about the shop as its managers made it: a line for each trait. Pure.

A line fails only where a setting must change or masters miss something; what the portal does not tell is no failure.
"""

from __future__ import annotations

from infra.preflight.guesses import article_property
from infra.preflight.named_properties import check_named
from infra.preflight.result import Result, failed, passed, unknown
from infra.preflight.survey import Survey, Told
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import NativeSettings
from shared.bitrix.native.reference_data import Entry
from shared.bitrix.paging import PAGE

VARIATIONS, UNITS, RANGES, VAT, CURRENCY = "variations", "units and steps", "prices by quantity", "VAT", "currency"
INVENTORY, STORES, ARTICLES = "stock", "stores", "articles"


def check_shop(settings: NativeSettings, survey: Survey) -> list[Result]:
    """Say of each trait how the portal has it and what the bot does about it."""
    return [
        _articles(settings, survey),
        _variations(settings, survey),
        _units(settings, survey),
        _ranges(settings, survey.by_quantity),
        _vat(settings, survey.vat_on_top),
        _currency(settings, survey),
        _inventory(settings, survey),
        _stores(settings, survey.stores),
        *check_named(settings, survey),
    ]


def untold(name: str, error: BitrixError) -> Result:
    """Say that the portal does not tell: the bot needs none of these lists to work."""
    return unknown(name, f"the portal does not tell: {error}")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _variations(settings: NativeSettings, survey: Survey) -> Result:
    block, wanted, count = survey.offers_block, settings.offers_iblock_id, survey.variations
    fix = f"BITRIX_OFFERS_IBLOCK_ID={block}"
    if wanted and wanted != block:
        told = f"its variations lie in {block}" if block else "it has no variations"
        return failed(VARIATIONS, f"{wanted} is no block of variations of this catalogue: {told}", fix)
    if isinstance(count, BitrixError):
        return untold(VARIATIONS, count)
    if not count:
        return passed(VARIATIONS, "none: every product is sold as it is")
    if not wanted:
        reason = f"{count} in information block {block}, and no setting names it: the bot leaves such goods out"
        return failed(VARIATIONS, reason, fix)
    reason = f"{count} in information block {block}: the bot finds them and lets masters choose"
    return _articles_of_variations(settings, survey, reason)


def _articles_of_variations(settings: NativeSettings, survey: Survey, reason: str) -> Result:
    """Judge the property by which variations are found; what the portal does not tell is taken as right."""
    found, wanted = survey.offers_properties, settings.offers_article_property
    if found is None or isinstance(found, BitrixError):
        return passed(VARIATIONS, reason)
    likely = article_property(found)
    fix = f"BITRIX_OFFERS_ARTICLE_PROPERTY=property{likely.id} («{likely.name}»)" if likely else "name another one"
    if wanted and wanted not in {f"property{it.id}" for it in found}:
        return failed(VARIATIONS, f"{reason}; they have no {wanted}", fix)
    if likely and not wanted:
        return unknown(VARIATIONS, f"{reason}, but not by an article of their own", fix)
    return passed(VARIATIONS, reason)


def _units(settings: NativeSettings, survey: Survey) -> Result:
    steps, units = survey.in_steps, survey.in_units
    if isinstance(steps, BitrixError):
        return untold(UNITS, steps)
    if isinstance(survey.measures, BitrixError):
        return untold(UNITS, survey.measures)
    if isinstance(units, BitrixError):
        return untold(UNITS, units)
    if not steps and not units:
        return passed(UNITS, "every product is sold by the piece, one by one")
    counted = f"{_many(units, 'product')} in other units than pieces, {_many(steps, 'product')} in other steps than 1"
    if not settings.units:
        return failed(UNITS, f"{counted}: the bot would sell them by the piece", "BITRIX_UNITS=true")
    return passed(UNITS, f"{counted}: the bot shows the unit and counts by the step")


def _ranges(settings: NativeSettings, count: Told[int]) -> Result:
    if isinstance(count, BitrixError):
        return untold(RANGES, count)
    if not count:
        return passed(RANGES, "none: a product costs the same however much is bought")
    reason = f"{_many(count, 'price')} from a second piece on: the bot takes the one that fits the whole quantity"
    return passed(RANGES, f"{reason}, of up to {settings.price_ranges} a product (BITRIX_PRICE_RANGES)")


def _vat(settings: NativeSettings, count: Told[int]) -> Result:
    if isinstance(count, BitrixError):
        return untold(VAT, count)
    if not count:
        return passed(VAT, "every price holds its VAT")
    counted = f"{_many(count, 'product')} with VAT on top of the price"
    if not settings.vat_on_top:
        reason = f"{counted}: the bot would show less than the order costs"
        return failed(VAT, reason, "BITRIX_VAT_ON_TOP=true")
    return passed(VAT, f"{counted}: the bot adds it, as the portal does in the order")


def _currency(settings: NativeSettings, survey: Survey) -> Result:
    base, wanted = survey.currency, settings.currency
    if isinstance(survey.in_other_currency, BitrixError):
        return untold(CURRENCY, survey.in_other_currency)
    own = f"the portal's own is {base or 'not told'}"
    if not survey.in_other_currency:
        return passed(CURRENCY, f"{own}; every price is in {wanted}")
    reason = f"{own}; {_many(survey.in_other_currency, 'price')} in another than {wanted}, which the shop sells in"
    if base and base != wanted:
        return failed(CURRENCY, reason, f"BITRIX_CURRENCY={base}, if that is what the prices are in")
    return unknown(CURRENCY, reason, f"masters order these from a person, until they have a price in {wanted}")


def _inventory(settings: NativeSettings, survey: Survey) -> Result:
    rows, stock = survey.in_stores, survey.in_stock
    if isinstance(rows, BitrixError):
        return untold(INVENTORY, rows)
    if rows:
        if settings.inventory:
            return passed(INVENTORY, f"counted by store, {_many(rows, 'row')}: a card shows what lies in each")
        return unknown(INVENTORY, f"{_many(rows, 'row')} in stores, which no card shows", "BITRIX_INVENTORY=true")
    return untold(INVENTORY, stock) if isinstance(stock, BitrixError) else _uncounted(settings, stock)


def _uncounted(settings: NativeSettings, stock: int) -> Result:
    """Judge a portal none of whose stock lies in a store."""
    if not stock:
        return unknown(INVENTORY, "nothing is in stock, so it does not show whether stock is counted by store")
    reason = f"not counted by store, as {_many(stock, 'product')} with a quantity and none of it in a store"
    if settings.inventory:
        return unknown(INVENTORY, f"{reason}: a card asks for stores in vain", "BITRIX_INVENTORY=false")
    return passed(INVENTORY, f"{reason}: the bot shows the product's own quantity")


def _stores(settings: NativeSettings, count: Told[int]) -> Result:
    if isinstance(count, BitrixError):
        return untold(STORES, count)
    if settings.inventory and count > settings.stores:
        return unknown(STORES, f"{count}, and a card reads {settings.stores} of them", f"BITRIX_STORES={count}")
    pages = max(1, -(-count // PAGE))
    reason = f"{count}: a card reads them on {_many(pages, 'page')} of {PAGE} rows, a quote of many goods does not"
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
