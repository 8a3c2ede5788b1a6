"""The look-up of articles on a real portal (shared/bitrix/README.md, «Searching»).

A property takes a list of values, and a list answers 50 rows, so ten articles are asked at a time. A portal that keeps
no articles is asked by names instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from shared.bitrix.articles import alike, asked, by_article
from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, need_id, need_text
from shared.bitrix.native.goods import article_filter, is_orderable, product_list, products_in, read_product, values_of
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.portal import Answer, Operation
from shared.domain.catalogue import Product

_AT_A_TIME = 10


def by_articles(settings: NativeSettings, articles: Sequence[str]) -> Operation[dict[str, list[Product]]]:
    """`catalog.product.list` by the article's property; where there is none, by a part of the name, one by one."""
    wanted = asked(articles)
    if not settings.article_property:
        commands = {f"n{number}": product_list(settings, {"%name": one}, 0) for number, one in enumerate(wanted)}
        return Operation(commands, partial(_by_names, settings, wanted), weight=len(commands))
    parts = [wanted[first : first + _AT_A_TIME] for first in range(0, len(wanted), _AT_A_TIME)]
    commands = {
        f"a{number}": product_list(settings, article_filter(settings, part), 0) for number, part in enumerate(parts)
    }
    return Operation(commands, partial(_by_property, settings, wanted), weight=len(commands))


def _by_property(
    settings: NativeSettings, wanted: Sequence[str], answers: Mapping[str, Answer]
) -> dict[str, list[Product]]:
    found = {}
    expected = set(map(alike, wanted))
    for row in (row for answer in answers.values() for row in products_in(answer)):
        articles = values_of(find(row, settings.article_property))
        if expected.isdisjoint(map(alike, articles)):
            raise BadAnswer("the article is another one: the portal dropped the filter")
        if is_orderable(row):
            found[need_id(row, "id")] = (read_product(settings, row), articles)
    return by_article(wanted, found)


def _by_names(
    settings: NativeSettings, wanted: Sequence[str], answers: Mapping[str, Answer]
) -> dict[str, list[Product]]:
    return {
        article: [read_product(settings, row) for row in products_in(answer) if _is_named(row, article)]
        for article, answer in zip(wanted, answers.values(), strict=True)
    }


def _is_named(row: Row, article: str) -> bool:
    """Tell whether the article is a word of the name: «6204» is not «62048»."""
    return is_orderable(row) and alike(article) in alike(need_text(row, "name")).replace(",", " ").split()
