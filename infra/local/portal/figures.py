"""How the portal writes numbers."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_KOPECK: Final = Decimal("0.01")


def money(amount: Decimal) -> str:
    """Return an amount with two decimals: `7990.00`."""
    return f"{amount:.2f}"


def to_kopecks(amount: Decimal) -> Decimal:
    """Return an amount as the portal keeps it: to two decimals, halves up."""
    return amount.quantize(_KOPECK, ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """Return a number without an exponent or zeros at the end: `10`, `2.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
