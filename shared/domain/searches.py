"""The records of searches: hints for 60 s, the names on a master's screen for a day. Never a list's prices or stock.

`search_cache` holds the names a query found (spec §5: hints ≤ 60 s). `searches` holds one search of one master: the
query for its other pages, and name, article and picture of the products its buttons speak of. A card's buttons say what
another quantity costs without asking the portal again, so of goods that are not sold by the piece at one price, or
from stock only, the record holds what their cards told, as the buttons of others hold their price; the order's price
and stock are asked anew.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

from shared.domain.cart_lines import CartLine, line_data, line_from_data
from shared.domain.catalogue import Product, ProductPage
from shared.domain.one_line import one_line
from shared.domain.quantities import ONE
from shared.domain.spelling.variants import QueryVariant
from shared.logs import redact
from shared.store.collections import SEARCH_CACHE, SEARCHES
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

REMEMBERED = 200
"""Products one search remembers; the oldest fall out."""

PORTAL_PAGE = 50
"""Products per page of the portal's answer."""

QUERY_LIMIT = 200


def normalise(text: str) -> str:
    """Return the query without white space that does not matter, unseen signs, and all beyond 200 characters."""
    return one_line(text)[:QUERY_LIMIT].strip()


@dataclass(frozen=True)
class CachedPage:
    """What a query found within the last minute, and in which way; no way when it found nothing in any."""

    way: QueryVariant | None = None
    found: ProductPage = field(default_factory=lambda: ProductPage((), 0))


@dataclass(frozen=True)
class Search:
    """One search of one master. `way` is the spelling that found something.

    A list of the goods in a section is a search by `section`, the section's id; its query is the section's name. A list
    of the variations of a product is one by `parent`, the product's id; its query is the product's name. `owner`: the
    master's Telegram id; 0 in records of the version before.
    """

    id: str
    query: str
    total: int = 0
    products: Mapping[str, Product] = field(default_factory=dict)
    way: QueryVariant | None = None
    section: str = ""
    told: Mapping[str, CartLine] = field(default_factory=dict)
    parent: str = ""
    owner: int = 0

    @property
    def key(self) -> str:
        """What its hints are kept by; no typed query has a line's end."""
        if self.parent:
            return f"\n\n{self.parent}"
        return f"\n{self.section}" if self.section else self.query

    def found_in(self, way: QueryVariant, total: int, products: Iterable[Product]) -> Search:
        """Return the search after it found so many products, among them these."""
        return replace(self.remember(products), way=way, total=total)

    def remember(self, products: Iterable[Product]) -> Search:
        """Return the search knowing these products too."""
        fresh = {product.id: product for product in products}
        known = {**{id_: product for id_, product in self.products.items() if id_ not in fresh}, **fresh}
        return replace(self, products=dict(list(known.items())[-REMEMBERED:]))

    def tell(self, line: CartLine) -> Search:
        """Return the search knowing what the card of a product told; nothing is kept of what a button says alone."""
        told = {product: known for product, known in self.told.items() if product != line.product_id}
        return replace(self, told=told if line.is_usual else {**told, line.product_id: line})

    def offered(self, product_id: str, price: Decimal, currency: str) -> CartLine | None:
        """Return what the card of a product told of it; None when it is not known any more.

        `price` and `currency` are those in a card's button, which are all of it where it is sold by the piece.
        """
        product = self.products.get(product_id)
        if product is None:
            return None
        named = (product.id, product.name, product.article)
        usual = CartLine(*named, price, currency, ONE, on_order=product.on_order)
        return self.told.get(product_id, usual)

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit."""
        products = [product_data(product) for product in self.products.values()]
        data = {"query": self.query, "total": self.total, "products": products, "way": _way_data(self.way)}
        lists = {"section": self.section, "parent": self.parent}
        kept = [line_data(line) for line in self.told.values() if line.product_id in self.products]
        told = {"told": kept} if kept else {}
        owner = {"owner": self.owner} if self.owner else {}
        unit.put(_search_key(self.id), {**data, **lists, **told, **owner}, ttl=SEARCHES.kept)

    def of(self, owner: int) -> Search:
        """Return the search as this master's."""
        return replace(self, owner=owner)


