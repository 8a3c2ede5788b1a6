"""The claims on a record's messages: who sends them, until when, and when it is tried again. Pure.

See shared/pipeline/README.md, «Said once».
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.pipeline.answer_time import answers
from shared.pipeline.jobs import JobState
from shared.store.port import Record

SENDING = 9.0
"""Seconds a sender has for a record's messages."""

PATIENT_SENDING = 70.0
"""The same for what may have arrived already: a third copy would help nobody."""

SKEW = 5.0
"""Seconds by which the clocks of two instances may differ."""

LONGEST_PAUSE = 600.0
"""Seconds between two tries of a message at most. The record's own lifetime ends the tries."""

SILENCE = 60.0
"""Seconds between two tries at least once two tries in a row got no answer."""


def left_to_do(data: Mapping[str, Any]) -> bool:
    """Whether a record still has permits to create or messages to send."""
    return bool(data["permits"]) or has_unsent(data)


def has_unsent(data: Mapping[str, Any]) -> bool:
    """Whether a record still has messages to send."""
    return bool(data["sent"] < len(data["outbox"]))


def needs_no_mark(record: Record) -> bool:
    """Whether nothing of the record is to be said or found again: there are permits and signs in it at most.

    Both do no harm twice, so nobody notes that they went out. Their jobs are due: if a crash has lost the permits, the
    event's repetition makes them, or the sweep.
    """
    return record.due_at is None and not answers(record.data["outbox"])


def is_patient(data: Mapping[str, Any]) -> bool:
    """Whether Telegram is waited for longer. Not with a job that waits for its next try: its news would be old."""
    return data.get("unanswered", 0) > 0 and data.get("state") != JobState.PENDING


def may_have_arrived(data: Mapping[str, Any]) -> bool:
    """Whether the first unsent message of a record that nobody is at may have gone out.

    No answer came, or who sent it died before he noted anything.
    """
    return has_unsent(data) and (data.get("unanswered", 0) > 0 or data.get("sending") is not None)


def has_time(data: Mapping[str, Any], now: datetime) -> bool:
    """Whether who has committed a record may go on with it: its messages are his, and he can send them all in time."""
    sending = data["sending"]
    return not has_unsent(data) if sending is None else sending - now >= timedelta(seconds=SENDING)


def claim_until(now: datetime, *, patient: bool = False) -> datetime:
    """Return until when a record's messages are claimed by who begins to send them now."""
    return now + timedelta(seconds=(PATIENT_SENDING if patient else SENDING) + SKEW)


def claimed_until(record: Record, now: datetime) -> datetime | None:
    """Return until when somebody is at the record's messages; None when nobody is.

    A job that is being done is its worker's: what he learns goes with its messages, or instead of them.
    """
    sending = sent_until(record, now)
    if sending is not None:
        return sending
    leased = record.data.get("state") == JobState.PENDING and bool(record.data["lease"])
    return record.due_at if leased and record.due_at is not None and record.due_at > now else None


def sent_until(record: Record, now: datetime) -> datetime | None:
    """Return until when somebody sends the record's messages; None when nobody does."""
    sending = record.data.get("sending")
    if "sending" not in record.data and "state" not in record.data:
        # An event's record as the version before wrote it.
        sending = record.due_at
    return sending if sending is not None and sending > now else None


def pause(asked: float, tries: int, unanswered: int = 0) -> float:
    """Return the seconds until the next try: at least what Telegram asked for, doubling from one try to the next."""
    least = SILENCE if unanswered > 1 else 0.0
    return max(asked, least, min(2.0**tries, LONGEST_PAUSE))
