"""Products of a real portal: found by name or article, in a section, one alone (shared/bitrix/README.md, «Goods»)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from shared.bitrix.articles import alike
from shared.bitrix.descriptions import description, on_order
from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer, NotFound
from shared.bitrix.fields import Row, find, need_id, need_text, text
from shared.bitrix.native.answers import listed
from shared.bitrix.native.settings import NativeSettings
from shared.bitrix.pictures import MORE_PICTURES, photo_reference, picture_reference
from shared.bitrix.portal import Answer, Command, Operation
from shared.bitrix.sensible import sensible
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.ids import clean_id

PAGE = 50
_FIELDS = ("id", "iblockId", "name", "code", "type", "detailPicture", "quantityTrace", "canBuyZero")
_IN_WORDS = ("iblockSectionId", "previewText", "previewTextType", "detailText", "detailTextType")
_QUOTES = re.compile("[\"']+")
"""What makes phrases in the language of `?`, and is written in many ways in names: left out."""
_OPERATORS = re.compile(r"[&+|~()]")
"""Signs of that language which are letters inside a phrase."""
_WILD = re.compile("[%_]")
"""What stands for any letters in the words of `?`, and cannot be escaped there."""
_SEVERAL = 2
"""Words that need an «and» between them."""
_PARENTS = frozenset({"3", "6"})
"""Products that only hold variations: nobody can order them."""


def search(settings: NativeSettings, query: str, start: int) -> Operation[ProductPage]:
    """`catalog.product.list` by the words of the name and, where there is an article, by the whole of it."""
    query = query.strip()
    commands = {"name": product_list(settings, name_filter(query), start)}
    if settings.article_property:
        commands["article"] = product_list(settings, article_filter(settings, [query]), start)
    return Operation(commands, partial(_found, settings, query, start), weight=len(commands))


def name_filter(query: str) -> dict[str, str]:
    """Return the filter for names that hold all the words, in any order and with others between them.

    `?name` is the only «and» of words an information block has; `=%name`, which the documentation offers, is dropped
    (shared/bitrix/README.md, «Searching»). A single word goes as `%name`, in which nothing is an operator.
    """
    words = _words(query)
    if len(words) < _SEVERAL:
        return {"%name": query}
    return {"?name": " ".join(f'"{word}"' if _OPERATORS.search(word) else word for word in words)}


def article_filter(settings: NativeSettings, articles: Sequence[str]) -> dict[str, list[str]]:
    """Return the filter for products with one of the articles: the whole of it, `%` and `_` being letters.

    A property with many values takes a list only, one with a single value a list too; without `=` it is a pattern
    (shared/bitrix/README.md, «Searching»).
    """
    return {f"={settings.article_property}": list(articles)}


def _words(query: str) -> list[str]:
    return _QUOTES.sub(" ", query).split()


def product(settings: NativeSettings, product_id: str) -> Operation[ProductDetails]:
    """`catalog.product.list` narrowed to one id: unlike `catalog.product.get` it needs no administrator.

    `catalog.productImage.list` beside it does need one; where it fails the product goes without more pictures.
    """
    command = product_list(settings, {"id": as_sent(product_id)}, 0, more=_IN_WORDS)
    images = Command("catalog.productImage.list", {"productId": as_sent(product_id), "select": ["id", "type"]})
    read = partial(_details, settings, product_id)
    return Operation({"list": command, "images": images}, read, weight=2, optional=frozenset({"images"}))


def products_of(settings: NativeSettings, section_id: str, start: int) -> Operation[ProductPage]:
    """`catalog.product.list` by the section; products of sections inside it are not among them."""
    command = product_list(
        settings, {"iblockSectionId": as_sent(section_id)}, start, {"name": "asc"}, ("iblockSectionId",)
    )
    return Operation({"list": command}, partial(_of_section, settings, section_id, start))


def product_list(
    settings: NativeSettings,
    narrowed: Mapping[str, Any],
    start: int,
    order: Mapping[str, str] | None = None,
    more: Sequence[str] = (),
) -> Command:
    """Ask for a page of active products, narrowed by these filters; `more` are further fields to tell."""
    own = (settings.article_property,) if settings.article_property else ()
    filters = {"iblockId": as_sent(settings.iblock_id), "active": "Y", **narrowed}
    params = {"select": [*_FIELDS, *more, *own], "filter": filters, "order": order or {"id": "asc"}, "start": start}
    return Command("catalog.product.list", params)


def _found(settings: NativeSettings, query: str, start: int, answers: Mapping[str, Answer]) -> ProductPage:
    """Merge the pages, the article's first: who types a whole article wants that very thing."""
    products: dict[str, Product] = {}
    for key in ("article", "name"):
        for row in products_in(answers[key]) if key in answers else ():
            _check(settings, row, key, query)
            if is_orderable(row) and (key == "article" or _holds_wild_words(row, query)):
                products.setdefault(need_id(row, "id"), read_product(settings, row))
    more = any(answer.next is not None for answer in answers.values())
    totals = [answer.total for answer in answers.values() if answer.total is not None]
    # One product may be in both lists; how many are, nobody can say before the last page.
    total = max([start + len(products), *totals]) if more or start else len(products)
    return ProductPage(tuple(products.values()), total, start + PAGE if more else None)


