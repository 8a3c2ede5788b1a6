"""What the simulated shop sells: products with a price and stock per store, and the search over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from functools import lru_cache
from operator import attrgetter

CURRENCY = "RUB"

STORES: Mapping[str, str] = {
    "1": "Склад на Советской",
    "2": "Магазин на Вагжанова",
    "3": "Склад на Промышленной",
}
STORE_PLACES: Mapping[str, tuple[str, float, float, str]] = {
    "1": ("Тверь, ул. Советская, 12", 56.8587, 35.9176, "пн–пт 9–18, сб 10–15"),
    "2": ("Тверь, ул. Вагжанова, 7", 56.8529, 35.9311, "ежедневно 10–20"),
}
"""Address, latitude, longitude and schedule of the stores that people may come to."""
MAX_STORES = 60

Amount = int | Decimal
"""A quantity of goods: whole pieces, or parts of a metre."""


def store_title(store: str) -> str:
    """Return what a store is called; those beyond the first three go by their number."""
    return STORES.get(store) or f"Склад № {store}"


class ProductType(IntEnum):
    """What a product is (`ProductTable::TYPE_…`): one that is sold as it is, or a parent and its variations."""

    SIMPLE = 1
    PARENT = 3
    OFFER = 4


@dataclass(frozen=True)
class Measure:
    """A unit of measure."""

    id: int
    code: int
    title: str
    symbol: str


MEASURES: tuple[Measure, ...] = (
    Measure(1, 6, "Метр", "м"),
    Measure(2, 112, "Литр", "л"),
    Measure(3, 166, "Килограмм", "кг"),
    Measure(4, 778, "Упаковка", "упак"),
    Measure(5, 796, "Штука", "шт"),
)
PIECE = MEASURES[-1]


@dataclass(frozen=True)
class PriceRange:
    """A price that holds for quantities from one to another, both included; None is open."""

    price: Decimal
    least: int | None = None
    most: int | None = None

    def holds(self, quantity: Decimal) -> bool:
        """Say whether so much is sold at this price."""
        return (self.least is None or self.least <= quantity) and (self.most is None or quantity <= self.most)


class Picture(StrEnum):
    """What a product's pictures are: drawn by us, gone from the disk, far too large, or WebP."""

    DRAWN = "drawn"
    MISSING = "missing"
    HUGE = "huge"
    WEBP = "webp"


class Category(StrEnum):
    """The shelves of the shop; a picture's icon and colour follow from the shelf."""

    DRIVERS = "Шуруповёрты и дрели"
    POWER = "Электроинструмент"
    BITS = "Биты и головки"
    DRILLS = "Свёрла и буры"
    DISCS = "Круги и шлифовка"
    HAND = "Ручной инструмент"
    FASTENERS = "Крепёж"
    SEALANTS = "Герметики и клеи"
    PAINT = "Краски и грунты"
    ELECTRICS = "Электрика"
    PLUMBING = "Сантехника"
    PARTS = "Запчасти для техники"
    SAFETY = "Защита и уборка"


@dataclass
class Product:
    """A product as it is now: price and stock change while the shop is open.

    `stock` is pieces by store id; zero in all stores means the product is delivered to order, unless it is not
    `on_order`: then it is sold from stock only. `more_pictures` is how many there are beside the first.
    `parent` is the id of the product this is a variation of, `trait` what tells it apart from the others.
    `section` stands in for the shelf's one, 0 is outside all of them. `more_articles` are beside the first. `vat_rate`
    in per cent is on top of the price unless `vat_included`. `ranges` stand in for `price`, which stays what one piece
    costs. `analogues` are the ids of what may stand in for it, `accessories` of what goes with it, `ean` the number
    under its barcode.
    """

    id: str
    name: str
    article: str
    category: Category
    price: Decimal
    stock: dict[str, Amount] = field(default_factory=dict)
    has_picture: bool = True
    more_pictures: int = 0
    on_order: bool = True
    type: ProductType = ProductType.SIMPLE
    parent: str = ""
    trait: str = ""
    active: bool = True
    active_from: datetime | None = None
    active_to: datetime | None = None
    section: int | None = None
    more_articles: tuple[str, ...] = ()
    measure: Measure = PIECE
    ratio: Decimal = Decimal(1)
    ranges: tuple[PriceRange, ...] = ()
    vat_rate: int | None = None
    vat_included: bool = True
    currency: str = CURRENCY
    picture: Picture = Picture.DRAWN
    analogues: tuple[str, ...] = ()
    accessories: tuple[str, ...] = ()
    ean: str = ""

    @property
    def available(self) -> Amount:
        """Pieces in all stores together."""
        return sum(self.stock.values())

    def is_sold(self, now: datetime) -> bool:
        """Say whether it is active now; both of its dates are part of that time."""
        begun = self.active_from is None or self.active_from <= now
        return self.active and begun and (self.active_to is None or now <= self.active_to)

    @property
    def articles(self) -> tuple[str, ...]:
        """All its articles, the first one first."""
        return (self.article, *self.more_articles)

    def take(self, quantity: Amount) -> dict[str, Amount]:
        """Take pieces off the shelves, store by store, as many as there are; return what was taken where."""
        taken: dict[str, Amount] = {}
        for store, amount in self.stock.items():
            part = min(amount, quantity)
            if part:
                taken[store] = part
                self.stock[store] -= part
                quantity -= part
        return taken

    def put_back(self, taken: Mapping[str, Amount]) -> None:
        """Return pieces to the shelves they came from; those of a store that was closed since are gone with it."""
        for store, amount in taken.items():
            if store in self.stock:
                self.stock[store] += amount


