"""The Cloud Tasks emulator as a whole: a gRPC server for the unchanged Google clients, with the dispatching behind."""

from __future__ import annotations

from datetime import timedelta

from infra.local.clock import Clock, SystemClock
from infra.local.cloud_tasks.backoff import RetryRules
from infra.local.cloud_tasks.journal import Journal
from infra.local.cloud_tasks.queue_state import Limits, QueueState
from infra.local.cloud_tasks.queues import Queues
from infra.local.cloud_tasks.service import SERVICE, CloudTasksService
from infra.local.cloud_tasks.target import HttpTarget, Target
from infra.local.rpc import RpcServer

DEDUP_WINDOW = timedelta(hours=24)


class CloudTasksEmulator:
    """Cloud Tasks on one machine, in memory.

    `burst`: the size of the queues' token buckets; None means the least the service promises (the rate, rounded up).
    Clients cannot set it, as in the real service. `target` and `clock` are seams for tests.
    """

    def __init__(
        self,
        *,
        burst: int | None = None,
        dedup_window: timedelta = DEDUP_WINDOW,
        clock: Clock | None = None,
        target: Target | None = None,
    ) -> None:
        self.journal = Journal()
        self._clock = clock or SystemClock()
        self._http = HttpTarget()
        self._queues = Queues(self._clock, self.journal, target or self._http, burst)
        self._service = CloudTasksService(self._queues, self._clock, dedup_window)
        self._server = RpcServer("The Cloud Tasks emulator", SERVICE, self._service.methods())

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serve and dispatch; return `host:port`. Queues and tasks of an earlier run are still there."""
        address = await self._server.start(host, port)
        self._queues.start()
        return address

    async def stop(self, grace: float = 30.0) -> None:
        """Stop dispatching, let running attempts end within `grace` real seconds, then stop serving.

        The server goes last: a worker that is about to finish may still want to add tasks.
        """
        await self._queues.stop(grace)
        await self._server.stop()
        await self._http.close()

    def add_queue(
        self, name: str, limits: Limits | None = None, retry: RetryRules | None = None, *, paused: bool = False
    ) -> QueueState:
        """Make a queue without a client. `name` is the full one. Raises `rpc.RefusedError` where CreateQueue would."""
        state = self._service.open(name, limits or Limits(burst=self._queues.burst), retry or RetryRules())
        state.paused = paused
        return state

    def queue(self, name: str) -> QueueState:
        """Return a queue's state by its full name, to look at; KeyError when there is none."""
        state = self._queues.find(name)
        if state is None:
            raise KeyError(name)
        return state

    def pause(self, name: str) -> None:
        """Dispatch nothing of a queue; what is added waits."""
        self.queue(name).paused = True

    def lose(self, name: str) -> None:
        """Forget all that waits in a queue, and dispatch what comes from now on."""
        state = self.queue(name)
        state.purge(self._clock.now())
        state.paused = False
        self._queues.wake(name)
