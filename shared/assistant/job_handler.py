"""The base of the bot's job handlers: whom a job answers, and how its trouble is told."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.common_screens import home_keyboard
from shared.bitrix.portal import Portal
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outbox import Attachments
from shared.pipeline.outcomes import Refusal, UnknownOutcome
from shared.pipeline.payloads import FLAT, Payload, decode, encode

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ChatPayload(Payload):
    """The payload of a job whose answer somebody waits for: where it goes, and the kind of price he buys at."""

    target: ChatTarget = field(metadata=FLAT)


def target_of(job: Job) -> ChatTarget:
    """Return where the job's answer goes, whatever else its payload holds. Raises `PayloadError`."""
    return decode(ChatTarget, job.payload)


def price_type_of(job: Job) -> str:
    """Return the kind of price the job's master buys at; "", as in jobs from before there were others, is the usual."""
    return target_of(job).price_type


def target_payload(where: ChatTarget) -> dict[str, Any]:
    """Return the payload's part that `target_of` reads."""
    return encode(where)


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
        fields = {"kind": job.kind, "code": reason.code, "reason": reason.message}
        if not reason.operators:
            log_event(log, logging.WARNING, LogEvent.JOB_FAILED, "job failed", exc_info=None, **fields)
            return
        log_event(log, logging.ERROR, LogEvent.OPERATORS, "job needs a human", exc_info=None, **fields)
        if self._operators_chat_id is not None:
            text = texts.operators.job_failed(job.kind, reason.code, job.id, self.details(job))
            ChatView(decision, ChatTarget(self._operators_chat_id)).say(Screen(text))


class PortalJobHandler(MasterJobHandler):
    """A kind of job that asks the portal."""

    def __init__(self, portal: Portal, operators_chat_id: int | None) -> None:
        super().__init__(operators_chat_id)
        self._portal = portal
