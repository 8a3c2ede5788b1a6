"""The job that reads a file sent as a list; from there on it goes the way of a pasted one."""

from __future__ import annotations

from functools import partial

from shared.assistant.bitrix_backend import SentFile
from shared.assistant.chat_view import ChatView
from shared.assistant.job_handler import JobHandlers, MasterJobHandler, target_of
from shared.assistant.lists import jobs, screens, workbook_process
from shared.assistant.lists.sent_files import READ_LIST_FILE, ReadFilePayload
from shared.domain.pasted_lists import files
from shared.domain.pasted_lists.file_trouble import FileTrouble
from shared.domain.pasted_lists.reading import PastedList
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal

_TROUBLE = {
    "FILE_LATE": FileTrouble.NOT_GIVEN,
    "FILE_GONE": FileTrouble.NOT_GIVEN,
    "FILE_SLOW": FileTrouble.TOO_LONG,
}


class ReadFileHandler(MasterJobHandler):
    """What a file wants. Its bytes are nowhere kept."""

    def plan(self, job: Job) -> SentFile:
        """Ask Telegram for the file."""
        payload = ReadFilePayload.from_data(job.payload)
        return SentFile(
            payload.file_id,
            partial(files.read, ending=payload.ending, sheets=workbook_process.sheets),
            payload.deadline,
        )

    async def done(self, job: Job, value: PastedList | FileTrouble, decision: Decision) -> None:
        """Have the list found, or say why there is none."""
        where = target_of(job)
        if isinstance(value, PastedList):
            await jobs.find(decision, where, value)
        else:
            ChatView(decision, where).say(screens.unread_file(value))

    async def failed(self, job: Job, reason: Refusal, decision: Decision) -> None:
        """Say what became of the file; the rest is trouble as any."""
        trouble = _TROUBLE.get(reason.code)
        if trouble is None:
            await super().failed(job, reason, decision)
            return
        ChatView(decision, target_of(job)).say(screens.unread_file(trouble))
        await self.report(job, reason, decision)


JOB_HANDLERS: JobHandlers = {READ_LIST_FILE: ReadFileHandler}
