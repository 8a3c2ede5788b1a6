"""How the portal writes numbers."""

from __future__ import annotations

from decimal import Decimal


def money(amount: Decimal) -> str:
    """Return an amount with two decimals: `7990.00`."""
    return f"{amount:.2f}"


def plain(number: Decimal) -> str:
    """Return a number without an exponent or zeros at the end: `10`, `2.5`."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
