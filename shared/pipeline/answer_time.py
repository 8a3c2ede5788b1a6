"""The time from somebody's update to the first thing he can read: what the promise of infra/RUNBOOK.md is about.

The moment he asked (`asked_at`) lies in the update's record, or in the job that fetches his answer, and is taken off
when something went out. The word that he waits in the queue is no answer: it goes past the outbox.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from shared.log_events import LogEvent, log_event
from shared.pipeline.decision import CallData
from shared.store.port import Record

log = logging.getLogger(__name__)


def answers(calls: Sequence[CallData]) -> bool:
    """Whether there is anything to read in these calls: a sign of typing, or the end of a button's spinner, is none."""
    return any(not call.get("sign") for call in calls)


def told(record: Record, sent: int, now: datetime) -> Record:
    """Log how long the asker waited if one of the `sent` calls is his answer; return the record as it is then."""
    asked_at = record.data.get("asked_at")
    begin = record.data["sent"]
    if asked_at is None or not answers(record.data["outbox"][begin : begin + sent]):
        return record
    seconds = round((now - asked_at).total_seconds(), 1)
    log_event(log, logging.INFO, LogEvent.ANSWERED, "answered", seconds=seconds)
    return told_already(record)


def told_already(record: Record) -> Record:
    """Return the record of somebody who has his answer."""
    data: Mapping[str, Any] = {**record.data, "asked_at": None}
    return replace(record, data=data) if "asked_at" in record.data else record
