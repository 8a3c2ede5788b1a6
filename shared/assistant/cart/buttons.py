"""The buttons of cart alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from decimal import Decimal

from shared.telegram.api import CallbackData


class SetLine(CallbackData, prefix="l1"):
    """Another quantity of a line of the cart; 0 takes it out."""

    product: str
    quantity: Decimal


class ClearCart(CallbackData, prefix="c1"):
    """Take everything out of the cart."""
