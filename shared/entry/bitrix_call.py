"""The entrance of permits: each is the right to make one HTTP request to the portal. Private: IAM checks who calls."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime

from shared.entry.http import Incoming
from shared.entry.wiring.worker import WorkerContainer
from shared.log_events import LogEvent, log_event
from shared.pipeline.backlog import LATE
from shared.pipeline.leases import LONGEST_LEASE

log = logging.getLogger(__name__)

REPEATS_HEADER = "x-cloudtasks-taskretrycount"
"""How often the queue has handed this permit out before: each time whoever had it died, or could not serve it."""

ETA_HEADER = "x-cloudtasks-tasketa"
"""The permit's moment, in seconds since 1970 (shared/pipeline/README.md, «Cloud Tasks»)."""


async def receive(here: WorkerContainer, incoming: Incoming) -> None:
    """Serve one permit. Trouble with Bitrix is no trouble of the queue: only a dead store or queue answers 503."""
    served = await here.worker.serve(_watch(here, incoming), late=late_since(here.now(), incoming.headers))
    log_event(log, logging.INFO, LogEvent.PERMIT, "permit", jobs=served.jobs, settled=served.settled)


def _watch(here: WorkerContainer, incoming: Incoming) -> datetime | None:
    """Return until when this permit looks after what a dead worker holds; None when none has died."""
    if _is_repeated(incoming.headers):
        return here.now() + LONGEST_LEASE
    try:
        said = json.loads(incoming.body)
        return datetime.fromisoformat(said["watch"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def late_since(now: datetime, headers: Mapping[str, str]) -> datetime | None:
    """Return when a permit was due that waited behind others; None where it did not.

    One that is repeated waited for its next try.
    """
    try:
        due_at = datetime.fromtimestamp(float(headers.get(ETA_HEADER, "")), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return due_at if now - due_at >= LATE and not _is_repeated(headers) else None


def _is_repeated(headers: Mapping[str, str]) -> bool:
    return headers.get(REPEATS_HEADER, "0") != "0"
