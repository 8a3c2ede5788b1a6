"""Lines in the trade's words: what else a name is asked by, and what is found so, which is never taken without a word.

«Болгарка 125» may be the shop's only УШМ, and still another one than was meant: the master confirms it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling import loose, ranking
from shared.domain.spelling.trade_words import TradeWords
from shared.domain.spelling.variants import widest

MOST: Final = 3
"""Texts that one line is asked by besides its own."""


def texts(line: str, words: TradeWords) -> tuple[str, ...]:
    """Return what to ask for a line besides its own words, the likeliest first; nothing where it has no word known."""
    if not words.says_of(line):
        return ()
    plain = widest(line).query.casefold()
    return tuple(text for text in loose.spellings(line, words) if text.casefold() != plain)[:MOST]


def found(line: str, pages: Sequence[ProductPage], words: TradeWords) -> tuple[list[Product], int]:
    """Return what these texts found together, the likeliest first, and how many it is at least."""
    products = {product.id: product for page in pages for product in page.products}
    total = max([len(products), *(page.total for page in pages if page.products)])
    return ranking.ranked(line, products.values(), words), total
