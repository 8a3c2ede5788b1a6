"""The job that looks again at the orders whose events were lost."""

from __future__ import annotations

import logging

from shared.assistant.job_handler import BackgroundJobHandler, JobHandlers
from shared.assistant.notifications.jobs import sync_job
from shared.assistant.notifications.scheduling import ASK_CHANGES, AskChangesPayload, move_on, page_job
from shared.bitrix.portal import Operation
from shared.domain import order_records
from shared.domain.orders import OrderPage
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job

log = logging.getLogger(__name__)


class AskChangesHandler(BackgroundJobHandler):
    """One page of the orders that changed; those made here are looked at again."""

    def plan(self, job: Job) -> Operation[OrderPage]:
        """Ask for the page."""
        payload = AskChangesPayload.from_data(job.payload)
        return self._portal.orders_changed_since(payload.since, payload.start)

    async def done(self, job: Job, value: OrderPage, decision: Decision) -> None:
        """Look at ours; go on with the next page, or be up to date with the last one."""
        payload = AskChangesPayload.from_data(job.payload)
        known = await order_records.load_many(decision.unit, [listed.id for listed in value.orders])
        for order in known:
            await decision.enqueue(sync_job(order.id), background=True)
        log_event(log, logging.INFO, LogEvent.CHANGES_ASKED, "changes", changed=len(value.orders), ours=len(known))
        if value.next is not None and value.next > payload.start:
            await decision.enqueue(page_job(payload.since, payload.asked_at, value.next), background=True)
        else:
            await move_on(decision.unit, payload.asked_at)


JOB_HANDLERS: JobHandlers = {ASK_CHANGES: AskChangesHandler}