def new_search(query: str) -> Search:
    """Return a search that has not found anything yet."""
    return Search(new_id(), query)


def new_id() -> str:
    """Return a search's id. It is short, for it travels in buttons."""
    return uuid.uuid4().hex[:10]


async def load_search(unit: UnitOfWork, search_id: str) -> Search | None:
    """Return the search, or None when it is too old."""
    data = await unit.get(_search_key(search_id))
    if data is None:
        return None
    products = products_from_data(data["products"])
    known = {product.id: product for product in products}
    told = {line.product_id: line for line in map(line_from_data, data.get("told", ()))}
    lists = (data.get("section", ""), told, data.get("parent", ""), data.get("owner", 0))
    return Search(search_id, data["query"], data["total"], known, _way(data.get("way")), *lists)


async def load_with_hints(unit: UnitOfWork, begun: Search, start: int) -> Search:
    """Return the search as it is kept, or as it was begun; its hints, to be written, are read with it."""
    await unit.get_many([_search_key(begun.id), hints_key(begun.key, start)])
    return await load_search(unit, begun.id) or begun


async def load_of(unit: UnitOfWork, search_id: str, owner: int) -> Search | None:
    """Return the search that a button speaks of, if it is this master's: a button's data may be forged."""
    search = await load_search(unit, search_id)
    return None if search is not None and search.owner not in (0, owner) else search


def _way_data(way: QueryVariant | None) -> Mapping[str, str] | None:
    return asdict(way) if way else None


def _way(data: Mapping[str, str] | None) -> QueryVariant | None:
    return QueryVariant(**data) if data else None


def product_data(product: Product) -> dict[str, Any]:
    """Return a product as a record holds it; a version before variations reads those without any."""
    data = asdict(product)
    if not product.has_variations:
        del data["has_variations"]
    return data


def products_from_data(data: Iterable[Mapping[str, Any]]) -> list[Product]:
    """Read products as `product_data` wrote them."""
    return [Product(**item) for item in data]


def storable(known: CachedPage) -> CachedPage:
    """Return the products without picture addresses that hold a key: such a one is never stored.

    See shared/bitrix/README.md, «Pictures».
    """
    products = [without_key(product) for product in known.found.products]
    return replace(known, found=replace(known.found, products=products))


def without_key(product: Product) -> Product:
    """Return the product without the address of its picture when that holds a key."""
    return replace(product, picture=None) if product.picture and holds_key(product.picture) else product


def holds_key(url: str) -> bool:
    """Tell whether an address must not be stored."""
    return redact(url) != url


def hints_key(key: str, start: int = 0) -> Key:
    """Where what this part of the query found is for a minute."""
    digest = hashlib.sha256(f"{key.casefold()}\n{start}".encode()).hexdigest()
    return SEARCH_CACHE.key(digest)


async def cached(unit: UnitOfWork, key: str, start: int, beside: Key | None = None) -> CachedPage | None:
    """Return what this part of the query found within the last minute.

    What is needed where nothing is known, `beside` it, is read with it.
    """
    where = hints_key(key, start)
    data = (await unit.get_many([where, beside] if beside else [where])).get(where)
    if data is None:
        return None
    return CachedPage(_way(data.get("way")), ProductPage(products_from_data(data["products"]), data["total"]))


async def cache(unit: UnitOfWork, key: str, start: int, known: CachedPage) -> None:
    """Remember names for a minute."""
    where = hints_key(key, start)
    await unit.get(where)
    products = [product_data(product) for product in known.found.products]
    unit.put(
        where, {"products": products, "total": known.found.total, "way": _way_data(known.way)}, ttl=SEARCH_CACHE.kept
    )


def _search_key(search_id: str) -> Key:
    return SEARCHES.key(search_id)
