"""The placing of an order: one request after the other, each a job of its own, until the portal has all of it.

```mermaid
sequenceDiagram
    participant W as worker
    participant B as Bitrix24
    loop until nothing is missing
        W->>B: place_order: the next request of the order
        alt answered
            B-->>W: what is there so far
        else nobody knows
            alt the portal can be asked for the order by its key
                Note over W: until the portal is surely done with it
                W->>B: look_up_order
                B-->>W: exactly what is there, or surely absent
            else the portal honours idempotency keys
                W->>B: the same request with the same key
            end
        end
    end
```

How many requests that are is the dialect's affair: in the spec's contract the buyer's basket is filled, then it becomes
an order; a real portal takes one chained batch, or several. Two orders with one key: the lowest stays, the others are
canceled. A no in the middle is looked into first (`shared.assistant.checkout.refused`). When nobody can tell, people
are called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.checkout import ending_screens, endings, totals, turns
from shared.assistant.checkout.clearing_up import cancel_job, clear_up_job
from shared.assistant.checkout.company import company_job
from shared.assistant.checkout.naming import want_presented
from shared.assistant.checkout.payloads import OrderPayload, PlaceOrderPayload
from shared.assistant.job_handler import MasterJobHandler
from shared.bitrix.errors import DeliveryGone, OutOfStock, PaySystemGone
from shared.bitrix.portal import PATIENCE, Operation, Portal
from shared.domain import baskets, masters
from shared.domain.checkout_changes import short_reserves
from shared.domain.checkouts import Checkout
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import CreatedOrder
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome

PLACE_ORDER = "make_order"
"""The kind's name in records is the one that the version before knows: it finishes such jobs after a return to it."""

MOST_STEPS = 20
"""Requests one order may take: 22 lines in phases need four, so this many go in circles."""


def first_job(portal: Portal, target: ChatTarget, checkout: Checkout, in_basket: Mapping[str, Decimal]) -> Job:
    """Return the first job of placing an order; its idempotency key becomes the order's.

    `in_basket` is what lies in the buyer's basket already.
    """
    payload = PlaceOrderPayload(OrderPayload.of(target, checkout), "", OrderProgress(in_basket=in_basket))
    job = _job(portal, payload, f"{PLACE_ORDER}:{checkout.id}")
    return replace(job, payload=replace(payload, key=job.idempotency_key).as_data())


def _next_job(portal: Portal, payload: PlaceOrderPayload, progress: OrderProgress) -> Job:
    following = replace(payload, progress=progress, step=payload.step + 1)
    return _job(portal, following, f"{PLACE_ORDER}:{payload.confirmed.checkout}:{following.step}")


def _job(portal: Portal, payload: PlaceOrderPayload, id_: str) -> Job:
    # Who looks too early sees half of it; where nothing is looked up there is nothing to wait for.
    patience = PATIENCE if _look_up(portal, payload) is not None else 0.0
    return Job(PLACE_ORDER, Lane.WRITE, payload.as_data(), id=id_, patience=patience)


def _look_up(portal: Portal, payload: PlaceOrderPayload) -> Operation[OrderProgress] | None:
    return portal.look_up_order(payload.order, payload.progress)


def _why_refused(reason: Refusal, wanted: OrderPayload) -> str:
    """Return why the portal did not take the order, and the way on, where its word for that is known."""
    if reason.code == OutOfStock.usual_code:
        return texts.checkout.out_of_stock(from_cart=wanted.from_cart)
    if reason.code == PaySystemGone.usual_code:
        return texts.checkout.pay_system_gone(wanted.payment)
    if reason.code == DeliveryGone.usual_code:
        return texts.checkout.delivery_gone()
    return texts.checkout.order_refused(from_cart=wanted.from_cart)


