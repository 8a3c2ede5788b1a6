"""The buttons of search alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from decimal import Decimal

from shared.telegram.api import CallbackData


class ShowPage(CallbackData, prefix="p1"):
    """Another page of a search."""

    search: str
    page: int


class ShowPictures(CallbackData, prefix="v1"):
    """The other pictures of a product."""

    product: str


class ShowAccessories(CallbackData, prefix="ac1"):
    """What goes with a product; `linked` are the ids of it, with a plus between, as many as there was room for."""

    product: str
    linked: str


class AskQuantity(CallbackData, prefix="q2"):
    """Choose among more quantities on a card, or type one; `quantity` is the one shown."""

    search: str
    product: str
    quantity: Decimal
    price: Decimal
    currency: str


class SetQuantity(CallbackData, prefix="q1"):
    """Another quantity on a card; `price` is only for the button's text, the order's price is asked anew."""

    search: str
    product: str
    quantity: Decimal
    price: Decimal
    currency: str


class SwitchWord(CallbackData, prefix="we1"):
    """Operators add a digest's guess to the shop's own words, or take it away again."""

    digest: str
    number: int
    on: bool
