"""The buttons of saved lists."""

from __future__ import annotations

from decimal import Decimal

from shared.telegram.api import CallbackData


class OpenSaved(CallbackData, prefix="ma1"):
    """Quote a saved list anew."""

    list: str


class DropSaved(CallbackData, prefix="mb1"):
    """Forget a saved list."""

    list: str


class SaveCart(CallbackData, prefix="mc1"):
    """Save the cart as a list: asks for its name."""


class SetSaved(CallbackData, prefix="md1"):
    """Change how many of a product a saved list has; 0 takes it out."""

    list: str
    product: str
    quantity: Decimal
    page: int


class ManageSaved(CallbackData, prefix="me1"):
    """A page of what is in a saved list, to be changed."""

    list: str
    page: int


class ShareSaved(CallbackData, prefix="mf1"):
    """Make a link by which another master gets a copy."""

    list: str


class UsualGoods(CallbackData, prefix="mg1"):
    """Quote what was ordered the last times, with the usual counts."""


class ShowSaved(CallbackData, prefix="mj1"):
    """All lists, in place."""