class PlaceOrderHandler(MasterJobHandler):
    """The next request an order needs; after a doubt, the look at what is there."""

    def plan(self, job: Job) -> Operation[OrderProgress]:
        """Ask for what is missing, or look first when nobody knows what the last try did."""
        payload = PlaceOrderPayload.from_data(job.payload)
        look = _look_up(self._portal, payload) if job.doubt else None
        return look or self._portal.place_order(payload.order, payload.progress)

    def details(self, job: Job) -> str:
        """Return the order, and the key it is found by where the portal keeps it."""
        payload = PlaceOrderPayload.from_data(job.payload)
        return endings.by_hand(payload, found_by_key=_look_up(self._portal, payload) is not None)

    async def done(self, job: Job, value: OrderProgress, decision: Decision) -> Refusal | None:
        """Go on until the order is complete."""
        payload = PlaceOrderPayload.from_data(job.payload)
        for extra in value.extra:
            await decision.enqueue(cancel_job(extra))
        if value.canceled:
            await self.give_up(job, Refusal("CANCELED_MEANWHILE", operators=True), decision)
        elif value.complete and value.order_id is not None:
            created = CreatedOrder(value.order_id, value.account_number, value.payment_url, value.payment_id or "")
            await self._finish(payload.confirmed, created, value, decision)
        elif payload.step >= MOST_STEPS:
            return Refusal("TOO_MANY_STEPS", operators=True, unsure=True)
        else:
            await self._go_on(payload, OrderProgress() if value.absent else replace(value, extra=()), decision)
        return None

    async def _finish(
        self, wanted: OrderPayload, created: CreatedOrder, made: OrderProgress, decision: Decision
    ) -> None:
        """End the checkout, and tell people when the portal did not set all of it aside."""
        short = short_reserves(wanted.lines, made.reserved)
        checkout = await endings.remember(wanted, created, made, decision)
        if totals.is_wanted(checkout, created, made, short):
            await decision.enqueue(totals.total_job(wanted, made))
        else:
            await endings.show(wanted, checkout, created, made, short, decision)
        await want_presented(self._portal, wanted, created, self._operators_chat_id, decision)
        if self._portal.present_order(created.id, wanted.buyer_id) is not None:
            await decision.enqueue(company_job(wanted.target.chat_id, wanted.buyer_id), background=True)
        if short and self._operators_chat_id is not None:
            chat_id = wanted.target.chat_id
            master = await masters.load(decision.unit, chat_id)
            whose = texts.operators.about_master(chat_id, master)
            text = texts.operators.short_reserves(created.number, short, whose, master.company if master else "")
            ChatView(decision, ChatTarget(self._operators_chat_id)).say(Screen(text))

    async def _go_on(self, payload: PlaceOrderPayload, progress: OrderProgress, decision: Decision) -> None:
        """Ask for the rest, and note what was put into the buyer's basket."""
        checkout = await endings.need(payload.confirmed, decision)
        if progress.in_basket != payload.progress.in_basket:
            basket = await baskets.load(decision.unit, checkout.buyer_id)
            basket.holding(progress.in_basket).save(decision.unit)
        await decision.enqueue(_next_job(self._portal, payload, progress))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Give the order up; what a no in the middle left on the portal is looked at first."""
        payload = PlaceOrderPayload.from_data(job.payload)
        begun = payload.progress.order_id is not None
        half = reason.partly or (begun and not reason.unsure)
        if half and _look_up(self._portal, payload) is not None:
            at = reason.at or next(iter(self._portal.place_order(payload.order, payload.progress).commands))
            await decision.enqueue(clear_up_job(payload, replace(reason, at=at)))
        else:
            await self.give_up(job, reason, decision)

    async def give_up(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell what is known, and end the turn."""
        payload = PlaceOrderPayload.from_data(job.payload)
        found_by_key = _look_up(self._portal, payload) is not None
        lost = reason.unsure and self._may_make_order(payload)
        await endings.give_up(payload.confirmed, decision, lost=lost)
        await turns.release(payload.confirmed.buyer_id, decision, unclear=reason.unsure and not found_by_key)
        if lost:
            screen = ending_screens.unsure(texts.checkout.order_lost(people=self._reaches_people))
        else:
            screen = ending_screens.refused(_why_refused(reason, payload.confirmed), payload.confirmed)
        if reason.code == OutOfStock.usual_code and not lost:
            # Nothing is wrong with the portal; people look after a basket that lies half full, not after an order.
            reason = replace(reason, operators=reason.operators and not found_by_key)
        ChatView(decision, payload.confirmed.target).show(screen)
        await self.report(job, reason, decision, promised=lost)

    async def delayed(self, job: Job, decision: Decision) -> None:
        """Say that it takes longer."""
        target = PlaceOrderPayload.from_data(job.payload).confirmed.target
        ChatView(decision, target).show(ending_screens.unsure(texts.checkout.order_slow()))

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Tell the master not to order a second time; that it takes longer, when no order can have come of it yet."""
        payload = PlaceOrderPayload.from_data(job.payload)
        if not self._may_make_order(payload):
            await self.delayed(job, decision)
            return
        ChatView(decision, payload.confirmed.target).show(ending_screens.unsure(texts.checkout.order_unsure()))

    def _may_make_order(self, payload: PlaceOrderPayload) -> bool:
        return self._portal.place_order(payload.order, payload.progress).makes_order
