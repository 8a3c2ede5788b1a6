"""Whose turn it is to keep what a query found, of the many who asked alike in one request.

Each of them would write the one record of these words in a commit of his own, and all but one had to decide again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.store.collections import SEARCH_CACHE
from shared.store.port import Key

KEPT = SEARCH_CACHE.kept or timedelta()


class HintTurns:
    """The turns of the last minute, in this instance. If whose turn it was fails, nobody keeps the hints: they help."""

    def __init__(self) -> None:
        self._turns: dict[Key, tuple[str, datetime]] = {}

    def is_of(self, job_id: str, key: Key, now: datetime) -> bool:
        """Tell whether this job keeps the hints; the first one that asks does, and does so when it decides again."""
        self._turns = {each: turn for each, turn in self._turns.items() if turn[1] > now}
        owner, _ = self._turns.setdefault(key, (job_id, now + KEPT))
        return owner == job_id
