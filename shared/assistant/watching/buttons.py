"""The buttons of watching alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from shared.telegram.api import CallbackData


class EndWatch(CallbackData, prefix="wb1"):
    """Watch the product of this message no more."""

    product: str


class DropWatch(CallbackData, prefix="wd1"):
    """Take a product off this page of the list of what is watched."""

    product: str
    page: int
