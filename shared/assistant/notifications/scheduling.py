"""The schedules of asking for changes that the portal told nobody of: it never repeats an event.

One record each, `cursors/changes` for orders and `cursors/deals` for the deals they hang on, says up to when the portal
has been asked. It moves on only with the answer's last page, so nothing that changed while the portal was silent is
passed over. Loads no aiogram: `housekeeping` starts fast.

See shared/bitrix/README.md, «Events».
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.payloads import Payload
from shared.store.collections import CURSORS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

ASK_CHANGES = "ask_changes"
ASK_DEALS = "ask_deals"
EVERY = timedelta(minutes=10)
"""How often the portal is asked. Its events are the fast way; this is for the ones that were lost."""

SELDOM = timedelta(days=1)
"""How often a portal is asked that had no such method."""

OVERLAP = timedelta(minutes=2)
"""The portal's clock may be behind ours, and an order may be saved while the list is made."""


@dataclass(frozen=True)
class AskChangesPayload(Payload):
    """One page of what changed since a moment: where it starts, and when the question was first asked."""

    since: datetime
    asked_at: datetime
    start: int


@dataclass(frozen=True)
class Schedule:
    """A question that is asked again and again: the kind of its jobs, and where it is kept up to when it was asked."""

    kind: str
    cursor: Key

    async def ask(self, decision: Decision) -> None:
        """Have the portal asked, if it is time. The first time only notes the moment: all is known."""
        cursor = await decision.unit.get(self.cursor)
        if cursor is None:
            decision.unit.put(self.cursor, {"since": decision.now})
        elif decision.now - cursor["since"] >= EVERY and decision.now >= cursor.get("not_before", decision.now):
            await decision.enqueue(self.page_job(cursor["since"] - OVERLAP, decision.now), background=True)

    def page_job(self, since: datetime, asked_at: datetime, start: int = 0) -> Job:
        """Return the job that reads one page of what changed since then; one per question and page."""
        payload = AskChangesPayload(since, asked_at, start)
        id_ = f"{self.kind}:{since:%Y%m%dT%H%M%S}:{start}"
        return Job(self.kind, Lane.READ, payload.as_data(), id=id_, lasting=True)

    async def ask_seldom(self, unit: UnitOfWork) -> None:
        """Note that the portal has no such list, so that it is asked again in a day."""
        cursor = await unit.get(self.cursor)
        if cursor is not None:
            unit.put(self.cursor, {**cursor, "not_before": unit.now + SELDOM})

    async def move_on(self, unit: UnitOfWork, asked_at: datetime) -> None:
        """Note that everything up to this moment is known. A late answer to an older question moves nothing back."""
        cursor = await unit.get(self.cursor)
        if cursor is None or cursor["since"] < asked_at:
            unit.put(self.cursor, {"since": asked_at})


ORDERS = Schedule(ASK_CHANGES, CURSORS.key("changes"))
"""Orders that changed."""

DEALS = Schedule(ASK_DEALS, CURSORS.key("deals"))
"""Deals whose stage changed; asked where stages mean something (`BITRIX_DEAL_STAGE_MAP`)."""
