"""The ways in which a query is tried, and the choice among their answers.

All ways go to the portal in one request, as commands of one batch: asked one after the other each would cost half a
second of the pace. The quiet ones mean what was typed, only as a catalogue has it, by the trade's words too; what all
of those found is put in one order. The others are a guess: they count only when the quiet ones found nothing, and the
master is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.domain import barcodes
from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling import articles, brands, layout, lookalikes, loose, ranking, translit, yo
from shared.domain.spelling.trade_words import TradeWords, package_words
from shared.domain.spelling.words import article_and_count, stems, without_quantity

MOST: Final = 8
"""Ways of one query: a native portal spends several commands of its batch on each."""


PAGE: Final = 50
"""Products of a page of the portal's."""


@dataclass(frozen=True)
class QueryVariant:
    """One way to write a query: `query` goes to the portal.

    `told` is what the master is told was looked for, when it is a guess; "" when it is what he typed. `article`: only
    products count whose name or article has it, compared as `articles.squashed` does; "" for all.
    """

    query: str
    told: str = ""
    article: str = ""

    def narrow(self, found: ProductPage) -> ProductPage:
        """Return what counts of the portal's answer, the likeliest first."""
        if not self.article:
            return replace(found, products=tuple(ranked(self.query, found.products)))
        products = tuple(product for product in found.products if _has(product, self.article))
        return ProductPage(tuple(ranked(self.article, products)), len(products))


def ways(query: str, words: TradeWords | None = None) -> list[QueryVariant]:
    """Return the ways to try at first, what was typed before all others; `words` stand in for the package's own."""
    plain = without_quantity(query)
    catalogued = as_catalogued(plain)
    quiet = [plain, catalogued, yo.without_yo(catalogued), stems(catalogued)]
    tried = [QueryVariant(text) for text in quiet]
    if articles.is_article(plain):
        one = articles.squashed(plain)
        tried += [
            QueryVariant(articles.joined(catalogued), article=one),
            QueryVariant(articles.parted(catalogued), article=one),
        ]
    guess = as_catalogued(layout.as_meant(plain))
    guesses = [QueryVariant(guess, told=guess)] if guess.casefold() != catalogued.casefold() else []
    guesses += _without_count(plain)
    tried += [QueryVariant(text) for text in loose.spellings(query, words or package_words())]
    return [*_different(tried)[: MOST - len(guesses)], *guesses]


def _without_count(query: str) -> list[QueryVariant]:
    """Return «SD-SAN-W 3» as the article alone: the number may be how many are wanted."""
    counted = article_and_count(query)
    if counted is None:
        return []
    article = as_catalogued(counted[0])
    return [QueryVariant(article, told=counted[0], article=articles.squashed(article))]


def widest(query: str) -> QueryVariant:
    """Return the quiet way that finds most, for when there is room for one only."""
    catalogued = as_catalogued(without_quantity(query))
    if barcodes.is_ean(catalogued):
        # A good found by the number under its barcode has it neither in its name nor as its article.
        return QueryVariant(catalogued)
    if articles.is_article(catalogued):
        return QueryVariant(articles.parted(catalogued), article=articles.squashed(catalogued))
    return QueryVariant(stems(catalogued))


def last_ways(query: str) -> list[QueryVariant]:
    """Return the guesses to try when nothing was found; nothing of `ways` is among them."""
    plain = without_quantity(query)
    guesses = [as_catalogued(translit.transliterated(plain)), as_catalogued(layout.as_meant(plain))]
    tried = [*ways(query), *(QueryVariant(text, told=guess) for guess in guesses for text in (guess, stems(guess)))]
    return _different(tried)[len(ways(query)) :][:MOST]


def best(
    query: str, tried: Sequence[tuple[QueryVariant, ProductPage]], words: TradeWords | None = None
) -> tuple[QueryVariant, ProductPage] | None:
    """Return what is shown of the answers, the likeliest goods first, and the way that found most; None for nothing.

    Goods of several spellings are one list of a page at most: further pages are of the way that found most.
    """
    narrowed = [(way, way.narrow(found)) for way, found in tried]
    fruitful = [(way, found) for way, found in narrowed if found.products]
    quiet = [(way, found) for way, found in fruitful if not way.told]
    if not fruitful:
        return None
    widest, most = max(quiet or fruitful, key=lambda pair: pair[1].total)
    found = {one.id: one for page in (most, *(page for _, page in quiet)) for one in page.products}
    order = ranking.ranked(widest.told or query, found.values(), words or package_words())[:PAGE]
    return widest, replace(most, products=tuple(order), total=max(most.total, len(order)))


def ranked(query: str, products: Iterable[Product]) -> list[Product]:
    """Return the products with the likeliest first: whose article it is, then whose name begins with it."""
    wanted = articles.squashed(query)
    first_word = articles.squashed(stems(query.partition(" ")[0]))

    def place(product: Product) -> int:
        if wanted and articles.squashed(product.article) == wanted:
            return 0
        return 1 if articles.squashed(product.name).startswith(first_word) else 2

    return sorted(products, key=place)


def _has(product: Product, article: str) -> bool:
    return article in articles.squashed(product.article) or article in articles.squashed(product.name)


def as_catalogued(query: str) -> str:
    """Return the query in the letters of a catalogue: one alphabet in a word, its brands, and ё."""
    return yo.with_yo(brands.as_catalogued(lookalikes.in_one_alphabet(query)))


def _different(tried: Iterable[QueryVariant]) -> list[QueryVariant]:
    """Return the ways without those that ask what an earlier one asks."""
    by_query: dict[str, QueryVariant] = {}
    for way in (way for way in tried if way.query):
        by_query.setdefault(way.query.casefold(), way)
    return list(by_query.values())
