"""A catalogue made of rules: families of goods, each all combinations of its axes, always the same."""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product as combinations
from pathlib import Path
from typing import Any

from infra.local.portal.catalogue.model import STORES, Catalogue, Category, Product

FIRST_ID = 5001
_FIELDS = frozenset({"shelf", "name", "article", "price"})
_MARKS = str.maketrans("×", "X", " .,/-()«»\"'°²")
_AMOUNTS = (0, 3, 12, 40)
_DEARER = 7
"""Prices of a family differ by so many steps of five per cent."""


def read_catalogue(path: Path) -> Catalogue:
    """Return the goods of a file of rules. KeyError or ValueError for a file that makes no sense."""
    families = tomllib.loads(path.read_text(encoding="utf-8"))["family"]
    rows = [row for family in families for row in _rows(family)]
    return Catalogue(_product(str(number), *row) for number, row in enumerate(rows, FIRST_ID))


def _rows(family: Mapping[str, Any]) -> Iterator[tuple[str, str, Category, Decimal]]:
    axes: dict[str, Sequence[str]] = {name: values for name, values in family.items() if name not in _FIELDS}
    for chosen in combinations(*axes.values()):
        said = {axis: value.partition("=")[0] for axis, value in zip(axes, chosen, strict=True)}
        marks = {axis: _mark(value) for axis, value in zip(axes, chosen, strict=True)}
        article = family["article"].format(**marks)
        price = Decimal(family["price"]) * (100 + 5 * (zlib.crc32(article.encode()) % _DEARER)) / 100
        yield family["name"].format(**said), article, Category[family["shelf"]], price


def _mark(value: str) -> str:
    """Return what stands for a value of an axis in the article."""
    text, _, mark = value.partition("=")
    return mark or text.upper().translate(_MARKS)


def _product(number: str, name: str, article: str, category: Category, price: Decimal) -> Product:
    drawn = zlib.crc32(number.encode())
    stock = {store: _AMOUNTS[(drawn >> 2 * place) % len(_AMOUNTS)] for place, store in enumerate(STORES)}
    return Product(number, name, article, category, price, dict(stock), has_picture=False)
