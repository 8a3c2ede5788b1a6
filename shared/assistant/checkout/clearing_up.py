"""The cancellation of orders that nobody wants: half an order after a refusal, or a second one with the same key."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.assistant import texts
from shared.assistant.checkout.payloads import CancelPayload, PlaceOrderPayload
from shared.assistant.job_handler import MasterJobHandler
from shared.bitrix.portal import Operation
from shared.domain.orders import OrderRef
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.payloads import Payload

CLEAR_UP = "clear_up_order"
CANCEL = "cancel_order"

INCOMPLETE = "Ассистент мастера: заказ не оформлен до конца"
"""Reason of cancellation that the portal's people read."""


@dataclass(frozen=True)
class RefusedCommand:
    """A no in the middle of an order, and the command it came to."""

    code: str
    message: str
    operators: bool
    at: str

    @property
    def refusal(self) -> Refusal:
        """The no, now that it is certain."""
        return Refusal(self.code, self.message, operators=self.operators)


@dataclass(frozen=True)
class ClearUpPayload(Payload):
    """What is stored beside the request that was refused; nothing where the version before has told the no already."""

    refused: RefusedCommand | None = None


def clear_up_job(payload: PlaceOrderPayload, reason: Refusal) -> Job:
    """Return the job that finds out what a refused order left on the portal, as patiently as a write is tried."""
    refused = RefusedCommand(reason.code, reason.message, reason.operators, reason.at)
    data = {**payload.as_data(), **ClearUpPayload(refused).as_data()}
    return Job(CLEAR_UP, Lane.WRITE, data, id=f"{CLEAR_UP}:{payload.confirmed.checkout}:{payload.step}")


def cancel_job(order: OrderRef) -> Job:
    """Return the job that cancels an order nobody wants; twice does no harm."""
    return Job(CANCEL, Lane.WRITE, CancelPayload(order.id, order.account_number).as_data(), id=f"{CANCEL}:{order.id}")


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
        await self.report(job, replace(reason, operators=True), decision)
