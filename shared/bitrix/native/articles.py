"""The look-up of articles on a real portal (shared/bitrix/README.md, «Searching»).

A property takes a list of values, and a list answers 50 rows, so ten articles are asked at a time: as they were typed,
and by patterns for those that a catalogue may part in another way. Patterns find more than is meant; where that is more
than a page, an article that is parted in another way may stay unfound. Where goods with the articles as typed are more
than a page, the log is told. Products that keep no articles are asked by names instead. The numbers of barcodes are
asked for as such too, in one list for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from shared.bitrix.articles import alike, asked, differ, nearest
from shared.bitrix.encoding import MOST_COMMANDS
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, need_id, need_text
from shared.bitrix.native import eans
from shared.bitrix.native.blocks import Block, blocks, goods_block
from shared.bitrix.native.goods_filters import article_filter, near_filter, part_of_name
from shared.bitrix.native.goods_rows import articles_of, is_shown, products_in, read_product
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import left_out
from shared.domain.catalogue import Product

_AT_A_TIME = 10


def by_articles(settings: NativeSettings, articles: Sequence[str]) -> Operation[dict[str, list[Product]]]:
    """`catalog.product.list` by the article's property; products that have none, by a part of the name."""
    wanted = asked(articles)
    with_articles = [block for block in blocks(settings) if block.article]
    commands = {key: command for block in with_articles for key, command in _commands(block, wanted)}
    for block in blocks(settings):
        commands |= eans.commands(block, wanted)
    goods = goods_block(settings)
    if not goods.article:
        commands |= _names(goods, wanted, MOST_COMMANDS - len(commands))
    return Operation(commands, partial(_found, settings, wanted), weight=len(commands))


def _commands(block: Block, wanted: Sequence[str]) -> Iterator[tuple[str, Command]]:
    for number, first in enumerate(range(0, len(wanted), _AT_A_TIME)):
        part = wanted[first : first + _AT_A_TIME]
        yield f"{block.prefix}a{number}", block.page(article_filter(block, part), 0)
        near = near_filter(block, part)
        if near is not None:
            yield f"{block.prefix}n{number}", block.page(near, 0)


def _names(block: Block, wanted: Sequence[str], most: int) -> dict[str, Command]:
    """Ask for names one by one, or so many at a time that there are not more commands than this."""
    at_a_time = -(-len(wanted) // most)
    parts = (wanted[first : first + at_a_time] for first in range(0, len(wanted), at_a_time))
    return {f"w{number}": block.page(part_of_name(part), 0) for number, part in enumerate(parts)}


def _found(settings: NativeSettings, wanted: Sequence[str], answers: Mapping[str, Answer]) -> dict[str, list[Product]]:
    by_property = nearest(wanted, _by_property(settings, wanted, answers))
    named = [row for key, answer in answers.items() if key.startswith("w") for row in products_in(answer)]
    block = goods_block(settings)
    for one in blocks(settings):
        if (answer := answers.get(eans.key(one))) is not None and answer.next is not None:
            left_out("catalog.product.list", "next")
    return {
        article: eans.found(settings, article, answers).beside(found)
        or [read_product(block, row) for row in named if _is_named(settings, row, article)]
        for article, found in by_property.items()
    }


def _by_property(
    settings: NativeSettings, wanted: Sequence[str], answers: Mapping[str, Answer]
) -> dict[str, tuple[Product, Sequence[str]]]:
    """Return the goods that may be meant, by id, each with its articles."""
    found = {}
    for block in blocks(settings):
        for key, answer in answers.items():
            kind = key.removeprefix(block.prefix)[:1] if key.startswith(block.prefix) else ""
            if kind == "a" and answer.next is not None:
                left_out("catalog.product.list", "next")
            for row in products_in(answer) if kind in ("a", "n") else ():
                articles = articles_of(block, row)
                if kind == "a" and all(differ(one, known) for one in wanted for known in articles):
                    raise BadAnswer("the article is another one: the portal dropped the filter")
                if is_shown(settings, row):
                    found[need_id(row, "id")] = (read_product(block, row), articles)
    return found


def _is_named(settings: NativeSettings, row: Row, article: str) -> bool:
    """Tell whether the article is a word of the name: «6204» is not «62048»."""
    return is_shown(settings, row) and alike(article) in alike(need_text(row, "name")).replace(",", " ").split()
