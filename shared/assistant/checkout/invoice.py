"""The payment link as a message that the master hands to his own client.

The order is read once more first: nobody shall be sent a bill that is paid, canceled, or of another sum by now.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.checkout import ending_screens
from shared.assistant.checkout.payloads import KnownOrderPayload
from shared.assistant.common_screens import unknown_order
from shared.assistant.job_handler import MasterJobHandler, by_button
from shared.assistant.keyboard import Row
from shared.assistant.navigation import HandOnInvoice
from shared.assistant.payment_doubts import noted
from shared.bitrix.portal import Operation
from shared.domain import order_records, payments_due
from shared.domain.masters import Master
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane, is_under_way
from shared.pipeline.payloads import UNLESS_DEFAULT
from shared.telegram.api import CallbackQuery

INVOICE = "invoice"


@dataclass(frozen=True)
class InvoicePayload(KnownOrderPayload):
    """The order, and the payment whose link is asked for with it."""

    link_of: str = field(default="", metadata=UNLESS_DEFAULT)


async def hand_on(
    callback: CallbackQuery, callback_data: HandOnInvoice, decision: Decision, view: ChatView, master: Master
) -> None:
    """Have the order read, if it is his; several taps before the answer are one message."""
    known = await order_records.load_of(decision.unit, callback_data.order, master.telegram_id)
    if known is None:
        view.say(unknown_order(callback_data.order))
        return
    payload = InvoicePayload(ChatTarget(view.chat_id), known.id, known.account_number)
    ids = (_job_id(payload), f"{_job_id(payload)}:link")
    if not any([await is_under_way(decision.unit, id_) for id_ in ids]):
        await decision.enqueue(Job(INVOICE, Lane.READ, payload.as_data(), id=_job_id(payload)))


def _job_id(payload: InvoicePayload) -> str:
    return f"{INVOICE}:{payload.order}"


class InvoiceHandler(MasterJobHandler):
    """Reads the order and makes the message."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        asked = InvoicePayload.from_data(job.payload)
        return self._portal.order(asked.order, link_of=asked.link_of)

    def once_more(self, job: Job) -> Row:
        """Return the order's own button."""
        return by_button(HandOnInvoice(order=InvoicePayload.from_data(job.payload).order))

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Send the message, or say why there is none; ask first for the link of what is due if nobody knows it."""
        asked = InvoicePayload.from_data(job.payload)
        known = await order_records.load(decision.unit, asked.order)
        if known is None:
            return
        unlinked = payments_due.without_link(known, value)
        if unlinked and unlinked != asked.link_of and self._portal.renews_links:
            again = replace(asked, link_of=unlinked).as_data()
            await decision.enqueue(Job(INVOICE, Lane.READ, again, id=f"{_job_id(asked)}:link"))
            return
        known = await noted(known.linked(value), value, decision, self._operators_chat_id, asked.target.chat_id)
        known.save(decision.unit)
        ChatView(decision, asked.target).say(self._told(known, value))

    def _told(self, known: OrderRecord, order: Order) -> Screen:
        if not payments_due.waits_for_money(known, order):
            return ending_screens.about_order(texts.checkout.nothing_to_pay(order.number), order)
        if payments_due.are_doubtful(order):
            know = self._operators_chat_id is not None
            return ending_screens.about_order(texts.checkout.sum_in_doubt(order.number, operators_know=know), order)
        due = payments_due.by_link(known, order)
        if due is None or due.url is None:
            return ending_screens.about_order(texts.checkout.no_link(), order)
        return ending_screens.invoice(order.number, due.amount, order.currency, due.url)
