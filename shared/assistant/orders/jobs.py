"""The job that shows an order as the portal has it now."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import ChatPayload, JobHandlers, MasterJobHandler
from shared.assistant.orders import screens
from shared.assistant.payment_doubts import noted
from shared.bitrix.errors import NotFound
from shared.bitrix.portal import Operation
from shared.domain import order_records, payments_due
from shared.domain.orders import Order
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.payloads import UNLESS_DEFAULT

SHOW_ORDER = "show_order"


@dataclass(frozen=True)
class ShowOrderPayload(ChatPayload):
    """The order's id, and the payment whose link is asked for with it."""

    order: str
    link_of: str = field(default="", metadata=UNLESS_DEFAULT)


def show_job(where: ChatTarget, order_id: str, link_of: str = "") -> Job:
    """Return the job that shows an order."""
    return Job(SHOW_ORDER, Lane.READ, ShowOrderPayload(where, order_id, link_of).as_data())


class ShowOrderHandler(MasterJobHandler):
    """The order with its payments and shipments."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        asked = ShowOrderPayload.from_data(job.payload)
        return self._portal.order(asked.order, with_stores=True, link_of=asked.link_of)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Say when it is the portal that has it no more; only that the portal is silent is worth another try."""
        if reason.code != NotFound.usual_code:
            await super().failed(job, reason, decision)
            return
        await self.report(job, reason, decision)
        payload = ShowOrderPayload.from_data(job.payload)
        known = await order_records.load(decision.unit, payload.order)
        ChatView(decision, payload.target).show(screens.gone(known.number if known else payload.order))

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Show it, and keep its number. The status does not count as told: the message about it is still to come.

        Where another payment is due than the one whose link is known, that one's link is asked for first.
        """
        payload = ShowOrderPayload.from_data(job.payload)
        known = await order_records.load(decision.unit, payload.order)
        if known is None:
            return
        unlinked = payments_due.without_link(known, value)
        if unlinked and unlinked != payload.link_of and self._portal.renews_links:
            await decision.enqueue(show_job(payload.target, payload.order, unlinked))
            return
        known = await noted(known.noticed(value), value, decision, self._operators_chat_id)
        known.save(decision.unit)
        today = decision.now.astimezone(self._zone).date()
        ChatView(decision, payload.target).show(screens.order(known, value, today))


JOB_HANDLERS: JobHandlers = {SHOW_ORDER: ShowOrderHandler}
