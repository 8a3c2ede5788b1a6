"""Quantities of products, written as numbers where a test is about something else."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal


def decimals(counts: Mapping[str, float | str]) -> dict[str, Decimal]:
    """Return the quantities of products as the shop reckons with them."""
    return {product: Decimal(str(count)) for product, count in counts.items()}
