"""The look at an order that was refused in the middle, before anything of it is canceled or told.

Some methods save, and then answer their warnings as errors (shared/bitrix/CORE.md, «6. Deals, payments, refusals»). So
what was refused and is there all the same was done: the order goes on, or is made. What is not there was refused.
"""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView
from shared.assistant.checkout import ending_screens
from shared.assistant.checkout.clearing_up import ClearUpPayload, cancel_job
from shared.assistant.checkout.payloads import PlaceOrderPayload
from shared.assistant.checkout.placing import PlaceOrderHandler
from shared.bitrix.portal import Operation
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import OrderRef
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal


class RefusedOrderHandler(PlaceOrderHandler):
    """Finds out what a refused order left on the portal."""

    def plan(self, job: Job) -> Operation[OrderProgress]:
        """Look the order up by its key."""
        look = self._portal.look_up_order(PlaceOrderPayload.from_data(job.payload).order, OrderProgress())
        if look is None:
            raise LookupError("this dialect leaves no half orders")
        return look

    async def done(self, job: Job, value: OrderProgress, decision: Decision) -> None:
        """Go on with an order of which nothing was refused; cancel what is there of another, and tell its master."""
        refused = ClearUpPayload.from_data(job.payload).refused
        if refused is not None and self._is_saved(job, refused.at, value):
            await super().done(job, value, decision)
            return
        first = [OrderRef(value.order_id, value.account_number)] if value.order_id else []
        for order in (*first, *value.extra):
            await decision.enqueue(cancel_job(order))
        if refused is not None:
            await self.give_up(job, refused.refusal, decision)

    def _is_saved(self, job: Job, command: str, found: OrderProgress) -> bool:
        """Tell whether what a command does is done, by what is still missing."""
        if found.order_id is None or found.done:
            return found.order_id is not None
        order = PlaceOrderPayload.from_data(job.payload).order
        return command not in self._portal.place_order(order, found).commands

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Call for people: half an order may be on the portal, or a whole one."""
        unknown = Refusal(reason.code, reason.message, operators=True, unsure=True)
        if ClearUpPayload.from_data(job.payload).refused is None:
            await self.report(job, unknown, decision)
        else:
            await self.give_up(job, unknown, decision)

    async def delayed(self, job: Job, decision: Decision) -> None:
        """Say that nobody knows yet."""
        target = PlaceOrderPayload.from_data(job.payload).confirmed.target
        ChatView(decision, target).show(ending_screens.unsure(texts.checkout.order_unsure()))
