"""The buttons of watching alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.watches import WatchAim
from shared.telegram.api import CallbackData


class SwitchWatch(CallbackData, prefix="wa1"):
    """Begin to watch a card's product (`on`), or end it; `price` is the one the card shows, and the baseline."""

    search: str
    product: str
    aim: WatchAim
    price: Decimal
    currency: str
    on: bool


class EndWatch(CallbackData, prefix="wb1"):
    """Watch the product of this message no more."""

    product: str


class DropWatch(CallbackData, prefix="wd1"):
    """Take a product off this page of the list of what is watched."""

    product: str
    page: int
