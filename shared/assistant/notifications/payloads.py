"""The payloads of the jobs about cash on delivery."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from shared.assistant.job_handler import ChatPayload
from shared.domain.orders import Payment, PaymentKind


@dataclass(frozen=True)
class CashAnswerPayload(ChatPayload):
    """What a master says about the cash for an order: `paid`, or that there is a question."""

    order: str
    paid: bool


@dataclass(frozen=True)
class DuePayment:
    """A payment in cash that was due when the order was read."""

    id: str
    pay_system_id: str
    total: Decimal
    kind: PaymentKind | None

    def as_payment(self) -> Payment:
        """Return it as the order has it."""
        return Payment(self.id, self.pay_system_id, self.total, paid=False, kind=self.kind)


@dataclass(frozen=True)
class MarkCashPayload(CashAnswerPayload):
    """The payments to mark as paid, for the plan must not read; `total` is their sum."""

    payments: tuple[DuePayment, ...]
    total: Decimal
    currency: str
