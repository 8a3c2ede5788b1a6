"""A client that keeps to the limits: what is asked is what `BitrixClient` is asked, and so is what is answered."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from shared.bitrix.errors import BitrixError, OperationPaused, PartlyDone, PortalFailed, RateLimited
from shared.bitrix.limits.batch_size import BatchSize
from shared.bitrix.limits.circuit_breaker import CircuitBreaker, stops_everything
from shared.bitrix.limits.pauses import MethodPauses
from shared.bitrix.limits.rate_limiter import RateLimiter
from shared.bitrix.portal import Operation, weight_together
from shared.clock import Now
from shared.log_events import LogEvent, log_event

T = TypeVar("T")

log = logging.getLogger(__name__)


class PortalClient(Protocol):
    """What is needed of `shared.bitrix.client.BitrixClient`."""

    async def read(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Perform reads in one request; an error stands in the place of its operation's value."""
        ...

    async def write(self, operation: Operation[T], key: str) -> T:
        """Perform a change."""
        ...

    async def picture(self, url: str) -> bytes:
        """Download a picture."""
        ...


class LimitedClient:
    """Asks the guards before each request and tells them how it went.

    A request that a guard does not let through is not sent, and looks as if the portal had said so: RateLimited (the
    bucket, log event `pace_guard`), OperationPaused (a resting method), PortalStopped (the breaker). Of several reads
    only those of resting methods stay behind.
    """

    def __init__(
        self,
        client: PortalClient,
        *,
        bucket: RateLimiter,
        pauses: MethodPauses,
        breaker: CircuitBreaker,
        batch_size: BatchSize,
        now: Now,
        timer: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._pauses = pauses
        self._breaker = breaker
        self._batch_size = batch_size
        self._now = now
        self._timer = timer

    async def read(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        """Perform reads in at most one request; one value or `BitrixError` for each, in order."""
        # Beside each other: two answers of the store that are each believed for seconds.
        paused, _ = await asyncio.gather(self._paused(operations), self._breaker.look())
        awake = [operation for operation, pause in zip(operations, paused, strict=True) if pause is None]
        answered = iter(await self._read(awake) if awake else [])
        return [next(answered) if pause is None else pause for pause in paused]

    async def write(self, operation: Operation[T], key: str) -> T:
        """Perform a change in at most one request; raise `BitrixError`."""
        [pause] = await self._paused([operation])
        if pause is not None:
            raise pause
        await self._admit()
        try:
            value = await self._client.write(operation, key)
        except BitrixError as error:
            await self._learn(error)
            raise
        await self._breaker.learn(None)
        return value

    async def picture(self, url: str) -> bytes:
        """Download a picture. That it works proves nothing about the REST, so only what stops everything is learned."""
        await self._admit()
        try:
            return await self._client.picture(url)
        except BitrixError as error:
            if stops_everything(error):
                await self._breaker.learn(error)
            raise

    async def _read(self, operations: Sequence[Operation[Any]]) -> list[Any]:
        try:
            await self._admit()
        except BitrixError as error:
            return [error] * len(operations)
        started = self._timer()
        results = await self._client.read(operations)
        seconds = self._timer() - started
        whole = _whole_error(results)
        self._measure(operations, seconds, whole)
        for pause in {id(result): result for result in results if isinstance(result, OperationPaused)}.values():
            await self._rest(pause)
        await self._breaker.learn(whole)
        return results

    async def _admit(self) -> None:
        """Raise RateLimited or PortalStopped. The bucket comes first, or a probe might be spent on nothing."""
        if not self._bucket.take(self._now()):
            log_event(log, logging.WARNING, LogEvent.PACE_GUARD, "no token for a request")
            raise RateLimited("this instance's own pace")
        await self._breaker.admit()

    async def _paused(self, operations: Sequence[Operation[Any]]) -> list[OperationPaused | None]:
        """Return, for each operation, the pause it has to wait for."""
        methods = [_methods(operation) for operation in operations]
        resting = await self._pauses.resting(sorted({name for names in methods for name in names}))
        return [_pause(names, resting) for names in methods]

    async def _learn(self, error: BitrixError) -> None:
        cause = error.cause if isinstance(error, PartlyDone) else error
        if isinstance(cause, OperationPaused):
            await self._rest(cause)
        await self._breaker.learn(cause)

    async def _rest(self, error: OperationPaused) -> None:
        """Let the refused method rest. An error that names several was met by one of them; which, it does not say."""
        for method in sorted(set(error.methods)):
            await self._pauses.rest(method, error.until)

    def _measure(self, operations: Sequence[Operation[Any]], seconds: float, whole: BitrixError | None) -> None:
        # Weights are what a batch is filled by: a command that holds others counts as many.
        commands = weight_together(operations)
        timed_out = isinstance(whole, PortalFailed) and whole.http_status is None
        if timed_out or whole is None:
            self._batch_size.learn(commands, seconds, timed_out=timed_out)


def _whole_error(results: Sequence[Any]) -> BitrixError | None:
    """Return the error of the request as a whole: the client puts the very same one in every place."""
    first = results[0]
    is_whole = isinstance(first, BitrixError) and all(result is first for result in results)
    return first if is_whole else None


def _methods(operation: Operation[Any]) -> tuple[str, ...]:
    return tuple(command.method for command in operation.commands.values())


def _pause(methods: Sequence[str], resting: dict[str, datetime]) -> OperationPaused | None:
    waiting = [method for method in dict.fromkeys(methods) if method in resting]
    if not waiting:
        return None
    return OperationPaused("resting", until=max(resting[method] for method in waiting), methods=waiting)
