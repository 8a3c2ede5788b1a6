"""Runs what a request asks for: one method of the dialect, or a `batch` of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.clock import Clock
from infra.local.portal.commands import Command, read_commands, resolve
from infra.local.portal.dialect import Call, Dialect, Method, Reply, php_map
from infra.local.portal.errors import RestError, method_not_found
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params
from infra.local.portal.timing import Stopwatch, Toil

BATCH = "batch"
MAX_COMMANDS = 50


@dataclass(frozen=True)
class Work:
    """What one HTTP request asks for, its method's name already in lower case."""

    method: str
    params: Mapping[str, Any]
    host: str


@dataclass
class Progress:
    """How far a request got: whether anything was changed, and what became of each command of a batch."""

    changed: bool = False
    errors: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class _Results:
    result: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] = field(default_factory=dict)
    total: dict[str, int] = field(default_factory=dict)
    next: dict[str, int] = field(default_factory=dict)
    time: dict[str, Any] = field(default_factory=dict)

    def maps(self) -> dict[str, dict[str, Any]]:
        return {
            "result": self.result,
            "error": self.error,
            "total": self.total,
            "next": self.next,
            "time": self.time,
        }


class Runner:
    """Runs methods one command after another, each taking its time."""

    def __init__(self, dialect: Dialect, options: PortalOptions, clock: Clock) -> None:
        self._dialect = dialect
        self._options = options
        self._clock = clock

    def knows(self, method: str) -> bool:
        """Say whether the portal has a method."""
        return method == BATCH or method in self._dialect

    def commands(self, work: Work) -> list[Command]:
        """Return the commands of a batch, or nothing for another method. Raises `RestError` for a bad `cmd`."""
        return read_commands(Params(work.params)) if work.method == BATCH else []

    def modifies(self, work: Work, commands: list[Command]) -> bool:
        """Say whether the request could change anything."""
        methods = [work.method, *(command.method for command in commands)]
        return any(name in self._dialect and self._dialect[name].modifies for name in methods)

    async def run(self, work: Work, commands: list[Command], watch: Stopwatch, progress: Progress) -> Reply:
        """Do what the request asks for.

        Raises `RestError` when it is refused as a whole, `RequestTimeoutError` at the 60 s cap; `progress` tells what
        was done by then.
        """
        toil = Toil(self._options, self._clock)
        if work.method == BATCH:
            return await self._batch(work, commands, toil, watch, progress)
        method = self._find(work.method)
        await toil.spend(work.method, watch)
        reply = method.run(Call(Params(work.params), work.host))
        progress.changed = method.modifies
        return reply

    def _find(self, name: str) -> Method:
        method = self._dialect.get(name)
        if method is None:
            raise method_not_found()
        return method

    async def _batch(
        self, work: Work, commands: list[Command], toil: Toil, watch: Stopwatch, progress: Progress
    ) -> Reply:
        halt = Params(work.params).flag("halt")
        done = _Results(error=progress.errors)
        for number, command in enumerate(commands):
            lap = Stopwatch.start(self._clock)
            try:
                method = self._admit(command, number)
                params = resolve(command.params, done.maps())
                await toil.spend(command.method, lap)
                reply = method.run(Call(Params(params if isinstance(params, Mapping) else {}), work.host))
            except RestError as error:
                done.error[command.key] = error.in_batch()
                if halt:
                    break
                continue
            progress.changed |= method.modifies
            watch.processing += lap.processing
            _collect(done, command.key, reply, lap)
        return Reply(
            {"result" if name == "result" else f"result_{name}": php_map(m) for name, m in done.maps().items()}
        )

    def _admit(self, command: Command, number: int) -> Method:
        if number >= MAX_COMMANDS:
            raise RestError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
        if command.method == BATCH:
            raise RestError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", 405)
        return self._find(command.method)


def _collect(done: _Results, key: str, reply: Reply, lap: Stopwatch) -> None:
    done.result[key] = reply.result
    if reply.total is not None:
        done.total[key] = reply.total
    if reply.next is not None:
        done.next[key] = reply.next
    done.time[key] = lap.view()
