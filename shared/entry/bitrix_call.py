"""The entrance of permits: each is the right to make one HTTP request to the portal. Private: IAM checks who calls."""

from __future__ import annotations

import json
import logging
from datetime import datetime

from shared.entry.http import Incoming
from shared.entry.wiring.worker import WorkerContainer
from shared.log_events import LogEvent, log_event
from shared.pipeline.leases import LONGEST_LEASE

log = logging.getLogger(__name__)

REPEATS_HEADER = "x-cloudtasks-taskretrycount"
"""How often the queue has handed this permit out before: each time whoever had it died, or could not serve it."""


async def receive(here: WorkerContainer, incoming: Incoming) -> None:
    """Serve one permit. Trouble with Bitrix is no trouble of the queue: only a dead store or queue answers 503."""
    served = await here.worker.serve(_watch(here, incoming))
    log_event(log, logging.INFO, LogEvent.PERMIT, "permit", jobs=served.jobs, settled=served.settled)


def _watch(here: WorkerContainer, incoming: Incoming) -> datetime | None:
    """Return until when this permit looks after what a dead worker holds; None when none has died."""
    if incoming.headers.get(REPEATS_HEADER, "0") != "0":
        return here.now() + LONGEST_LEASE
    try:
        said = json.loads(incoming.body)
        return datetime.fromisoformat(said["watch"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
