"""How the goods of the spec's §2, rows 1 and 2, become domain objects; either key casing (bitrix24 reference §11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from shared.bitrix.articles import by_article, exact_first
from shared.bitrix.availability import on_order
from shared.bitrix.descriptions import description
from shared.bitrix.errors import BadAnswer, NotFound
from shared.bitrix.fields import (
    Row,
    find,
    has,
    need_amount,
    need_currency,
    need_id,
    need_row,
    need_text,
    number,
    rows,
    text,
    web_address,
)
from shared.bitrix.pictures import MORE_PICTURES
from shared.bitrix.portal import Answer
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.ids import clean_id
from shared.domain.offers import Offer, Stock

Answers = Mapping[str, Answer]


def found(answers: Answers, key: str, query: str, start: int) -> ProductPage:
    """Read a page of a search: `result.items[]` (or `products`), `total`, `next`. A whole article comes first."""
    answer = answers[key]
    products = exact_first(query, [_product(row) for row in _product_rows(answer)])
    total = answer.total if answer.total is not None else start + len(products)
    return ProductPage(products, total, answer.next)


def of_section(answers: Answers, key: str, section_id: str, start: int) -> ProductPage:
    """Read a page of a section's products; a portal that ignores the filter would return all."""
    answer = answers[key]
    rows_found = _product_rows(answer)
    if any(clean_id(find(row, "IBLOCK_SECTION_ID")) != section_id for row in rows_found):
        raise BadAnswer("IBLOCK_SECTION_ID is another section's: the portal dropped the filter")
    products = tuple(_product(row) for row in rows_found)
    total = answer.total if answer.total is not None else start + len(products)
    return ProductPage(products, total, answer.next)


def by_articles(answers: Answers, wanted: Sequence[str]) -> dict[str, list[Product]]:
    """Read the products that have just these articles; the search by words may bring others too."""
    products = [_product(row) for answer in answers.values() for row in _product_rows(answer)]
    return by_article(wanted, {product.id: (product, (product.article,)) for product in products})


def details(answers: Answers, key: str, product_id: str) -> ProductDetails:
    """Read one product out of a page; a portal that ignores the filter returns others too."""
    for row in _product_rows(answers[key]):
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


def _product_rows(answer: Answer) -> Sequence[Row]:
    result = answer.result
    if isinstance(result, Mapping):
        if not has(result, "items") and not has(result, "products"):
            raise BadAnswer("items is missing")
        result = find(result, "items", "products")
    return rows(result, "items")


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


def offers(answers: Answers, key: str, product_ids: Sequence[str]) -> dict[str, Offer]:
    """Read `result.result.sku_<id>`. A product without an answer or without a price is not for sale: left out."""
    result = need_row(answers[key].result, "result")
    if not has(result, "result"):
        raise BadAnswer("result.result is missing")
    by_sku = find(result, "result") or {}
    by_sku = need_row(by_sku, "result.result")
    known = ((product_id, by_sku.get(f"sku_{product_id}")) for product_id in product_ids)
    quoted = ((product_id, _offer(product_id, row)) for product_id, row in known if row)
    return {product_id: offer for product_id, offer in quoted if offer is not None}


def _offer(product_id: str, value: object) -> Offer | None:
    row = need_row(value, "sku")
    if has(row, "PRICE") and find(row, "PRICE") in (None, ""):
        return None
    price = need_amount(row, "PRICE")
    if not has(row, "STORE_AMOUNT"):
        raise BadAnswer("STORE_AMOUNT is missing")
    return Offer(product_id, price, need_currency(row), _stocks(find(row, "STORE_AMOUNT")))


def _stocks(value: object) -> tuple[Stock, ...]:
    """Read stock given as a list of stores, a map from store to amount, or numbers."""
    if value is None or value == "":
        return ()
    if isinstance(value, Mapping):
        if has(value, "AMOUNT"):
            return (_stock("", value),)
        return tuple(_stock(str(store), amount) for store, amount in value.items())
    if isinstance(value, list):
        return tuple(_stock("", amount) for amount in value)
    return (_stock("", value),)


def _stock(store: str, value: object) -> Stock:
    """Read one store's stock. Oversold stores are empty, they do not lessen what others hold."""
    if isinstance(value, Mapping):
        store = text(value, "STORE_NAME", "NAME", "STORE_ID") or store
        value = find(value, "AMOUNT")
    return Stock(store, max(Decimal(0), number(value, "AMOUNT")))


def listed_offers(answers: Answers, product_ids: Sequence[str]) -> dict[str, Offer]:
    """Join the lists of prices and of stock. A product without a price is left out, the first price counts."""
    prices = _by_product(answers, "price", ("prices", "items"), product_ids)
    stocks = _by_product(answers, "stock", ("storeProducts", "items"), product_ids)
    offers = {}
    for product_id, found in prices.items():
        stock = tuple(_stock("", row) for row in stocks.get(product_id, ()))
        offers[product_id] = Offer(product_id, need_amount(found[0], "PRICE"), need_currency(found[0]), stock)
    return offers


def _by_product(
    answers: Answers, kind: str, wrappers: Sequence[str], product_ids: Sequence[str]
) -> dict[str, list[Row]]:
    by_product: dict[str, list[Row]] = {}
    for row in _listed(answers, kind, wrappers):
        product_id = need_id(row, "PRODUCT_ID")
        if product_id not in product_ids:
            raise BadAnswer("PRODUCT_ID is another product's: the portal dropped the filter")
        by_product.setdefault(product_id, []).append(row)
    return by_product


def _listed(answers: Answers, kind: str, wrappers: Sequence[str]) -> Iterable[Row]:
    for answer in (answer for key, answer in answers.items() if key.startswith(kind)):
        result = answer.result
        if isinstance(result, Mapping):
            if not any(has(result, name) for name in wrappers):
                raise BadAnswer(f"{wrappers[0]} is missing")
            result = find(result, *wrappers)
        if answer.next is not None:
            raise BadAnswer(f"{wrappers[0]} does not fit on one page")
        yield from rows(result, wrappers[0])
