"""The search for goods of a real portal, by words and by articles (shared/bitrix/README.md, «Searching»)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from shared.bitrix.articles import alike, differ, nearest
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, need_text
from shared.bitrix.native.blocks import PAGE, Block, blocks, has_page
from shared.bitrix.native.goods_filters import SEVERAL, WILD, article_filter, name_filter, near_filter, words_of
from shared.bitrix.native.goods_rows import articles_of, is_shown, parent_of, products_in, read_product
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling.articles import is_article
from shared.domain.spelling.lookalikes import latin

_NOTHING: list[object] = []


def search(settings: NativeSettings, query: str, start: int) -> Operation[ProductPage]:
    """`catalog.product.list` by the words of the name and, where there is an article, by the whole of it."""
    query = query.strip()
    commands: dict[str, Command] = {}
    for block in blocks(settings):
        commands |= _commands(block, query, start)
    return Operation(commands, partial(_found, settings, query, start), weight=len(commands))


def _commands(block: Block, query: str, start: int) -> dict[str, Command]:
    commands = {f"{block.prefix}name": block.page(name_filter(query), start)}
    if block.article:
        commands[f"{block.prefix}article"] = block.page(article_filter(block, [query]), start)
        near = near_filter(block, [query]) if start == 0 and is_article(query) else None
        if near is not None:
            commands[f"{block.prefix}near"] = block.page(near, 0)
    return commands


def _found(settings: NativeSettings, query: str, start: int, answers: Mapping[str, Answer]) -> ProductPage:
    """Merge the lists, the article's first: who types a whole article wants that very thing.

    Variations that were found by their names come last, on the first page, in what room the products leave, and without
    those of a product that is there itself. Where no product was found they have pages of their own.
    """
    lists = {key: one if has_page(one, start) else Answer(_NOTHING, one.total) for key, one in answers.items()}
    goods, *more = blocks(settings)
    products = {one.id: one for block in (goods, *more) for one in _by_article(settings, block, query, lists)}
    named = list(_by_name(settings, goods, query, lists))
    products |= {one.id: one for one, _ in named if one.id not in products}
    alone = not named and not lists["name"].total
    for block in more if alone or start == 0 else ():
        found = [one for one, parent in _by_name(settings, block, query, lists) if parent not in products]
        products |= {one.id: one for one in found if one.id not in products}
    paged = ["article", "offer_article", "name", *(["offer_name"] if alone else [])]
    return _page(list(products.values()), start, [lists[key] for key in paged if key in lists])


def _page(products: Sequence[Product], start: int, lists: Sequence[Answer]) -> ProductPage:
    shown = tuple(products[:PAGE])
    more = any(answer.next is not None for answer in lists)
    totals = [answer.total for answer in lists if answer.total is not None]
    # One product may be in several lists; how many are, nobody can say before the last page.
    total = max([start + len(shown), *totals]) if more or start else len(shown)
    return ProductPage(shown, total, start + PAGE if more else None)


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


def _by_name(
    settings: NativeSettings, block: Block, query: str, lists: Mapping[str, Answer]
) -> Iterator[tuple[Product, str | None]]:
    """Return the goods with the words of the query in their names, and of which product each is a variation."""
    for row in _shown(settings, lists[f"{block.prefix}name"]):
        _check_name(row, query)
        if _holds_wild_words(row, query):
            yield read_product(block, row), parent_of(row)


def _shown(settings: NativeSettings, answer: Answer | None) -> list[Row]:
    rows = () if answer is None else products_in(answer)
    return [row for row in rows if is_shown(settings, row)]


def _check_name(row: Row, query: str) -> None:
    """Refuse rows that do not match: a portal drops a filter it does not know and returns the whole catalogue."""
    name = _letters(need_text(row, "name"))
    if not all(_letters(word) in name for word in WILD.sub(" ", query).split()):
        raise BadAnswer("the search by name returned something else")


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
