"""The job that finds a barcode on a photo and looks for what it says; the photo is nowhere kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shared.assistant import reader_process
from shared.assistant.bitrix_backend import SentFile
from shared.assistant.chat_view import ChatView
from shared.assistant.job_handler import JobHandlers, MasterJobHandler, target_of
from shared.assistant.scanning import barcode_reader, screens
from shared.assistant.scanning.sent_photos import SCAN_PHOTO, ScanPayload
from shared.assistant.search import finding, labels
from shared.domain import label_codes, searches
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal

_NOT_GIVEN: Final = frozenset({"FILE_LATE", "FILE_GONE"})


def read(content: bytes) -> Sequence[str]:
    """Return what the barcodes of a photo say. Raises ReaderError."""
    try:
        return [str(code) for code in reader_process.read(reader_process.program_of(barcode_reader), content)]
    except reader_process.TooMuchWorkError:
        return ()


class ScanHandler(MasterJobHandler):
    """What a photo shows."""

    def plan(self, job: Job) -> SentFile:
        """Ask Telegram for the photo."""
        payload = ScanPayload.from_data(job.payload)
        return SentFile(payload.file_id, read, datetime.fromisoformat(payload.until))

    async def done(self, job: Job, value: Sequence[str], decision: Decision) -> None:
        """Look for what the codes say, or say that there are none."""
        where = target_of(job)
        wanted = label_codes.candidates(value)
        if not wanted:
            ChatView(decision, where).say(screens.no_code())
        elif len(wanted) == 1:
            await finding.look_for(decision, where, searches.new_search(wanted[0]), 0)
        else:
            await decision.enqueue(labels.label_job(where, wanted))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Say that there is no photo to look at, or no code on it; the rest is trouble as any."""
        if reason.code not in {*_NOT_GIVEN, "FILE_SLOW"}:
            await super().failed(job, reason, decision)
            return
        screen = screens.not_given() if reason.code in _NOT_GIVEN else screens.no_code()
        ChatView(decision, target_of(job)).say(screen)
        await self.report(job, reason, decision)


JOB_HANDLERS: JobHandlers = {SCAN_PHOTO: ScanHandler}
