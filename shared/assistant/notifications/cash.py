"""The jobs of cash on delivery: the master's answer goes to the operators, or marks the order paid.

The setting CASH_CONFIRMATION decides between the two.

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
        B-->>W: done; or a no
        W->>B: after a no the order once more: it may have been saved
        B-->>W: marked; or not, which the operators and the master are told
    end
```
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, ask_operators
from shared.assistant.job_handler import ChatPayload, JobHandlers, MasterJobHandler
from shared.assistant.notifications import screens
from shared.bitrix.portal import Operation
from shared.domain import masters, order_records, payments_due
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order, OrderRef, Payment, PaymentKind
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome
from shared.pipeline.payloads import UNLESS_DEFAULT
from shared.settings import CashConfirmation
from shared.status import Status

log = logging.getLogger(__name__)

CASH_ANSWER = "cash_answer"
MARK_CASH = "mark_cash"
CHECK_CASH = "check_cash"


@dataclass(frozen=True)
class CashAnswerPayload(ChatPayload):
    """What a master says about the cash for an order: `paid`, or that there is a question."""

    order: str
    paid: bool
    account_number: str = field(default="", kw_only=True, metadata=UNLESS_DEFAULT)

    @property
    def ref(self) -> OrderRef:
        """The order."""
        return OrderRef(self.order, self.account_number)


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


@dataclass(frozen=True)
class CheckCashPayload(MarkCashPayload):
    """The payments that were to be marked, and the code of the error that came."""

    code: str


def cash_job(where: ChatTarget, known: OrderRecord, *, paid: bool) -> Job:
    """Return the job that passes on what a master says about cash; the answer goes into that message of his chat."""
    payload = CashAnswerPayload(where, known.id, paid, account_number=known.account_number)
    name = f"{CASH_ANSWER}:{known.id}:{'paid' if paid else 'question'}"
    return Job(CASH_ANSWER, Lane.READ, payload.as_data(), id=name)


class CashAnswerHandler(MasterJobHandler):
    """Reads the order anew and passes the answer on. An answer is never lost to a portal that is silent."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(CashAnswerPayload.from_data(job.payload).order)

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Mark it paid if that is wanted and possible; otherwise tell the operators."""
        payload = CashAnswerPayload.from_data(job.payload)
        if payload.paid and value.paid:
            screen = screens.cash_answered(value, texts.cash.marked(value.number))
            ChatView(decision, payload.target).show(screen)
        elif payload.paid and self._cash_confirmation is CashConfirmation.MARK_PAID and _can_be_marked(value):
            await decision.enqueue(_mark_job(payload, value))
        else:
            await self._pass_on(payload, decision, value)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Pass the answer on without having looked."""
        await self.report(job, reason, decision)
        await self._pass_on(CashAnswerPayload.from_data(job.payload), decision)

    async def _pass_on(self, payload: CashAnswerPayload, decision: Decision, order: Order | None = None) -> None:
        known = await order_records.load(decision.unit, payload.order)
        if known is None:
            return
        paid = payload.paid
        log_event(log, logging.INFO, LogEvent.CASH_ANSWERED, "cash answered", order=known.id, paid=paid)
        if self._operators_chat_id is None:
            text = texts.cash.tell_yourself(known.number)
        else:
            say = texts.cash.operators_paid if paid else texts.cash.operators_question
            due = payments_due.to_courier(order) if order else known.total
            whose = texts.operators.about_master(known.user_id, await masters.load(decision.unit, known.user_id))
            told = f"{say(known.number, due, order.currency if order else known.currency)}\n{whose}"
            ask_operators(decision, self._operators_chat_id, told, payload.target.chat_id)
            text = texts.cash.paid_told(known.number) if paid else texts.cash.question_told(known.number)
        ChatView(decision, payload.target).show(screens.cash_answered(known, text, may_pay=not paid))


def _can_be_marked(order: Order) -> bool:
    return bool(order.cash_due) and not order.payments_differ and order.status is not Status.CANCELED


def _mark_job(answer: CashAnswerPayload, order: Order) -> Job:
    due = tuple(DuePayment(each.id, each.pay_system_id, each.total, each.kind) for each in order.cash_due)
    total = sum((each.total for each in due), Decimal(0))
    payload = MarkCashPayload(
        answer.target, answer.order, answer.paid, due, total, order.currency, account_number=order.account_number
    )
    return Job(MARK_CASH, Lane.WRITE, payload.as_data(), id=f"{MARK_CASH}:{order.id}")


class MarkCashHandler(MasterJobHandler):
    """Marks the payments in cash as paid. Twice does no harm (`Portal.confirm_cash_payment`)."""

    def plan(self, job: Job) -> Operation[None]:
        """Ask for the change, of the payments that were due when the order was read."""
        payload = MarkCashPayload.from_data(job.payload)
        payments = tuple(each.as_payment() for each in payload.payments)
        order = Order(payload.order, Status.DELIVERED, payload.total, payments=payments)
        return self._portal.confirm_cash_payment(order)

    async def done(self, job: Job, value: None, decision: Decision) -> None:
        """Thank the master."""
        payload = MarkCashPayload.from_data(job.payload)
        log_event(log, logging.INFO, LogEvent.CASH_MARKED, "cash answered", order=payload.order)
        _show(payload, texts.cash.marked(payload.ref.number), decision)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Read the order once more: `sale.payment.update` answers its warnings as errors, after it has saved."""
        payload = MarkCashPayload.from_data(job.payload)
        data = {**payload.as_data(), "code": reason.code}
        await decision.enqueue(Job(CHECK_CASH, Lane.READ, data, id=f"{CHECK_CASH}:{payload.order}"))

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Say that it takes longer."""
        payload = MarkCashPayload.from_data(job.payload)
        _show(payload, texts.cash.marking_slow(payload.ref.number), decision)


class CheckCashHandler(MasterJobHandler):
    """The look after a mark that was answered by an error (shared/bitrix/CORE.md, «6. Deals, payments, refusals»)."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(CheckCashPayload.from_data(job.payload).order)

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Thank the master if the payments are marked, whatever the answer was; else have people mark them."""
        payload = CheckCashPayload.from_data(job.payload)
        if {each.id for each in payload.payments} & {each.id for each in value.cash_due}:
            await self._give_up(job, decision)
            return
        log_event(log, logging.INFO, LogEvent.CASH_MARKED, "cash answered", order=payload.order)
        _show(payload, texts.cash.marked(payload.ref.number), decision)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Have people mark it: nobody knows."""
        await self._give_up(job, decision)

    def details(self, job: Job) -> str:
        """Return what the master said."""
        payload = CheckCashPayload.from_data(job.payload)
        return texts.cash.operators_paid(payload.ref.number, payload.total, payload.currency)

    async def _give_up(self, job: Job, decision: Decision) -> None:
        """Have people mark it, and say so."""
        payload = CheckCashPayload.from_data(job.payload)
        await self.report(job, Refusal(payload.code, operators=True), decision, promised=True)
        say = texts.cash.tell_yourself if self._operators_chat_id is None else texts.cash.marking_failed
        _show(payload, say(payload.ref.number), decision)


def _show(payload: MarkCashPayload, text: str, decision: Decision) -> None:
    ChatView(decision, payload.target).show(screens.cash_answered(payload.ref, text))


JOB_HANDLERS: JobHandlers = {
    CASH_ANSWER: CashAnswerHandler,
    MARK_CASH: MarkCashHandler,
    CHECK_CASH: CheckCashHandler,
}
