"""The buttons of saved lists."""

from __future__ import annotations

from shared.telegram.api import CallbackData


class OpenSaved(CallbackData, prefix="ma1"):
    """Quote a saved list anew."""

    list: str


class DropSaved(CallbackData, prefix="mb1"):
    """Forget a saved list."""

    list: str


class SaveCart(CallbackData, prefix="mc1"):
    """Save the cart as a list: asks for its name."""
