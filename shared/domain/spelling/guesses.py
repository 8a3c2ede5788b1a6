"""What is asked when a query found nothing, all in one request, and what is made of the answers.

In this order: other spellings of the whole query; it with a mistyped word mended, by names that have its other words
and a piece of that one (`typos`); it without one of its words. The master is told which it was. Nothing is asked after
that: a query costs two requests for names at most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling import articles, brands, layout, lookalikes, loose, translit, typos
from shared.domain.spelling.loose import Group
from shared.domain.spelling.trade_words import TradeWords, package_words
from shared.domain.spelling.variants import QueryVariant, as_catalogued, best, last_ways, ways
from shared.domain.spelling.words import LITTLE, has_digit, without_quantity

MOST: Final = 24
"""Texts that are asked for: a native portal spends two commands of a batch on each."""
_SPELLINGS: Final = 6
_WITHOUT: Final = 8
_EDGES: Final = " .,;:!?…«»„“”\"'—–-"
"""What ends a phrase, or parted it from the word that is left out."""
_FEWEST: Final = 2
"""Words of a query of which one may be left out."""


def asked(query: str, words: TradeWords | None = None) -> list[QueryVariant]:
    """Return what is asked for; of a piece of a word `told` is empty, it only leads to names."""
    known = words or package_words()
    told = [*_spelt(query, known), *_without_a_word(query, known)]
    pieces = [QueryVariant(text) for text in typos.questions(query, loose.groups(query, known))]
    different = {way.query.casefold(): way for way in reversed([*told, *pieces])}
    return list(reversed(different.values()))[:MOST]


def _spelt(query: str, words: TradeWords) -> list[QueryVariant]:
    plain = without_quantity(query)
    mended = typos.mended(query, words)
    whole = [guess for guess in (layout.as_meant(plain), mended, translit.transliterated(plain)) if guess]
    more = [
        QueryVariant(text, told=as_catalogued(guess)) for guess in whole for text in loose.spellings(guess, words)[:2]
    ]
    tried = {way.query.casefold() for way in ways(query, words)}
    return [way for way in (*more, *last_ways(query)) if way.query.casefold() not in tried][:_SPELLINGS]


def _without_a_word(query: str, words: TradeWords) -> list[QueryVariant]:
    groups = loose.groups(query, words)
    if len(groups) < _FEWEST:
        return []
    fewer = [
        (_said_without(query, group), [*groups[:place], *groups[place + 1 :]]) for place, group in enumerate(groups)
    ]
    return [
        QueryVariant(text, told=told) for told, rest in fewer if _names_goods(told) for text in loose.joined(rest)[:2]
    ][:_WITHOUT]


def _names_goods(left: str) -> bool:
    """Tell whether words or an article are left: «5» of «перчатки 5» is in the names of half the shop."""
    return any(map(str.isalpha, left)) or articles.is_article(left)


def _said_without(query: str, dropped: Group) -> str:
    """Return the query as it was typed without a word, the preposition before it and the unit behind it.

    Signs around what is left go too. Of a size with a number less the others stay: «саморез 3,5х35» without its 35
    is «саморез 3,5».
    """
    gone = set(dropped.said.casefold().split())
    kept: list[str] = []
    after_number = False
    for word in without_quantity(query).split():
        parts = loose.parts_of(word)
        left = [part for part in parts if _catalogued(part).casefold() not in gone]
        if after_number and word.casefold() in LITTLE:
            after_number = False
            continue
        after_number = not left and has_digit(word)
        if not any(map(str.isalnum, word)):
            continue
        if parts and not left:
            kept = _without_preposition(kept)
        else:
            whole = word if has_digit(word) else brands.as_catalogued(word)
            kept.append(whole if len(left) == len(parts) else " ".join(left))
    return " ".join(kept).strip(_EDGES)


def _catalogued(part: str) -> str:
    return brands.as_catalogued(lookalikes.in_one_alphabet(part))


def _without_preposition(kept: list[str]) -> list[str]:
    """Return the words without a little one at the end that is no unit of a number."""
    is_unit = len(kept) > 1 and has_digit(kept[-2])
    return kept[:-1] if kept and kept[-1].casefold() in LITTLE and not is_unit else kept


def found(
    query: str, answers: Sequence[tuple[QueryVariant, ProductPage]], words: TradeWords | None = None
) -> tuple[QueryVariant, ProductPage] | None:
    """Return the guess that is shown, with what it finds; None when nothing is near."""
    known = words or package_words()
    spelt = {way.query for way in _spelt(query, known)}
    hit = best(query, [(way, page) for way, page in answers if way.query in spelt], known)
    if hit is not None:
        return hit
    named = {way.query: page for way, page in answers if not way.told}
    near = typos.corrected(query, named)
    mended = _with_words(near, named) if near else None
    fewer = [(way, page) for way, page in answers if way.told and way.query not in spelt]
    if near is not None and mended is not None and typos.keeps_all(query, near):
        return _best_of(query, near, mended, known)
    left = best(query, _with_its_articles(query, fewer) or fewer, known)
    if left is not None:
        return left
    return _best_of(query, near, mended, known) if near is not None and mended is not None else None


def _with_its_articles(
    query: str, answers: Sequence[tuple[QueryVariant, ProductPage]]
) -> list[tuple[QueryVariant, ProductPage]]:
    """Return what was found with the articles that the query names: one says more than all other words."""
    named = [word.casefold() for word in query.split() if articles.is_article(word) and not word.isdecimal()]
    return [
        (way, page)
        for way, page in answers
        if named and page.products and all(word in way.query.casefold().split() for word in named)
    ]


def _best_of(query: str, way: QueryVariant, page: ProductPage, words: TradeWords) -> tuple[QueryVariant, ProductPage]:
    return best(query, [(way, page)], words) or (way, page)


def _with_words(way: QueryVariant, named: Mapping[str, ProductPage]) -> ProductPage | None:
    """Return what the answers have of the corrected query: all of it where one of them is whole."""
    whole = typos.known_answer(way, named)
    if whole is not None:
        return whole
    some: dict[str, Product] = {one.id: one for page in named.values() for one in typos.having(way, page.products)}
    return replace(ProductPage(tuple(some.values()), len(some))) if some else None
