"""An order in the spec's contract: the basket is filled, then it becomes an order (spec §2, rows 3 and 4).

Two writes, each with an idempotency key of its own that the portal honours: what was in doubt is sent again.
"""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.checkout import basket as baskets
from shared.assistant.checkout import checkout as checkouts
from shared.assistant.checkout import screens
from shared.assistant.checkout.steps import PLACE_ORDER, by_hand, finish, give_up, new_order, release, step
from shared.assistant.desk import Desk, Screen
from shared.assistant.kind import Kind, place
from shared.bitrix.model import BasketLine, CreatedOrder
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refused, Unknown
from shared.pipeline.turn import Turn


class OrderWrite(Kind):
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

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Say that nothing was ordered, and free the basket."""
        await give_up(job, turn)
        await release(job, turn, unclear=reason.unsure)
        await super().failed(job, reason, turn)

    async def delayed(self, job: Job, turn: Turn) -> None:
        """Say that it takes longer."""
        Desk(turn, place(job)).show(screens.unsure(texts.checkout.order_slow()))


class FillBasket(OrderWrite):
    """The lines go into the buyer's basket (spec §2, row 3). No order comes of it yet, whatever happens."""

    def plan(self, job: Job) -> Operation[list[str]]:
        """Add what is not in it."""
        lines = [BasketLine(line["product_id"], line["quantity"]) for line in job.payload["add"]]
        return self._portal.fill_basket(job.payload["buyer_id"], lines)

    async def done(self, job: Job, value: list[str], turn: Turn) -> None:
        """Go on to the order."""
        checkout = await checkouts.load(turn.unit, job.payload["checkout"])
        if checkout is None:
            raise LookupError("a basket was filled for a checkout that is gone")
        basket = await baskets.load(turn.unit, checkout.buyer_id)
        basket.filled(checkout.lines).save(turn.unit)
        await turn.want(step(PLACE_ORDER, Lane.WRITE, place(job), checkout))

    async def unsure(self, job: Job, reason: Unknown, turn: Turn) -> None:
        """Say that it takes longer: whatever became of the basket, no order came of it."""
        await self.delayed(job, turn)


class PlaceOrder(OrderWrite):
    """The basket becomes an order (spec §2, row 4)."""

    def plan(self, job: Job) -> Operation[CreatedOrder]:
        """Make the order."""
        return self._portal.create_order(new_order(job, job.idempotency_key))

    async def done(self, job: Job, value: CreatedOrder, turn: Turn) -> None:
        """Tell the master."""
        await finish(job, value, turn)

    async def failed(self, job: Job, reason: Refused, turn: Turn) -> None:
        """Tell what is known: refused, or never found out, which is for people to finish."""
        if not reason.unsure:
            await super().failed(job, reason, turn)
            return
        await give_up(job, turn)
        await release(job, turn, unclear=True)
        Desk(turn, place(job)).show(screens.unsure(texts.checkout.order_lost()))
        self.report(job, reason, turn)

    async def unsure(self, job: Job, reason: Unknown, turn: Turn) -> None:
        """Tell the master not to order a second time."""
        Desk(turn, place(job)).show(screens.unsure(texts.checkout.order_unsure()))
