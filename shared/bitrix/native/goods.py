"""Products of a real portal: searching by name and by article, reading one (bitrix24 reference §5.1, §5.2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer, NotFound
from shared.bitrix.fields import Row, clean_id, find, need_id, need_text, text
from shared.bitrix.model import Found, Product
from shared.bitrix.native.answers import listed
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.pictures import picture_reference
from shared.bitrix.portal import Answer, Command, Operation

PAGE = 50
_FIELDS = ("id", "iblockId", "name", "code", "type", "detailPicture")
_PARENTS = frozenset({"3", "6"})
"""Products that only hold variations: nobody can order them."""


def search(settings: NativeSettings, query: str, start: int) -> Operation[Found]:
    """`catalog.product.list` by a part of the name and, where there is an article, by the whole of it."""
    commands = {"name": _list(settings, {"%name": query}, start)}
    if settings.article_property:
        commands["article"] = _list(settings, {settings.article_property: query}, start)
    return Operation(commands, partial(_found, settings, query, start), weight=len(commands))


def product(settings: NativeSettings, product_id: str) -> Operation[Product]:
    """`catalog.product.list` narrowed to one id: unlike `catalog.product.get` it needs no administrator."""
    command = _list(settings, {"id": as_sent(product_id)}, 0)
    return Operation({"list": command}, partial(_only, settings, product_id))


def _list(settings: NativeSettings, narrowed: Mapping[str, Any], start: int) -> Command:
    select = [*_FIELDS, settings.article_property] if settings.article_property else list(_FIELDS)
    filters = {"iblockId": as_sent(settings.iblock_id), "active": "Y", **narrowed}
    params = {"select": select, "filter": filters, "order": {"id": "asc"}, "start": start}
    return Command("catalog.product.list", params)


def _found(settings: NativeSettings, query: str, start: int, answers: Mapping[str, Answer]) -> Found:
    """Merge the pages, the article's first: who types a whole article wants that very thing."""
    products: dict[str, Product] = {}
    for key in ("article", "name"):
        for row in listed(answers[key], "products") if key in answers else ():
            _check(settings, row, key, query)
            if text(row, "type") not in _PARENTS:
                products.setdefault(need_id(row, "id"), _product(settings, row))
    more = any(answer.next is not None for answer in answers.values())
    totals = [answer.total for answer in answers.values() if answer.total is not None]
    # One product may be in both lists; how many are, nobody can say before the last page.
    total = max([start + len(products), *totals]) if more or start else len(products)
    return Found(tuple(products.values()), total, start + PAGE if more else None)


def _check(settings: NativeSettings, row: Row, key: str, query: str) -> None:
    """Refuse rows that do not match: a portal drops a filter it does not know and returns the whole catalogue."""
    wanted = _letters(query)
    if key == "name":
        matches = wanted in _letters(need_text(row, "name"))
    else:
        matches = wanted in map(_letters, _values(find(row, settings.article_property)))
    if not matches:
        raise BadAnswer(f"the search by {key} returned something else")


def _letters(words: str) -> str:
    """Return only letters and digits, without case, dots and accents: databases compare about so."""
    return "".join(char for char in unicodedata.normalize("NFKD", words).casefold() if char.isalnum())


def _only(settings: NativeSettings, product_id: str, answers: Mapping[str, Answer]) -> Product:
    found = listed(answers["list"], "products")
    for row in found:
        if clean_id(find(row, "id")) == product_id:
            return _product(settings, row)
    if found:
        raise BadAnswer("the products are other ones than asked")
    raise NotFound("there is no such product")


def _product(settings: NativeSettings, row: Row) -> Product:
    product_id = need_id(row, "id")
    article = next(iter(_values(find(row, settings.article_property))), "") if settings.article_property else ""
    return Product(product_id, need_text(row, "name"), article, _picture(product_id, find(row, "detailPicture")))


def _values(field: object) -> Sequence[str]:
    """Return a property's values: `{value, valueId}`, a list of these, or nothing."""
    if isinstance(field, list):
        return [value for item in field for value in _values(item)]
    if isinstance(field, Mapping):
        field = find(field, "value")
    value = text({"value": field}, "value")
    return [value] if value else []


def _picture(product_id: str, field: object) -> str | None:
    file_id = clean_id(find(field, "id") if isinstance(field, Mapping) else None)
    return picture_reference(product_id, file_id) if file_id else None
