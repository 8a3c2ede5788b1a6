"""The buttons of checkout alone; those that lead elsewhere are in `shared.assistant.navigation`."""

from __future__ import annotations

from shared.domain.orders import PaymentKind
from shared.telegram.api import CallbackData


class UseAddress(CallbackData, prefix="d7"):
    """One of the saved addresses; `mark` tells it whatever its place in the list is (`masters.mark_of`)."""

    mark: str


class UseAddressAt(CallbackData, prefix="d1"):
    """The same of the version before, by its place among them: its label says which one was meant."""

    index: int


class FetchMyself(CallbackData, prefix="d8"):
    """Fetch the order at a store, in answer to the question where to deliver."""


class ChoosePayment(CallbackData, prefix="y1"):
    """How to pay."""

    payment: PaymentKind


class ConfirmOrder(CallbackData, prefix="z1"):
    """Make the order of this confirmation."""

    checkout: str


class OrderAgain(CallbackData, prefix="j3"):
    """Begin anew with what this confirmation had, which the portal made no order of; for orders without the cart."""

    checkout: str


class LeaveCheckout(CallbackData, prefix="e1"):
    """Leave the questions before the confirmation; the cart stays."""


class CancelCheckout(CallbackData, prefix="n1"):
    """Do not order what this confirmation shows; the cart stays."""

    checkout: str


class AgreeToCancelOrder(CallbackData, prefix="Y1"):
    """Yes, cancel the order."""

    order: str


class EditAddress(CallbackData, prefix="d4"):
    """Another address for the order of this confirmation."""

    checkout: str


class SwitchPayment(CallbackData, prefix="y2"):
    """The other way to pay for the order of this confirmation."""

    checkout: str
    payment: PaymentKind


class EditPhone(CallbackData, prefix="P1"):
    """Another phone for the order of this confirmation."""

    checkout: str


class EditComment(CallbackData, prefix="K1"):
    """Another comment for the order of this confirmation."""

    checkout: str


class DropComment(CallbackData, prefix="K2"):
    """Order without the comment."""

    checkout: str


class EditDelivery(CallbackData, prefix="D1"):
    """Another delivery service for the order of this confirmation."""

    checkout: str


class UseDelivery(CallbackData, prefix="D2"):
    """One of the delivery services for the order of this confirmation."""

    checkout: str
    service: str


class UseStore(CallbackData, prefix="D3"):
    """Fetch the order of this confirmation at a store."""

    checkout: str
    service: str
    store: str


class EditSlot(CallbackData, prefix="D4"):
    """Other hours for the delivery of this confirmation's order."""

    checkout: str


class UseSlot(CallbackData, prefix="D5"):
    """One of the hours for the delivery, by its place among those shown; -1: any will do."""

    checkout: str
    index: int


class DropAddress(CallbackData, prefix="d2"):
    """Forget a saved address; `mark` as in `UseAddress`."""

    mark: str


class NameAddress(CallbackData, prefix="d5"):
    """Give a saved address a name; `mark` as in `UseAddress`."""

    mark: str


class NameAddresses(CallbackData, prefix="d6"):
    """Choose a saved address to give it a name."""


class UsePoint(CallbackData, prefix="d3"):
    """Deliver to the point on the map, without words to it."""
