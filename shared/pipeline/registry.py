"""The interface of a job handler, and the registry of them: the pipeline knows no kind of job by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from shared.pipeline.dead_letters import keep
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import BackendRequest, Refusal, UnknownOutcome
from shared.pipeline.sending import Attachments


class JobHandler(Protocol):
    """One kind of job: what it asks of the portal, and what follows.

    `done` and `failed` are part of a decision and may run twice (a conflict, a crash): they only collect.
    """

    def plan(self, job: Job) -> BackendRequest:
        """Say what to ask."""
        ...

    async def done(self, job: Job, value: Any, decision: Decision) -> Refusal | None:  # noqa: ANN401 - each kind knows its answer's type
        """Go on with the answer, or return the refusal that it amounts to: `failed` tells it."""
        ...

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell whoever waits that it will not happen. Nothing was changed on the portal."""
        ...

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Tell whoever waits that the outcome of a write is being found out."""
        ...

    async def delayed(self, job: Job, decision: Decision) -> None:
        """Tell whoever waits that a write has not got out yet and will take longer. Nothing was changed."""
        ...

    def attachments(self, job: Job, value: object) -> Attachments:
        """Return the bytes that the messages of `done` refer to; they are not stored."""
        ...


JobRegistry = Mapping[str, JobHandler]


class UnknownJobHandler:
    """Stands in for a kind that this version does not know (a roll-back, say): the job is kept for people, loudly."""

    def plan(self, job: Job) -> BackendRequest:
        """Ask nothing."""
        raise LookupError(f"no job kind {job.kind}")

    async def done(self, job: Job, value: object, decision: Decision) -> None:
        """Never comes: nothing was asked."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Keep the job for people."""
        payload = {"kind": job.kind, "payload": job.payload, "reason": reason.code}
        await keep(decision.unit, f"job:{job.id}", payload, LookupError(f"no job kind {job.kind}"))

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Never comes: nothing was asked."""

    async def delayed(self, job: Job, decision: Decision) -> None:
        """Never comes: nothing was asked."""

    def attachments(self, job: Job, value: object) -> Attachments:  # noqa: ARG002 - the protocol's signature
        """There are none."""
        return {}
