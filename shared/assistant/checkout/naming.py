"""The presenting of an order to the shop's people, once it is made: nobody waits for it, and the order is good without.

They see the client, and where orders make deals, in the deal whose order it is and how to write to him.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shared.assistant import texts
from shared.assistant.checkout.payloads import OrderPayload
from shared.assistant.job_handler import BackgroundJobHandler
from shared.assistant.support import topics
from shared.bitrix.portal import Operation, Portal
from shared.domain import masters, order_parts
from shared.domain.masters import Master
from shared.domain.orders import CreatedOrder, DealView
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import UNLESS_DEFAULT, Payload

NAME_CLIENT = "name_client"
"""The kind's name in records is the one that the version before knows: it names the client of such an order."""


@dataclass(frozen=True)
class NameClientPayload(Payload):
    """An order, the buyer it is for, his company, and what people read in its deal; "" where there is none.

    Jobs of the version before have neither a company nor, of the one before that, something to read.
    """

    order: str
    buyer_id: str
    title: str = field(default="", metadata=UNLESS_DEFAULT, repr=False)
    comment: str = field(default="", metadata=UNLESS_DEFAULT, repr=False)
    company: str = field(default="", metadata=UNLESS_DEFAULT)

    @property
    def view(self) -> DealView | None:
        """What people read in the deal, None where nothing is to be changed there."""
        return DealView(self.title, self.comment) if self.title else None


async def want_presented(
    portal: Portal, wanted: OrderPayload, created: CreatedOrder, operators_chat_id: int | None, decision: Decision
) -> None:
    """Have a new order presented, where its making has left something to say."""
    master = await masters.load(decision.unit, wanted.target.chat_id)
    # Who buys as somebody else by now has another company, or none.
    same = master is not None and master.bitrix_user_id == wanted.buyer_id
    company = master.company_id if master is not None and same else ""
    payload = NameClientPayload(created.id, wanted.buyer_id, company=company)
    if portal.shows_deals:
        view = await _view(wanted, created, operators_chat_id, master, decision)
        payload = replace(payload, title=view.title, comment=view.comment)
    if portal.present_order(payload.order, payload.buyer_id, payload.view) is not None:
        job = Job(NAME_CLIENT, Lane.WRITE, payload.as_data(), id=f"{NAME_CLIENT}:{created.id}")
        await decision.enqueue(job, background=True)


async def _view(
    wanted: OrderPayload,
    created: CreatedOrder,
    operators_chat_id: int | None,
    master: Master | None,
    decision: Decision,
) -> DealView:
    """Return what people read in the deal, with a way to the master: his topic, else the chat with him."""
    telegram_id = wanted.target.chat_id
    name = "" if master is None else master.name
    thread_id = await topics.thread_of(decision.unit, telegram_id)
    chat = topics.way_to(telegram_id, operators_chat_id, thread_id)
    comment = texts.operators.deal_comment(wanted.new_order(""), name, chat)
    return DealView(texts.operators.deal_title(created.number, name), comment)


class NameClientHandler(BackgroundJobHandler):
    """Says whom an order is for."""

    def plan(self, job: Job) -> Operation[str]:
        """Present the order. LookupError where there is nothing to say: such a job is never wanted."""
        payload = NameClientPayload.from_data(job.payload)
        operation = self._portal.present_order(payload.order, payload.buyer_id, payload.view, payload.company)
        if operation is None:
            raise LookupError("this order's making has said all")
        return operation

    async def done(self, job: Job, value: str, decision: Decision) -> None:
        """Note whose deal it is: the portal tells of this change of ours too, which is nothing to look at."""
        if value:
            order_id = NameClientPayload.from_data(job.payload).order
            await order_parts.remember_own_change(decision.unit, value, order_id)
