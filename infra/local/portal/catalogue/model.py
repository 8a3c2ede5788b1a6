"""What the simulated shop sells: products with a price and stock per store, and the search over them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

CURRENCY = "RUB"

STORES: Mapping[str, str] = {
    "1": "Склад на Советской",
    "2": "Магазин на Вагжанова",
    "3": "Склад на Промышленной",
}


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
    """

    id: str
    name: str
    article: str
    category: Category
    price: Decimal
    stock: dict[str, int] = field(default_factory=dict)
    has_picture: bool = True
    more_pictures: int = 0
    on_order: bool = True

    @property
    def available(self) -> int:
        """Pieces in all stores together."""
        return sum(self.stock.values())

    def take(self, quantity: int) -> dict[str, int]:
        """Take pieces off the shelves, store by store, as many as there are; return what was taken where."""
        taken: dict[str, int] = {}
        for store, amount in self.stock.items():
            part = min(amount, quantity)
            if part:
                taken[store] = part
                self.stock[store] -= part
                quantity -= part
        return taken

    def put_back(self, taken: Mapping[str, int]) -> None:
        """Return pieces to the shelves they came from."""
        for store, amount in taken.items():
            self.stock[store] += amount


def normalise(text: str) -> str:
    """Return text as it is compared: without case, «ё» as «е»."""
    return text.casefold().replace("ё", "е")


class Catalogue:
    """All products, in the order the shop shows them."""

    def __init__(self, products: Iterable[Product]) -> None:
        self._products = {product.id: product for product in products}

    def __len__(self) -> int:
        return len(self._products)

    def all(self) -> list[Product]:
        """Return every product."""
        return list(self._products.values())

    def get(self, product_id: str) -> Product | None:
        """Return a product by its id, or None."""
        return self._products.get(product_id)

    def search(self, query: str) -> list[Product]:
        """Return the products that have every word of the query in their name or article."""
        words = normalise(query).split()
        return [product for product in self._products.values() if _matches(product, words)]


def _matches(product: Product, words: Iterable[str]) -> bool:
    text = normalise(f"{product.name} {product.article}")
    return all(word in text for word in words)
