"""Talks in the CRM: what a master and the operators say is also a comment of his contact, or of his last order's deal.

Nobody waits for it. A talk is good without, so whatever becomes of a comment is only logged.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shared.assistant.job_handler import BackgroundJobHandler, JobHandlers
from shared.bitrix.portal import Operation
from shared.domain import buyers, order_records
from shared.domain.masters import Master
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.payloads import Payload

TELL_CRM = "tell_crm"


@dataclass(frozen=True)
class TellCrmPayload(Payload):
    """Whose talk it is, by his buyer's id and his last order's ("" for none), and what was said."""

    buyer_id: str
    order: str
    words: str = field(repr=False)


async def tell(decision: Decision, master: Master, words: str) -> None:
    """Have this said in the CRM, if there is a record of the master to say it in."""
    orders = await order_records.list_ids(decision.unit, master.telegram_id)
    payload = TellCrmPayload(master.bitrix_user_id, orders[0] if orders else "", words)
    if payload.order or buyers.contact_of(payload.buyer_id) is not None:
        await decision.enqueue(Job(TELL_CRM, Lane.WRITE, payload.as_data()), background=True)


class TellCrmHandler(BackgroundJobHandler):
    """Says something in the CRM."""

    def plan(self, job: Job) -> Operation[None]:
        """Comment. LookupError where there is nothing to comment on: such a job is never wanted."""
        payload = TellCrmPayload.from_data(job.payload)
        operation = self._portal.comment(payload.buyer_id, payload.order, payload.words)
        if operation is None:
            raise LookupError("there is no record to say it in")
        return operation

    async def done(self, job: Job, value: None, decision: Decision) -> None:
        """Nobody waits for it."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Log it: the words themselves have reached whom they were for."""
        await self.report(job, replace(reason, operators=False), decision)


JOB_HANDLERS: JobHandlers = {TELL_CRM: TellCrmHandler}
