"""A query taken apart into what a name must have: stems, numbers of sizes, and for words of the trade any of several.

«диск по металлу 125х1,6» asks for «диск» or «круг», «металл», 125 and 1. Little words and units are left out: names
have others, or none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Final

from shared.domain.spelling import brands, lookalikes, translit, yo
from shared.domain.spelling.trade_words import TradeWords
from shared.domain.spelling.words import LITTLE, has_digit, stem, without_quantity

MOST: Final = 5
"""Texts to ask for one query."""
_LOOKED_THROUGH: Final = 500
"""Combinations of words among which the likeliest are taken: a query may be of two hundred letters."""

SHORTEST: Final = 3
"""Letters of a stem here: what else it finds is put behind by its rank."""

_UNIT: Final = re.compile(
    r"(\d+(?:[.,]\d+)?)(?:мм2?|см|мл|м|кг|г|л|вт|квт|в|v|w|ач|ah|а|a|mm|m|kg|шт|нм)$", re.IGNORECASE
)
_SIZE: Final = re.compile(r"\d+(?:[.,]\d+)?(?:[xх×*]\d+(?:[.,]\d+)?)+", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[xх×*]", re.IGNORECASE)
_DECIMAL: Final = re.compile(r"\d+[.,]\d+")
_MARK: Final = re.compile(r"([^\W\d_]{1,3})(\d+)([^\W\d_]?)")
_RUSSIAN: Final = re.compile(r"[а-яё-]+", re.IGNORECASE)
_EDGES: Final = ".,;:!?()«»\"'—–-"

Needles = Sequence[str]
"""What a name must have: parts of words and numbers."""


@dataclass(frozen=True)
class Group:
    """A word or a phrase of the query, and the ways to ask for it, the likeliest first."""

    said: str
    ways: Sequence[Needles]


def groups(query: str, words: TradeWords, *, whole: bool = False) -> list[Group]:
    """Return the words and phrases of the query.

    `whole`: numbers with their decimals, to compare names with, which no portal is asked for.
    """
    parts = " ".join(_split(without_quantity(query)))
    left = brands.as_catalogued(lookalikes.in_one_alphabet(parts)).split()
    found: list[Group] = []
    while left:
        length, meant = words.at(left)
        asked = meant or _spelt(left[0])
        length = max(1, length)
        ways = [needles for one in asked if (needles := _needles(one, whole=whole))]
        found.append(Group(" ".join(left[:length]), ways))
        left = left[length:]
    return [group for group in found if group.ways]


def _split(query: str) -> list[str]:
    """Return the words that are no little ones, sizes in their numbers, numbers without their units."""
    parts = [part for word in query.split() for part in parts_of(word)]
    words = [part for part in parts if any(sign.isalnum() for sign in part)]
    return [word for word in words if word.casefold() not in LITTLE] or words


def parts_of(word: str) -> list[str]:
    """Return the numbers of a size, a number without its unit, else the word itself; none of a mere sign."""
    word = word.strip(_EDGES)
    if _SIZE.fullmatch(word):
        return _BETWEEN.split(word)
    united = _UNIT.fullmatch(word)
    return [united[1]] if united else [word] if word else []


def _spelt(word: str) -> list[str]:
    """Return a word as names may have it; a mark such as «м10», «пз2» or «c32» in both alphabets and in its parts."""
    mark = _MARK.fullmatch(word)
    if mark is None:
        return [word]
    sounds = translit.letters(word)
    return list(dict.fromkeys([*lookalikes.in_either_alphabet(word), sounds, " ".join(filter(None, mark.groups()))]))


def _needles(phrase: str, *, whole: bool) -> list[str]:
    return [word if whole and _DECIMAL.fullmatch(word) else _needle(word) for word in _split(phrase)]


def _needle(word: str) -> str:
    """Return the part of a word that names have; of a number what stands before the comma: «1,0» is «1» or «1.0»."""
    if _DECIMAL.fullmatch(word):
        return re.split("[.,]", word)[0]
    if has_digit(word) or not _RUSSIAN.fullmatch(word):
        return word
    *before, last = word.split("-")
    return yo.with_yo("-".join([*before, stem(last, SHORTEST)]))


def spellings(query: str, words: TradeWords) -> list[str]:
    """Return the texts to ask for, those with the likeliest words first, `MOST` at most."""
    return joined(groups(query, words))[:MOST]


def joined(asked: Sequence[Group]) -> list[str]:
    """Return the texts that have one way of each group, those with the likeliest first."""
    every = product(*(range(len(group.ways)) for group in asked))
    chosen = sorted(islice(every, _LOOKED_THROUGH), key=lambda which: (sum(which), which))
    texts = (_text(asked, which) for which in chosen)
    return list(dict.fromkeys(text for text in texts if text))


def _text(asked: Sequence[Group], which: Sequence[int]) -> str:
    needles = [needle for group, number in zip(asked, which, strict=True) for needle in group.ways[number]]
    return " ".join(dict.fromkeys(needles))
