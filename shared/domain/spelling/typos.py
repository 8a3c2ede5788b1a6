"""Typing mistakes, mended by names that hold a piece of the mistyped word: the nearest words are taken from them.

There is no index of the catalogue to compare with: names may be kept for 60 s only (spec §5). But a slip spoils one
place of a word, so its other pieces are in the right names: they are asked for, all in one request.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling import articles, brands, lookalikes, yo
from shared.domain.spelling.loose import Group
from shared.domain.spelling.trade_words import TradeWords
from shared.domain.spelling.variants import QueryVariant, last_ways, ways
from shared.domain.spelling.words import has_digit, is_cyrillic, stems, without_quantity

SHORTEST: Final = 4
"""Letters of a word that may be mistyped: nearly every shorter one is near another."""

PIECE: Final = 3
"""Letters of a piece at least: fewer are in half the catalogue."""

MOST_WORDS: Final = 4
LONG_WORD: Final = 3 * PIECE
"""Letters of a word that is asked for in three pieces: two slips leave one of them whole."""

_WORD: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")


def pieces(query: str) -> list[str]:
    """Return the pieces of the query's words to ask names for, no piece twice."""
    words = [word for word in _words(query) if len(word) >= SHORTEST]
    longest = sorted(words, key=len, reverse=True)[:MOST_WORDS]
    return list(dict.fromkeys(piece for word in longest for piece in _cut(word)))


def questions(query: str, groups: Sequence[Group]) -> list[str]:
    """Return texts with a piece of a word beside the query's other words, then pieces alone."""
    words = [group for group in groups if is_cyrillic(group.said) and len(group.said) >= SHORTEST]
    longest = sorted(words, key=lambda group: len(group.said), reverse=True)[:MOST_WORDS]
    beside = [
        f"{piece} {others}"
        for group in longest
        for piece in _cut(group.said)
        if (others := " ".join(needle for other in groups if other is not group for needle in other.ways[0]))
    ]
    return [*beside, *pieces(query)]


def mended(query: str, words: TradeWords) -> str | None:
    """Return the query with mistyped words of the trade and brands as they are known; None where none is."""
    typed = without_quantity(query).split()
    better = [_known(word, words) for word in typed]
    return " ".join(better) if better != typed else None


def _known(word: str, words: TradeWords) -> str:
    if len(word) < SHORTEST or not is_cyrillic(word) or words.has(word):
        return word
    return _brand(word) or _near(word.casefold(), words.vocabulary, _slips(word)) or word


def keeps_all(query: str, way: QueryVariant) -> bool:
    """Tell whether a corrected query has a word for each of the query."""
    return len(way.told.split()) >= len(_words(query))


def _words(query: str) -> list[str]:
    plain = brands.as_catalogued(lookalikes.in_one_alphabet(without_quantity(query)))
    if articles.is_article(plain):
        return [articles.joined(plain)]
    return [_brand(word) or stems(word) for word in _WORD.findall(plain)]


def _brand(word: str) -> str | None:
    """Return the brand whose spelling by ear is mistyped."""
    spelling = _near(word.casefold(), brands.SPELLINGS, 1) if is_cyrillic(word) and len(word) > SHORTEST else None
    return brands.SPELLINGS[spelling] if spelling else None


def _cut(word: str) -> list[str]:
    """Return two or three pieces that are the whole word together; of a short word its two ends, which overlap."""
    if len(word) < 2 * PIECE:
        return [word[:PIECE], word[-PIECE:]]
    parts = 3 if len(word) >= LONG_WORD else 2
    cuts = [len(word) * part // parts for part in range(parts + 1)]
    return [word[start:end] for start, end in pairwise(cuts)]


def corrected(query: str, answers: Mapping[str, ProductPage]) -> QueryVariant | None:
    """Return the query with its words as the names of the answers have them; None when that would be no other query.

    A word that is near none of them is left out, if another is there or near.
    """
    names = [product.name for found in answers.values() for product in found.products]
    known = _vocabulary(names)
    kept = [word for word in (_nearest(word, known) for word in _words(query)) if word]
    text = " ".join(kept)
    way = QueryVariant(stems(text), told=text)
    tried = {_folded(earlier.query) for earlier in (*ways(query), *last_ways(query))}
    return way if max(map(len, kept), default=0) >= SHORTEST and _folded(way.query) not in tried else None


def _vocabulary(names: Iterable[str]) -> dict[str, str]:
    """Return the words of the names: the compared form to a form to show, the most frequent one."""
    counts = Counter(word for name in names for word in _WORD.findall(name) if len(word) >= SHORTEST - 1)
    known: dict[str, str] = {}
    for word, _ in counts.most_common():
        known.setdefault(_stem(word), word.casefold() if is_cyrillic(word) else word)
    return known


def _nearest(word: str, known: Mapping[str, str]) -> str | None:
    """Return the known word that was meant: the very word, the one with fewest slips, or what begins another."""
    wanted = _stem(word)
    if wanted in known:
        return known[wanted]
    if len(wanted) >= SHORTEST and any(form.startswith(wanted) for form in known):
        return word
    near = _near(wanted, known, _slips(wanted))
    return known[near] if near else None


def _near(word: str, known: Iterable[str], most: int) -> str | None:
    """Return the known word with the fewest slips, at most so many."""
    from rapidfuzz import process  # noqa: PLC0415 - 30 ms that only a mistyped query needs
    from rapidfuzz.distance import DamerauLevenshtein  # noqa: PLC0415 - the same

    near = process.extractOne(word, list(known), scorer=DamerauLevenshtein.distance, score_cutoff=most)
    return near[0] if near else None


def _slips(word: str) -> int:
    """Return how many slips are forgiven: one in a short word, three in a long one; a size has none."""
    if len(word) < SHORTEST or (has_digit(word) and len(word) <= SHORTEST):
        return 0
    return 1 if len(word) < 6 else 2 if len(word) < LONG_WORD else 3  # noqa: PLR2004 - the rule itself


def _stem(word: str) -> str:
    return _folded(stems(word))


def _folded(text: str) -> str:
    return " ".join(yo.without_yo(text.casefold()).split())


def known_answer(way: QueryVariant, answers: Mapping[str, ProductPage]) -> ProductPage | None:
    """Return what the corrected query finds when one of the answers has all of it, else None.

    Whatever has the words has a piece of them; an answer of one page is all there is.
    """
    words = _folded(way.query).split()
    for piece, found in answers.items():
        if found.total <= len(found.products) and any(_folded(piece) in word for word in words):
            products = having(way, found.products)
            if products:
                return way.narrow(ProductPage(products, len(products)))
    return None


def having(way: QueryVariant, products: Iterable[Product]) -> list[Product]:
    """Return the products that have all words of the way in their names and articles."""
    words = _folded(way.query).split()
    return [product for product in products if _has(f"{product.name} {product.article}", words)]


def _has(text: str, words: Sequence[str]) -> bool:
    folded = _folded(text)
    return all(word in folded for word in words)
