"""Every button's data. A prefix ends in a version digit: change the fields, change the digit, never reuse one.

Telegram takes 64 bytes, so buttons carry ids, not texts; whatever else a screen needs is in a record. Buttons of
older versions and of records that have expired are answered by the stale-button screen.
"""

from __future__ import annotations

from decimal import Decimal

from shared.assistant.orders.listing import Filter
from shared.assistant.preferences.choices import QuietHours, Sound
from shared.assistant.returns.draft import Reason
from shared.assistant.watching.watches import Aim
from shared.bitrix.model import PaymentKind
from shared.telegram.api import CallbackData


class ShowPage(CallbackData, prefix="p1"):
    """Another page of a search."""

    search: str
    page: int


class ShowCard(CallbackData, prefix="k1"):
    """A product of a search; `search` is "" where none led to it."""

    search: str
    product: str


class ShowPictures(CallbackData, prefix="v1"):
    """The other pictures of a product."""

    product: str


class SwitchWatch(CallbackData, prefix="wa1"):
    """Begin to watch a card's product (`on`), or end it; `price` is the one the card shows, and the baseline."""

    search: str
    product: str
    aim: Aim
    price: Decimal
    currency: str
    on: bool


class EndWatch(CallbackData, prefix="wb1"):
    """Watch the product of this message no more."""

    product: str


class ShowWatches(CallbackData, prefix="wc1"):
    """A page of what is watched; `fresh` = as a new message."""

    page: int
    fresh: bool


class DropWatch(CallbackData, prefix="wd1"):
    """Take a product off this page of the list of what is watched."""

    product: str
    page: int


class ShowSection(CallbackData, prefix="s1"):
    """A page of a section of the catalogue ("0" is its top), or the `goods` in it; `fresh` = as a new message."""

    section: str
    page: int
    goods: bool
    fresh: bool


class SetQuantity(CallbackData, prefix="q1"):
    """Another quantity on a card; `price` is only for the button's text, the order's price is asked anew."""

    search: str
    product: str
    quantity: int
    price: Decimal
    currency: str


class AddToCart(CallbackData, prefix="a1"):
    """Put the card's product into the cart."""

    search: str
    product: str
    quantity: int
    price: Decimal
    currency: str


class ShowCart(CallbackData, prefix="b1"):
    """The cart; `fresh` = as a new message."""

    fresh: bool


class SetLine(CallbackData, prefix="l1"):
    """Another quantity of a line of the cart; 0 takes it out."""

    product: str
    quantity: int


class ClearCart(CallbackData, prefix="c1"):
    """Take everything out of the cart."""


class StartCheckout(CallbackData, prefix="o1"):
    """From the cart to the address."""


class UseAddress(CallbackData, prefix="d1"):
    """One of the saved addresses."""

    index: int


class ChoosePayment(CallbackData, prefix="y1"):
    """How to pay."""

    payment: PaymentKind


class Confirm(CallbackData, prefix="z1"):
    """Make the order of this confirmation."""

    checkout: str


class LeaveCheckout(CallbackData, prefix="e1"):
    """Leave the questions before the confirmation; the cart stays."""


class CancelCheckout(CallbackData, prefix="n1"):
    """Do not order what this confirmation shows; the cart stays."""

    checkout: str


class ShowOrders(CallbackData, prefix="m2"):
    """A page of the orders that are wanted."""

    page: int
    which: Filter = Filter.ALL


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


class ShowGoods(CallbackData, prefix="rc1"):
    """Back to the choice of goods."""

    draft: str


class SetGood(CallbackData, prefix="rd1"):
    """How many pieces of a good come back; 0 = it stays."""

    draft: str
    index: int
    quantity: int


class GoodsChosen(CallbackData, prefix="re1"):
    """From the goods to the reason."""

    draft: str


class ChooseReason(CallbackData, prefix="rf1"):
    """Why it comes back."""

    draft: str
    reason: Reason


class ReviewReturn(CallbackData, prefix="rg1"):
    """All photos are there."""

    draft: str


class ConfirmReturn(CallbackData, prefix="rh1"):
    """Register this return."""

    draft: str


class CancelReturn(CallbackData, prefix="ri1"):
    """Return nothing."""

    draft: str


class CallOff(CallbackData, prefix="X1"):
    """Cancel an order: asks first."""

    order: str


class AgreeToCallOff(CallbackData, prefix="Y1"):
    """Yes, cancel the order."""

    order: str


class AnswerCash(CallbackData, prefix="nc1"):
    """Whether the courier was paid; not paid = there is a question."""

    order: str
    paid: bool


class SetSound(CallbackData, prefix="sa1"):
    """Which messages come with sound."""

    sound: Sound


class SetQuietHours(CallbackData, prefix="sb1"):
    """When all messages come without sound."""

    hours: QuietHours


class EditPhone(CallbackData, prefix="P1"):
    """Another phone for the order of this confirmation."""

    checkout: str


class EditComment(CallbackData, prefix="K1"):
    """Another comment for the order of this confirmation."""

    checkout: str


class DropComment(CallbackData, prefix="K2"):
    """Order without the comment."""

    checkout: str


class DropAddress(CallbackData, prefix="d2"):
    """Forget a saved address; `mark` tells it whatever its place in the list is (`masters.mark_of`)."""

    mark: str


class UsePoint(CallbackData, prefix="d3"):
    """Deliver to the point on the map, without words to it."""


class AddList(CallbackData, prefix="J1"):
    """Put what was found of a pasted list into the cart."""

    list: str


class FindLine(CallbackData, prefix="G1"):
    """Search for a line of a pasted list that is not clear."""

    list: str
    line: int


class SearchMore(CallbackData, prefix="f1"):
    """Ask for another query."""


class AskManager(CallbackData, prefix="h1"):
    """Write to the operators."""


class Idle(CallbackData, prefix="x1"):
    """A button that only says something."""