def _check(settings: NativeSettings, row: Row, key: str, query: str) -> None:
    """Refuse rows that do not match: a portal drops a filter it does not know and returns the whole catalogue."""
    if key == "article":
        matches = _letters(query) in map(_letters, values_of(find(row, settings.article_property)))
    else:
        name = _letters(need_text(row, "name"))
        matches = all(_letters(word) in name for word in _WILD.sub(" ", query).split())
    if not matches:
        raise BadAnswer(f"the search by {key} returned something else")


def _holds_wild_words(row: Row, query: str) -> bool:
    """Tell whether words with `%` or `_` are in the name as typed: among several these stand for any letters."""
    words, name = _words(query), alike(need_text(row, "name"))
    return len(words) < _SEVERAL or all(alike(word) in name for word in words if _WILD.search(word))


def is_orderable(row: Row) -> bool:
    """Tell whether a product can be ordered itself, rather than one of its variations."""
    return text(row, "type") not in _PARENTS


def _letters(words: str) -> str:
    """Return only letters and digits, without case, dots and accents: databases compare about so."""
    return "".join(char for char in unicodedata.normalize("NFKD", words).casefold() if char.isalnum())


def _of_section(settings: NativeSettings, section_id: str, start: int, answers: Mapping[str, Answer]) -> ProductPage:
    answer = answers["list"]
    found = products_in(answer)
    if any(clean_id(find(row, "iblockSectionId")) != section_id for row in found):
        raise BadAnswer("iblockSectionId is another section's: the portal dropped the filter")
    products = tuple(read_product(settings, row) for row in found if is_orderable(row))
    total = answer.total if answer.total is not None else start + len(products)
    return ProductPage(products, total, answer.next)


def _details(settings: NativeSettings, product_id: str, answers: Mapping[str, Answer]) -> ProductDetails:
    row = _only(product_id, answers["list"])
    only = read_product(settings, row)
    pictures = () if answers["images"].error else _photos(product_id, listed(answers["images"], "productImages"))
    return ProductDetails(only, description(row), pictures, clean_id(find(row, "iblockSectionId")))


def _photos(product_id: str, images: Sequence[Row]) -> tuple[str, ...]:
    """Return references to the first of the more pictures; the portal's addresses of them hold its key."""
    more = (clean_id(find(row, "id")) or "" for row in images if text(row, "type") == "MORE_PHOTO")
    known = (photo_reference(product_id, file_id) for file_id in more)
    return tuple(reference for reference in known if reference)[:MORE_PICTURES]


def products_in(answer: Answer) -> Sequence[Row]:
    """Return the rows of a list of products that have an id and a name."""
    needed = {"id": lambda row: need_id(row, "id"), "name": lambda row: need_text(row, "name")}
    return sensible(listed(answer, "products"), "catalog.product.list", needed)


def _only(product_id: str, answer: Answer) -> Row:
    found = listed(answer, "products")
    for row in found:
        if clean_id(find(row, "id")) == product_id:
            return row
    if found:
        raise BadAnswer("the products are other ones than asked")
    raise NotFound("there is no such product")


def read_product(settings: NativeSettings, row: Row) -> Product:
    """Read what a list of products tells of one."""
    product_id = need_id(row, "id")
    article = next(iter(values_of(find(row, settings.article_property))), "") if settings.article_property else ""
    picture = _picture(product_id, find(row, "detailPicture"))
    return Product(product_id, need_text(row, "name"), article, picture, on_order(row))


def values_of(field: object) -> Sequence[str]:
    """Return a property's values: `{value, valueId}`, a list of these, or nothing."""
    if isinstance(field, list):
        return [value for item in field for value in values_of(item)]
    if isinstance(field, Mapping):
        field = find(field, "value")
    value = text({"value": field}, "value")
    return [value] if value else []


def _picture(product_id: str, field: object) -> str | None:
    file_id = clean_id(find(field, "id") if isinstance(field, Mapping) else None)
    return picture_reference(product_id, file_id) if file_id else None
