"""What else a line's name is asked by, and what is found so, which is never taken without a word.

«Болгарка 125» may be the shop's only УШМ, and still another one than was meant: the master confirms it. So he does
where a word is only the middle of another: «пакля» is in «шпаклёвка», and where it is written
otherwise in names: «биты», «пх2» for «Бита PH2».
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling import loose, ranking, yo
from shared.domain.spelling.lookalikes import latin
from shared.domain.spelling.trade_words import TradeWords
from shared.domain.spelling.variants import widest

MOST: Final = 3
"""Texts that one line is asked by besides its own."""

MOST_LOOSELY: Final = 2
"""The same of one without a word of the trade."""

_SHORT_PLURAL: Final = re.compile(r"(?<!\w)[а-яё]{3}[ыиу](?!\w)", re.IGNORECASE)
"""«Биты», «буры»: too short for their endings to be cut off in every search."""
_MARK_BY_EAR: Final = re.compile(r"(?<!\w)(?=[а-яё]{0,2}[бгдзлпфц])[а-яё]{1,3}\d{1,2}(?!\w)", re.IGNORECASE)
"""«Пх2» for PH2: letters that are not only drawn otherwise."""


def texts(line: str, words: TradeWords) -> tuple[str, ...]:
    """Return what to ask for a line besides its own words, the likeliest first; nothing where it has no word known."""
    return _others(line, words)[:MOST] if words.says_of(line) else ()


def loosely(line: str, words: TradeWords) -> tuple[str, ...]:
    """Return what to ask for a line without such a word, where a word of its own is in no name as it is written."""
    is_written_otherwise = _SHORT_PLURAL.search(line) or _MARK_BY_EAR.search(line)
    return _others(line, words)[:MOST_LOOSELY] if is_written_otherwise and not widest(line).article else ()


def _others(line: str, words: TradeWords) -> tuple[str, ...]:
    plain = widest(line).query.casefold()
    return tuple(text for text in loose.spellings(line, words) if text.casefold() != plain)


def found(line: str, pages: Sequence[ProductPage], words: TradeWords) -> tuple[list[Product], int]:
    """Return what these texts found together, the likeliest first, and how many it is at least."""
    products = {product.id: product for page in pages for product in page.products}
    total = max([len(products), *(page.total for page in pages if page.products)])
    return ranking.ranked(line, products.values(), words), total


def is_named(line: str, product: Product) -> bool:
    """Tell whether each word of a line begins a word of a product's name or article, or is an article as a whole."""
    way = widest(line)
    told = _folded(f"{product.name} {product.article}")
    return bool(way.article) or all(
        re.search(rf"(?<![^\W_]){re.escape(word)}", told) for word in _folded(way.query).split()
    )


def _folded(text: str) -> str:
    return latin(yo.without_yo(text.casefold()))
