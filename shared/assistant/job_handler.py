"""The base of the bot's job handlers: whom a job answers, and how its trouble is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen, ask_operators
from shared.assistant.common_screens import ask_manager, home_keyboard
from shared.assistant.keyboard import Row, button, keyboard, rows_of
from shared.assistant.navigation import TryAgain
from shared.bitrix.errors import BadAnswer, MethodMissing, UnknownStatus
from shared.bitrix.portal import Portal
from shared.domain import masters
from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome
from shared.pipeline.payloads import FLAT, Payload, decode
from shared.pipeline.registry import JobHandler
from shared.pipeline.sending import Attachments
from shared.settings import CashConfirmation
from shared.telegram.api import CallbackData

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ChatPayload(Payload):
    """The payload of a job whose answer somebody waits for: where it goes, and the kind of price he buys at."""

    target: ChatTarget = field(metadata=FLAT)


def again(job: Job) -> Row:
    """Return the button that asks once more; none for what is no mere question, or was asked under a name."""
    is_question = job.lane is Lane.READ and ":" not in job.id
    return by_button(TryAgain(job=job.id)) if is_question else []


def by_button(data: CallbackData) -> Row:
    """Return the button that wants the same once more as another one did: what has a name is wanted anew by its tap."""
    return [button(texts.labels.TRY_AGAIN, data)]


def target_of(job: Job) -> ChatTarget:
    """Return where the job's answer goes, whatever else its payload holds. Raises `PayloadError`."""
    return decode(ChatTarget, job.payload)


_MISREAD = frozenset({BadAnswer.usual_code, UnknownStatus.usual_code})


def is_misread(reason: Refusal) -> bool:
    """Tell whether the portal did answer, and the bot could not make sense of it."""
    return reason.code in _MISREAD


@dataclass(frozen=True)
class JobContext:
    """What the handlers of jobs work with, beside the job: the settings among it are the shop's."""

    portal: Portal
    operators_chat_id: int | None
    zone: ZoneInfo
    cash_confirmation: CashConfirmation = CashConfirmation.OPERATORS


class MasterJobHandler:
    """A kind of job that asks the portal and answers a master. Subclasses say what to ask and how to go on."""

    def __init__(self, context: JobContext) -> None:
        self._portal = context.portal
        self._operators_chat_id = context.operators_chat_id
        self._zone = context.zone
        self._cash_confirmation = context.cash_confirmation

    def trouble(self, job: Job, reason: Refusal) -> Screen:
        """Return what the master sees when the job comes to nothing."""
        if is_misread(reason):
            return Screen(texts.trouble.misread(), keyboard(ask_manager(), *rows_of(home_keyboard())))
        return Screen(texts.trouble.portal_silent(), keyboard(self.once_more(job), *rows_of(home_keyboard())))

    def once_more(self, job: Job) -> Row:
        """Return the button that has the portal asked once more, if there is one."""
        return again(job)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell the master, and the operators if people must look."""
        ChatView(decision, target_of(job)).show(self.trouble(job, reason))
        await self.report(job, reason, decision)

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

    @property
    def _reaches_people(self) -> bool:
        """Whether this bot has people to hand something on to."""
        return self._operators_chat_id is not None

    async def report(self, job: Job, reason: Refusal, decision: Decision, *, promised: bool = False) -> None:
        """Log the failure; tell the operators' chat when people must look.

        `promised`: the master was told that people are being told; he hears so when it reaches nobody.
        """
        fields = {"kind": job.kind, "code": reason.code, "reason": reason.message}
        if is_misread(reason):
            log_event(log, logging.ERROR, LogEvent.BUG, "an answer makes no sense", exc_info=None, **fields)
        if not reason.operators:
            log_event(log, logging.WARNING, LogEvent.JOB_FAILED, "job failed", exc_info=None, **fields)
            return
        log_event(log, logging.ERROR, LogEvent.OPERATORS, "job needs a human", exc_info=None, **fields)
        if self._operators_chat_id is not None:
            whose = await _whose(job, decision)
            text = texts.operators.job_failed(job.kind, reason.code, job.id, self.details(job), whose)
            if promised:
                ask_operators(decision, self._operators_chat_id, text, target_of(job).chat_id)
            else:
                ChatView(decision, ChatTarget(self._operators_chat_id)).say(Screen(text))


async def _whose(job: Job, decision: Decision) -> str:
    """Return who waits for the job, as the operators read it; "" where nobody does."""
    if job.asker is None:
        return ""
    return texts.operators.about_master(job.asker, await masters.load(decision.unit, job.asker))


class BackgroundJobHandler(MasterJobHandler):
    """A kind of job that nobody waits for: what comes to nothing is wanted again by the next event or housekeeping."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Leave the master alone, and people too where the portal only lacks the method: it goes without."""
        lacks = reason.code == MethodMissing.usual_code
        await self.report(job, replace(reason, operators=False) if lacks else reason, decision)


class ConvenienceJobHandler(BackgroundJobHandler):
    """A background job that the bot can do without, wanted often: people are not called whenever it is stopped."""

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell the log."""
        await self.report(job, replace(reason, operators=False), decision)


JobHandlers = Mapping[str, Callable[[JobContext], JobHandler]]
"""A capability's part of the registry: what makes the handler of each kind."""
