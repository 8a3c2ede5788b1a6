"""The job that registers a return once (spec §2, row 6), though a real portal ignores idempotency keys.

A doubtful try is looked up by the return's key where the portal can; where it cannot, its contract makes sending the
same again harmless. When nobody can tell, people are called and the master is told so.
"""

from __future__ import annotations

from dataclasses import replace

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView, Screen
from shared.assistant.job_handler import MasterJobHandler, target_of
from shared.assistant.returns import screens
from shared.assistant.returns.payloads import RegisterReturnPayload
from shared.assistant.returns.scheduling import sync_job
from shared.bitrix.portal import PATIENCE, Operation
from shared.domain import return_drafts as drafts
from shared.domain import return_records
from shared.domain.return_drafts import DraftStage, ReturnDraft
from shared.domain.return_records import ReturnRecord
from shared.domain.returns import ReturnState
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome
from shared.status import Status

REGISTER_RETURN = "register_return"

MOST_TRIES = 5
"""Requests for one return, each of which turned out not to have arrived."""


def register_job(where: ChatTarget, draft: ReturnDraft) -> Job:
    """Return the first job of registering; its idempotency key becomes the return's."""
    first = Job(REGISTER_RETURN, Lane.WRITE, {}, id=f"{REGISTER_RETURN}:{draft.id}", patience=PATIENCE)
    return replace(first, payload=RegisterReturnPayload(where, draft, first.idempotency_key, attempt=1).as_data())


def _next_job(payload: RegisterReturnPayload) -> Job:
    following = replace(payload, attempt=payload.attempt + 1)
    name = f"{REGISTER_RETURN}:{following.draft.id}:{following.attempt}"
    return Job(REGISTER_RETURN, Lane.WRITE, following.as_data(), id=name, patience=PATIENCE)


class RegisterReturnHandler(MasterJobHandler):
    """The return; after a doubt, the look whether it is there."""

    def plan(self, job: Job) -> Operation[ReturnState] | Operation[ReturnState | None]:
        """Ask for the return, or look first when nobody knows what the last try did."""
        payload = RegisterReturnPayload.from_data(job.payload)
        wanted = payload.draft.wanted(payload.key)
        look = self._portal.look_up_return(wanted) if job.doubt else None
        return look or self._portal.register_return(wanted)

    def trouble(self, job: Job, reason: Refusal) -> Screen:
        """Say that people take over."""
        return screens.told(texts.returns.refused(people=self._reaches_people))

    def details(self, job: Job) -> str:
        """Return everything to finish by hand."""
        payload = RegisterReturnPayload.from_data(job.payload)
        links = [photo.link or photo.id for photo in payload.draft.wanted(payload.key).photos]
        return texts.returns.by_hand(payload.draft, payload.key, links)

    async def done(self, job: Job, value: ReturnState | None, decision: Decision) -> Refusal | None:
        """Tell the number, or ask again for what is surely not there."""
        payload = RegisterReturnPayload.from_data(job.payload)
        if value is not None:
            await self._finish(payload, value, decision)
        elif payload.attempt >= MOST_TRIES:
            return Refusal("TOO_MANY_STEPS", operators=True, unsure=True)
        else:
            await decision.enqueue(_next_job(payload))
        return None

    async def _finish(self, payload: RegisterReturnPayload, state: ReturnState, decision: Decision) -> None:
        draft = payload.draft
        await _move(draft.id, DraftStage.DONE, decision)
        await return_records.remember(decision.unit, _known(draft, state, decision))
        ChatView(decision, payload.target).show(screens.registered(draft, state, people=self._reaches_people))
        await decision.enqueue(sync_job(state.id), background=True)
        if state.extra and self._operators_chat_id is not None:
            text = texts.returns.extra_returns(state.id, state.extra)
            ChatView(decision, ChatTarget(self._operators_chat_id)).say(Screen(text))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell what is known: refused, or never found out. Either way people finish it."""
        payload = RegisterReturnPayload.from_data(job.payload)
        await _move(payload.draft.id, DraftStage.CLOSED, decision)
        lost = texts.returns.lost(people=self._reaches_people)
        told = screens.told(lost) if reason.unsure else self.trouble(job, reason)
        ChatView(decision, payload.target).show(told)
        await self.report(job, replace(reason, operators=True), decision, promised=True)

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Tell the master not to begin a second one."""
        ChatView(decision, target_of(job)).show(screens.told(texts.returns.unsure()))


async def _move(draft_id: str, stage: DraftStage, decision: Decision) -> None:
    draft = await drafts.load(decision.unit, draft_id)
    if draft is not None:
        draft.at(stage).save(decision.unit)


def _known(draft: ReturnDraft, state: ReturnState, decision: Decision) -> ReturnRecord:
    """Return the record. «На рассмотрении» is told with the number, or what came of it at once."""
    shown = tuple(dict.fromkeys([Status.RETURN_IN_PROGRESS, state.status]))
    return ReturnRecord(
        state.id,
        draft.order_id,
        draft.user_id,
        draft.chat_id,
        decision.now,
        shown,
        state.reason,
        draft.account_number,
        draft.chosen,
        draft.complaint,
        len(draft.pictures) - draft.lost,
    )
