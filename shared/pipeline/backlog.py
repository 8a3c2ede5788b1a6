"""The backlog of permits: while the queue holds enough of them for the next seconds, nobody creates another.

Jobs share requests, so a rush wants more jobs than it uses permits. The others would lie in the queue long after it,
and each would be handed out for nothing. A permit that is handed out late shows that others wait behind it: whoever
serves it notes that for the next seconds, and leaves one permit for their end. So whatever is due by then is served,
even if no other permit was there.

While notes go on no permit is created, so those that wait are of moments before the first note: when permits of about
that moment are handed out, the last of them are, and the notes end.

See shared/pipeline/README.md, «Jobs and permits».
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from shared.clock import Now
from shared.store.collections import QUEUE_STATE
from shared.store.port import Conflict, Store
from shared.store.unit_of_work import UnitOfWork, decide

BACKLOG = QUEUE_STATE.key("permits")

LATE = timedelta(seconds=10)
"""A permit handed out so long after its moment is late because of others before it: a cold start takes less."""

AHEAD = timedelta(seconds=4)
"""How long a note is good for, and so the most that work waits if the permits behind the late one were gone."""

MARGIN = timedelta(milliseconds=500)
"""The queue's clock may be ahead of ours by less than this."""

REMEMBERED = timedelta(minutes=2)
"""For so long after a backlog there may be work that was left without permits."""


class Backlog:
    """What this instance knows of the permits that wait. Raises `StoreError` when it has to ask the store."""

    def __init__(self, store: Store, now: Now) -> None:
        self._store = store
        self._now = now
        self._since: datetime | None = None
        self._until: datetime | None = None

    def learn(self, data: Mapping[str, Any] | None) -> None:
        """Take in the record `BACKLOG` as somebody has just read it: since when and until when notes are good."""
        if data is not None and (self._until is None or data["until"] > self._until):
            self._since, self._until = data["since"], data["until"]

    async def look(self) -> None:
        """Read the record."""
        record = await self._store.get(BACKLOG)
        self.learn(None if record is None else record.data)

    def wanted(self, moments: Iterable[datetime]) -> list[datetime]:
        """Return for which of the moments a permit has to be created: for now, where one is over.

        The work must be committed: then a permit that is there already, and is handed out after now, finds it.
        """
        now = self._now()
        ahead = [max(moment, now) for moment in moments]
        return [moment for moment in ahead if not self._lasts_until(moment + MARGIN)]

    async def to_note(self, due_at: datetime) -> datetime | None:
        """Return until when the note of a permit that was due then is to be good.

        None when a note is good for long enough already, or when the permit is among the last of its backlog.
        """
        now = self._now()
        if not self._lasts_until(now + AHEAD / 2):
            await self.look()
        left = self._began(now) - due_at
        return None if self._lasts_until(now + AHEAD / 2) or left < AHEAD / 2 else now + min(AHEAD, left)

    async def note(self, until: datetime) -> None:
        """Note that permits are handed out until then; there must be one for that very moment."""

        async def make_decision(unit: UnitOfWork) -> None:
            self.learn(await unit.get(BACKLOG))
            unit.put(BACKLOG, {"since": self._began(unit.now), "until": until})

        with suppress(Conflict):
            _, unit = await decide(self._store, self._now, make_decision, attempts=1)
            self.learn(unit.committed(BACKLOG).data)

    def _began(self, now: datetime) -> datetime:
        """Return when the present notes began: now, if the last one ended so long ago that a new backlog may be."""
        ongoing = self._since if self._lasts_until(now - LATE) else None
        return ongoing or now

    async def just_ended(self) -> bool:
        """Whether what is left to do may be without permits of its own."""
        await self.look()
        return self._lasts_until(self._now() - REMEMBERED)

    def _lasts_until(self, moment: datetime) -> bool:
        return self._until is not None and self._until >= moment
