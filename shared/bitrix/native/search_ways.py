"""A search in several spellings at once: a list of names for each, and one list of articles for all of them.

The article's list takes any number of values, so that a spelling costs one command (shared/bitrix/README.md,
«Searching»).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from shared.bitrix.articles import differ
from shared.bitrix.errors import BitrixError
from shared.bitrix.native import eans
from shared.bitrix.native.blocks import Block, blocks
from shared.bitrix.native.goods_filters import name_filter
from shared.bitrix.native.goods_rows import articles_of, products_in
from shared.bitrix.native.search import article_commands, found
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain import barcodes
from shared.domain.spelling.articles import is_article

Lists = Mapping[str, Answer]


def search_ways(settings: NativeSettings, queries: Sequence[str]) -> Operation[list[Any]]:
    """Return an operation that reads the first page of each query, in order.

    The first one is what matters: an error of its is one of the whole. Another's stands in its page's place.
    """
    asked = [query.strip() for query in queries]
    commands: dict[str, Command] = {}
    for block in blocks(settings):
        commands |= {_name(block, number): block.page(name_filter(query), 0) for number, query in enumerate(asked)}
        commands |= article_commands(block, asked) | eans.commands(block, asked)
    others = frozenset(_name(block, number) for block in blocks(settings) for number in range(1, len(asked)))
    return Operation(commands, partial(_pages, settings, asked), weight=len(commands), optional=others)


def _name(block: Block, number: int) -> str:
    return f"{block.prefix}name{number}"


def _pages(settings: NativeSettings, asked: Sequence[str], answers: Lists) -> list[Any]:
    parts = {block.prefix: _parts(block, asked, answers) for block in blocks(settings)}
    lists = [dict(_lists(settings, number, query, answers, parts)) for number, query in enumerate(asked)]
    first = found(settings, asked[0], 0, lists[0])
    return [first, *(_value(settings, query, own) for query, own in zip(asked[1:], lists[1:], strict=True))]


def _value(settings: NativeSettings, query: str, own: Lists) -> Any:  # noqa: ANN401 - a page, or why there is none
    for answer in own.values():
        if answer.error is not None:
            return answer.error
    try:
        return found(settings, query, 0, own)
    except BitrixError as error:
        return error


def _lists(
    settings: NativeSettings, number: int, query: str, answers: Lists, parts: Mapping[str, Sequence[Answer]]
) -> Iterator[tuple[str, Answer]]:
    """Yield one query's lists by the names that `search` gives them."""
    for block in blocks(settings):
        yield f"{block.prefix}name", answers[_name(block, number)]
        near = answers.get(f"{block.prefix}near")
        if parts[block.prefix]:
            yield f"{block.prefix}article", parts[block.prefix][number]
        if near is not None and is_article(query):
            yield f"{block.prefix}near", near
        ean = answers.get(f"{block.prefix}ean")
        if ean is not None and barcodes.is_ean(query):
            yield f"{block.prefix}ean", ean


def _parts(block: Block, asked: Sequence[str], answers: Lists) -> Sequence[Answer]:
    """Return the list of articles as each query would have had it; what nobody asked for is everybody's."""
    answer = answers.get(f"{block.prefix}article")
    if answer is None:
        return ()
    rows = [(row, articles_of(block, row)) for row in products_in(answer)]
    wanted = [[not all(differ(query, one) for one in articles) for _, articles in rows] for query in asked]
    nobodys = [not any(column) for column in zip(*wanted, strict=True)] if rows else []
    return [
        replace(answer, result=[row for (row, _), mine, odd in zip(rows, kept, nobodys, strict=True) if mine or odd])
        for kept in wanted
    ]
