"""The entrance of permits: each is the right to make one HTTP request to the portal. Private: IAM checks who calls."""

from __future__ import annotations

import logging

from shared.entry.http import Incoming
from shared.entry.wiring.worker import WorkerContainer
from shared.log_events import LogEvent, log_event

log = logging.getLogger(__name__)


async def receive(here: WorkerContainer, incoming: Incoming) -> None:
    """Serve one permit. Trouble with Bitrix is no trouble of the queue: only a dead store or queue answers 503."""
    served = await here.worker.serve()
    log_event(log, logging.INFO, LogEvent.PERMIT, "permit", jobs=served.jobs, settled=served.settled)
