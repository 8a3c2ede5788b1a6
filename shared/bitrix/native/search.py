"""The search for goods of a real portal, by words and by articles (shared/bitrix/README.md, «Searching»)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from shared.bitrix.articles import alike, differ, nearest
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, need_text
from shared.bitrix.native import eans
from shared.bitrix.native.blocks import Block, blocks, has_page
from shared.bitrix.native.goods_filters import SEVERAL, WILD, article_filter, name_filter, near_filter, words_of
from shared.bitrix.native.goods_rows import articles_of, is_shown, parent_of, products_in, read_product
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.paging import PAGE
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import left_out
from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling.articles import is_article
from shared.domain.spelling.lookalikes import latin

_NOTHING: list[object] = []
_Variation = tuple[Product, str | None]
"""A product, and the one it is a variation of."""


def search(settings: NativeSettings, query: str, start: int) -> Operation[ProductPage]:
    """`catalog.product.list` by the words of the name and, where there is an article, by the whole of it.

    Behind the first page the name's page before is read too, for the article's goods pushed its end aside.
    """
    query = query.strip()
    both = blocks(settings)
    pushed = start > 0 and any(block.article for block in both)
    commands: dict[str, Command] = {}
    for block in both:
        commands |= _commands(block, query, start, pushed=pushed)
    return Operation(commands, partial(found, settings, query, start), weight=len(commands))


def _commands(block: Block, query: str, start: int, *, pushed: bool) -> dict[str, Command]:
    named = {f"{block.prefix}name": block.page(name_filter(query), start)}
    commands = {**named, **article_commands(block, [query]), **(eans.commands(block, [query]) if start == 0 else {})}
    if pushed:
        commands[f"{block.prefix}before"] = block.page(name_filter(query), start - PAGE)
    return commands


def article_commands(block: Block, queries: Sequence[str]) -> dict[str, Command]:
    """Return the lists of goods whose article is one of the queries, as typed and parted in another way."""
    if not block.article:
        return {}
    commands = {f"{block.prefix}article": block.page(article_filter(block, queries), 0)}
    near = near_filter(block, [query for query in queries if is_article(query)])
    return commands if near is None else {**commands, f"{block.prefix}near": block.page(near, 0)}


def found(settings: NativeSettings, query: str, start: int, answers: Mapping[str, Answer]) -> ProductPage:
    """Merge the lists, the article's first: who types a whole article wants that very thing.

    Variations that were found by their names come last, on the first page, in what room the products leave, and without
    those of a product that is there itself. Where no product was found they have pages of their own.
    """
    lists = {key: _there(answer, key, start) for key, answer in answers.items()}
    goods, *more = blocks(settings)
    first = _first(settings, query, lists)
    named = _named(settings, goods, query, lists, first)
    alone = not named.rows and not lists["name"].total
    for block in more if alone else ():
        named = _named(settings, block, query, lists, first)
    shown = ([] if start else first) + [one for one, _ in named.here]
    if start == 0 and not alone:
        known = {one.id for one in shown}
        shown += [
            one
            for block in more
            for one, parent in _named(settings, block, query, lists, first).here
            if parent not in known
        ]
    return _page(shown[:PAGE], start, named)


def _there(answer: Answer, key: str, start: int) -> Answer:
    """Return a list without the rows of its first page that come again where it does not go so far."""
    kind = key.rpartition("_")[2]
    wanted = {"name": start, "before": start - PAGE}.get(kind, 0)
    return answer if has_page(answer, wanted) else Answer(_NOTHING, answer.total)


@dataclass(frozen=True)
class _Named:
    """What was found by name besides what was by article: `rows` in all, `here` on this page; `later` rows follow.

    `total` counts the goods of all pages, those found by article too; None where the portal does not tell.
    """

    rows: Sequence[_Variation]
    here: Sequence[_Variation]
    later: int
    goes_on: bool
    total: int | None


def _first(settings: NativeSettings, query: str, lists: Mapping[str, Answer]) -> list[Product]:
    """Return the goods with the article, each once, at most a page: only a page of them is read.

    Where a variation has the number under the barcode, its product with the same number is no other choice.
    """
    by_article = [one for block in blocks(settings) for one in _by_article(settings, block, query, lists)]
    found = eans.found(settings, query, lists).beside(by_article)
    if any(lists[key].next is not None for key in lists if key.rpartition("_")[2] == "article"):
        left_out("catalog.product.list", "next")
    return found[:PAGE]


def _named(
    settings: NativeSettings, block: Block, query: str, lists: Mapping[str, Answer], first: Sequence[Product]
) -> _Named:
    """Part the goods found by name among the pages behind those found by article, so that none is on no page."""
    answer = lists[f"{block.prefix}name"]
    rows = list(_by_name(settings, block, query, answer))
    before = list(_by_name(settings, block, query, lists.get(f"{block.prefix}before")))
    _, pushed = _parted(before, query, first)
    here, later = _parted(rows, query, first)
    both = sum(_is_named(one.name, query) for one in first)
    total = None if answer.total is None else answer.total + len(first) - both
    return _Named(rows, [*pushed, *here], len(later), answer.next is not None, total)


def _parted(
    rows: Sequence[_Variation], query: str, first: Sequence[Product]
) -> tuple[Sequence[_Variation], Sequence[_Variation]]:
    """Part a page of the name's list: what fits behind the goods found by article, and what the next page begins with.

    Those of them that the list had on earlier pages push nothing aside any more; it goes by id.
    """
    if not rows:
        return (), ()
    begins = _in_order(rows[0][0])
    gone = sum(_in_order(one) < begins and _is_named(one.name, query) for one in first)
    room = PAGE - len(first) + gone
    known = {one.id for one in first}
    kept = [row for row in rows if row[0].id not in known]
    return kept[:room], kept[room:]


def _in_order(product: Product) -> tuple[int, str]:
    return len(product.id), product.id


def _page(shown: Sequence[Product], start: int, named: _Named) -> ProductPage:
    more = named.goes_on or named.later > 0
    # Filters here leave rows out, so how many there are nobody can say before the last page.
    total = max(start + len(shown) + named.later, named.total or 0) if more or start else len(shown)
    return ProductPage(tuple(shown), total, start + PAGE if more else None)


def _by_article(settings: NativeSettings, block: Block, query: str, lists: Mapping[str, Answer]) -> Sequence[Product]:
    """Return the goods whose article is nearest to the query; what a pattern brought besides is left out."""
    found: dict[str, tuple[Product, Sequence[str]]] = {}
    for kind in ("article", "near"):
        answer = lists.get(f"{block.prefix}{kind}")
        for row in _shown(settings, answer):
            articles = articles_of(block, row)
            if kind == "article" and all(differ(query, one) for one in articles):
                raise BadAnswer("the search by article returned something else")
            product = read_product(block, row)
            found[product.id] = (product, articles)
    return nearest([query], found)[query]


def _by_name(settings: NativeSettings, block: Block, query: str, answer: Answer | None) -> Iterator[_Variation]:
    """Return the goods with the words of the query in their names, and of which product each is a variation."""
    for row in _shown(settings, answer):
        _check_name(row, query)
        if _holds_wild_words(row, query):
            yield read_product(block, row), parent_of(row)


def _shown(settings: NativeSettings, answer: Answer | None) -> list[Row]:
    rows = () if answer is None else products_in(answer)
    return [row for row in rows if is_shown(settings, row)]


def _check_name(row: Row, query: str) -> None:
    """Refuse rows that do not match: a portal drops a filter it does not know and returns the whole catalogue."""
    if not _is_named(need_text(row, "name"), query):
        raise BadAnswer("the search by name returned something else")


def _is_named(name: str, query: str) -> bool:
    """Tell whether all words of the query are in a name, as a database compares."""
    return all(_letters(word) in _letters(name) for word in WILD.sub(" ", query).split())


def _holds_wild_words(row: Row, query: str) -> bool:
    """Tell whether words with `%` or `_` are in the name as typed: among several these stand for any letters."""
    words, name = words_of(query), alike(need_text(row, "name"))
    return len(words) < SEVERAL or all(alike(word) in name for word in words if WILD.search(word))


def _letters(words: str) -> str:
    """Return only letters and digits, without case, dots, accents and the difference of alphabets.

    Databases compare about so, and words are asked for in both alphabets.
    """
    plain = latin(unicodedata.normalize("NFKD", words).casefold())
    return "".join(char for char in plain if char.isalnum())
