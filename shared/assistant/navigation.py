"""Buttons that lead from one capability into another.

A prefix ends in a version digit: change the fields, change the digit, never reuse one. Telegram takes 64 bytes, so
buttons carry ids, not texts; whatever else a screen needs is in a record. Buttons of older versions and of records that
have expired are answered by the stale-button screen.
"""

from __future__ import annotations

from decimal import Decimal

from shared.domain.order_list import OrderFilter
from shared.domain.watches import WatchAim
from shared.telegram.api import CallbackData


class ShowCard(CallbackData, prefix="k1"):
    """A product of a search; `search` is "" where none led to it."""

    search: str
    product: str


class ShowWatches(CallbackData, prefix="wc1"):
    """A page of what is watched; `fresh` = as a new message."""

    page: int
    fresh: bool


class ShowSection(CallbackData, prefix="s1"):
    """A page of a section of the catalogue ("0" is its top), or the `goods` in it; `fresh` = as a new message."""

    section: str
    page: int
    goods: bool
    fresh: bool


class ShowSimilar(CallbackData, prefix="ks1"):
    """What may stand in for a product that is not in stock; `section` is its own, "" where it is not known."""

    product: str
    section: str


class AddToCart(CallbackData, prefix="a1"):
    """Put the card's product into the cart."""

    search: str
    product: str
    quantity: Decimal
    price: Decimal
    currency: str


class OrderNow(CallbackData, prefix="j1"):
    """Order the card's product at once, whatever is in the cart."""

    search: str
    product: str
    quantity: Decimal
    price: Decimal
    currency: str


class OrderList(CallbackData, prefix="j2"):
    """Order what was found of a pasted or saved list at once, whatever is in the cart."""

    list: str


class ShowCart(CallbackData, prefix="b1"):
    """The cart; `fresh` = as a new message."""

    fresh: bool


class StartCheckout(CallbackData, prefix="o1"):
    """From the cart to the address."""


class ShowOrders(CallbackData, prefix="m2"):
    """A page of the orders that are wanted."""

    page: int
    which: OrderFilter = OrderFilter.ALL


class ShowOrder(CallbackData, prefix="t1"):
    """An order; `fresh` = as a new message."""

    order: str
    fresh: bool


class HandOnInvoice(CallbackData, prefix="U1"):
    """What an order is paid by, as a message for the master's own client."""

    order: str


class ShowReturns(CallbackData, prefix="ra1"):
    """The returns, and the orders to return from."""


class StartReturn(CallbackData, prefix="rb1"):
    """Choose what to return of an order."""

    order: str


class RepeatOrder(CallbackData, prefix="W1"):
    """The order's goods once more, into the cart."""

    order: str


class SaveOrder(CallbackData, prefix="mi1"):
    """Save the order's goods as a list: asks for its name."""

    order: str


class SaveQuoted(CallbackData, prefix="mh1"):
    """Save a quoted list's goods as a list: asks for its name."""

    list: str


class AskToCancelOrder(CallbackData, prefix="X1"):
    """Cancel an order: asks first."""

    order: str


class SearchMore(CallbackData, prefix="f1"):
    """Ask for another query."""


class AskManager(CallbackData, prefix="h1"):
    """Write to the operators."""


class EndTalk(CallbackData, prefix="h2"):
    """End the talk with the operators."""


class TryAgain(CallbackData, prefix="g1"):
    """Ask the portal once more what a job asked in vain."""

    job: str


class Idle(CallbackData, prefix="x1"):
    """A button that only says something."""


class SwitchWatch(CallbackData, prefix="wa1"):
    """Begin to watch a card's product (`on`), or end it; `price` is the one the card shows, and the baseline."""

    search: str
    product: str
    aim: WatchAim
    price: Decimal
    currency: str
    on: bool


TOP_SECTION = "0"
"""What stands for the top of the catalogue in a button, as portals write it."""


TO_CATALOGUE = ShowSection(section=TOP_SECTION, page=0, goods=False, fresh=True)
"""Opens the top of the catalogue below."""
