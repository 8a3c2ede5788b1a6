"""The schedule of looking again at returns that exist.

This module loads no aiogram: `bitrix_webhook` and `housekeeping` start fast.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import UNLESS_DEFAULT, Payload, stored_as
from shared.store.collections import RETURNS

log = logging.getLogger(__name__)

SYNC_RETURN = "sync_return"


@dataclass(frozen=True)
class SyncReturnPayload(Payload):
    """The return's id; where the event told them, its new status in the portal's own word, and why."""

    return_id: str = field(metadata=stored_as("return"))
    status: str = field(default="", metadata=UNLESS_DEFAULT)
    reason: str = field(default="", metadata=UNLESS_DEFAULT, repr=False)


def sync_job(return_id: str, status: str = "", reason: str = "") -> Job:
    """Return the job that looks at a return again: one per return and status told, however many events say so."""
    payload = SyncReturnPayload(return_id, status, reason)
    name = ":".join(filter(None, (SYNC_RETURN, return_id, status)))
    return Job(SYNC_RETURN, Lane.READ, payload.as_data(), id=name, lasting=True)


async def look_again_at(return_id: str, decision: Decision, status: str = "", reason: str = "") -> None:
    """Have the return read again if it was made here: its record need not be understood for that."""
    if await decision.unit.get(RETURNS.key(return_id)) is None:
        log_event(log, logging.INFO, LogEvent.FOREIGN_RETURN, "not our return", exc_info=None, **{"return": return_id})
        return
    await decision.enqueue(sync_job(return_id, status, reason), background=True)


async def look_at_open(return_ids: Sequence[str], decision: Decision) -> None:
    """Have those of the returns that are still open read again, and count the time to their next look."""
    if not return_ids:
        return
    from shared.domain.return_records import load_many  # noqa: PLC0415 - most sweeps and events find none

    for made in await load_many(decision.unit, return_ids):
        if made.is_open:
            made.save(decision.unit)
            await decision.enqueue(sync_job(made.id), background=True)
