"""The sending of a record's messages, one after the other, within the time its claim gives (shared/pipeline/outbox.py).

While Telegram takes all and keeps silent, whatever goes out may arrive and goes out once more later. So once a call
has had no answer for a while, and nothing else was answered since, Telegram is asked first who the bot is, which nobody
sees. And what a batch of answers says at once does not go out at once into what may be a silence: where nothing was
answered a moment ago, the first message goes alone.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.clock import Now
from shared.log_events import LogEvent, log_event
from shared.pipeline import screens
from shared.pipeline.claims import PATIENT_SENDING, SENDING, has_unsent, is_patient, pause, sent_until
from shared.pipeline.decision import CallData
from shared.pipeline.permits import TaskScheduler
from shared.pipeline.tasks import QueueUnavailable
from shared.store.port import Record, Store, StoreError

log = logging.getLogger(__name__)

Attachments = Mapping[str, bytes]
"""Bytes that a call refers to as `attach://<name>`; only at hand right after they were fetched."""

LAST_BEGINNING = 4.0
"""Seconds after which it begins no other message: what is left of its time would be short for one."""

LOOK = 0.1
"""Seconds between two looks whether an earlier edit is out."""

SOON = 2.0
"""Seconds within which Telegram answers, as a rule; after these without any answer it may be silent."""

FRESH = 1.0
"""Seconds for which an answer shows that Telegram is not silent."""


@dataclass(frozen=True)
class DeliveryResult:
    """What became of one call. `later`: seconds to wait before trying again; None = it is settled, well or badly.

    `unanswered`: it went out and no answer came, so it may have arrived.
    """

    later: float | None = None
    unanswered: bool = False


class Deliver(Protocol):
    """Sends one call; whatever can go wrong with a call is decided behind this."""

    async def __call__(self, call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        """Send; Telegram's answer may take so many seconds."""
        ...


Reaches = Callable[[float], Awaitable[bool]]
"""Whether Telegram answers, within so many seconds, what nobody sees. Raises nothing."""


@dataclass(frozen=True)
class Progress:
    """What a sender got done: `sent` calls more; the rest is tried `again_at`, its first was `unanswered` so often."""

    sent: int
    again_at: datetime | None = None
    unanswered: int = 0


class Silence:
    """What one instance knows of a Telegram that keeps silent: since when a call waits and nothing was answered."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._answered: float | None = None
        self._news = asyncio.Event()

    def called(self, at: float) -> None:
        """Note that a call went out."""
        if self._since is None:
            self._since = at
            self._news.clear()

    def answered(self, at: float) -> None:
        """Note that something was answered."""
        self._since, self._answered = None, at
        self._news.set()

    def suspected(self, at: float) -> bool:
        """Whether what goes out now would better wait."""
        return self._since is not None and at - self._since >= SOON

    async def proven(self, at: float, ends: float) -> None:
        """Wait for the answer to a call under way if nothing else shows that there is no silence; not for ever."""
        stale = self._answered is None or at - self._answered > FRESH
        if self._since is None or not stale:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, min(self._since + SOON, ends) - at)):
                await self._news.wait()


class MessageSender:
    """Sends what is left of a record's messages. The record must be its caller's, by a claim."""

    def __init__(self, store: Store, tasks: TaskScheduler, deliver: Deliver, reaches: Reaches, now: Now) -> None:
        self._store = store
        self._tasks = tasks
        self._deliver = deliver
        self._reaches = reaches
        self._now = now
        self._silence = Silence()

    async def reaches(self, seconds: float) -> bool:
        """Return whether Telegram answers, within so many seconds, what nobody sees."""
        reached = await self._reaches(seconds)
        if reached:
            self._silence.answered(asyncio.get_running_loop().time())
        return reached

    async def send(self, record: Record, attachments: Attachments) -> Progress:
        """Send until all is out, or time is short, or one has to wait: then a task goes on with the rest.

        Raises `StoreError` and `QueueUnavailable`.
        """
        calls = record.data["outbox"][record.data["sent"] :]
        clock = asyncio.get_running_loop().time
        begins = clock() + LAST_BEGINNING
        ends = clock() + (PATIENT_SENDING if is_patient(record.data) else SENDING)
        for done, call in enumerate(calls):
            late = done > 0 and clock() > begins
            busy = None if late else await self._earlier_is_out(call, begins)
            await self._silence.proven(clock(), begins)
            if late or busy is not None:
                delivery = DeliveryResult(later=busy or 0.0)
            elif self._silence.suspected(clock()) and not await self.reaches(max(0.0, begins - clock())):
                delivery = DeliveryResult(later=0.0)
            else:
                delivery = await self._deliver_one(call, attachments, ends - clock())
            if delivery.later is not None:
                return await self.put_off(record, done, delivery, paused=not late)
        return Progress(len(calls))

    async def _earlier_is_out(self, call: CallData, begins: float) -> float | None:
        """Wait until what was decided before about the same message is out; the seconds it may take when that is long.

        An earlier edit that nobody is sending just now goes no more: who takes it up finds it replaced.
        """
        before = screens.earlier(call)
        while before is not None:
            record = await self._store.get(before)
            until = None if record is None or not has_unsent(record.data) else sent_until(record, self._now())
            if until is None:
                return None
            if asyncio.get_running_loop().time() > begins:
                return (until - self._now()).total_seconds()
            await asyncio.sleep(LOOK)
        return None

    async def put_off(self, record: Record, done: int, delivery: DeliveryResult, *, paused: bool) -> Progress:
        """Have a task go on after a pause; without one when only the time was over."""
        before = record.data.get("unanswered", 0) if done == 0 else 0
        unanswered = before + 1 if delivery.unanswered else before
        seconds = pause(delivery.later or 0.0, record.data["tries"], unanswered) if paused else 0.0
        again_at = self._now() + timedelta(seconds=seconds)
        await self._tasks.send_later(record.key, again_at)
        log_event(log, logging.INFO, LogEvent.MESSAGES_WAIT, "messages wait", seconds=seconds)
        return Progress(done, again_at, unanswered)

    async def _deliver_one(self, call: CallData, attachments: Attachments, seconds: float) -> DeliveryResult:
        """Deliver; a bug in there must not make the event come again and again, so the call counts as settled."""
        self._silence.called(asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout(seconds):
                result = await self._deliver(call, attachments, seconds)
        except (StoreError, QueueUnavailable):
            raise
        except TimeoutError:
            return DeliveryResult(later=0.0, unanswered=True)
        except Exception:  # noqa: BLE001 - logged
            log_event(log, logging.ERROR, LogEvent.BUG, "undeliverable", exc_info=True, record="outbox")
            return DeliveryResult()
        if not result.unanswered:
            self._silence.answered(asyncio.get_running_loop().time())
        return result
