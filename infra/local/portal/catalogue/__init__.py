"""The goods of the simulated shop: some 380 products for repair masters, the same at every start."""

from __future__ import annotations

from itertools import chain

from infra.local.portal.catalogue import bench, consumables, power, supplies
from infra.local.portal.catalogue.model import CURRENCY, STORES, Catalogue, Category, Product

FIRST_ID = 1001
_WITHOUT_PICTURE = 17  # every seventeenth product has none, so that the bot meets such ones


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
            has_picture=(number - FIRST_ID) % _WITHOUT_PICTURE != _WITHOUT_PICTURE - 1,
        )
        for number, row in enumerate(tables, start=FIRST_ID)
    )


__all__ = ["CURRENCY", "STORES", "Catalogue", "Category", "Product", "build_catalogue"]
