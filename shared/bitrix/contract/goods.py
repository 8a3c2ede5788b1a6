"""The products of the spec's contract: found by a text or an article, in a section, one alone (spec §2, row 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from shared.bitrix.articles import asked, differ, ends, exact_first, nearest
from shared.bitrix.descriptions import description, on_order
from shared.bitrix.encoding import as_sent
from shared.bitrix.errors import BadAnswer, NotFound
from shared.bitrix.fields import Row, find, has, listed_if_any, need_id, need_text, text, web_address
from shared.bitrix.paging import PAGE
from shared.bitrix.pictures import MORE_PICTURES
from shared.bitrix.portal import Answer, Command, Operation
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.ids import clean_id
from shared.domain.spelling.articles import is_article
from shared.domain.spelling.lookalikes import in_either_alphabet

Answers = Mapping[str, Answer]

_SELECT = ("ID", "NAME", "PRICE", "DETAIL_PICTURE")
_DETAILS = (
    *_SELECT,
    "IBLOCK_SECTION_ID",
    "PREVIEW_TEXT",
    "PREVIEW_TEXT_TYPE",
    "DETAIL_TEXT",
    "DETAIL_TEXT_TYPE",
    "MORE_PHOTO",
)


def search(query: str, start: int) -> Operation[ProductPage]:
    """`catalog.product.list` with `filter[q]`. `start` is 0, 50, 100 and so on.

    An article whose letters could all be of either alphabet is searched for in both: «A00444» and «А00444»; and by its
    ends, for `q` has no patterns: «61784B4040B2» is «6178-4B40-40B2» too.
    """
    spelt = in_either_alphabet(query) if is_article(query) else (query,)
    by_ends = ends(query) if start == 0 else ()
    commands = {
        **{f"list{number or ''}": _listed(one, start) for number, one in enumerate(spelt)},
        **{f"ends{number or ''}": _listed(one, 0) for number, one in enumerate(by_ends)},
    }
    optional = frozenset(name for name in commands if name.startswith("ends"))
    return Operation(commands, partial(_found, query, start), weight=len(commands), optional=optional)


def _listed(query: str, start: int) -> Command:
    return Command("catalog.product.list", {"filter": {"q": query}, "select": _SELECT, "start": start})


def product(product_id: str) -> Operation[ProductDetails]:
    """`catalog.product.list` narrowed to one id."""
    params = {"filter": {"q": "", "ID": as_sent(product_id)}, "select": _DETAILS, "start": 0}
    return Operation({"list": Command("catalog.product.list", params)}, partial(_details, product_id))


def by_articles(articles: Sequence[str]) -> Operation[dict[str, list[Product]]]:
    """`catalog.product.list` with `filter[q]` for each article."""
    wanted = asked(articles)
    commands = {f"a{number}": _listed(one, 0) for number, one in enumerate(wanted)}
    return Operation(commands, partial(_by_articles, wanted), weight=len(commands))


def products_of(section_id: str, start: int) -> Operation[ProductPage]:
    """`catalog.product.list` with the section in the filter."""
    narrowed = {"q": "", "IBLOCK_SECTION_ID": as_sent(section_id), "ACTIVE": "Y"}
    select = (*_SELECT, "IBLOCK_SECTION_ID")
    params = {"filter": narrowed, "select": select, "order": {"NAME": "ASC"}, "start": start}
    return Operation({"list": Command("catalog.product.list", params)}, partial(_of_section, section_id, start))


def _found(query: str, start: int, answers: Answers) -> ProductPage:
    """Read a page of a search: `result.items[]` (or `products`), `total`, `next`. A whole article comes first.

    What was found by an article's ends counts where it is that article.
    """
    lists = [answer for key, answer in answers.items() if key.startswith("list")]
    by_ends = [answer for key, answer in answers.items() if key.startswith("ends") and answer.error is None]
    near = [product for answer in by_ends for product in _products(answer)]
    meant = [product for product in near if not differ(query, product.article)]
    found = {product.id: product for product in [*(one for answer in lists for one in _products(answer)), *meant]}
    products = exact_first(query, list(found.values()))[:PAGE]
    following = next((answer.next for answer in lists if answer.next is not None), None)
    # One product may be in several lists; how many are, nobody can say before the last page.
    totals = [answer.total for answer in lists if answer.total is not None]
    total = max(totals, default=start + len(products))
    return ProductPage(products, total if following or start else max(total, len(products)), following)


def _of_section(section_id: str, start: int, answers: Answers) -> ProductPage:
    """Read a page of a section's products; a portal that ignores the filter would return all."""
    answer = answers["list"]
    rows_found = _product_rows(answer)
    if any(clean_id(find(row, "IBLOCK_SECTION_ID")) != section_id for row in rows_found):
        raise BadAnswer("IBLOCK_SECTION_ID is another section's: the portal dropped the filter")
    products = tuple(_product(row) for row in rows_found)
    total = answer.total if answer.total is not None else start + len(products)
    return ProductPage(products, total, answer.next)


def _by_articles(wanted: Sequence[str], answers: Answers) -> dict[str, list[Product]]:
    """Read the products that have just these articles; the search by words may bring others too."""
    products = [product for answer in answers.values() for product in _products(answer)]
    return nearest(wanted, {product.id: (product, (product.article,)) for product in products})


def _details(product_id: str, answers: Answers) -> ProductDetails:
    """Read one product out of a page; a portal that ignores the filter returns others too."""
    for row in _product_rows(answers["list"]):
        if clean_id(find(row, "ID")) == product_id:
            pictures = tuple(picture for given in _many(find(row, "MORE_PHOTO")) if (picture := _picture(given)))
            section_id = clean_id(find(row, "IBLOCK_SECTION_ID"))
            return ProductDetails(_product(row), description(row), pictures[:MORE_PICTURES], section_id)
    raise NotFound("there is no such product")


def _many(value: object) -> Sequence[object]:
    """Return the values of a field that may have several, however they are wrapped."""
    if isinstance(value, Mapping) and not has(value, "url") and not has(value, "src"):
        return tuple(value.values())
    return value if isinstance(value, list) else (value,)


def _products(answer: Answer) -> list[Product]:
    return [_product(row) for row in _product_rows(answer)]


def _product_rows(answer: Answer) -> Sequence[Row]:
    return listed_if_any(answer, "items", "products")


def _product(row: Row) -> Product:
    article = text(row, "SKU", "ARTICLE", "CODE")
    picture = _picture(find(row, "DETAIL_PICTURE"))
    return Product(need_id(row, "ID"), need_text(row, "NAME"), article, picture, on_order(row))


def _picture(value: object) -> str | None:
    """Return the address of a picture: a string, or an object that has one."""
    if isinstance(value, Mapping):
        value = find(value, "url", "src", "downloadUrl", "urlMachine")
    if not isinstance(value, str):
        return None
    from_root = value.startswith("/") and not value.startswith("//")
    return value if from_root else web_address(value)
