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
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.job_handler import MasterJobHandler, target_of
from shared.assistant.notifications import screens
from shared.assistant.notifications.jobs import CASH_ANSWER, MARK_CASH
from shared.bitrix.portal import Operation, Portal
from shared.domain import order_records
from shared.domain.orders import Order, Payment, PaymentKind
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome
from shared.pipeline.registry import JobHandler
from shared.settings import CashConfirmation
from shared.status import Status

log = logging.getLogger(__name__)


class CashAnswerHandler(MasterJobHandler):
    """Reads the order anew and passes the answer on. An answer is never lost to a portal that is silent."""

    def __init__(self, portal: Portal, operators_chat_id: int | None, mode: CashConfirmation) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal
        self._mode = mode

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(job.payload["order"])

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Mark it paid if that is wanted and possible; otherwise tell the operators."""
        paid, order_id = job.payload["paid"], job.payload["order"]
        if paid and value.paid:
            ChatView(decision, target_of(job)).show(screens.cash_answered(order_id, texts.cash.marked(order_id)))
        elif paid and self._mode is CashConfirmation.MARK_PAID and _can_be_marked(value):
            await decision.enqueue(_mark_job(job, value))
        else:
            await self._pass_on(job, decision, order_records.still_due(value))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Pass the answer on without having looked."""
        self.report(job, reason, decision)
        await self._pass_on(job, decision)

    async def _pass_on(self, job: Job, decision: Decision, due: Decimal | None = None) -> None:
        known = await order_records.load(decision.unit, job.payload["order"])
        if known is None:
            return
        paid = job.payload["paid"]
        log.info("cash answered", extra={"fields": {"event": "cash_answered", "order": known.id, "paid": paid}})
        if self._operators_chat_id is None:
            text = texts.cash.tell_yourself(known.id)
        else:
            say = texts.cash.operators_paid if paid else texts.cash.operators_question
            told = say(known.id, due or known.total, known.currency, known.user_id)
            ChatView(decision, ChatTarget(self._operators_chat_id)).say(Screen(told))
            text = texts.cash.paid_told(known.id) if paid else texts.cash.question_told(known.id)
        ChatView(decision, target_of(job)).show(screens.cash_answered(known.id, text, may_pay=not paid))


def _can_be_marked(order: Order) -> bool:
    return bool(order.cash_due) and order.status is not Status.CANCELED


def _mark_job(job: Job, order: Order) -> Job:
    """Return the write; the payments go with it, because the plan must not read."""
    due = [
        {"id": it.id, "pay_system_id": it.pay_system_id, "total": str(it.total), "kind": it.kind}
        for it in order.cash_due
    ]
    payload = {**job.payload, "payments": due, "total": str(order_records.still_due(order)), "currency": order.currency}
    return Job(MARK_CASH, Lane.WRITE, payload, id=f"{MARK_CASH}:{order.id}")


def _payment(data: Mapping[str, Any]) -> Payment:
    kind = None if data["kind"] is None else PaymentKind(data["kind"])
    return Payment(data["id"], data["pay_system_id"], Decimal(data["total"]), paid=False, kind=kind)


class MarkCashHandler(MasterJobHandler):
    """Marks the payments in cash as paid. Twice does no harm (`Portal.confirm_cash_payment`)."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[None]:
        """Ask for the change, of the payments that were due when the order was read."""
        payments = tuple(map(_payment, job.payload["payments"]))
        order = Order(job.payload["order"], Status.DELIVERED, Decimal(job.payload["total"]), payments=payments)
        return self._portal.confirm_cash_payment(order)

    async def done(self, job: Job, value: None, decision: Decision) -> None:
        """Thank the master."""
        order_id = job.payload["order"]
        log.info("cash answered", extra={"fields": {"event": "cash_marked", "order": order_id}})
        ChatView(decision, target_of(job)).show(screens.cash_answered(order_id, texts.cash.marked(order_id)))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Have people mark it, and say so."""
        order_id = job.payload["order"]
        self.report(job, replace(reason, operators=True), decision)
        alone = self._operators_chat_id is None
        text = texts.cash.tell_yourself(order_id) if alone else texts.cash.marking_failed(order_id)
        ChatView(decision, target_of(job)).show(screens.cash_answered(order_id, text))

    def details(self, job: Job) -> str:
        """Return what the master said."""
        due = Decimal(job.payload["total"])
        return texts.cash.operators_paid(job.payload["order"], due, job.payload["currency"], job.payload["chat_id"])

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Say that it takes longer."""
        order_id = job.payload["order"]
        ChatView(decision, target_of(job)).show(screens.cash_answered(order_id, texts.cash.marking_slow(order_id)))


def kinds(portal: Portal, operators_chat_id: int | None, mode: CashConfirmation) -> Sequence[tuple[str, JobHandler]]:
    """Return this capability's part of the registry."""
    return (
        (CASH_ANSWER, CashAnswerHandler(portal, operators_chat_id, mode)),
        (MARK_CASH, MarkCashHandler(portal, operators_chat_id)),
    )
