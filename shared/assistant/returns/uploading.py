"""The job that puts each photo of a return on the portal's Disk once (spec §5 «Медиа»).

A photo has a file name of its own, by which a doubtful upload is looked up. One that will not go up is given up:
the return is registered without it, and people ask the master for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from shared.assistant import texts
from shared.assistant.bitrix_backend import FileUpload
from shared.assistant.chat_view import ChatTarget
from shared.assistant.job_handler import MasterJobHandler
from shared.assistant.returns import media
from shared.assistant.returns.payloads import UploadPhotoPayload
from shared.assistant.returns.registering import register_job
from shared.bitrix.portal import PATIENCE, Operation
from shared.domain import return_drafts as drafts
from shared.domain.return_drafts import DraftStage, ReturnDraft
from shared.domain.returns import Photo
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal, UnknownOutcome

UPLOAD_PHOTO = "upload_photo"

FETCHING = timedelta(minutes=15)
"""How long Telegram may keep us waiting for the bytes."""

MOST_TRIES = 5
"""Uploads of one photo, each of which turned out not to have arrived."""


def upload_jobs(draft: ReturnDraft, now: datetime) -> Sequence[Job]:
    """Return a job per photo."""
    return [_job(_payload(draft, index, now)) for index in range(len(draft.pictures))]


def _payload(draft: ReturnDraft, index: int, now: datetime) -> UploadPhotoPayload:
    picture = draft.pictures[index]
    return UploadPhotoPayload(
        target=ChatTarget(draft.chat_id, draft.message_id),
        draft=draft.id,
        order=draft.order_id,
        user_id=draft.user_id,
        index=index,
        file_id=picture.file_id,
        name=f"return-{draft.id}-{index + 1}.{picture.extension}",
        until=(now + FETCHING).isoformat(),
        attempt=1,
        account_number=draft.account_number,
    )


def _job(payload: UploadPhotoPayload) -> Job:
    name = f"{UPLOAD_PHOTO}:{payload.draft}:{payload.index}:{payload.attempt}"
    return Job(UPLOAD_PHOTO, Lane.WRITE, payload.as_data(), id=name, patience=PATIENCE)


class UploadPhotoHandler(MasterJobHandler):
    """From Telegram to the Disk; after a doubt, the look whether it is there."""

    def plan(self, job: Job) -> FileUpload | Operation[Photo | None]:
        """Ask for the upload, or look first when nobody knows what the last try did."""
        payload = UploadPhotoPayload.from_data(job.payload)
        look = self._portal.look_up_photo(payload.name) if job.doubt else None
        if look is not None:
            return look
        return FileUpload(payload.file_id, partial(self._portal.upload_photo, payload.name), payload.deadline)

    def details(self, job: Job) -> str:
        """Return whom to ask for the photo."""
        payload = UploadPhotoPayload.from_data(job.payload)
        return texts.returns.photo_by_hand(payload.number, payload.name)

    async def done(self, job: Job, value: Photo | None, decision: Decision) -> Refusal | None:
        """Keep the photo for 30 days; the last one lets the return be registered. Upload again what is not there."""
        payload = UploadPhotoPayload.from_data(job.payload)
        if value is not None:
            await self._keep(value, payload, decision)
        elif payload.attempt >= MOST_TRIES:
            return Refusal("TOO_MANY_STEPS")
        else:
            await decision.enqueue(_job(replace(payload, attempt=payload.attempt + 1)))
        return None

    async def _keep(self, value: Photo, payload: UploadPhotoPayload, decision: Decision) -> None:
        await media.remember(decision.unit, value.id, payload.name)
        draft = await drafts.load(decision.unit, payload.draft)
        if draft is not None:
            await _settle(draft.uploaded(payload.index, value), payload, decision)

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Go on without this photo, and have people ask for it."""
        await self.report(job, replace(reason, operators=True), decision)
        payload = UploadPhotoPayload.from_data(job.payload)
        draft = await drafts.load(decision.unit, payload.draft)
        if draft is not None:
            await _settle(draft.without(payload.index), payload, decision)

    async def unsure(self, job: Job, reason: UnknownOutcome, decision: Decision) -> None:
        """Say nothing: the return is still being made."""


async def _settle(draft: ReturnDraft, payload: UploadPhotoPayload, decision: Decision) -> None:
    """Save what became of a photo; when it was the last one the return can be registered."""
    draft.save(decision.unit)
    if draft.settled and draft.stage is DraftStage.SENDING:
        await decision.enqueue(register_job(payload.target, draft))
