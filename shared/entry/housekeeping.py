"""The broom: whatever a crash left behind gets a new permit. Called by Cloud Scheduler; private."""

from __future__ import annotations

import logging
from datetime import timedelta

from shared.entry.http import Incoming
from shared.entry.parts import parts
from shared.pipeline.jobs import COLLECTION

log = logging.getLogger(__name__)

OVERDUE = timedelta(seconds=30)
"""A job this late has lost its permit: a worker died with its lease, or the queue was out of reach."""

MOST = 100
"""Permits per sweep; the next sweep goes on."""


async def receive(incoming: Incoming) -> None:
    """Create a permit for every overdue job."""
    here = parts()
    now = here.now()
    overdue = await here.store.due(COLLECTION, now - OVERDUE, MOST)
    await here.tasks.permit([now] * len(overdue))
    oldest = max(((now - record.due_at).total_seconds() for record in overdue if record.due_at), default=0.0)
    fields = {"event": "sweep", "overdue": len(overdue), "oldest_seconds": round(oldest, 1)}
    log.info("sweep", extra={"fields": fields})
