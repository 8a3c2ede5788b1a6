"""Articles as they are looked up: how near one is to another, and the patterns a database finds the near ones by. Pure.

Catalogues write one article in many ways: «6178-4B40-40B2», «6178 4B40 40B2», with a Cyrillic «А» for an A.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from shared.bitrix.encoding import MOST_COMMANDS
from shared.domain.catalogue import Product
from shared.domain.spelling.articles import SHORTEST, apart, is_article, joined, parted
from shared.domain.spelling.lookalikes import in_either_alphabet, is_ambiguous, latin
from shared.domain.spelling.words import has_digit

_SURE = 4
"""Letters and digits of one alphabet only that make a pattern worth asking in which all others may be any letter."""
_WILD = frozenset("%_\\")
"""What a pattern cannot ask for as itself."""
_FAR = 4
_ENDS = (3, 2)
"""Letters of an article's ends: fewer find it where a separator follows the second, among more that is not it."""


def asked(articles: Sequence[str]) -> tuple[str, ...]:
    """Return the articles without repetitions; ValueError for none, an empty one or more than 50."""
    wanted = tuple(dict.fromkeys(article.strip() for article in articles))
    if not 0 < len(wanted) <= MOST_COMMANDS or not all(map(alike, wanted)):
        raise ValueError(f"a look-up is for 1 to {MOST_COMMANDS} articles, not {len(wanted)}, none of them empty")
    return wanted


def alike(article: str) -> str:
    """Return the article without case, accents and spaces around: what is equal here is one article to a database."""
    parts = unicodedata.normalize("NFKD", article.strip()).casefold()
    return "".join(char for char in parts if not unicodedata.combining(char))


def distance(wanted: str, known: str) -> int:
    """Return how far one article is from another.

    0: the same to a database; 1: but for letters that look alike; 2: but for the kind of separators; 3: but for
    separators that only one of them has; 4: another article.
    """
    if _joined(wanted) != _joined(known):
        return _FAR
    return next(step for step, read in enumerate(_STEPS) if read(wanted) == read(known))


def differ(wanted: str, known: str) -> bool:
    """Tell whether two articles are not one in any way of writing it."""
    return distance(wanted, known) == _FAR


def _in_latin(article: str) -> str:
    return latin(alike(article))


def _parted(article: str) -> str:
    return " ".join(apart(_in_latin(article)))


@lru_cache(maxsize=4096)
def _joined(article: str) -> str:
    plain = _in_latin(article)
    return "".join(apart(plain)) or plain


_STEPS: tuple[Callable[[str], str], ...] = (alike, _in_latin, _parted, _joined)


def nearest(wanted: Iterable[str], found: Mapping[str, tuple[Product, Sequence[str]]]) -> dict[str, list[Product]]:
    """Give every article the products that are nearest to it; `found` has each, by id, with the articles it has.

    «HSS-2,5» is «HSS-2.5» rather than «HSS-25»; who types «HSS25» may mean either.
    """
    return {article: _nearest(article, found.values()) for article in wanted}


def _nearest(article: str, found: Iterable[tuple[Product, Sequence[str]]]) -> list[Product]:
    far = [(min((distance(article, one) for one in names), default=_FAR), product) for product, names in found]
    least = min((step for step, _ in far), default=_FAR)
    return [product for step, product in far if step == least < _FAR]


def patterns(article: str) -> tuple[str, ...]:
    """Return patterns of LIKE (`%`: any text, `_`: any letter) for the article with any separators, in any alphabet.

    Empty for what is too short to be asked so. What a pattern finds is to be sieved by `distance`.
    """
    chars = "".join(apart(article.casefold()))
    if len(chars) < SHORTEST or not has_digit(chars):
        return ()
    if sum(not is_ambiguous(char) and char not in _WILD for char in chars) >= _SURE:
        return ("%".join("_" if is_ambiguous(char) or char in _WILD else char for char in chars),)
    spelt = in_either_alphabet(chars)
    return tuple("%".join("_" if char in _WILD else char for char in one) for one in spelt)


def ends(query: str) -> tuple[str, ...]:
    """Return queries of an article's first and last letters, for a search that knows parts of words and no patterns.

    They find it with separators anywhere between; what they find is to be sieved by `differ`. Of the ways in which a
    search writes one article only that of its parts (`parted`) has them: once is enough.
    """
    chars = joined(query)
    if not is_article(query) or parted(chars) != query:
        return ()
    spelt = in_either_alphabet(chars)
    return tuple(dict.fromkeys(f"{one[:size]} {one[-size:]}" for size in _ENDS for one in spelt))


def exact_first(query: str, products: Sequence[Product]) -> tuple[Product, ...]:
    """Return the products, first those whose whole article was asked for; the order is kept otherwise."""
    return tuple(sorted(products, key=lambda product: alike(product.article) != alike(query)))
