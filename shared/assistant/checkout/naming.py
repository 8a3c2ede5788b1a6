"""The naming of an order's client, once it is made: nobody waits for it, and the order is good without."""

from __future__ import annotations

from dataclasses import dataclass

from shared.assistant.job_handler import BackgroundJobHandler
from shared.bitrix.portal import Operation
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import Payload

NAME_CLIENT = "name_client"


@dataclass(frozen=True)
class NameClientPayload(Payload):
    """An order, and the buyer it is for."""

    order: str
    buyer_id: str


def client_job(order_id: str, buyer_id: str) -> Job:
    """Return the job that makes the buyer the order's client."""
    payload = NameClientPayload(order_id, buyer_id).as_data()
    return Job(NAME_CLIENT, Lane.WRITE, payload, id=f"{NAME_CLIENT}:{order_id}")


class NameClientHandler(BackgroundJobHandler):
    """Says whom an order is for."""

    def plan(self, job: Job) -> Operation[None]:
        """Name the client. LookupError where there is nothing to name: such a job is never wanted."""
        payload = NameClientPayload.from_data(job.payload)
        operation = self._portal.name_client(payload.order, payload.buyer_id)
        if operation is None:
            raise LookupError("this order's making has named its client")
        return operation

    async def done(self, job: Job, value: None, decision: Decision) -> None:
        """Nobody waits for it."""
