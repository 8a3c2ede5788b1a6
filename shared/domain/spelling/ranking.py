"""The order in which found goods are shown: how well a name has the words and numbers of the query.

A part of a word that a portal searches by also finds what is not meant: «бит» is in «битум», «4» in «40». A name counts
for each word it has whole, less for one that begins so, least for one that only holds it. A name with another mark of a
kind (`marks`) comes after those without: who asks for PH1 wants no PH2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final

from shared.domain.catalogue import Product
from shared.domain.spelling import articles, loose, marks
from shared.domain.spelling.lookalikes import latin
from shared.domain.spelling.trade_words import TradeWords, folded
from shared.domain.spelling.words import without_quantity

_TOKEN: Final = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+")
_WHOLE, _BEGINS, _HOLDS = 6.0, 4.0, 2.0
_IN_A_ROW: Final = 0.5
"""What a name is worth more for each two of the query's numbers that stand side by side in it."""
_IN_ARTICLE: Final = 0.6
_EARLY: Final = 1.0
_LONG: Final = 0.01


def ranked(query: str, products: Iterable[Product], words: TradeWords) -> list[Product]:
    """Return the products with the likeliest first; those that are as likely in the order they came."""
    wanted = articles.squashed(without_quantity(query))
    asked = loose.groups(query, words, whole=True)
    groups = [[_tokens(" ".join(way)) for way in group.ways] for group in asked]
    numbers = [token for ways in groups for token in ways[0] if token[0].isdigit()]

    def place(product: Product) -> tuple[bool, bool, float]:
        its = bool(wanted) and articles.squashed(product.article) == wanted
        another = not its and marks.contradicts(query, product.name)
        return not its, another, -_worth(product, groups, numbers)

    return sorted(products, key=place)


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    """Return words by their stems and numbers without zeros at the end, all in one alphabet."""
    return tuple(_token(word) for word in _TOKEN.findall(text.casefold()))


def _token(word: str) -> str:
    if word[0].isdigit():
        number = word.replace(",", ".")
        return f"{Decimal(number).normalize():f}" if "." in number else number
    return latin(folded(word))


def _worth(product: Product, groups: Sequence[Sequence[Sequence[str]]], numbers: Sequence[str]) -> float:
    name, article = _tokens(product.name), _tokens(product.article)
    worth = sum(max(_has_all(way, name, article) for way in ways) for ways in groups)
    pairs = set(pairwise(name))
    worth += _IN_A_ROW * sum(pair in pairs for pair in pairwise(numbers))
    first = groups[0] if groups else ()
    worth += _EARLY * any(way and name and name[0].startswith(way[0]) for way in first)
    # One word says nothing about the rest of a name: its own order is as good as any.
    return worth - _LONG * len(name) if len(groups) > 1 else worth


def _has_all(way: Sequence[str], name: Sequence[str], article: Sequence[str]) -> float:
    worth = sum(max(_has(one, name), _IN_ARTICLE * _has(one, article)) for one in way)
    return worth / len(way) if way else 0.0


def _has(wanted: str, tokens: Sequence[str]) -> float:
    if wanted in tokens:
        return _WHOLE
    if wanted[0].isdigit():
        return 0.0
    if any(token.startswith(wanted) for token in tokens):
        return _BEGINS
    return _HOLDS if any(wanted in token for token in tokens) else 0.0
