"""The goods of the simulated shop: some 380 products for repair masters, the same at every start."""

from __future__ import annotations

from itertools import chain

from infra.local.portal.catalogue import bench, consumables, power, supplies
from infra.local.portal.catalogue.model import CURRENCY, STORES, Amount, Catalogue, Category, Product, store_title
from infra.local.portal.catalogue.sections import SECTION_OF, SECTIONS, Section, section_of
from infra.local.portal.catalogue.words import about

FIRST_ID = 1001
MORE_PICTURES = 3
"""A product has fewer than so many pictures beside its first."""
STOCK_ONLY = frozenset({"606178500", "180301457"})
"""Articles of what is sold from stock only, and is out of stock in the morning."""
_WITHOUT_PICTURE = 17  # every seventeenth product has none, so that the bot meets such ones


def _has_picture(number: int) -> bool:
    return (number - FIRST_ID) % _WITHOUT_PICTURE != _WITHOUT_PICTURE - 1


def build_catalogue() -> Catalogue:
    """Make a fresh catalogue with the prices and the stock of the morning."""
    tables = chain(power.rows(), consumables.rows(), bench.rows(), supplies.rows())
    return Catalogue(
        Product(
            id=str(number),
            name=row.name,
            article=row.article,
            category=row.category,
            price=row.price,
            stock=dict(row.stock),
            has_picture=_has_picture(number),
            on_order=row.article not in STOCK_ONLY,
            more_pictures=number % MORE_PICTURES if _has_picture(number) else 0,
        )
        for number, row in enumerate(tables, start=FIRST_ID)
    )


__all__ = [
    "CURRENCY",
    "SECTIONS",
    "SECTION_OF",
    "STORES",
    "Amount",
    "Catalogue",
    "Category",
    "Product",
    "Section",
    "about",
    "build_catalogue",
    "section_of",
    "store_title",
]
