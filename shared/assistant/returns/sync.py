"""The jobs after a return is made: telling each new status once, and deleting its photos when their time is over."""

from __future__ import annotations

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget, ChatView
from shared.assistant.job_handler import BackgroundJobHandler, MasterJobHandler
from shared.assistant.returns import media, screens
from shared.assistant.returns.media import DeletePhotoPayload
from shared.assistant.returns.scheduling import SyncReturnPayload
from shared.bitrix.errors import MethodMissing, NotFound
from shared.bitrix.portal import Operation
from shared.domain import masters, return_records
from shared.domain.return_records import ReturnRecord
from shared.domain.returns import ReturnState
from shared.domain.statuses import STATUSES
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal, UnknownOutcome


class SyncReturnHandler(BackgroundJobHandler):
    """Compares the portal's return with what its master was told."""

    def plan(self, job: Job) -> Operation[ReturnState]:
        """Ask for the return."""
        return self._portal.return_status(SyncReturnPayload.from_data(job.payload).return_id)

    async def done(self, job: Job, value: ReturnState, decision: Decision) -> None:
        """Tell the news; the record of what was told is in the same commit as the message."""
        known = await return_records.load(decision.unit, SyncReturnPayload.from_data(job.payload).return_id)
        if known is not None:
            await self._tell(known, value, decision)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Tell what the event itself said. A portal that shows no returns is asked seldom from now on."""
        payload = SyncReturnPayload.from_data(job.payload)
        known, status = await return_records.load(decision.unit, payload.return_id), self._portal.stage(payload.status)
        if known is not None and reason.code == MethodMissing.usual_code:
            known.save(decision.unit, seldom=True)
        if known is not None and status is not None:
            await self._tell(known, ReturnState(known.id, status, payload.reason), decision)
        await super().failed(job, reason, decision)

    async def _tell(self, known: ReturnRecord, state: ReturnState, decision: Decision) -> None:
        if not known.is_news(state.status):
            return
        known.told(state.status, state.reason).save(decision.unit)
        master = await masters.load(decision.unit, known.user_id)
        silent = masters.is_silent(master, STATUSES[state.status].news, decision.now, self._zone)
        ChatView(decision, ChatTarget(known.chat_id)).say(screens.news(known, state), silent=silent)


class DeletePhotoHandler(MasterJobHandler):
    """Takes a photo off the Disk."""

    def plan(self, job: Job) -> Operation[None]:
        """Delete it for good."""
        return self._portal.delete_photo(DeletePhotoPayload.from_data(job.payload).photo)

    def details(self, job: Job) -> str:
        """Return which file is to be deleted."""
        return texts.returns.photo_to_delete(DeletePhotoPayload.from_data(job.payload).photo)

    async def done(self, job: Job, value: None, decision: Decision) -> None:
        """Drop its record."""
        await media.forget(decision.unit, DeletePhotoPayload.from_data(job.payload).photo)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Drop the record if the photo is gone, or only people can delete it; else it is tried again tomorrow."""
        if reason.code in (NotFound.usual_code, MethodMissing.usual_code):
            await media.forget(decision.unit, DeletePhotoPayload.from_data(job.payload).photo)
        if reason.code != NotFound.usual_code:
            await self.report(job, reason, decision)

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Nobody waits for it."""
