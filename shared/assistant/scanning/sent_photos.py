"""The job that has a photo looked at for a barcode. Loads nothing that looks: who takes updates does not look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shared.assistant.chat_view import ChatTarget
from shared.assistant.job_handler import ChatPayload
from shared.pipeline.jobs import Job, Lane

SCAN_PHOTO: Final = "scan_photo"

FETCHING: Final = timedelta(minutes=2)
"""How long Telegram may keep us waiting for the bytes."""


@dataclass(frozen=True)
class ScanPayload(ChatPayload):
    """Telegram's file, and until when (ISO 8601) Telegram is asked for it."""

    file_id: str
    until: str


def scan_job(where: ChatTarget, file_id: str, unique_id: str, now: datetime) -> Job:
    """Return the job that looks at a photo; one download serves all who sent the same."""
    payload = ScanPayload(where, file_id, (now + FETCHING).isoformat())
    return Job(SCAN_PHOTO, Lane.FILE, payload.as_data(), share=f"{unique_id}.code")
