"""Orders that were found at the portal: people made them for a master beside the bot."""

from __future__ import annotations

from datetime import datetime

from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order, PaymentKind
from shared.domain.parcels import stages
from shared.domain.statuses import news
from shared.status import Status


def record_of(order: Order, user_id: int, chat_id: int, now: datetime) -> OrderRecord:
    """Return the record by which an order is followed from now on. What became of it so far counts as told."""
    payment = payment_kind(order)
    record = OrderRecord(
        id=order.id,
        user_id=user_id,
        chat_id=chat_id,
        payment=payment,
        total=order.total,
        currency=order.currency,
        made_at=order.created_at or now,
        shown=(Status.NEW, *news(order, payment, [Status.NEW])),
        lines=tuple(order.lines) or None,
        returned=order.returned,
        parcels=stages(order),
    )
    return record.noticed(order)


def payment_kind(order: Order) -> PaymentKind:
    """Return how an order is paid: in cash only where all its payments say so, for the courier is asked about then."""
    kinds = {payment.kind for payment in order.payments}
    return PaymentKind.CASH if kinds == {PaymentKind.CASH} else PaymentKind.PREPAID
