"""Quantities of goods: how many units, in which whole steps, and how records hold them. Pure.

Shops sell screws by the piece, cable by half a metre and bits in packs of ten, so a quantity is a `Decimal`. Versions
before knew whole pieces only: their records hold ints, and a whole quantity is still written as one, so that after a
return to such a version its carts and jobs can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

PIECE: Final = "шт."
ONE: Final = Decimal(1)

MOST: Final = Decimal(999)
"""Units of one product that an order takes."""

_SHORTENED: Final = re.compile(r"(?:шт|уп|упак|компл|к-т|рул|бух|пач|кор|бут|балл)", re.IGNORECASE)
"""Units that are words cut short, and end in a full stop as such; symbols of measures, «м» or «кг», have none."""

_CONTINUOUS: Final = frozenset({"м", "пог. м", "пог.м", "м2", "м²", "м3", "м³", "кг", "л"})
"""Units of what is cut or weighed out."""

_HALF: Final = Decimal("0.5")

_LONGEST: Final = Decimal(2**63 - 1)
"""The largest int that every store holds."""


def upwards(quantity: Decimal, step: Decimal) -> Decimal:
    """Return the quantity rounded up to whole steps."""
    return (quantity / step).to_integral_value(ROUND_CEILING) * step


def downwards(quantity: Decimal, step: Decimal) -> Decimal:
    """Return the quantity rounded down to whole steps."""
    return (quantity / step).to_integral_value(ROUND_FLOOR) * step


def sold(quantity: Decimal, step: Decimal) -> Decimal:
    """Return the quantity as it can be ordered: in whole steps, rounded up, at least one and no more than `MOST`."""
    # It may come from a button or a list, so it is bounded before it is reckoned with.
    within = min(max(quantity, step), MOST)
    return max(min(upwards(within, step), downwards(MOST, step)), step)


def step_of(quantity: Decimal, unit: str) -> Decimal:
    """Return the steps in which a part of a quantity may be taken, where nobody tells what it was sold in.

    It is the largest part of a unit that the quantity is a multiple of; at most half of what is cut or weighed.
    """
    step, rest = ONE, quantity % ONE
    while rest:
        step, rest = rest, step % rest
    return min(step, _HALF) if unit in _CONTINUOUS and not step % _HALF else step


def symbol(unit: str) -> str:
    """Return a unit's symbol as it is shown: «шт.» for «шт», «м» for «м»; a piece where there is none."""
    bare = " ".join(unit.split())
    return f"{bare}." if _SHORTENED.fullmatch(bare) else bare or PIECE


def written(quantity: Decimal) -> str:
    """Return plain digits, without zeros at the end: «2.5», «10»."""
    # Not by `normalize`, which rounds to 28 digits.
    digits = format(quantity, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def as_data(quantity: Decimal) -> int | str:
    """Return the quantity as records hold it: whole ones as an int, others as text, for a store has no decimals."""
    whole = abs(quantity) <= _LONGEST and quantity == quantity.to_integral_value()
    return int(quantity) if whole else str(quantity)


def from_data(data: int | str) -> Decimal:
    """Read what `as_data` wrote, or the int of a version before."""
    return Decimal(data)


def all_as_data(quantities: Mapping[str, Decimal]) -> dict[str, int | str]:
    """Return the quantities of products as records hold them."""
    return {product: as_data(quantity) for product, quantity in quantities.items()}


def all_from_data(data: Mapping[str, int | str]) -> dict[str, Decimal]:
    """Read what `all_as_data` wrote."""
    return {product: from_data(quantity) for product, quantity in data.items()}


def summed(parts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Return how much of each product there is in all, in the order of their first parts."""
    total: dict[str, Decimal] = {}
    for product, quantity in parts:
        total[product] = total.get(product, Decimal(0)) + quantity
    return total
