"""The jobs that tell a master what is new about his order: each status once, lost events or not.

Statuses are told forwards only, but for an end that was taken back: then the order is under way again, and what follows
is news once more. What was last seen is kept beside what was told.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.job_handler import BackgroundJobHandler, JobHandlers
from shared.assistant.notifications import screens
from shared.assistant.notifications.events import look_again_at
from shared.assistant.notifications.jobs import (
    FIND_DEALS_ORDERS,
    FIND_ORDER,
    SYNC_ORDER,
    FindDealsOrdersPayload,
    FindOrderPayload,
    SyncOrderPayload,
    second_look_job,
)
from shared.assistant.payment_doubts import noted
from shared.bitrix.errors import NotFound
from shared.bitrix.portal import Operation
from shared.domain import masters, order_parts, order_records, payments_due
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order, PaymentKind
from shared.domain.parcels import parcel_news, stages, way_of
from shared.domain.preferences import Importance
from shared.domain.statuses import STATUSES, in_work, news
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal
from shared.status import Status

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Turns:
    """What is told of an order but may turn again, so that a look which was overtaken would tell it wrongly."""

    back: bool = False
    ended_otherwise: bool = False
    edited: bool = False
    money_back: bool = False
    paid_in_part: bool = False

    @classmethod
    def of(cls, known: OrderRecord, order: Order) -> Turns:
        """Return what is new since `known` was told."""
        return cls(
            back=known.is_back(order),
            ended_otherwise=known.ended_otherwise(order),
            edited=bool(known.edits(order)) or known.is_recharged(order),
            money_back=known.money_back(order),
            paid_in_part=known.paid_in_part(order),
        )


class SyncOrderHandler(BackgroundJobHandler):
    """Compares the portal's order with what its master was told."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(SyncOrderPayload.from_data(job.payload).order)

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Tell the news of the order as the portal has it."""
        payload = SyncOrderPayload.from_data(job.payload)
        known = await order_records.load(decision.unit, payload.order)
        if known is None:
            return
        if value.deal_id:
            await order_parts.remember_deal(decision.unit, value.deal_id, [known.id])
        before = replace(known, gone=False)
        known = await noted(before.seen(value), value, decision, self._operators_chat_id)
        if known.total != before.total:
            told = "the portal's total differs from the confirmed one"
            log_event(log, logging.WARNING, LogEvent.TOTAL_DIFFERS, told, order=known.id)
        turns = Turns.of(before, value)
        if turns != Turns() and not payload.surely:
            # It was read before the last news, perhaps: looks of one order may overtake each other.
            replace(known, total=before.total).save(decision.unit)
            await decision.enqueue(second_look_job(known.id), background=True)
            return
        known = await self._tell_turns(turns, before, known, value, decision)
        await self._tell(_without_link(known.with_goods(value), value, decision), value, decision)

    async def _tell_turns(
        self, turns: Turns, before: OrderRecord, known: OrderRecord, value: Order, decision: Decision
    ) -> OrderRecord:
        """Tell each, and return the order with them told."""
        told: list[Screen] = []
        if turns.back or turns.ended_otherwise:
            known = known.restored()
        if turns.ended_otherwise and value.paid and Status.PAYED not in known.shown:
            # Only its other end is news: after «отменён» nobody waits for «оплата получена».
            known = known.told([Status.PAYED])
        if turns.back:
            told.append(screens.back_in_work(known, value))
        if turns.edited:
            told.append(screens.edited(before, value))
        if turns.money_back:
            told.append(screens.money_back(value))
            known = known.told_money_back(value)
        if turns.paid_in_part:
            told.append(screens.paid_in_part(known, value))
        for screen in told:
            await self._say(known, screen, Importance.IMPORTANT, decision)
        return known.told_part(value)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell what the event itself said, as far as it did: the order cannot be read."""
        payload = SyncOrderPayload.from_data(job.payload)
        known, status = await order_records.load(decision.unit, payload.order), self._portal.status(payload.status)
        if known is not None and status is not None:
            await self._tell(known, known.as_told(status, payload.reason), decision)
        elif known is not None and reason.code == NotFound.usual_code and not known.gone:
            await self._miss(known, payload, decision)
        await super().failed(job, reason, decision)

    async def _miss(self, known: OrderRecord, payload: SyncOrderPayload, decision: Decision) -> None:
        """Tell, once, that the order is gone, if a second look does not find it either."""
        if not payload.surely:
            await decision.enqueue(second_look_job(known.id), background=True)
            return
        replace(known, gone=True).save(decision.unit)
        await self._say(known, screens.deleted(known), Importance.IMPORTANT, decision)

    async def _tell(self, known: OrderRecord, value: Order, decision: Decision) -> None:
        """Tell the news; the record of what was told is in the same commit as the messages."""
        fresh = news(value, known.payment, known.shown)
        if known.paid_anew(value):
            fresh = [Status.PAYED, *(status for status in fresh if status is not Status.PAYED)]
            known = replace(known, unpaid=False)
        moved = parcel_news(value, known.parcels) if in_work(value) and value.status is not Status.DELIVERED else []
        told = replace(known.told(fresh), parcels={**known.parcels, **stages(value)})
        way = way_of(value) if Status.SHIPPED in told.shown else ""
        replace(told, way=way if Status.SHIPPED in fresh else way or known.way).save(decision.unit)
        today = decision.now.astimezone(self._zone).date()
        for status in fresh:
            await self._say(
                known, screens.status_news(value, status, today, known.pickup), STATUSES[status].news, decision
            )
        if moved:
            await self._say(known, screens.parcels(value, moved, today), Importance.IMPORTANT, decision)
        quiet = not fresh and not moved and value.status is Status.SHIPPED
        if quiet and known.way is not None and way not in ("", known.way):
            await self._say(known, screens.way_changed(value, today), Importance.IMPORTANT, decision)
        settled = value.paid or value.given_back
        asks = known.payment is PaymentKind.CASH and not settled and payments_due.to_courier(value) != 0
        if Status.DELIVERED in fresh and asks:
            await self._say(known, screens.cash_question(known, value), Importance.IMPORTANT, decision)

    async def _say(self, known: OrderRecord, screen: Screen, importance: Importance, decision: Decision) -> None:
        """Say it to the order's master, with sound or without, as he chose."""
        master = await masters.load(decision.unit, known.user_id)
        silent = masters.is_silent(master, importance, decision.now, self._zone)
        ChatView(decision, ChatTarget(known.chat_id)).say(screen, silent=silent)


