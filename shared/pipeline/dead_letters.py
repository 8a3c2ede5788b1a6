"""The dead letters: what a bug could not handle, kept for people for 30 days, secrets removed, one alert per letter.

A dead letter never blocks anything: the event counts as handled, the master got an apology. Who has mended the bug has
the letter handled anew, or forgets it (`assistant dead-letters`); housekeeping counts those that are left.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.log_events import LogEvent, log_event
from shared.logs import redact
from shared.store.collections import DEAD_LETTERS
from shared.store.port import Store
from shared.store.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

LONGEST = 100_000
"""Characters of a payload that are kept."""
MOST_COUNTED = 50
"""More of them is the same trouble, and each costs a read."""


async def keep(unit: UnitOfWork, event: str, payload: Mapping[str, Any], error: Exception) -> None:
    """Write the letter into the unit and log the alert, with the traceback."""
    kind = type(error).__name__
    log_event(log, logging.ERROR, LogEvent.DEAD_LETTER, "dead letter", exc_info=error, letter=event, error=kind)
    key = DEAD_LETTERS.key(event)
    await unit.get(key)
    text = redact(json.dumps(payload, ensure_ascii=False, default=str))
    # Half a surrogate pair cannot be stored, nor a document without end: the letter must get through.
    text = text[:LONGEST].encode("utf-8", "replace").decode()
    unit.put(key, {"payload": text, "error": kind, "at": unit.now}, ttl=DEAD_LETTERS.kept, due_at=unit.now)


async def count(store: Store, now: datetime) -> int:
    """Return how many letters nobody has dealt with, `MOST_COUNTED` at most."""
    return len(await store.due(DEAD_LETTERS.name, now, MOST_COUNTED))
