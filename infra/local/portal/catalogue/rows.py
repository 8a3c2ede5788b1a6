"""How the tables of the catalogue are written and read.

One product a line: `name | article | price` and, where it matters, `| stock of the three stores`. Without the last
column stock follows from the article, always the same for the same article.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from infra.local.portal.catalogue.model import STORES, Category

_SHELVES = ((0, 0, 0), (12, 3, 40), (4, 0, 8), (0, 2, 15), (7, 7, 0), (25, 10, 120), (1, 0, 0), (60, 18, 300))


@dataclass(frozen=True)
class Row:
    """A product as its table states it; ids are given when all tables are joined."""

    name: str
    article: str
    price: Decimal
    category: Category
    stock: dict[str, int]


def read_rows(table: str, category: Category) -> Iterator[Row]:
    """Read a table of one category."""
    for line in table.strip().splitlines():
        name, article, price, *stock = (cell.strip() for cell in line.split("|"))
        yield make_row(name, article, price, category, stock[0] if stock else "")


def make_row(name: str, article: str, price: str, category: Category, stock: str = "") -> Row:
    """Make one row; `stock` is three numbers with spaces between, or empty."""
    amounts = tuple(int(amount) for amount in stock.split()) if stock else _shelves(article)
    return Row(name, article, Decimal(price), category, dict(zip(STORES, amounts, strict=True)))


def _shelves(article: str) -> tuple[int, int, int]:
    return _SHELVES[zlib.crc32(article.encode()) % len(_SHELVES)]
