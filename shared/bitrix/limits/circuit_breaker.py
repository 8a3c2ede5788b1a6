"""The breaker: when the portal refuses everything, calls stop, people are told once, probes find out when it ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from shared.bitrix.auth import OAUTH_METHOD
from shared.bitrix.errors import AuthFailed, BitrixError, NeedsOperators, Overloaded, PortalGone, Verdict
from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.store.collections import PORTAL_STATE
from shared.store.port import Conflict, Store, StoreError
from shared.store.unit_of_work import UnitOfWork, decide

log = logging.getLogger(__name__)

KEY = PORTAL_STATE.key("breaker")
TRUSTED = timedelta(seconds=5)
"""How long the state that was read is believed: two calls a second need not cost two reads."""
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=30)
PROBE_TIME = timedelta(seconds=90)
"""How long a probe may be on its way (a write: 60 s) before another one is sent."""

_STOPPING = (Overloaded, AuthFailed, PortalGone)
# These two may be about one method (the user's rights to it); an unpaid licence is about all of them.
_ABOUT_ONE_METHOD = frozenset({"wrong_auth_type", "invalid_credentials"})
_ABOUT_ALL = frozenset({"payment_required"})
_PROOFS = frozenset({Verdict.REFUSED, Verdict.PAUSED})


class PortalStopped(NeedsOperators):
    """Not sent, because the portal refuses everything at present; people know. The next probe is due at `until`."""

    usual_code = "portal_stopped"

    def __init__(self, stop: OpenCircuit) -> None:
        super().__init__(f"calls are stopped since {stop.since:%Y-%m-%d %H:%M:%S} UTC because of {stop.code}")
        self.until = stop.probe_at


@dataclass(frozen=True)
class OpenCircuit:
    """Calls are stopped because of `code`, `failures` times in a row; a probe may go at `probe_at`. Pure.

    `probing` says that a probe is on its way; then `probe_at` is when it counts as lost.
    """

    code: str
    since: datetime
    failures: int
    probe_at: datetime
    probing: bool = False

    def probed(self, now: datetime) -> OpenCircuit:
        """Return the state with a probe on its way."""
        return replace(self, probing=True, probe_at=now + PROBE_TIME)


def after_failure(stop: OpenCircuit | None, code: str, now: datetime) -> OpenCircuit:
    """Return the state after a refusal. One of a call that set out before the stop changes nothing."""
    if stop is None:
        return OpenCircuit(code, now, 1, now + FIRST_PAUSE)
    if not stop.probing:
        return stop
    pause = min(FIRST_PAUSE * 2**stop.failures, LONGEST_PAUSE)
    # Half an hour is reached after five; counting on would only make the power too large.
    return OpenCircuit(code, stop.since, min(stop.failures + 1, 10), now + pause)


def after_proof(stop: OpenCircuit | None) -> OpenCircuit | None:
    """Return the state after the portal did its work. Only a probe ends a stop: an old call may still come in well."""
    return None if stop is None or stop.probing else stop


def stops_everything(error: BitrixError) -> bool:
    """Tell whether an error of a whole request means that no other request will do better.

    What is about the token is not among them: the token manager stops calls and alerts by itself, and knows at once
    when a new token is installed.
    """
    code = error.code.lower()
    if OAUTH_METHOD in error.methods:
        return False
    return code in _ABOUT_ALL or (isinstance(error, _STOPPING) and code not in _ABOUT_ONE_METHOD)


def proves_health(error: BitrixError | None) -> bool:
    """Tell whether the portal let us in: it answered, or refused for a reason of that one call."""
    return error is None or error.verdict in _PROOFS


class CircuitBreaker:
    """Lets calls through or stops them, with one state for all instances in the store.

    Fail-open: when the store does not answer, the last known state holds; a portal that refuses does no harm, it only
    costs the pace. Log events: `portal_stopped` (ERROR, the alert: once per stop, or per instance while the store is
    down), `portal_probe` and `portal_resumed` (INFO).
    """

    def __init__(self, store: Store, now: Now, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._store = store
        self._now = now
        self._sleep = sleep
        self._known: OpenCircuit | None = None
        self._known_at: datetime | None = None

    async def look(self) -> None:
        """Have the state at hand: `admit` asks for it no more then."""
        await self._state()

    async def admit(self) -> None:
        """Return when a call may be made, if need be as the one probe. Raises PortalStopped."""
        stop = await self._state()
        if stop is None:
            return
        if self._now() < stop.probe_at or not await self._take_probe():
            raise PortalStopped(self._known or stop)
        if self._known is not None:
            log_event(log, logging.INFO, LogEvent.PORTAL_PROBE, "a probe of the portal", code=stop.code)

    async def learn(self, error: BitrixError | None) -> None:
        """Hear how a whole request ended; None means well."""
        if error is not None and stops_everything(error):
            await self._change(lambda stop, now: after_failure(stop, error.code, now))
        elif self._known is not None and proves_health(error):
            await self._change(lambda stop, _now: after_proof(stop))

    async def _state(self) -> OpenCircuit | None:
        """Return the state, read at most `TRUSTED` ago."""
        now = self._now()
        if self._known_at is None or now - self._known_at >= TRUSTED:
            try:
                record = await self._store.get(KEY)
            except StoreError:
                log.warning("the portal's state is not known, the last known one holds")
            else:
                self._known = None if record is None else _stop_of(record.data)
            self._known_at = now
        return self._known

    async def _take_probe(self) -> bool:
        """Become the probe; False when somebody else is, True also when the stop is over."""

        async def decision(unit: UnitOfWork) -> tuple[bool, OpenCircuit | None]:
            data = await unit.get(KEY)
            stop = None if data is None else _stop_of(data)
            if stop is None or unit.now < stop.probe_at:
                return stop is None, stop
            probed = stop.probed(unit.now)
            unit.put(KEY, vars(probed))
            return True, probed

        try:
            (mine, self._known), _ = await decide(self._store, self._now, decision, attempts=1)
        except Conflict:
            return False
        except StoreError:
            log.warning("the portal's state cannot be written, so nobody probes")
            return False
        self._known_at = self._now()
        return mine

    async def _change(self, change: Callable[[OpenCircuit | None, datetime], OpenCircuit | None]) -> None:
        """Change the state for all instances; log what began or ended by it."""

        async def decision(unit: UnitOfWork) -> tuple[OpenCircuit | None, OpenCircuit | None]:
            data = await unit.get(KEY)
            before = None if data is None else _stop_of(data)
            after = change(before, unit.now)
            if after is not None:
                unit.put(KEY, vars(after))
            else:
                unit.delete(KEY)
            return before, after

        try:
            (before, after), _ = await decide(self._store, self._now, decision, sleep=self._sleep)
        except StoreError:
            now = self._now()
            before, after = self._known, change(self._known, now)
        self._known, self._known_at = after, self._now()
        if before is None and after is not None:
            log_event(
                log,
                logging.ERROR,
                LogEvent.PORTAL_STOPPED,
                f"the portal refuses everything, calls are stopped: {after.code}",
                code=after.code,
            )
        if before is not None and after is None:
            log_event(
                log,
                logging.INFO,
                LogEvent.PORTAL_RESUMED,
                "the portal works again",
                code=before.code,
                since=before.since.isoformat(),
            )


def _stop_of(data: Mapping[str, Any]) -> OpenCircuit:
    return OpenCircuit(**data)
