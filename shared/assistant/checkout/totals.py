"""The look at a new order before there is a way to pay it: what the portal charges, and the link of that sum.

The contract tells no total when it makes an order, so it is asked for; a real portal has told it, and where it is the
one that was confirmed, the link is asked for. This look stands in the place of the one that would come after the order
anyway (spec §2), so an order takes no request more. Until then nobody was given a link.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.assistant.chat_view import ChatView
from shared.assistant.checkout import ending_screens, endings
from shared.assistant.checkout.payloads import OrderPayload, PlaceOrderPayload
from shared.assistant.job_handler import MasterJobHandler
from shared.assistant.notifications.jobs import sync_job
from shared.bitrix.portal import Operation
from shared.domain import order_parts, order_records, quantities
from shared.domain.charges import difference
from shared.domain.checkout_changes import ShortReserve
from shared.domain.checkouts import Checkout
from shared.domain.order_progress import OrderProgress
from shared.domain.order_record import OrderRecord
from shared.domain.orders import CreatedOrder, Order, PaymentKind
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.status import Status

READ_TOTAL = "read_total"


def is_wanted(checkout: Checkout, created: CreatedOrder, made: OrderProgress, short: Sequence[ShortReserve]) -> bool:
    """Whether the order must be looked at before it is shown: its total, or its link, is not known."""
    if made.total is None:
        return True
    no_link = created.payment_url is None and not made.link_missing and bool(created.payment_id)
    agreed = not short and difference(checkout, made) is None
    return checkout.payment is PaymentKind.PREPAID and no_link and agreed


def total_job(wanted: OrderPayload, made: OrderProgress) -> Job:
    """Return the job that looks at a new order; it is named after the confirmation, so one is enough."""
    payload = PlaceOrderPayload(wanted, "", made).as_data()
    return Job(READ_TOTAL, Lane.READ, payload, id=f"{READ_TOTAL}:{wanted.checkout}")


class ReadTotalHandler(MasterJobHandler):
    """Shows a new order by what the portal charges for it."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order, and for the link of its payment where its sum is known to be the confirmed one."""
        made = PlaceOrderPayload.from_data(job.payload).progress
        link_of = "" if made.total is None else made.payment_id or ""
        return self._portal.order(made.order_id or "", link_of=link_of)

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Show it with the way to pay, or with what is different."""
        payload = PlaceOrderPayload.from_data(job.payload)
        wanted, checkout = payload.confirmed, await endings.need(payload.confirmed, decision)
        known = await order_records.load(decision.unit, value.id)
        if known is None:
            raise LookupError("a new order is not known")
        if _is_edited(checkout, value):
            await self._show_unread(known, checkout, decision, wanted)
            return
        prices = {line.product_id: line.price for line in value.lines}
        made = replace(payload.progress, total=value.total, prices=prices, delivery=value.delivery_price)
        kept = replace(known.seen(value).with_goods(value), total=value.total)
        agreed = difference(checkout, made) is None
        told = replace(kept, pay_message=wanted.target.message_id if agreed and kept.payment_url else None)
        told.save(decision.unit)
        if value.deal_id:
            await order_parts.remember_deal(decision.unit, value.deal_id, [value.id])
        ChatView(decision, wanted.target).show(
            ending_screens.order_made(checkout, _created(told), difference(checkout, made))
        )
        if value.status is not Status.NEW or value.paid:
            await decision.enqueue(sync_job(value.id), background=True)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Show the order without a link: it is there, and shows its link when the portal answers again."""
        wanted = PlaceOrderPayload.from_data(job.payload).confirmed
        checkout = await endings.need(wanted, decision)
        known = await order_records.load(decision.unit, checkout.order_id)
        if known is not None:
            await self._show_unread(known, checkout, decision, wanted)
        await self.report(job, reason, decision)

    async def _show_unread(
        self, known: OrderRecord, checkout: Checkout, decision: Decision, wanted: OrderPayload
    ) -> None:
        """Show it as it was confirmed, without a link; what became of it is told by the look that follows."""
        view, created = ChatView(decision, wanted.target), replace(_created(known), payment_url=None)
        view.show(ending_screens.order_made(checkout, created, unread=True))
        await decision.enqueue(sync_job(known.id), background=True)


def _is_edited(checkout: Checkout, order: Order) -> bool:
    """Whether people changed the goods already: then its sum is not what the portal made of what was confirmed."""
    wanted = quantities.summed((line.product_id, line.quantity) for line in checkout.lines)
    there = quantities.summed((line.product_id, line.quantity) for line in order.lines)
    return bool(there) and there != wanted


def _created(known: OrderRecord) -> CreatedOrder:
    return CreatedOrder(known.id, known.account_number, known.payment_url, known.payment_id)
