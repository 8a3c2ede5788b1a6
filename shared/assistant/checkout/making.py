"""An order on a real portal: made once, though a real portal ignores idempotency keys (bitrix24 reference §6).

```mermaid
sequenceDiagram
    participant W as worker
    participant B as Bitrix24
    W->>B: make_order: one chained batch, xmlId = the order's key
    alt answered
        B-->>W: complete, or what is there so far
    else nobody knows
        Note over W: until the portal is surely done with it
        W->>B: look_up_order: is it there, by xmlId?
        B-->>W: exactly what is there, or surely absent
    end
    W->>B: make_order with what is missing (a job of its own), until complete
```

Two orders with the key: the lowest stays, the others are canceled. A no in the middle of the chain: what is there of
the order is looked up and canceled. When nobody can tell, people are called.
"""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.checkout import screens
from shared.assistant.checkout.placing import OrderWriteHandler
from shared.assistant.checkout.steps import MAKE_ORDER, by_hand, finish, give_up, new_order, release, step
from shared.assistant.job_handler import MasterJobHandler, target_of
from shared.bitrix.portal import Operation, Portal
from shared.domain.checkouts import Checkout
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import CreatedOrder
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome

CLEAR_UP = "clear_up_order"
CANCEL = "cancel_order"

MOST_STEPS = 20
"""Requests one order may take: 22 lines in phases need four, so this many go in circles."""

PATIENCE = 62.0
"""Seconds after which a portal is surely done with a request it did not answer: it stops at 60 (reference §2)."""

INCOMPLETE = "Ассистент мастера: заказ не оформлен до конца"
"""Reason of cancellation that the portal's people read."""


def make_job(where: ChatTarget, checkout: Checkout) -> Job:
    """Return the first job of making the order; its idempotency key becomes the order's."""
    first = replace(step(MAKE_ORDER, Lane.WRITE, where, checkout), patience=PATIENCE)
    return replace(first, payload={**first.payload, "key": first.idempotency_key, "progress": {}, "step": 1})


def _next_job(job: Job, progress: OrderProgress) -> Job:
    number = job.payload["step"] + 1
    payload = {**job.payload, "progress": progress.as_data(), "step": number}
    return Job(MAKE_ORDER, Lane.WRITE, payload, id=f"{MAKE_ORDER}:{payload['checkout']}:{number}", patience=PATIENCE)


class MakeOrderHandler(OrderWriteHandler):
    """The next request an order needs; after a doubt, the look at what is there."""

    def details(self, job: Job) -> str:
        """Return the order and the key it is found by."""
        return by_hand(job, job.payload["key"], found_by_key=True)

    def plan(self, job: Job) -> Operation[OrderProgress]:
        """Ask for what is missing, or look first when nobody knows what the last try did."""
        order, progress = new_order(job, job.payload["key"]), OrderProgress.from_data(job.payload["progress"])
        look = self._portal.look_up_order(order, progress) if job.doubt else None
        return look or self._portal.make_order(order, progress)

    async def done(self, job: Job, value: OrderProgress, decision: Decision) -> None:
        """Go on until the order is complete."""
        for extra in value.extra:
            await decision.enqueue(cancel_job(extra))
        if value.canceled:
            await self.failed(job, Refusal("CANCELED_MEANWHILE", operators=True), decision)
        elif value.complete and value.order_id is not None:
            await finish(job, CreatedOrder(value.order_id, value.payment_url), decision, value.total)
        elif job.payload["step"] >= MOST_STEPS:
            await self.failed(job, Refusal("TOO_MANY_STEPS", operators=True, unsure=True), decision)
        else:
            await decision.enqueue(_next_job(job, OrderProgress() if value.absent else replace(value, extra=())))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell what is known, and have half an order canceled."""
        begun = OrderProgress.from_data(job.payload["progress"]).order_id is not None
        if reason.partly or (begun and not reason.unsure):
            await decision.enqueue(_clear_up_job(job))
        elif reason.unsure:
            await give_up(job, decision)
            await release(job, decision, unclear=False)
            ChatView(decision, target_of(job)).show(screens.unsure(texts.checkout.order_lost()))
            self.report(job, reason, decision)
            return
        await super().failed(job, replace(reason, unsure=False), decision)

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Tell the master not to order a second time."""
        ChatView(decision, target_of(job)).show(screens.unsure(texts.checkout.order_unsure()))


def _clear_up_job(job: Job) -> Job:
    return Job(CLEAR_UP, Lane.READ, job.payload, id=f"{CLEAR_UP}:{job.payload['checkout']}")


class ClearUpHandler(MasterJobHandler):
    """Finds out what a refused order left on the portal."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[OrderProgress]:
        """Look the order up by its key."""
        look = self._portal.look_up_order(new_order(job, job.payload["key"]), OrderProgress())
        if look is None:
            raise LookupError("this dialect leaves no half orders")
        return look

    def details(self, job: Job) -> str:
        """Return the order and the key it is found by."""
        return by_hand(job, job.payload["key"], found_by_key=True)

    async def done(self, job: Job, value: OrderProgress, decision: Decision) -> None:
        """Cancel whatever is there."""
        for order_id in (*filter(None, [value.order_id]), *value.extra):
            await decision.enqueue(cancel_job(order_id))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Call for people: half an order may be on the portal."""
        self.report(job, replace(reason, operators=True), decision)


def cancel_job(order_id: str) -> Job:
    """Return the job that cancels an order nobody wants; twice does no harm."""
    return Job(CANCEL, Lane.WRITE, {"order": order_id}, id=f"{CANCEL}:{order_id}")


class CancelOrderHandler(MasterJobHandler):
    """Cancels half an order, or a second one."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[None]:
        """Cancel it with a reason."""
        return self._portal.cancel_order(job.payload["order"], INCOMPLETE)

    def details(self, job: Job) -> str:
        """Return the order's number."""
        return texts.operators.order_to_cancel(job.payload["order"])

    async def done(self, job: Job, value: None, decision: Decision) -> None:
        """Nobody waits for it."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Call for people: an order nobody wants is still on the portal."""
        self.report(job, replace(reason, operators=True), decision)
