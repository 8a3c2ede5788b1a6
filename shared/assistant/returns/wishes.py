"""What is asked of Bitrix about a return that exists. Loads no aiogram: `bitrix_webhook` imports it."""

from __future__ import annotations

import logging

from shared.assistant.returns.returns import load
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.turn import Turn

log = logging.getLogger(__name__)

SYNC_RETURN = "sync_return"


def sync_job(return_id: str) -> Job:
    """Return the job that looks at a return again: one per return, however many events say so."""
    return Job(SYNC_RETURN, Lane.READ, {"return": return_id}, id=f"{SYNC_RETURN}:{return_id}")


async def look_again_at(return_id: str, turn: Turn) -> None:
    """Have the return read again if it was made here."""
    if await load(turn.unit, return_id) is None:
        log.info("not our return", extra={"fields": {"event": "foreign_return", "return": return_id}})
        return
    await turn.want(sync_job(return_id), background=True)