def normalise(text: str) -> str:
    """Return text as it is compared: without case, «ё» as «е»."""
    return text.casefold().replace("ё", "е")


class Catalogue:
    """All products, in the order the shop shows them."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products = {product.id: product for product in products}
        self._texts: list[tuple[str, str, tuple[str, ...]]] = []
        self._searched: list[tuple[str, Product]] = []
        self.stores: tuple[str, ...] = tuple(STORES)
        self.inventory = True
        """Whether the portal counts stock by store; without it a product has a quantity and no rows in stores."""
        self.many_articles = False
        """Whether the article's property may hold many values."""

    def __len__(self) -> int:
        return len(self._products)

    def all(self) -> list[Product]:
        """Return every product."""
        return list(self._products.values())

    def get(self, product_id: str) -> Product | None:
        """Return a product by its id, or None."""
        return self._products.get(product_id)

    def add(self, product: Product) -> None:
        """Put a product into the shop; the parent of a variation becomes one."""
        self._products[product.id] = product
        self._texts = []
        if product.parent:
            product.type = ProductType.OFFER
            self._products[product.parent].type = ProductType.PARENT

    def next_id(self) -> str:
        """Return an id nobody has."""
        return str(max(map(int, self._products)) + 1)

    @property
    def has_offers(self) -> bool:
        """Say whether anything is sold in variations."""
        return any(map(attrgetter("parent"), self._products.values()))

    @property
    def has_analogues(self) -> bool:
        """Say whether the shop keeps what may stand in for what."""
        return any(map(attrgetter("analogues"), self._products.values()))

    @property
    def has_accessories(self) -> bool:
        """Say whether the shop keeps what goes with what."""
        return any(map(attrgetter("accessories"), self._products.values()))

    def has_eans(self, *, offers: bool) -> bool:
        """Say whether the shop keeps the numbers of barcodes of its products, or of its variations."""
        return any(product.ean and bool(product.parent) is offers for product in self._products.values())

    def keep_stores(self, number: int) -> None:
        """Have so many stores; what lay in those that are closed is gone."""
        self.stores = tuple(str(store) for store in range(1, number + 1))
        for product in self._products.values():
            product.stock = {store: product.stock.get(store, 0) for store in self.stores}

    def known(self, product_id: str) -> Product:
        """Return a product that is there."""
        return self._products[product_id]

    def all_or(self, ids: Iterable[str] | None) -> Iterable[Product]:
        """Return the products of these ids, or every one: as a database goes by an index where it can."""
        if ids is None:
            return self._products.values()
        return [self._products[one] for one in dict.fromkeys(ids) if one in self._products]

    def search(self, query: str) -> list[Product]:
        """Return the products that have every word of the query in their name or article."""
        found = self._folded()
        for word in normalise(query).split():
            found = [pair for pair in found if word in pair[0]]
        return [product for _, product in found]

    def _folded(self) -> list[tuple[str, Product]]:
        """Return what a query is looked for in, and whose it is.

        Anybody may rename a product at any time, so the names are compared with those of the last search: that costs
        a tenth of what it takes to fold them.
        """
        texts = list(map(_TEXTS, self._products.values()))
        if texts != self._texts:
            self._texts = texts
            self._searched = [
                (_fold(*one), product) for one, product in zip(texts, self._products.values(), strict=True)
            ]
        return self._searched


_TEXTS = attrgetter("name", "article", "more_articles")


# The tests open hundreds of shops with the same goods.
@lru_cache(maxsize=50_000)
def _fold(name: str, article: str, more_articles: tuple[str, ...]) -> str:
    return normalise(" ".join((name, article, *more_articles)))