def _without_link(known: OrderRecord, order: Order, decision: Decision) -> OrderRecord:
    """Take the link off the message that told of the new order, once nothing is to be paid by it."""
    if known.pay_message is None or payments_due.by_link(known, order) is not None:
        return known
    place = ChatTarget(known.chat_id, known.pay_message)
    ChatView(decision, place).buttons(screens.without_payment(known))
    return replace(known, pay_message=None)


class FindOrderHandler(BackgroundJobHandler):
    """Finds the order that a payment or a shipment is of."""

    def plan(self, job: Job) -> Operation[str | None]:
        """Ask for the part's order."""
        payload = FindOrderPayload.from_data(job.payload)
        of_payment = payload.what == "payment"
        ask = self._portal.order_of_payment if of_payment else self._portal.order_of_shipment
        return ask(payload.part)

    async def done(self, job: Job, value: str | None, decision: Decision) -> None:
        """Look at the order, if there is one: a part may be gone by now, or the portal's own. Next time it is known."""
        payload = FindOrderPayload.from_data(job.payload)
        await order_parts.remember(decision.unit, payload.what, payload.part, value)
        if value is not None:
            await look_again_at(value, decision, payload.status, payload.reason)


class FindDealsOrdersHandler(BackgroundJobHandler):
    """Finds the orders that hang on a deal."""

    def plan(self, job: Job) -> Operation[Sequence[str]]:
        """Ask for them. LookupError where there are no deals: such a job is never wanted."""
        operation = self._portal.orders_of_deal(FindDealsOrdersPayload.from_data(job.payload).deal)
        if operation is None:
            raise LookupError("this portal has no deals")
        return operation

    async def done(self, job: Job, value: Sequence[str], decision: Decision) -> None:
        """Look at those that were made here; next time it is known which they are."""
        await order_parts.remember_deal(decision.unit, FindDealsOrdersPayload.from_data(job.payload).deal, value)
        for order_id in value:
            await look_again_at(order_id, decision)


JOB_HANDLERS: JobHandlers = {
    SYNC_ORDER: SyncOrderHandler,
    FIND_ORDER: FindOrderHandler,
    FIND_DEALS_ORDERS: FindDealsOrdersHandler,
}
