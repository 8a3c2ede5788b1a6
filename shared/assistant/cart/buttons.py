"""The buttons of cart alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from decimal import Decimal

from shared.telegram.api import CallbackData


class SetLine(CallbackData, prefix="l1"):
    """Another quantity of a line of the cart; 0 takes it out."""

    product: str
    quantity: Decimal


class SetInCart(CallbackData, prefix="l2"):
    """Another quantity of what a card has put into the cart, told on that card; 0 takes it out."""

    product: str
    quantity: Decimal


class ClearCart(CallbackData, prefix="c1"):
    """Take everything out of the cart."""
