"""The schedule of asking for changes that the portal told nobody of: it never repeats an event.

One record, `cursors/changes`, says up to when the portal has been asked. It moves on only with the answer's last page,
so nothing that changed while the portal was silent is passed over. Loads no aiogram: `housekeeping` starts fast.

See shared/bitrix/README.md, «Events».
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import Payload
from shared.store.collections import CURSORS
from shared.store.unit_of_work import UnitOfWork

ASK_CHANGES = "ask_changes"
EVERY = timedelta(minutes=10)
"""How often the portal is asked. Its events are the fast way; this is for the ones that were lost."""

SELDOM = timedelta(days=1)
"""How often a portal is asked that had no such method."""

OVERLAP = timedelta(minutes=2)
"""The portal's clock may be behind ours, and an order may be saved while the list is made."""

CURSOR = CURSORS.key("changes")


@dataclass(frozen=True)
class AskChangesPayload(Payload):
    """One page of what changed since a moment: where it starts, and when the question was first asked."""

    since: datetime
    asked_at: datetime
    start: int


async def ask_for_missed(decision: Decision) -> None:
    """Have the portal asked what has changed, if it is time. The first time only notes the moment: all is known."""
    cursor = await decision.unit.get(CURSOR)
    if cursor is None:
        decision.unit.put(CURSOR, {"since": decision.now})
    elif decision.now - cursor["since"] >= EVERY and decision.now >= cursor.get("not_before", decision.now):
        await decision.enqueue(page_job(cursor["since"] - OVERLAP, decision.now), background=True)


def page_job(since: datetime, asked_at: datetime, start: int = 0) -> Job:
    """Return the job that reads one page of what changed since then; one per question and page."""
    payload = AskChangesPayload(since, asked_at, start)
    return Job(
        ASK_CHANGES, Lane.READ, payload.as_data(), id=f"{ASK_CHANGES}:{since:%Y%m%dT%H%M%S}:{start}", lasting=True
    )


async def ask_seldom(unit: UnitOfWork) -> None:
    """Note that the portal does not list orders, so that it is asked again in a day."""
    cursor = await unit.get(CURSOR)
    if cursor is not None:
        unit.put(CURSOR, {**cursor, "not_before": unit.now + SELDOM})


async def move_on(unit: UnitOfWork, asked_at: datetime) -> None:
    """Note that everything up to this moment is known. A late answer to an older question does not move it back."""
    cursor = await unit.get(CURSOR)
    if cursor is None or cursor["since"] < asked_at:
        unit.put(CURSOR, {"since": asked_at})
