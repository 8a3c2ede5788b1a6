"""Articles as they are looked up: a list somebody pasted, compared as a database compares text. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from shared.bitrix.encoding import MOST_COMMANDS
from shared.domain.catalogue import Product


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


def by_article(wanted: Iterable[str], found: Mapping[str, tuple[Product, Sequence[str]]]) -> dict[str, list[Product]]:
    """Give every article its products; `found` has each product, by id, with the articles it is known by."""
    known = [(product, set(map(alike, articles))) for product, articles in found.values()]
    return {article: [product for product, names in known if alike(article) in names] for article in wanted}


def exact_first(query: str, products: Sequence[Product]) -> tuple[Product, ...]:
    """Return the products, first those whose whole article was asked for; the order is kept otherwise."""
    return tuple(sorted(products, key=lambda product: alike(product.article) != alike(query)))
