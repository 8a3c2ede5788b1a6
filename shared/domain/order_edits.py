"""What people at the portal changed in an order's goods since its master last heard of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from shared.domain import quantities
from shared.domain.orders import OrderLine
from shared.domain.text import shorten

NAME_LIMIT = 200
"""Characters of a name that a record keeps: it is only for saying what was taken out."""


@dataclass(frozen=True)
class LineEdit:
    """A product as it was and as it is; None where it was not, or is not any more."""

    before: OrderLine | None
    after: OrderLine | None

    @property
    def name(self) -> str:
        """What the product is called."""
        line = self.after or self.before
        return line.name if line else ""


def edits(before: Iterable[OrderLine], after: Iterable[OrderLine]) -> list[LineEdit]:
    """Return what differs in quantity or price, as the lines stand now; what was taken out comes last."""
    old, new = _by_product(before), _by_product(after)
    products = [*new, *(product for product in old if product not in new)]
    pairs = [pair for product in products for pair in _paired(old.get(product, []), new.get(product, []))]
    changed = [pair for pair in pairs if pair.after is not None and _differ(pair.before, pair.after)]
    return changed + [pair for pair in pairs if pair.after is None]


def _by_product(lines: Iterable[OrderLine]) -> dict[str, list[OrderLine]]:
    """Return each product's rows; those at one price and in one unit are one, their quantities together."""
    rows: dict[tuple[str, Decimal, str], OrderLine] = {}
    for line in lines:
        key = (line.product_id, line.price, line.unit)
        there = rows.get(key)
        rows[key] = replace(there, quantity=there.quantity + line.quantity) if there else line
    found: dict[str, list[OrderLine]] = {}
    for line in rows.values():
        found.setdefault(line.product_id, []).append(line)
    return found


def _paired(before: Sequence[OrderLine], after: Sequence[OrderLine]) -> list[LineEdit]:
    """Return the rows of one product as they were and are: the same price and unit first, the rest in their order."""
    old = {(line.price, line.unit): line for line in before}
    same = {key: old.pop(key) for line in after if (key := (line.price, line.unit)) in old}
    rest = iter(old.values())
    pairs = [LineEdit(same.get((line.price, line.unit)) or next(rest, None), line) for line in after]
    return [*pairs, *(LineEdit(line, None) for line in rest)]


def _differ(before: OrderLine | None, after: OrderLine) -> bool:
    return before is None or (before.quantity, before.price) != (after.quantity, after.price)


def as_data(lines: Sequence[OrderLine]) -> list[dict[str, Any]]:
    """Return the lines for a record."""
    return [
        {
            "product_id": line.product_id,
            "name": shorten(line.name, NAME_LIMIT),
            "quantity": quantities.as_data(line.quantity),
            "price": str(line.price),
            "unit": line.unit,
        }
        for line in lines
    ]


def from_data(data: Sequence[Mapping[str, Any]]) -> tuple[OrderLine, ...]:
    """Return the lines of a record."""
    return tuple(
        OrderLine(
            line["product_id"],
            line["name"],
            quantities.from_data(line["quantity"]),
            Decimal(line["price"]),
            line["unit"],
        )
        for line in data
    )
