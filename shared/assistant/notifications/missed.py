"""The jobs that ask what changed at the portal while its events were lost: orders, and the deals they hang on."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from typing import ClassVar, Generic, TypeVar

from shared.assistant.job_handler import BackgroundJobHandler, JobHandlers
from shared.assistant.notifications.events import look_again_at_deal
from shared.assistant.notifications.jobs import sync_job
from shared.assistant.notifications.scheduling import ASK_CHANGES, ASK_DEALS, DEALS, ORDERS, AskChangesPayload, Schedule
from shared.bitrix.errors import MethodMissing
from shared.bitrix.portal import Operation
from shared.domain import order_records
from shared.domain.orders import DealPage, OrderPage
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal

log = logging.getLogger(__name__)

Page = TypeVar("Page", OrderPage, DealPage)


class AskMissedHandler(BackgroundJobHandler, ABC, Generic[Page]):
    """One page of what changed. Subclasses say what to ask for, and look at what of it is ours."""

    schedule: ClassVar[Schedule]

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Ask a portal that has no such list seldom: the spec's table has none."""
        if reason.code == MethodMissing.usual_code:
            await self.schedule.ask_seldom(decision.unit)
        await super().failed(job, reason, decision)

    async def done(self, job: Job, value: Page, decision: Decision) -> None:
        """Look at ours; go on with the next page, or be up to date with the last one."""
        payload = AskChangesPayload.from_data(job.payload)
        await self.look_at(value, decision)
        if value.next is not None and value.next > payload.start:
            following = self.schedule.page_job(payload.since, payload.asked_at, value.next)
            await decision.enqueue(following, background=True)
        else:
            await self.schedule.move_on(decision.unit, payload.asked_at)

    @abstractmethod
    async def look_at(self, page: Page, decision: Decision) -> None:
        """Have what of the page is ours looked at again."""


class AskChangesHandler(AskMissedHandler[OrderPage]):
    """One page of the orders that changed; those made here are looked at again."""

    schedule = ORDERS

    def plan(self, job: Job) -> Operation[OrderPage]:
        """Ask for the page."""
        payload = AskChangesPayload.from_data(job.payload)
        return self._portal.orders_changed_since(payload.since, payload.start)

    async def look_at(self, page: OrderPage, decision: Decision) -> None:
        """Look at ours."""
        known = await order_records.load_many(decision.unit, [listed.id for listed in page.orders])
        for order in known:
            await decision.enqueue(sync_job(order.id), background=True)
        log_event(log, logging.INFO, LogEvent.CHANGES_ASKED, "changes", changed=len(page.orders), ours=len(known))


class AskDealsHandler(AskMissedHandler[DealPage]):
    """One page of the deals that were moved; the orders made here that hang on them are looked at again."""

    schedule = DEALS

    def plan(self, job: Job) -> Operation[DealPage]:
        """Ask for the page. LookupError where there are no deals: such a job is never wanted."""
        payload = AskChangesPayload.from_data(job.payload)
        operation = self._portal.deals_moved_since(payload.since, payload.start)
        if operation is None:
            raise LookupError("this portal has no deals")
        return operation

    async def look_at(self, page: DealPage, decision: Decision) -> None:
        """Look at the orders of each, once it is known which those are."""
        for deal_id in page.deals:
            await look_again_at_deal(deal_id, decision)


JOB_HANDLERS: JobHandlers = {ASK_CHANGES: AskChangesHandler, ASK_DEALS: AskDealsHandler}
