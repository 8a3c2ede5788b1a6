"""The payment link as a message that the master hands to his own client.

The order is read once more first: nobody shall be sent a bill that is paid, canceled, or of another sum by now.
"""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.checkout import screens
from shared.assistant.checkout.payloads import KnownOrderPayload
from shared.assistant.common_screens import unknown_order
from shared.assistant.job_handler import MasterJobHandler
from shared.assistant.navigation import HandOnInvoice
from shared.bitrix.portal import Operation
from shared.domain import order_records
from shared.domain.masters import Master
from shared.domain.order_records import OrderRecord
from shared.domain.orders import Order
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane, is_under_way
from shared.telegram.api import CallbackQuery

INVOICE = "invoice"


async def hand_on(
    callback: CallbackQuery, callback_data: HandOnInvoice, decision: Decision, view: ChatView, master: Master
) -> None:
    """Have the order read, if it is his; several taps before the answer are one message."""
    known = await order_records.load_of(decision.unit, callback_data.order, master.telegram_id)
    if known is None:
        view.say(unknown_order(callback_data.order))
        return
    payload = KnownOrderPayload(ChatTarget(view.chat_id), known.id, known.account_number)
    job = Job(INVOICE, Lane.READ, payload.as_data(), id=f"{INVOICE}:{known.id}")
    if not await is_under_way(decision.unit, job.id):
        await decision.enqueue(job)


class InvoiceHandler(MasterJobHandler):
    """Reads the order and makes the message."""

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(KnownOrderPayload.from_data(job.payload).order)

    async def done(self, job: Job, value: Order, decision: Decision) -> None:
        """Send the message, or say why there is none."""
        asked = KnownOrderPayload.from_data(job.payload)
        known = await order_records.load(decision.unit, asked.order)
        if known is not None:
            ChatView(decision, asked.target).say(_told(known, value))


def _told(known: OrderRecord, order: Order) -> Screen:
    if not known.waits_for_money(order):
        return screens.about_order(texts.checkout.nothing_to_pay(order.number), order)
    if known.payment_url is None:
        return screens.about_order(texts.checkout.no_link(), order)
    return screens.invoice(order.number, order.total, order.currency, known.payment_url)
