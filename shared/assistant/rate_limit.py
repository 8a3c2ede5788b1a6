"""Rate limits of people: how often somebody is answered, per person and instance, remembered in memory only.

A stranger is answered once in ten minutes, and as often told that his invite is no good. Whoever sends more than
people do is told so once, then nothing of his is handled until the minute is over. Each instance counts for itself
and remembers the last 1,000 people. Fail-open on purpose: another instance, or one that has forgotten him, answers
once more; nothing is read or written for it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PAUSE = timedelta(minutes=10)
REMEMBERED = 1000
WINDOW = timedelta(minutes=1)


class StrangerLimit:
    """Remembers whom it has let speak lately."""

    def __init__(self) -> None:
        self._until: OrderedDict[int, datetime] = OrderedDict()

    def may_speak(self, user_id: int, now: datetime) -> bool:
        """Return whether this person is to be answered now, and remember that he was."""
        until = self._until.get(user_id)
        if until is not None and now < until:
            return False
        self._until[user_id] = now + PAUSE
        self._until.move_to_end(user_id)
        if len(self._until) > REMEMBERED:
            self._until.popitem(last=False)
        return True


class Admission(StrEnum):
    """What to do with somebody's update: handle it, tell him that it is too much, or drop it."""

    FINE = "fine"
    TOO_FAST = "too_fast"
    SILENCE = "silence"


@dataclass(frozen=True)
class _Minute:
    ends: datetime
    updates: int


class UpdateLimit:
    """Counts the updates of each person within his present minute."""

    def __init__(self) -> None:
        self._minutes: OrderedDict[int, _Minute] = OrderedDict()

    def pace(self, user_id: int, now: datetime, most: int) -> Admission:
        """Return what to do with an update of this person, of which `most` a minute are handled, and count it."""
        minute = self._minutes.get(user_id)
        if minute is None or now >= minute.ends:
            minute = _Minute(now + WINDOW, 0)
        minute = _Minute(minute.ends, minute.updates + 1)
        self._minutes[user_id] = minute
        self._minutes.move_to_end(user_id)
        if len(self._minutes) > REMEMBERED:
            self._minutes.popitem(last=False)
        if minute.updates <= most:
            return Admission.FINE
        return Admission.TOO_FAST if minute.updates == most + 1 else Admission.SILENCE
