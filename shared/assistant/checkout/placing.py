"""An order in the spec's contract: the basket is filled, then it becomes an order (spec §2, rows 3 and 4).

Two writes, each with an idempotency key of its own that the portal honours: what was in doubt is sent again.
"""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatView, Screen
from shared.assistant.checkout import screens
from shared.assistant.checkout.steps import PLACE_ORDER, by_hand, finish, give_up, new_order, release, step
from shared.assistant.job_handler import MasterJobHandler, target_of
from shared.bitrix.portal import Operation, Portal
from shared.domain import baskets, checkouts
from shared.domain.orders import CreatedOrder, LineItem
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome


class OrderWriteHandler(MasterJobHandler):
    """A modifying step of an order."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def trouble(self, job: Job) -> Screen:
        """Say that nothing was ordered."""
        return screens.back_to_cart(texts.checkout.order_refused())

    def details(self, job: Job) -> str:
        """Return the order; the contract keeps no key to find it by."""
        return by_hand(job, job.idempotency_key, found_by_key=False)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Say that nothing was ordered, and free the basket."""
        await give_up(job, decision)
        await release(job, decision, unclear=reason.unsure)
        await super().failed(job, reason, decision)

    async def delayed(self, job: Job, decision: Decision) -> None:
        """Say that it takes longer."""
        ChatView(decision, target_of(job)).show(screens.unsure(texts.checkout.order_slow()))


class FillBasketHandler(OrderWriteHandler):
    """The lines go into the buyer's basket (spec §2, row 3). No order comes of it yet, whatever happens."""

    def plan(self, job: Job) -> Operation[list[str]]:
        """Add what is not in it."""
        lines = [LineItem(line["product_id"], line["quantity"]) for line in job.payload["add"]]
        return self._portal.fill_basket(job.payload["buyer_id"], lines)

    async def done(self, job: Job, value: list[str], decision: Decision) -> None:
        """Go on to the order."""
        checkout = await checkouts.load(decision.unit, job.payload["checkout"])
        if checkout is None:
            raise LookupError("a basket was filled for a checkout that is gone")
        basket = await baskets.load(decision.unit, checkout.buyer_id)
        basket.filled(checkout.lines).save(decision.unit)
        await decision.enqueue(step(PLACE_ORDER, Lane.WRITE, target_of(job), checkout))

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Say that it takes longer: whatever became of the basket, no order came of it."""
        await self.delayed(job, decision)


class PlaceOrderHandler(OrderWriteHandler):
    """The basket becomes an order (spec §2, row 4)."""

    def plan(self, job: Job) -> Operation[CreatedOrder]:
        """Make the order."""
        return self._portal.create_order(new_order(job, job.idempotency_key))

    async def done(self, job: Job, value: CreatedOrder, decision: Decision) -> None:
        """Tell the master."""
        await finish(job, value, decision)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell what is known: refused, or never found out, which is for people to finish."""
        if not reason.unsure:
            await super().failed(job, reason, decision)
            return
        await give_up(job, decision)
        await release(job, decision, unclear=True)
        ChatView(decision, target_of(job)).show(screens.unsure(texts.checkout.order_lost()))
        self.report(job, reason, decision)

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Tell the master not to order a second time."""
        ChatView(decision, target_of(job)).show(screens.unsure(texts.checkout.order_unsure()))
