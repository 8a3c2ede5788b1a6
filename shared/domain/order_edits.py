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
    changed = [LineEdit(old.get(product), line) for product, line in new.items() if _differ(old.get(product), line)]
    return changed + [LineEdit(line, None) for product, line in old.items() if product not in new]


def _by_product(lines: Iterable[OrderLine]) -> dict[str, OrderLine]:
    """Return a line per product: two lines of one are its quantities together."""
    found: dict[str, OrderLine] = {}
    for line in lines:
        there = found.get(line.product_id)
        found[line.product_id] = replace(there, quantity=there.quantity + line.quantity) if there else line
    return found


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
