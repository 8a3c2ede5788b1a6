"""Methods whose ten-minute time budget is used up rest until the portal gives it back.

See shared/bitrix/README.md, «Limits».
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.store.collections import PAUSES
from shared.store.port import Store as StorePort
from shared.store.port import StoreError
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

TRUSTED = timedelta(seconds=5)
"""How long the store's word on a method is believed. Asking too early costs a refusal, which runs nothing."""
LONGEST = timedelta(minutes=15)
"""The budget's window is ten minutes; a portal that says more is not believed."""


class MethodPauses:
    """Who rests until when: in this instance's memory, and in the store so that all instances know.

    Fail-open: when the store does not answer, memory alone decides, for the portal refuses a resting method anyway
    and runs nothing. Counted by the log event `method_paused`, one entry per pause and instance that met it.
    """

    def __init__(self, store: StorePort, now: Now) -> None:
        self._store = store
        self._now = now
        self._until: dict[str, datetime] = {}
        self._asked: dict[str, datetime] = {}

    async def resting(self, methods: Iterable[str]) -> dict[str, datetime]:
        """Return those of the methods that rest, as they were given, with the end of their pause."""
        named = {method: method.lower() for method in methods}
        now = self._now()
        await self._ask({name for name in named.values() if self._is_unsure(name, now)}, now)
        found = {method: self._until.get(name) for method, name in named.items()}
        return {method: until for method, until in found.items() if until is not None and until > now}

    async def rest(self, method: str, until: datetime) -> None:
        """Let a method rest until then, in all instances. A shorter pause than the known one changes nothing."""
        name, now = method.lower(), self._now()
        until = min(until, now + LONGEST)
        if until <= max(now, self._until.get(name, now)):
            return
        self._until[name] = until
        log_event(log, logging.WARNING, LogEvent.METHOD_PAUSED, "method paused", method=name, until=until.isoformat())

        async def decision(unit: UnitOfWork) -> None:
            key = PAUSES.key(name)
            known = await unit.get(key)
            if known is None or known["until"] < until:
                unit.put(key, {"until": until}, ttl=until - unit.now)

        try:
            await decide(self._store, self._now, decision)
        except StoreError:
            log.warning("the pause is known to this instance only", extra={"fields": {"method": name}})

    def _is_unsure(self, name: str, now: datetime) -> bool:
        asked, until = self._asked.get(name), self._until.get(name)
        return (until is None or until <= now) and (asked is None or now - asked >= TRUSTED)

    async def _ask(self, names: set[str], now: datetime) -> None:
        """Ask the store about the names, in one round trip."""
        if not names:
            return
        self._asked |= dict.fromkeys(names, now)
        try:
            found = await self._store.get_many([PAUSES.key(name) for name in sorted(names)])
        except StoreError:
            log.warning("the pauses of other instances are not known", extra={"fields": {"methods": sorted(names)}})
            return
        self._until |= {key.id: record.data["until"] for key, record in found.items()}
