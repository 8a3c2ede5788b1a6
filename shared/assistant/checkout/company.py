"""The company a master buys for, as the CRM has it with his contact: read anew with each order, for the operators.

The next order names it as a client too (`shared.assistant.checkout.naming`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.assistant.job_handler import ConvenienceJobHandler
from shared.bitrix.portal import Operation
from shared.domain import buyers, masters
from shared.domain.contacts import Contact
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import Payload

READ_COMPANY = "read_company"


@dataclass(frozen=True)
class ReadCompanyPayload(Payload):
    """A master, and the buyer he ordered as."""

    master: int
    buyer_id: str


def company_job(telegram_id: int, buyer_id: str) -> Job:
    """Return the job that reads the company of a master's contact."""
    payload = ReadCompanyPayload(telegram_id, buyer_id).as_data()
    return Job(READ_COMPANY, Lane.READ, payload, id=f"{READ_COMPANY}:{telegram_id}")


class ReadCompanyHandler(ConvenienceJobHandler):
    """Keeps the company with the master."""

    def plan(self, job: Job) -> Operation[Contact | None]:
        """Read the contact. LookupError for a buyer who is none: such a job is never wanted."""
        contact_id = buyers.contact_of(ReadCompanyPayload.from_data(job.payload).buyer_id)
        operation = None if contact_id is None else self._portal.contact(contact_id)
        if operation is None:
            raise LookupError("this buyer is no contact")
        return operation

    async def done(self, job: Job, value: Contact | None, decision: Decision) -> None:
        """Keep it, unless he has come to buy as somebody else meanwhile."""
        payload = ReadCompanyPayload.from_data(job.payload)
        master = await masters.load(decision.unit, payload.master)
        if master is None or master.bitrix_user_id != payload.buyer_id:
            return
        found = ("", "") if value is None else (value.company, value.company_id)
        if found != (master.company, master.company_id):
            replace(master, company=found[0], company_id=found[1]).save(decision.unit)
