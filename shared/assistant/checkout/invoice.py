"""The payment link as a message that the master hands to his own client.

The order is read once more first: nobody shall be sent a bill that is paid, canceled, or of another sum by now.
"""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.buttons import HandOnInvoice
from shared.assistant.checkout import screens
from shared.assistant.desk import Desk, Place, Screen
from shared.assistant.kind import Kind, address_of, place
from shared.assistant.masters import Master
from shared.assistant.orders import orders
from shared.assistant.orders.orders import KnownOrder
from shared.assistant.orders.screens import unknown
from shared.bitrix.model import Order
from shared.bitrix.portal import Operation, Portal
from shared.pipeline.jobs import Job, Lane, is_under_way
from shared.pipeline.turn import Turn
from shared.telegram.api import CallbackQuery

INVOICE = "invoice"


async def hand_on(
    callback: CallbackQuery, callback_data: HandOnInvoice, turn: Turn, desk: Desk, master: Master
) -> None:
    """Have the order read, if it is his; several taps before the answer are one message."""
    known = await orders.load_of(turn.unit, callback_data.order, master.telegram_id)
    if known is None:
        desk.say(unknown(callback_data.order))
        return
    payload = {**address_of(Place(desk.chat_id)), "order": known.id}
    job = Job(INVOICE, Lane.READ, payload, id=f"{INVOICE}:{known.id}")
    if not await is_under_way(turn.unit, job.id):
        await turn.want(job)


class Invoice(Kind):
    """Reads the order and makes the message."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal

    def plan(self, job: Job) -> Operation[Order]:
        """Ask for the order."""
        return self._portal.order(job.payload["order"])

    async def done(self, job: Job, value: Order, turn: Turn) -> None:
        """Send the message, or say why there is none."""
        known = await orders.load(turn.unit, job.payload["order"])
        if known is not None:
            Desk(turn, place(job)).say(_told(known, value))


def _told(known: KnownOrder, order: Order) -> Screen:
    if not known.waits_for_money(order):
        return screens.about_order(texts.checkout.nothing_to_pay(known.id), known.id)
    if known.payment_url is None:
        return screens.about_order(texts.checkout.no_link(), known.id)
    return screens.invoice(known.id, order.total, order.currency, known.payment_url)
