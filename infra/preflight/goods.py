"""Whether the catalogue can be read: products are found, and they have prices."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from infra.preflight.asking import Reader, ask, unanswered
from infra.preflight.result import Result, failed, passed, unknown
from shared.bitrix.contract import ContractPortal
from shared.bitrix.errors import BadAnswer, BitrixError, MethodMissing
from shared.bitrix.native import NativePortal
from shared.bitrix.portal import Portal
from shared.domain.catalogue import Product, Section

CATALOGUE, WORDS, PRICES = "catalogue", "search by words", "prices and stock"
_MOST_SECTIONS = 10
"""Sections that are looked into for a product."""
_SAY_WORDS = "give words that must be found with --query"
_NO_WORDS = (
    "the portal does not read the filter ?name as the core does: the bot refuses what comes back, "
    "and masters find by a single word or by article only"
)
_WORD = re.compile(r"[^\W_]{2,}")


async def check_goods(reader: Reader, portal: Portal, query: str) -> list[Result]:
    """Find products, by the query or in the first sections, and quote them."""
    found = await find_products(reader, portal, query)
    if isinstance(found, MethodMissing) and isinstance(portal, ContractPortal) and not query:
        return [unknown(CATALOGUE, "a portal of the contract may have no sections to look into", _SAY_WORDS)]
    if isinstance(found, BitrixError):
        return [unanswered(CATALOGUE, found)]
    if not found:
        where = f"nothing is found for «{query}»" if query else "no product in the first sections"
        fix = "is BITRIX_IBLOCK_ID the catalogue with the goods? Give words that must be found with --query"
        return [failed(CATALOGUE, where, fix)]
    first = passed(CATALOGUE, f"{len(found)} products, «{found[0].name}» first")
    words = [await _check_words(reader, portal, found)] if isinstance(portal, NativePortal) else []
    return [first, *words, await _check_prices(reader, portal, found)]


async def find_products(reader: Reader, portal: Portal, query: str) -> Sequence[Product] | BitrixError:
    """Return some products; none when there are none where we looked."""
    if query:
        page = await ask(reader, portal.search(query))
        return page if isinstance(page, BitrixError) else page.products
    return await _walk(reader, portal)


async def _walk(reader: Reader, portal: Portal) -> Sequence[Product] | BitrixError:
    """Go from section to section, each one's own products before the sections inside."""
    top = await ask(reader, portal.sections(None))
    if isinstance(top, BitrixError):
        return top
    waiting: list[Section] = list(top.sections)
    for _ in range(_MOST_SECTIONS):
        if not waiting:
            break
        section = waiting.pop(0)
        page = await ask(reader, portal.products_of(section.id))
        if isinstance(page, BitrixError) or page.products:
            return page if isinstance(page, BitrixError) else page.products
        inside = await ask(reader, portal.sections(section.id)) if section.has_children else None
        if isinstance(inside, BitrixError):
            return inside
        waiting = [*(inside.sections if inside else ()), *waiting]
    return ()


async def _check_words(reader: Reader, portal: NativePortal, products: Sequence[Product]) -> Result:
    """Look for a product by two words of its name, the later first: this filter is undocumented.

    Only the name is asked, so that a wrong property of articles is not told as a wrong search.
    """
    named = ((product, _WORD.findall(product.name)) for product in products)
    product, words = next(((product, words) for product, words in named if len(set(words)) > 1), (products[0], []))
    if not words:
        return unknown(WORDS, "no product here has a name of two words", _SAY_WORDS)
    query = f"{words[-1]} {words[0]}"
    by_name = NativePortal(replace(portal.settings, article_property=""))
    page = await ask(reader, by_name.search(query))
    if isinstance(page, BadAnswer):
        return failed(WORDS, f"«{query}» finds other things", _NO_WORDS)
    if isinstance(page, BitrixError):
        return unanswered(WORDS, page)
    if page.next is None and product.id not in (found.id for found in page.products):
        return failed(WORDS, f"«{query}» does not find «{product.name}»", _NO_WORDS)
    return passed(WORDS, f"«{query}» finds {page.total} products")


async def _check_prices(reader: Reader, portal: Portal, products: Sequence[Product]) -> Result:
    asked = [product.id for product in products[:10]]
    offers = await ask(reader, portal.quote(asked))
    if isinstance(offers, BadAnswer):
        return failed(PRICES, str(offers), "prices are read by catalog.price.list: is it changed on this portal?")
    if isinstance(offers, BitrixError):
        return unanswered(PRICES, offers)
    if not offers:
        fix = "is BITRIX_PRICE_TYPE_ID the price masters pay?"
        return failed(PRICES, f"none of {len(asked)} products has a price", fix)
    in_stock = sum(offer.available > 0 for offer in offers.values())
    reason = f"{len(offers)} of {len(asked)} products have a price, {in_stock} are in stock"
    return passed(PRICES, reason) if len(offers) == len(asked) else unknown(PRICES, reason)
