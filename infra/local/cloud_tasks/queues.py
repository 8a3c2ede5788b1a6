"""All queues of the emulator, each with its dispatcher."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from infra.local.clock import Clock
from infra.local.cloud_tasks.dispatcher import Dispatcher
from infra.local.cloud_tasks.journal import Journal
from infra.local.cloud_tasks.model import TaskRecord
from infra.local.cloud_tasks.queue_state import QueueState
from infra.local.cloud_tasks.target import Target

# «Up to 3 days» says the newest wording of DeleteQueue; older pages say 7.
NAME_LOCK = timedelta(days=3)

# How long attempts of a deleted queue may go on, in real seconds.
_PARTING_SECONDS = 30.0


class Queues:
    """The queues, in memory. They outlive a stop: what waits goes on after the next start.

    `burst` is the size of new queues' token buckets; None: as large as the service promises at least.
    """

    def __init__(self, clock: Clock, journal: Journal, target: Target, burst: int | None) -> None:
        self.burst = burst
        self._clock = clock
        self._journal = journal
        self._target = target
        self._running = False
        self._dispatchers: dict[str, Dispatcher] = {}
        self._locked: dict[str, datetime] = {}
        self._leaving: set[asyncio.Task[None]] = set()

    def all(self) -> list[QueueState]:
        """Return every queue."""
        return [dispatcher.queue for dispatcher in self._dispatchers.values()]

    def find(self, name: str) -> QueueState | None:
        """Return a queue by its full name."""
        dispatcher = self._dispatchers.get(name)
        return dispatcher.queue if dispatcher else None

    def is_locked(self, name: str, now: datetime) -> bool:
        """Tell whether a queue of that name was deleted lately."""
        deleted_at = self._locked.get(name)
        return deleted_at is not None and now - deleted_at < NAME_LOCK

    def open(self, state: QueueState) -> None:
        """Take a queue in and dispatch it."""
        dispatcher = Dispatcher(state, self._clock, self._target, self._journal)
        self._dispatchers[state.name] = dispatcher
        if self._running:
            dispatcher.start()

    def close(self, name: str, now: datetime) -> None:
        """Delete a queue with its tasks; attempts that run may end."""
        dispatcher = self._dispatchers.pop(name)
        dispatcher.queue.purge(now)
        self._locked[name] = now
        leaving = asyncio.ensure_future(dispatcher.stop(grace=_PARTING_SECONDS))
        self._leaving.add(leaving)
        leaving.add_done_callback(self._leaving.discard)

    def wake(self, name: str) -> None:
        """Tell a queue's dispatcher that something changed."""
        self._dispatchers[name].wake()

    def force(self, name: str, task: TaskRecord) -> None:
        """Dispatch a task now."""
        self._dispatchers[name].force(task)

    def start(self) -> None:
        """Dispatch all queues."""
        self._running = True
        for dispatcher in self._dispatchers.values():
            dispatcher.start()

    async def stop(self, grace: float) -> None:
        """Stop dispatching; see `Dispatcher.stop`."""
        self._running = False
        await asyncio.gather(*(dispatcher.stop(grace) for dispatcher in self._dispatchers.values()), *self._leaving)
