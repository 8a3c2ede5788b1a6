"""Carries out what a queue decides: starts attempts when they may go, and feeds the answers back."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from infra.local.clock import Clock, wait_for_signal, within
from infra.local.cloud_tasks.headers import Attempt, dispatch_headers
from infra.local.cloud_tasks.journal import Dispatch, Journal
from infra.local.cloud_tasks.model import HttpCall, Reply, TaskRecord
from infra.local.cloud_tasks.names import short
from infra.local.cloud_tasks.oidc import identity_token
from infra.local.cloud_tasks.queue_state import QueueState
from infra.local.cloud_tasks.target import Target

_NO_REPLY = Reply(None, "CANCELLED")


class Dispatcher:
    """The loop of one queue. Attempts run beside it, as many as the queue allows."""

    def __init__(self, queue: QueueState, clock: Clock, target: Target, journal: Journal) -> None:
        self.queue = queue
        self._clock = clock
        self._target = target
        self._journal = journal
        self._signal = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._attempts: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to dispatch."""
        self._loop = asyncio.create_task(self._run(), name=f"dispatch {self.queue.name}")

    def wake(self) -> None:
        """Say that the queue changed: a task came, a rule is new, a pause ended."""
        self._signal.set()

    def force(self, task: TaskRecord) -> None:
        """Dispatch now, whatever the queue's pace and state (RunTask)."""
        self._launch(task, forced=True)

    async def stop(self, grace: float) -> None:
        """Start nothing more; let running attempts end within `grace` real seconds, then cut them off.

        What is cut off counts as a failed attempt and stays in the queue.
        """
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait({self._loop})
            self._loop = None
        if self._attempts:
            _, late = await asyncio.wait(self._attempts, timeout=grace)
            for attempt in late:
                attempt.cancel()
            if late:
                await asyncio.wait(late)

    async def _run(self) -> None:
        """Dispatch what may go, wait until more may, for ever."""
        while True:
            self._signal.clear()
            wait = self._launch_ready()
            await wait_for_signal(self._clock, self._signal, None if wait is None else wait.total_seconds())

    def _launch_ready(self) -> timedelta | None:
        """Start every attempt that may go now; return how long to wait for the next."""
        while isinstance(move := self.queue.next_move(self._clock.now()), TaskRecord):
            self._launch(move, forced=False)
        return move

    def _launch(self, task: TaskRecord, *, forced: bool) -> None:
        now = self._clock.now()
        call = _call(self.queue, task, now)
        self.queue.begin(task, now, forced=forced)
        entry = Dispatch(at=now, queue=self.queue.name, task=task.name, attempt=task.dispatches)
        self._journal.begin(entry)
        attempt = asyncio.create_task(self._attempt(task, call, entry, forced=forced))
        self._attempts.add(attempt)
        attempt.add_done_callback(self._attempts.discard)

    async def _attempt(self, task: TaskRecord, call: HttpCall, entry: Dispatch, *, forced: bool) -> None:
        """Make the request and tell the queue; a task is never lost, however this ends."""
        reply = _NO_REPLY
        try:
            reply = await within(self._clock, task.deadline.total_seconds(), self._target.send(call))
        except TimeoutError:
            reply = Reply(None, "DEADLINE_EXCEEDED")
        finally:
            now = self._clock.now()
            self.queue.finish(task, reply, now, retry_from=entry.at if forced else now)
            self._journal.end(entry, now, reply.status, reply.reason)
            self.wake()


def _call(queue: QueueState, task: TaskRecord, now: datetime) -> HttpCall:
    attempt = Attempt(
        queue=short(queue.name),
        task=short(task.name),
        eta=task.schedule_at,
        retry_count=task.dispatches,
        execution_count=task.executions,
        previous_response=task.previous_response,
        retry_reason=task.retry_reason,
    )
    token = identity_token(task.identity.email, task.identity.audience, now) if task.identity else None
    headers = dispatch_headers(attempt, task.call.headers, token)
    return HttpCall(task.call.method, task.call.url, headers, task.call.body)
