"""Reading what managers change about goods: from the control end points and from the desk's forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from infra.local.portal.catalogue import Amount, Catalogue, Category, Product, section_of, store_title
from infra.local.portal.catalogue.model import MEASURES, Measure, Picture, PriceRange
from infra.local.portal.errors import RestError, missing, mistyped, out_of_range
from infra.local.portal.figures import money, plain, to_kopecks
from infra.local.portal.native.field_kinds import read_moment
from infra.local.portal.native.goods_rows import VATS
from infra.local.portal.native.price_lists import CURRENCIES
from infra.local.portal.params import Params
from infra.local.portal.timing import iso

_MOST_GOODS = 200_000
_LONGEST = 500
_RANGE = re.compile(r"(?P<least>[0-9]{0,6})\s*-\s*(?P<most>[0-9]{0,6})\s*=\s*(?P<price>[0-9]{1,7}(?:\.[0-9]{1,2})?)")


def change_product(catalogue: Catalogue, product: Product, params: Params) -> None:
    """Set what is given, at least one thing; nothing when something of it makes no sense. Raises `RestError` 400."""
    changes = {attribute: read(params) for attribute, (name, read) in _READERS.items() if params.has(name)}
    stock = _stock(catalogue, params.section("stock")) if params.has("stock") else {}
    if not changes and not stock:
        raise missing("price")
    for attribute, value in changes.items():
        setattr(product, attribute, value)
    product.stock.update(stock)


def add_product(catalogue: Catalogue, params: Params) -> Product:
    """Add a product, or with `parent` a variation of one. Raises `RestError` 400 or 404."""
    parent = catalogue.get(params.id("parent")) if params.has("parent") else None
    if params.has("parent") and (parent is None or parent.parent):
        raise RestError("ERROR_NOT_FOUND", "Parameter {parent}: there is no such product")
    product = Product(
        id=catalogue.next_id(),
        name=params.text("name")[:_LONGEST],
        article=params.text("article", blank=True) if params.has("article") else "",
        category=parent.category if parent is not None else Category.HAND,
        price=_price(params),
        stock=dict.fromkeys(catalogue.stores, 0),
        parent=parent.id if parent is not None else "",
    )
    change_product(catalogue, product, params)
    catalogue.add(product)
    return product


def fill_up(catalogue: Catalogue, params: Params) -> None:
    """Add numbered goods until there are so many. Raises `RestError` 400."""
    wanted = params.whole("goods")
    if wanted > _MOST_GOODS:
        raise out_of_range("goods", f"not over {_MOST_GOODS}")
    first = int(catalogue.next_id())
    for number in range(first, first + wanted - len(catalogue)):
        stock: dict[str, Amount] = dict.fromkeys(catalogue.stores, number % 7)
        catalogue.add(
            Product(str(number), f"Болт оцинкованный {number}", f"BZ-{number}", Category.FASTENERS, Decimal(12), stock)
        )


def product_details(product: Product) -> dict[str, Any]:
    """Return all that may be changed about a product, as JSON."""
    return {
        "id": product.id,
        "parent": product.parent or None,
        "name": product.name,
        "trait": product.trait or None,
        "articles": [article for article in product.articles if article],
        "price": money(product.price),
        "ranges": [{"from": one.least, "to": one.most, "price": money(one.price)} for one in product.ranges],
        "currency": product.currency,
        "vat": product.vat_rate,
        "vat_included": product.vat_included,
        "measure": product.measure.symbol,
        "ratio": plain(product.ratio),
        "stock": {store: float(amount) for store, amount in product.stock.items()},
        "on_order": product.on_order,
        "active": product.active,
        "active_from": iso(product.active_from) if product.active_from else None,
        "active_to": iso(product.active_to) if product.active_to else None,
        "section": section_of(product),
        "picture": product.picture.value,
        "analogues": list(product.analogues),
        "accessories": list(product.accessories),
        "ean": product.ean,
    }


def _price(params: Params) -> Decimal:
    if str(params.raw("price")) in ("0", "0.0", "0.00"):
        return Decimal(0)  # «цена по запросу»
    return to_kopecks(params.positive("price"))


def _stock(catalogue: Catalogue, params: Params) -> dict[str, Amount]:
    by_name = {store_title(store): store for store in catalogue.stores}
    stock: dict[str, Amount] = {}
    for given in params.names():
        store = by_name.get(given, given)
        if store not in catalogue.stores:
            raise RestError("ERROR_NOT_FOUND", f"Parameter {{{params.name(given)}}}: there is no such store")
        stock[store] = _amount(params, given)
    return stock


def _amount(params: Params, name: str) -> Amount:
    """Return a quantity not below zero, of metres too."""
    if str(params.raw(name)).isdecimal():
        return params.integer(name)
    return params.positive(name)


def _moment(name: str) -> Callable[[Params], datetime | None]:
    def read(params: Params) -> datetime | None:
        text = params.text(name, blank=True)
        moment = read_moment(text)
        if text and moment is None:
            raise mistyped(name, "moment (ISO)")
        return moment

    return read


def _articles(params: Params) -> list[str]:
    value = params.raw("articles")
    texts = value.split(",") if isinstance(value, str) else params.texts("articles")
    articles = [text.strip() for text in texts if text.strip()]
    return articles or [""]


def _measure(params: Params) -> Measure:
    given = params.text("measure")
    found = [one for one in MEASURES if given in (one.symbol, str(one.code))]
    if not found:
        raise out_of_range("measure", f"one of {', '.join(one.symbol for one in MEASURES)}")
    return found[0]


def _ranges(params: Params) -> tuple[PriceRange, ...]:
    given = params.raw("ranges")
    if isinstance(given, str):
        return _ranges_of_form(given)
    rows = params.sections("ranges") if given else []
    return tuple(
        PriceRange(
            _price(row),
            row.whole("from") if row.has("from") else None,
            row.whole("to") if row.has("to") else None,
        )
        for row in rows
    )


def _ranges_of_form(text: str) -> tuple[PriceRange, ...]:
    """Read `1-9=100, 10-=90`."""
    found = [_RANGE.fullmatch(part.strip()) for part in text.split(",") if part.strip()]
    if None in found:
        raise mistyped("ranges", "prices by quantity, such as 1-9=100, 10-=90")
    return tuple(
        PriceRange(Decimal(one["price"]), int(one["least"] or 0) or None, int(one["most"] or 0) or None)
        for one in found
        if one is not None
    )


def _vat(params: Params) -> int | None:
    if str(params.raw("vat")) in ("", "None"):
        return None
    rate = params.integer("vat")
    if rate not in VATS:
        raise out_of_range("vat", f"one of {', '.join(map(str, VATS))}")
    return rate


def _currency(params: Params) -> str:
    currency = params.text("currency")
    if currency not in CURRENCIES:
        raise out_of_range("currency", f"one of {', '.join(sorted(CURRENCIES))}")
    return currency


def _picture(params: Params) -> Picture:
    kind = params.text("picture")
    if kind not in {known.value for known in Picture}:
        raise out_of_range("picture", f"one of {', '.join(Picture)}")
    return Picture(kind)


_READERS: Mapping[str, tuple[str, Callable[[Params], Any]]] = {
    "name": ("name", lambda params: params.text("name")[:_LONGEST]),
    "trait": ("trait", lambda params: params.text("trait", blank=True)[:_LONGEST]),
    "article": ("articles", lambda params: _articles(params)[0]),
    "more_articles": ("articles", lambda params: tuple(_articles(params)[1:])),
    "price": ("price", _price),
    "ranges": ("ranges", _ranges),
    "currency": ("currency", _currency),
    "vat_rate": ("vat", _vat),
    "vat_included": ("vat_included", lambda params: params.flag("vat_included")),
    "measure": ("measure", _measure),
    "ratio": ("ratio", lambda params: params.positive("ratio")),
    "on_order": ("on_order", lambda params: params.flag("on_order")),
    "active": ("active", lambda params: params.flag("active")),
    "active_from": ("active_from", _moment("active_from")),
    "active_to": ("active_to", _moment("active_to")),
    "section": ("section", lambda params: params.integer("section")),
    "picture": ("picture", _picture),
    "analogues": ("analogues", lambda params: tuple(params.texts("analogues"))),
    "accessories": ("accessories", lambda params: tuple(params.texts("accessories"))),
    "ean": ("ean", lambda params: params.text("ean")),
}
"""What may be changed: the product's attribute, what it is called, how it is read."""
