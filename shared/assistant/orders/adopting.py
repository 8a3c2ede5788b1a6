"""The orders that people made for a master's contact, beside the bot: found by their deals, then followed like ours.

```mermaid
flowchart LR
    list[/myorders/] --> deals[find_his_deals: the contact's newest]
    deals --> links[find_his_orders: the orders of those deals]
    links -- those nobody here knows --> read[adopt_orders: read and kept]
```

Each step is a read in the background, in a batch with others. What happened to an order before it was found is no news.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.assistant.chat_view import ChatView
from shared.assistant.job_handler import ChatPayload, ConvenienceJobHandler, JobHandlers
from shared.assistant.orders import screens
from shared.bitrix.combine import combine
from shared.bitrix.errors import BitrixError
from shared.bitrix.portal import Operation
from shared.domain import buyers, order_parts, order_records
from shared.domain.found_orders import record_of
from shared.domain.masters import Master
from shared.domain.orders import Order
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane

FIND_DEALS, FIND_ORDERS, ADOPT = "find_his_deals", "find_his_orders", "adopt_orders"

MOST_DEALS = 20
"""Newest deals whose orders are looked for: each is a command of a batch."""

MOST_ORDERS = 10
"""Orders that are read at a time: each is some commands. The next look finds the others."""


@dataclass(frozen=True)
class HisDealsPayload(ChatPayload):
    """A master and his contact."""

    master: int
    contact: str


@dataclass(frozen=True)
class HisOrdersPayload(ChatPayload):
    """A master, and the deals or the orders to look at."""

    master: int
    ids: tuple[str, ...]


async def look_for_others(decision: Decision, view: ChatView, master: Master) -> None:
    """Look for orders of his that were made elsewhere; only a contact of the CRM has such."""
    contact = buyers.contact_of(master.bitrix_user_id)
    if contact is not None:
        payload = HisDealsPayload(view.target.below, master.telegram_id, contact).as_data()
        job = Job(FIND_DEALS, Lane.READ, payload, id=f"{FIND_DEALS}:{master.telegram_id}")
        await decision.enqueue(job, background=True)


def _next_job(kind: str, before: HisDealsPayload | HisOrdersPayload, ids: Sequence[str]) -> Job:
    payload = HisOrdersPayload(before.target, before.master, tuple(ids)).as_data()
    return Job(kind, Lane.READ, payload, id=f"{kind}:{before.master}")


class FindHisDealsHandler(ConvenienceJobHandler):
    """The deals of his contact."""

    def plan(self, job: Job) -> Operation[Sequence[str]]:
        """Ask for them. LookupError where there are none: such a job is never wanted."""
        operation = self._portal.deals_of_contact(HisDealsPayload.from_data(job.payload).contact)
        if operation is None:
            raise LookupError("this portal has no deals")
        return operation

    async def done(self, job: Job, value: Sequence[str], decision: Decision) -> None:
        """Ask for the orders of those nobody here knows the orders of."""
        payload = HisDealsPayload.from_data(job.payload)
        unknown = [deal for deal in value[:MOST_DEALS] if not await _is_followed(deal, decision)]
        if unknown:
            await decision.enqueue(_next_job(FIND_ORDERS, payload, unknown), background=True)


async def _is_followed(deal_id: str, decision: Decision) -> bool:
    """Whether the orders of a deal are known, and each is somebody's here: an event tells of others' deals too."""
    orders = await order_parts.orders_of_deal(decision.unit, deal_id)
    return orders is not None and len(await order_records.load_many(decision.unit, orders)) == len(orders)


class FindHisOrdersHandler(ConvenienceJobHandler):
    """The orders of those deals."""

    def plan(self, job: Job) -> Operation[list[Sequence[str] | BitrixError]]:
        """Ask for those of each."""
        deals = HisOrdersPayload.from_data(job.payload).ids
        return combine([it for it in map(self._portal.orders_of_deal, deals) if it is not None], needed=0)

    async def done(self, job: Job, value: Sequence[Sequence[str] | BitrixError], decision: Decision) -> None:
        """Have those read that nobody here knows."""
        payload = HisOrdersPayload.from_data(job.payload)
        found = [order for orders in value if not isinstance(orders, BitrixError) for order in orders]
        unknown = [it for it in dict.fromkeys(found) if await order_records.load(decision.unit, it) is None]
        if unknown:
            await decision.enqueue(_next_job(ADOPT, payload, unknown[:MOST_ORDERS]), background=True)


class AdoptOrdersHandler(ConvenienceJobHandler):
    """The orders themselves."""

    def plan(self, job: Job) -> Operation[list[Order | BitrixError]]:
        """Read them."""
        return combine([*map(self._portal.order, HisOrdersPayload.from_data(job.payload).ids)], needed=0)

    async def done(self, job: Job, value: Sequence[Order | BitrixError], decision: Decision) -> None:
        """Keep them as his, and say so. One that cannot be read is found again by the next look."""
        payload = HisOrdersPayload.from_data(job.payload)
        adopted = []
        for order in value:
            if isinstance(order, BitrixError) or await order_records.load(decision.unit, order.id) is not None:
                continue
            adopted.append(record_of(order, payload.master, payload.target.chat_id, decision.now))
            if order.deal_id:
                await order_parts.remember_deal(decision.unit, order.deal_id, [order.id])
        if adopted:
            await order_records.adopt(decision.unit, adopted)
            ChatView(decision, payload.target).say(screens.adopted(adopted))


JOB_HANDLERS: JobHandlers = {
    FIND_DEALS: FindHisDealsHandler,
    FIND_ORDERS: FindHisOrdersHandler,
    ADOPT: AdoptOrdersHandler,
}
