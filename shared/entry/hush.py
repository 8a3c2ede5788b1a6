"""How often a stranger is answered: once in ten minutes per instance, remembered in memory only.

Fail-open on purpose: another instance, or a full memory, answers once more; nothing is written for a stranger.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

PAUSE = timedelta(minutes=10)
REMEMBERED = 1000


class Hush:
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
