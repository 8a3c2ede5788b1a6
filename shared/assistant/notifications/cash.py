"""Cash on delivery: the master's answer goes to the operators, or marks the order paid (setting CASH_CONFIRMATION).

```mermaid
sequenceDiagram
    participant M as master
    participant W as worker
    participant B as Bitrix24
    participant O as operators' chat
    M->>W: «Да, оплачено» or «Нет, есть вопрос» (kept with the order, once)
    W->>B: the order as it is now
    alt «Нет», or CASH_CONFIRMATION=operators, or nothing there to mark
        W->>O: what the master says
    else CASH_CONFIRMATION=mark_paid
        W->>B: mark the payments in cash as paid
        B-->>W: done; or a no, which the operators and the master are told
    end
```
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from shared.assistant import texts
from shared.assistant.desk import Desk, Place, Screen
from shared.assistant.kind import Kind, place
from shared.assistant.notifications import screens
from shared.assistant.notifications.jobs import CASH_ANSWER, MARK_CASH
from shared.assistant.orders import orders
from shared.bitrix.model import Order, Payment, PaymentKind, Status
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.kinds import JobKind
from shared.pipeline.outcomes import Refused, Unknown
from shared.pipeline.turn import Turn
from shared.settings import CashConfirmation

log = logging.getLogger(__name__)


class CashAnswer(Kind):
    """Reads the order anew and passes the answer on. An answer is never lost to a portal that is silent."""

    def __init__(self, portal: Portal, operators_chat_id: int | None, mode: CashConfirmation) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal
        self._mode = mode

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(job.payload["order"])

    async def done(self, job: Job, value: Order, turn: Turn) -> None:
        """Mark it paid if that is wanted and possible; otherwise tell the operators."""
        paid, order_id = job.payload["paid"], job.payload["order"]
        if paid and value.paid:
            Desk(turn, place(job)).show(screens.cash_answered(order_id, texts.cash.marked(order_id)))
        elif paid and self._mode is CashConfirmation.MARK_PAID and _can_be_marked(value):
            await turn.want(_mark_job(job, value))
        else:
            await self._pass_on(job, turn, orders.still_due(value))

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Pass the answer on without having looked."""
        self.report(job, reason, turn)
        await self._pass_on(job, turn)

    async def _pass_on(self, job: Job, turn: Turn, due: Decimal | None = None) -> None:
        known = await orders.load(turn.unit, job.payload["order"])
        if known is None:
            return
        paid = job.payload["paid"]
        log.info("cash answered", extra={"fields": {"event": "cash_answered", "order": known.id, "paid": paid}})
        if self._operators_chat_id is None:
            text = texts.cash.tell_yourself(known.id)
        else:
            say = texts.cash.operators_paid if paid else texts.cash.operators_question
            told = say(known.id, due or known.total, known.currency, known.user_id)
            Desk(turn, Place(self._operators_chat_id)).say(Screen(told))
            text = texts.cash.paid_told(known.id) if paid else texts.cash.question_told(known.id)
        Desk(turn, place(job)).show(screens.cash_answered(known.id, text, may_pay=not paid))


def _can_be_marked(order: Order) -> bool:
    return bool(order.cash_due) and order.status is not Status.CANCELED


def _mark_job(job: Job, order: Order) -> Job:
    """Return the write; the payments go with it, because the plan must not read."""
    due = [
        {"id": it.id, "pay_system_id": it.pay_system_id, "total": str(it.total), "kind": it.kind}
        for it in order.cash_due
    ]
    payload = {**job.payload, "payments": due, "total": str(orders.still_due(order)), "currency": order.currency}
    return Job(MARK_CASH, Lane.WRITE, payload, id=f"{MARK_CASH}:{order.id}")


def _payment(data: Mapping[str, Any]) -> Payment:
    kind = None if data["kind"] is None else PaymentKind(data["kind"])
    return Payment(data["id"], data["pay_system_id"], Decimal(data["total"]), paid=False, kind=kind)


class MarkCash(Kind):
    """Marks the payments in cash as paid. Twice does no harm (`Portal.confirm_cash_payment`)."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[None]:
        """Ask for the change, of the payments that were due when the order was read."""
        payments = tuple(map(_payment, job.payload["payments"]))
        order = Order(job.payload["order"], Status.DELIVERED, Decimal(job.payload["total"]), payments=payments)
        return self._portal.confirm_cash_payment(order)

    async def done(self, job: Job, value: None, turn: Turn) -> None:
        """Thank the master."""
        order_id = job.payload["order"]
        log.info("cash answered", extra={"fields": {"event": "cash_marked", "order": order_id}})
        Desk(turn, place(job)).show(screens.cash_answered(order_id, texts.cash.marked(order_id)))

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Have people mark it, and say so."""
        order_id = job.payload["order"]
        self.report(job, replace(reason, operators=True), turn)
        alone = self._operators_chat_id is None
        text = texts.cash.tell_yourself(order_id) if alone else texts.cash.marking_failed(order_id)
        Desk(turn, place(job)).show(screens.cash_answered(order_id, text))

    def details(self, job: Job) -> str:
        """Return what the master said."""
        due = Decimal(job.payload["total"])
        return texts.cash.operators_paid(job.payload["order"], due, job.payload["currency"], job.payload["chat_id"])

    async def unsure(self, job: Job, reason: Unknown, turn: Turn) -> None:
        """Say that it takes longer."""
        order_id = job.payload["order"]
        Desk(turn, place(job)).show(screens.cash_answered(order_id, texts.cash.marking_slow(order_id)))


def kinds(portal: Portal, operators_chat_id: int | None, mode: CashConfirmation) -> Sequence[tuple[str, JobKind]]:
    """Return this capability's part of the registry."""
    return (
        (CASH_ANSWER, CashAnswer(portal, operators_chat_id, mode)),
        (MARK_CASH, MarkCash(portal, operators_chat_id)),
    )
