"""The cancellation of orders that nobody wants: half an order after a refusal, or a second one with the same key."""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.checkout import endings
from shared.assistant.checkout.payloads import CancelPayload, PlaceOrderPayload
from shared.assistant.job_handler import MasterJobHandler
from shared.bitrix.portal import Operation
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import OrderRef
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal

CLEAR_UP = "clear_up_order"
CANCEL = "cancel_order"

INCOMPLETE = "Ассистент мастера: заказ не оформлен до конца"
"""Reason of cancellation that the portal's people read."""


def clear_up_job(payload: PlaceOrderPayload) -> Job:
    """Return the job that finds out what a refused order left on the portal."""
    return Job(CLEAR_UP, Lane.READ, payload.as_data(), id=f"{CLEAR_UP}:{payload.confirmed.checkout}")


def cancel_job(order: OrderRef) -> Job:
    """Return the job that cancels an order nobody wants; twice does no harm."""
    return Job(CANCEL, Lane.WRITE, CancelPayload(order.id, order.account_number).as_data(), id=f"{CANCEL}:{order.id}")


class ClearUpHandler(MasterJobHandler):
    """Finds out what a refused order left on the portal."""

    def plan(self, job: Job) -> Operation[OrderProgress]:
        """Look the order up by its key."""
        look = self._portal.look_up_order(PlaceOrderPayload.from_data(job.payload).order, OrderProgress())
        if look is None:
            raise LookupError("this dialect leaves no half orders")
        return look

    def details(self, job: Job) -> str:
        """Return the order and the key it is found by."""
        return endings.by_hand(PlaceOrderPayload.from_data(job.payload), found_by_key=True)

    async def done(self, job: Job, value: OrderProgress, decision: Decision) -> None:
        """Cancel whatever is there."""
        first = [OrderRef(value.order_id, value.account_number)] if value.order_id else []
        for order in (*first, *value.extra):
            await decision.enqueue(cancel_job(order))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Call for people: half an order may be on the portal."""
        self.report(job, replace(reason, operators=True), decision)


class CancelOrderHandler(MasterJobHandler):
    """Cancels half an order, or a second one."""

    def plan(self, job: Job) -> Operation[None]:
        """Cancel it with a reason."""
        return self._portal.cancel_order(CancelPayload.from_data(job.payload).order, INCOMPLETE)

    def details(self, job: Job) -> str:
        """Return the order's number."""
        return texts.operators.order_to_cancel(CancelPayload.from_data(job.payload).ref.number)

    async def done(self, job: Job, value: None, decision: Decision) -> None:
        """Nobody waits for it."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Call for people: an order nobody wants is still on the portal."""
        self.report(job, replace(reason, operators=True), decision)
