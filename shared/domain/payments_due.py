"""What of an order is to be paid just now: by its link, or to its courier."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from shared.domain.order_record import OVER, OrderRecord
from shared.domain.orders import Order, PaymentKind


@dataclass(frozen=True)
class LinkDue:
    """What is to be paid by link: the payment's own sum and its link, if that is known.

    `payment_id` is "" where the portal tells of no payments: then the order's only link is for all of it.
    """

    payment_id: str
    amount: Decimal
    url: str | None = field(repr=False)


def waits_for_money(known: OrderRecord, order: Order) -> bool:
    """Whether it is to be paid by link, now that the portal has it so."""
    waits = known.payment is PaymentKind.PREPAID and not order.paid and order.status not in OVER
    return waits and not order.given_back


def by_link(known: OrderRecord, order: Order) -> LinkDue | None:
    """Return what is to be paid by link now; None when that is nothing, or nobody knows how much."""
    if not waits_for_money(known, order) or order.payments_differ:
        return None
    if not order.payments:
        return LinkDue("", order.total, known.payment_url)
    payment = order.due_by_link
    if payment is None:
        return None
    of_it = known.linked(order).payment_id == payment.id
    return LinkDue(payment.id, payment.total, payment.url or (known.payment_url if of_it else None))


def without_link(known: OrderRecord, order: Order) -> str:
    """Return the payment that is due and whose link is not known; "" when there is none such."""
    due = by_link(known, order)
    return due.payment_id if due is not None and due.url is None else ""


def to_courier(order: Order) -> Decimal | None:
    """Return what the courier is to be paid: all of it when the portal tells of no payments; None when they differ."""
    if order.payments_differ:
        return None
    return sum((payment.total for payment in order.cash_due), Decimal(0)) if order.payments else order.total


def are_doubtful(order: Order) -> bool:
    """Whether a link or a courier would charge another sum than the order's."""
    return order.payments_differ and not (order.paid or order.given_back or order.status in OVER)
