"""The files that are sent as lists: which documents are, and the job that has one downloaded and read.

Loads no reader of sheets: the function that takes updates sends none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.assistant.chat_view import ChatTarget
from shared.assistant.job_handler import ChatPayload
from shared.pipeline.jobs import Job, Lane
from shared.telegram.api import Document

READ_LIST_FILE: Final = "read_list_file"

FETCHING: Final = timedelta(minutes=2)
"""How long Telegram may keep us waiting for the bytes."""

_ENDINGS: Final = frozenset({"xlsx", "csv", "txt", "xls", "xlsm", "xlsb"})
"""What the first three are not is said once their bytes were seen: a name may be wrong."""

_TYPES: Final = {
    "text/csv": "csv",
    "text/plain": "txt",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}


@dataclass(frozen=True)
class ReadFilePayload(ChatPayload):
    """Telegram's file, how its name ends, and until when (ISO 8601) Telegram is asked for it."""

    file_id: str
    ending: str
    until: str

    @property
    def deadline(self) -> datetime:
        """`until` as a moment. ValueError when it is none."""
        return datetime.fromisoformat(self.until)


def ending_of(document: Document) -> str:
    """Return how the name of such a file ends, or should; "" for a document that is no list."""
    ending = (document.file_name or "").rpartition(".")[2].lower()
    return ending if ending in _ENDINGS else _TYPES.get(document.mime_type or "", "")


def read_job(where: ChatTarget, document: Document, now: datetime) -> Job:
    """Return the job that reads a file; one download serves all who sent the same."""
    ending = ending_of(document)
    payload = ReadFilePayload(where, document.file_id, ending, (now + FETCHING).isoformat())
    return Job(READ_LIST_FILE, Lane.FILE, payload.as_data(), share=f"{document.file_unique_id}.{ending}")
