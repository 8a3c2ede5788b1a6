"""What all job kinds of the bot share: whom to answer, and what trouble looks like."""

from __future__ import annotations

import logging
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.common_screens import home_keyboard
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outbox import Attachments
from shared.pipeline.outcomes import Refusal, UnknownOutcome

log = logging.getLogger(__name__)


def target_of(job: Job) -> ChatTarget:
    """Return where the job's answer goes: payload `chat_id`, and `message_id` of the screen that is edited in place."""
    return ChatTarget(job.payload["chat_id"], job.payload.get("message_id"), price_type_of(job))


def price_type_of(job: Job) -> str:
    """Return the kind of price the job's master buys at; "", as in jobs from before there were others, is the usual."""
    return str(job.payload.get("price_type", ""))


def target_payload(where: ChatTarget) -> dict[str, Any]:
    """Return the payload's part that `place` reads; the usual price needs no word."""
    priced = {"price_type": where.price_type} if where.price_type else {}
    return {"chat_id": where.chat_id, "message_id": where.message_id, **priced}


class MasterJobHandler:
    """A kind of job that answers a master. Subclasses say what to ask and how to go on."""

    def __init__(self, operators_chat_id: int | None) -> None:
        self._operators_chat_id = operators_chat_id

    def trouble(self, job: Job) -> Screen:
        """Return what the master sees when the job comes to nothing."""
        return Screen(texts.trouble.portal_silent(), home_keyboard())

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell the master, and the operators if people must look."""
        ChatView(decision, target_of(job)).show(self.trouble(job))
        self.report(job, reason, decision)

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Say nothing: a read has no outcome to be unsure of."""

    async def delayed(self, job: Job, decision: Decision) -> None:
        """Say nothing: whether it is made now or in some minutes is no news to anybody, unless a subclass says so."""

    def attachments(self, job: Job, value: object) -> Attachments:
        """Return no bytes."""
        return {}

    def details(self, job: Job) -> str:
        """Return what the operators need to finish by hand, as HTML; nothing by default."""
        return ""

    def report(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Log the failure; tell the operators' chat when people must look."""
        fields = {"event": "job_failed", "kind": job.kind, "code": reason.code, "reason": reason.message}
        if not reason.operators:
            log.warning("job failed", extra={"fields": fields})
            return
        log.error("job needs a human", extra={"fields": {**fields, "event": "operators"}})
        if self._operators_chat_id is not None:
            text = texts.operators.job_failed(job.kind, reason.code, job.id, self.details(job))
            ChatView(decision, ChatTarget(self._operators_chat_id)).say(Screen(text))
