"""A confirmation a master was shown: what he agrees to when he taps «Заказать» (collection `checkouts`, 24 h).

Its id is born with the confirmation screen and travels in the button, so a second tap, an old button or a repeated
update finds the same record. States::

    SHOWN ──tap──▶ CHECKING ──same──▶ PLACING ──▶ DONE
                      │                   └─────▶ FAILED
                      └─changed─▶ REPLACED (a new confirmation was shown)
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from shared.domain import carts, deliveries
from shared.domain.cart_lines import CartLine, line_data, line_from_data
from shared.domain.carts import Cart
from shared.domain.deliveries import DeliveryService, DeliverySlot, PickupPoint
from shared.domain.orders import Numbered, OrderRef, PaymentKind
from shared.store.collections import CHECKOUTS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork


class CheckoutStage(StrEnum):
    """Where a checkout stands."""

    SHOWN = "shown"
    CHECKING = "checking"
    PLACING = "placing"
    DONE = "done"
    REPLACED = "replaced"
    FAILED = "failed"


def new_id() -> str:
    """Return the id of a new confirmation."""
    return uuid.uuid4().hex


@dataclass(frozen=True)
class Checkout:
    """An order as shown for confirmation; `available` is the stock the master was told, per product.

    `address` is "" as long as he only wants to fetch it. `from_cart`: its goods lie in the cart until they are ordered.
    `services` are the delivery services to choose from, none where there is no choice; `delivery` is the id of the
    chosen one. `points` are the stores he was shown to fetch the goods at, `pickup` the one he chose. `slots` are the
    hours it may be brought at, `slot` the value of the chosen ones.
    """

    user_id: int
    buyer_id: str
    lines: tuple[CartLine, ...]
    available: Mapping[str, Decimal]
    address: str
    payment: PaymentKind
    id: str = field(default_factory=new_id)
    stage: CheckoutStage = CheckoutStage.SHOWN
    order_id: str = ""
    order_number: str = ""
    phone: str = field(default="", repr=False)
    comment: str = field(default="", repr=False)
    from_cart: bool = True
    services: tuple[DeliveryService, ...] = ()
    delivery: str = ""
    points: tuple[PickupPoint, ...] = ()
    pickup: PickupPoint | None = None
    slots: tuple[DeliverySlot, ...] = ()
    slot: str = ""

    @property
    def hours(self) -> DeliverySlot | None:
        """The hours he chose; None when any will do, or nobody brings it."""
        wanted = "" if self.fetched_at else self.slot
        return next((slot for slot in self.slots if slot.value == wanted), None)

    @property
    def fetched_at(self) -> PickupPoint | None:
        """The store where he fetches it; None when it is brought."""
        return self.pickup if self.is_fetched else None

    @property
    def is_fetched(self) -> bool:
        """Whether nobody brings it, wherever it is fetched."""
        return self.service is not None and self.service.pickup

    @property
    def has_destination(self) -> bool:
        """Whether it is known where it goes, or where it is fetched."""
        return self.pickup is not None if self.is_fetched else bool(self.address)

    @property
    def service(self) -> DeliveryService | None:
        """The chosen delivery service; None where there is no choice."""
        return deliveries.chosen(self.services, self.delivery)

    @property
    def delivery_price(self) -> Decimal:
        """What bringing the goods costs, as far as the master was told."""
        return (self.service.price if self.service else None) or Decimal(0)

    @property
    def total(self) -> Decimal:
        """Sum of all lines, and of what bringing them costs as far as it is known."""
        return Cart(self.lines).total + self.delivery_price

    @property
    def currency(self) -> str:
        """The currency of the lines."""
        return Cart(self.lines).currency

    def at(self, stage: CheckoutStage, order: Numbered | None = None) -> Checkout:
        """Return the checkout at another stage, with the order it led to."""
        made = order or OrderRef("")
        return replace(self, stage=stage, order_id=made.id, order_number=made.number)

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit (which must have read it)."""
        coded = {
            "lines": [line_data(line) for line in self.lines],
            "available": {product: str(amount) for product, amount in self.available.items()},
            "payment": str(self.payment),
            "stage": str(self.stage),
            "services": [service.as_data() for service in self.services],
            "slots": [slot.as_data() for slot in self.slots],
            "points": [point.as_data() for point in self.points],
            "pickup": self.pickup.as_data() if self.pickup else None,
        }
        data = {**vars(self), **coded}
        del data["id"]
        unit.put(key(self.id), data, ttl=CHECKOUTS.kept)


def key(checkout_id: str) -> Key:
    """Where the record lives."""
    return CHECKOUTS.key(checkout_id)


async def load(unit: UnitOfWork, checkout_id: str) -> Checkout | None:
    """Return the checkout, or None when it is too old."""
    data = await unit.get(key(checkout_id))
    if data is None:
        return None
    return Checkout(
        id=checkout_id,
        user_id=data["user_id"],
        buyer_id=data["buyer_id"],
        lines=tuple(line_from_data(line) for line in data["lines"]),
        available={product: Decimal(amount) for product, amount in data["available"].items()},
        address=data["address"],
        payment=PaymentKind(data["payment"]),
        stage=CheckoutStage(data["stage"]),
        order_id=data["order_id"],
        # Records of the day before the update have none of these.
        order_number=data.get("order_number", data["order_id"]),
        phone=data.get("phone", ""),
        comment=data.get("comment", ""),
        from_cart=data.get("from_cart", True),
        services=tuple(map(DeliveryService.from_data, data.get("services", ()))),
        delivery=data.get("delivery", ""),
        points=tuple(filter(None, map(PickupPoint.from_data, data.get("points", ())))),
        pickup=PickupPoint.from_data(data.get("pickup")),
        slots=tuple(map(DeliverySlot.from_data, data.get("slots", ()))),
        slot=data.get("slot", ""),
    )


async def present(unit: UnitOfWork, checkout: Checkout) -> Cart:
    """Save what its master is being shown, and let go of what he was shown before; return his cart.

    Only the newest confirmation orders: two of them may show the same goods.
    """
    cart = await carts.load(unit, checkout.user_id)
    before = await load(unit, cart.confirmation) if cart.confirmation else None
    if before is not None and before.stage is CheckoutStage.SHOWN:
        before.at(CheckoutStage.REPLACED).save(unit)
    await unit.get(key(checkout.id))
    checkout.save(unit)
    carts.save(unit, checkout.user_id, replace(cart, confirmation=checkout.id))
    return cart


async def withdraw(unit: UnitOfWork, user_id: int) -> bool:
    """Let go of the confirmation that waits for a master's answer; return whether one did."""
    newest = (await carts.load(unit, user_id)).confirmation
    waiting = await load(unit, newest) if newest else None
    if waiting is None or waiting.stage is not CheckoutStage.SHOWN:
        return False
    waiting.at(CheckoutStage.REPLACED).save(unit)
    return True


async def depart(unit: UnitOfWork, checkout: Checkout) -> None:
    """Take the goods that are going to be ordered out of the cart."""
    cart = await carts.load(unit, checkout.user_id)
    lines = checkout.lines if checkout.from_cart else ()
    carts.save(unit, checkout.user_id, cart.sending(checkout.id, lines, unit.now))


async def come_back(unit: UnitOfWork, checkout: Checkout) -> None:
    """Put the goods back into the cart that no order was made of."""
    cart = await carts.load(unit, checkout.user_id)
    carts.save(unit, checkout.user_id, cart.failed(checkout.id))
