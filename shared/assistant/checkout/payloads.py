"""The payloads of the checkout's jobs: typed here, plain data in a job's record, and the only readers of that data.

The version before had two more kinds of job for an order in the spec's contract, `fill_basket` and `place_order`, and
stored no progress with them. Jobs live for 72 hours: `KINDS_BEFORE` and `_progress_before` may go once this version has
been deployed for as long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget
from shared.assistant.job_handler import ChatPayload
from shared.domain import quantities
from shared.domain.cart_lines import CartLine
from shared.domain.checkouts import Checkout
from shared.domain.deliveries import PickupPoint
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import LineItem, NewOrder, OrderRef, PaymentKind
from shared.pipeline.payloads import UNLESS_DEFAULT, Payload

KINDS_BEFORE: Final = ("fill_basket", "place_order")
"""Kinds of the version before that are read as steps of placing an order."""


@dataclass(frozen=True)
class ConfirmPayload(ChatPayload):
    """An order to be shown for confirmation, and the screen it is shown on.

    `fetched`: its master said that he will fetch it, before any address; at which store he is asked where nobody knows.
    """

    user_id: int
    buyer_id: str
    lines: tuple[CartLine, ...]
    address: str
    payment: PaymentKind
    phone: str = field(default="", repr=False)
    from_cart: bool = field(default=True, metadata=UNLESS_DEFAULT)
    delivery: str = field(default="", metadata=UNLESS_DEFAULT)
    pickup: PickupPoint | None = field(default=None, metadata=UNLESS_DEFAULT)
    fetched: bool = field(default=False, metadata=UNLESS_DEFAULT)


@dataclass(frozen=True)
class OrderPayload(ChatPayload):
    """An order as its master confirmed it, for the check at his tap; `checkout` is the confirmation's id.

    `store` is the id of the store where it is fetched. `from_cart`: when it fails its goods are in the cart again.
    """

    checkout: str
    buyer_id: str
    lines: tuple[CartLine, ...]
    address: str
    payment: PaymentKind
    phone: str = field(default="", repr=False)
    comment: str = field(default="", repr=False)
    delivery: str = field(default="", metadata=UNLESS_DEFAULT)
    slot: str = field(default="", metadata=UNLESS_DEFAULT)
    store: str = field(default="", metadata=UNLESS_DEFAULT)
    from_cart: bool = field(default=True, metadata=UNLESS_DEFAULT)

    @classmethod
    def of(cls, target: ChatTarget, checkout: Checkout) -> OrderPayload:
        """Return the order of a confirmation."""
        return cls(
            target=target,
            checkout=checkout.id,
            buyer_id=checkout.buyer_id,
            lines=checkout.lines,
            address=_destination(checkout),
            payment=checkout.payment,
            phone=checkout.phone,
            comment=checkout.comment,
            delivery=checkout.service.id if checkout.service else "",
            slot=checkout.hours.value if checkout.hours else "",
            store=checkout.fetched_at.id if checkout.fetched_at else "",
            from_cart=checkout.from_cart,
        )

    def new_order(self, key: str) -> NewOrder:
        """Return the order for the portal; `key` is its idempotency key."""
        return NewOrder(
            key=key,
            buyer_id=self.buyer_id,
            lines=[LineItem(line.product_id, line.quantity) for line in self.lines],
            payment=self.payment,
            address=self.address,
            phone=self.phone,
            comment=self.comment,
            delivery_id=self.delivery,
            slot=self.slot,
        )


def _destination(checkout: Checkout) -> str:
    """Return where the order goes, as the portal's people read it: a shipment has no field for a store."""
    point = checkout.fetched_at
    return checkout.address if point is None else texts.deliveries.fetched_at(point)


@dataclass(frozen=True)
class PlaceOrderPayload(Payload):
    """One request of placing an order, the `step`-th; `key` is the order's, whatever its requests have for theirs."""

    confirmed: OrderPayload
    key: str
    progress: OrderProgress
    step: int = 1

    @property
    def order(self) -> NewOrder:
        """The order for the portal."""
        return self.confirmed.new_order(self.key)

    def as_data(self) -> dict[str, Any]:
        """Return it as a job's record holds it."""
        progress = self.progress.as_data()
        return {**self.confirmed.as_data(), "key": self.key, "progress": progress, "step": self.step}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `as_data` wrote, in this version or in the one before."""
        stored = data.get("progress")
        return cls(
            confirmed=OrderPayload.from_data(data),
            key=data.get("key", ""),
            progress=_progress_before(data) if stored is None else OrderProgress.from_data(stored),
            step=data.get("step", 1),
        )


def _progress_before(data: Mapping[str, Any]) -> OrderProgress:
    """Return what lies in the buyer's basket by a job that only says what to `add` to it: all the rest."""
    there = quantities.summed(
        [
            *((line["product_id"], quantities.from_data(line["quantity"])) for line in data["lines"]),
            *((line["product_id"], -quantities.from_data(line["quantity"])) for line in data["add"]),
        ]
    )
    return OrderProgress(in_basket={product: quantity for product, quantity in there.items() if quantity > 0})


@dataclass(frozen=True)
class CancelPayload(Payload):
    """An order that nobody wants, and what people call it; nobody waits for its cancellation."""

    order: str
    account_number: str = field(default="", metadata=UNLESS_DEFAULT)

    @property
    def ref(self) -> OrderRef:
        """The order."""
        return OrderRef(self.order, self.account_number)


@dataclass(frozen=True)
class KnownOrderPayload(ChatPayload):
    """A master's order that he asked something about, what people call it, and where he is answered."""

    order: str
    account_number: str = field(default="", metadata=UNLESS_DEFAULT)

    @property
    def ref(self) -> OrderRef:
        """The order."""
        return OrderRef(self.order, self.account_number)
