"""An order made through the bot: whom to tell, what he was told, and what the portal was last seen to have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from shared.domain import order_edits
from shared.domain.checkouts import Checkout
from shared.domain.deliveries import PickupPoint
from shared.domain.order_edits import LineEdit, edits
from shared.domain.orders import CreatedOrder, Order, OrderLine, PaymentKind
from shared.domain.parcels import ParcelStage
from shared.domain.statuses import in_work
from shared.status import Status
from shared.store.collections import ORDER_KEPT, ORDERS
from shared.store.unit_of_work import UnitOfWork

OVER = frozenset({Status.CANCELED, Status.FINISHED})
"""Statuses in which nothing is to be paid any more."""


@dataclass(frozen=True)
class OrderRecord:
    """An order and its master. `shown` are the statuses he was told, `status` the last of them.

    `lines` are its goods as he was told last, None until they were seen. `gone`: he was told that it was deleted.
    `returned` is the money he was told came back, None until the next look at an order that a version before saw given
    back without a sum; `unpaid` that he was told of a payment that is none any more, or covers the order no more;
    `part_paid` is the part he was told is paid, 0 while it is all or nothing.
    `pay_message` is the message of his chat with the link below it, while the link is of use.
    `parcels` is how far the parcels of an order with several are, as he was told; `way` is what he was told of days and
    tracking numbers since it is on its way (`parcels.way_of`), None before, and in records of a version before.
    `seen_status` is what the portal had at the last look, None in records of versions that kept only what was told.

    `paid`: the portal had the money at the last look. `payment_url` is shown to this master only. `cash_paid`: whether
    he says he paid the courier (False: he has a question), None until he answers. `account_number` is what people call
    it, "" where that is its id or the portal has not told. `given_back`: all the money there was went back.
    `payment_id` is the payment that `payment_url` is of, "" where nobody knows. `doubted`: the operators were told that
    the order's payments are of another sum. `pickup` is the store where he fetches it, None when it is brought.
    """

    id: str
    user_id: int
    chat_id: int
    payment: PaymentKind
    total: Decimal
    currency: str
    made_at: datetime
    shown: tuple[Status, ...] = (Status.NEW,)
    payment_url: str | None = field(default=None, repr=False)
    cash_paid: bool | None = None
    paid: bool = False
    account_number: str = ""
    given_back: bool = False
    payment_id: str = ""
    doubted: bool = False
    seen_status: Status | None = None
    lines: tuple[OrderLine, ...] | None = None
    gone: bool = False
    returned: Decimal | None = Decimal(0)
    unpaid: bool = False
    part_paid: Decimal = Decimal(0)
    pay_message: int | None = None
    parcels: Mapping[str, ParcelStage] = field(default_factory=dict)
    way: str | None = None
    pickup: PickupPoint | None = None

    @property
    def number(self) -> str:
        """What people call it."""
        return self.account_number or self.id

    @property
    def is_unpaid(self) -> bool:
        """Whether it is to be paid by link still, as far as is known here."""
        waits = self.payment is PaymentKind.PREPAID and not self.paid and self.latest not in OVER
        return waits and not self.given_back

    @property
    def status(self) -> Status:
        """The status told last."""
        return self.shown[-1]

    @property
    def latest(self) -> Status:
        """The status that the portal was seen to have last, told or not; an order that is gone is over."""
        return Status.CANCELED if self.gone else self.seen_status or self.status

    @property
    def was_asked_for_cash(self) -> bool:
        """Whether it is one of those whose delivery leads to the question about cash."""
        return self.payment is PaymentKind.CASH and Status.DELIVERED in self.shown

    @classmethod
    def made(
        cls,
        checkout: Checkout,
        created: CreatedOrder,
        chat_id: int,
        now: datetime,
        message_id: int | None = None,
        prices: Mapping[str, Decimal] = MappingProxyType({}),
    ) -> OrderRecord:
        """Return the order a checkout led to, told in a message. NEW is told with its number (spec §3).

        Its goods are what was confirmed, at the `prices` that the portal was heard to charge: what people change before
        the first look is an edit like any other.
        """
        lines = (
            OrderLine(it.product_id, it.name, it.quantity, prices.get(it.product_id, it.price), it.unit)
            for it in checkout.lines
        )
        return cls(
            id=created.id,
            user_id=checkout.user_id,
            chat_id=chat_id,
            payment=checkout.payment,
            total=checkout.total,
            currency=checkout.currency,
            made_at=now,
            payment_url=created.payment_url,
            payment_id=created.payment_id,
            account_number=created.account_number,
            pay_message=message_id if created.payment_url else None,
            pickup=checkout.fetched_at,
            lines=tuple(lines),
        )

    @classmethod
    def from_data(cls, order_id: str, data: Mapping[str, Any]) -> OrderRecord:
        """Read a record's data; older versions kept of the money only what was told, and not what came back."""
        returned = data.get("returned", None if data.get("given_back") else "0")
        shown = tuple(Status(status) for status in data["shown"])
        return cls(
            id=order_id,
            user_id=data["user_id"],
            chat_id=data["chat_id"],
            payment=PaymentKind(data["payment"]),
            total=Decimal(data["total"]),
            currency=data["currency"],
            made_at=data["made_at"],
            shown=shown,
            payment_url=data["payment_url"],
            cash_paid=data.get("cash_paid"),
            paid=data.get("paid", Status.PAYED in shown),
            account_number=data.get("account_number", ""),
            given_back=data.get("given_back", False),
            payment_id=data.get("payment_id", ""),
            doubted=data.get("doubted", False),
            seen_status=Status(data["seen_status"]) if data.get("seen_status") else None,
            lines=None if data.get("lines") is None else order_edits.from_data(data["lines"]),
            gone=data.get("gone", False),
            returned=None if returned is None else Decimal(returned),
            unpaid=data.get("unpaid", False),
            part_paid=Decimal(data.get("part_paid", 0)),
            pay_message=data.get("pay_message"),
            parcels={shipment: ParcelStage(stage) for shipment, stage in data.get("parcels", {}).items()},
            way=data.get("way"),
            pickup=PickupPoint.from_data(data.get("pickup")),
        )

    def told(self, statuses: Sequence[Status]) -> OrderRecord:
        """Return the order with these statuses told."""
        return replace(self, shown=(*self.shown, *statuses), seen_status=[self.latest, *statuses][-1])

    def money_back(self, order: Order) -> bool:
        """Whether money went back, or the payment he was told of is none any more, and he was not told so."""
        had = (Status.PAYED in self.shown and not self.unpaid) or self.part_paid > 0
        told = order.returned if self.returned is None else self.returned
        return order.returned > told or (had and not order.has_money and not order.returned)

    def told_money_back(self, order: Order) -> OrderRecord:
        """Return the order with that told."""
        part = self.part_paid if order.has_money else Decimal(0)
        return replace(self, returned=order.returned, unpaid=not order.has_money, part_paid=part)

    def paid_in_part(self, order: Order) -> bool:
        """Whether a part of it is paid that he was not told of; of an order that is over that is no news."""
        return in_work(order) and 0 < order.paid_part < order.total and order.paid_part != self.part_paid

    def told_part(self, order: Order) -> OrderRecord:
        """Return the order with the part told that is paid; what he was told is paid as a whole is so no more.

        Of cash nobody is told that it is all paid, so the part he was told of is no news when it is a part again.
        """
        if not in_work(order):
            return self
        covered = Status.PAYED in self.shown and order.paid_part > 0
        kept = self.part_paid if order.paid and self.payment is PaymentKind.CASH else order.paid_part
        return replace(self, part_paid=kept, unpaid=self.unpaid or covered)

    def paid_anew(self, order: Order) -> bool:
        """Whether it is paid after he was told that it is not any more."""
        return (
            self.unpaid and order.paid and self.payment is PaymentKind.PREPAID and order.status is not Status.CANCELED
        )

    def edits(self, order: Order) -> list[LineEdit]:
        """Return what people changed in the goods; nothing of an order that is over or that tells of no goods."""
        if self.lines is None or not order.lines or not in_work(order):
            return []
        return edits(self.lines, order.lines)

    def is_recharged(self, order: Order) -> bool:
        """Whether people changed what it costs, its delivery for one, since he was told."""
        return self.lines is not None and in_work(order) and order.total != self.total

    def with_goods(self, order: Order) -> OrderRecord:
        """Return the order with its goods known. What changes after its end is no news, unless it comes back."""
        known = order.lines and (self.lines is None or in_work(order))
        return replace(self, lines=tuple(order.lines)) if known else self

    def is_back(self, order: Order) -> bool:
        """Whether its end was told, and the portal works on it again."""
        return bool(OVER & set(self.shown)) and in_work(order)

    def ended_otherwise(self, order: Order) -> bool:
        """Whether another end of it was told than it has by now: closed, and canceled after that, or back."""
        return order.status in OVER and order.status not in self.shown and bool(OVER & set(self.shown))

    def restored(self) -> OrderRecord:
        """Return the order with its end untold, so that what follows is news again."""
        return replace(self, shown=tuple(status for status in self.shown if status not in OVER))

    def seen(self, order: Order) -> OrderRecord:
        """Return the order with the portal's total, and whether the portal has the money or gave it back.

        Like its goods, what it costs after its end is no news, unless it comes back.
        """
        total = order.total if self.lines is None or in_work(order) else self.total
        return replace(self.noticed(order), total=total, currency=order.currency)

    def noticed(self, order: Order) -> OrderRecord:
        """Return the order as it was looked at: its number, status, money and link. Nothing of it counts as told."""
        prepaid = self.payment is PaymentKind.PREPAID
        status = Status.PAYED if prepaid and order.paid and order.status is Status.NEW else order.status
        returned = order.returned if self.returned is None else self.returned
        seen = replace(self.named(order), seen_status=status, paid=order.paid, given_back=order.given_back)
        return replace(seen, returned=returned).linked(order)

    def linked(self, order: Order) -> OrderRecord:
        """Return the order with the link that came with it, or with the payment that its link must be of.

        An order's only payment is the one that it was made with: older records do not say so.
        """
        asked = next((it for it in order.payments if it.url), None)
        if asked is not None:
            return replace(self, payment_id=asked.id, payment_url=asked.url)
        only = order.payments[0].id if len(order.payments) == 1 and self.payment_url else ""
        return replace(self, payment_id=self.payment_id or only)

    def named(self, order: Order) -> OrderRecord:
        """Return the order with what people call it: older records do not have it."""
        return replace(self, account_number=order.account_number or self.account_number)

    def as_told(self, status: Status, reason: str) -> Order:
        """Return the order as far as it is known here, in a status that only an event told."""
        paid = self.paid or status is Status.PAYED
        number = self.account_number
        return Order(self.id, status, self.total, self.currency, paid=paid, reason=reason, account_number=number)

    def answered_cash(self, *, paid: bool) -> OrderRecord:
        """Return the order with what the master says about cash."""
        return replace(self, cash_paid=paid)

    def save(self, unit: UnitOfWork) -> None:
        """Put the record into the unit (which must have read it)."""
        shown = [str(status) for status in self.shown]
        seen = None if self.seen_status is None else str(self.seen_status)
        money = {"payment": str(self.payment), "total": str(self.total), "returned": str(self.returned)}
        money["part_paid"] = str(self.part_paid)
        parcels = {shipment: str(stage) for shipment, stage in self.parcels.items()}
        pickup = self.pickup.as_data() if self.pickup else None
        coded = {**money, "parcels": parcels, "shown": shown, "seen_status": seen, "pickup": pickup}
        data = {**vars(self), **coded, "lines": None if self.lines is None else order_edits.as_data(self.lines)}
        del data["id"]
        if self.returned is None:
            del data["returned"]
        unit.put(ORDERS.key(self.id), data, ttl=self.made_at + ORDER_KEPT - unit.now)
