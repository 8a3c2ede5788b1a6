"""Runs what a request asks for: one method of the dialect, or a `batch` of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.local.clock import Clock
from infra.local.portal.commands import Command, read_commands, resolve
from infra.local.portal.dialect import ANONYMOUS, Call, Caller, Dialect, Method, Reply, php_map
from infra.local.portal.errors import (
    RequestTimeoutError,
    RestError,
    insufficient_scope,
    method_not_found,
    not_in_batch,
    operation_limit,
    warned,
)
from infra.local.portal.hits import one_hit
from infra.local.portal.operating import OperatingBudget
from infra.local.portal.options import PortalOptions
from infra.local.portal.params import Params
from infra.local.portal.timing import Stopwatch, Toil

BATCH = "batch"
MAX_COMMANDS = 50


@dataclass(frozen=True)
class Trouble:
    """A fault that strikes inside the request.

    A batch dies after `dies_after` commands; commands of the method `over_budget` (empty: of all) are refused with
    OPERATION_TIME_LIMIT; those of `saves_first` are done, and then refused.
    """

    dies_after: int | None = None
    over_budget: str | None = None
    saves_first: Collection[str] = ()

    def refuses(self, method: str) -> bool:
        """Say whether a command is over the budget."""
        return self.over_budget is not None and self.over_budget in ("", method)


@dataclass(frozen=True)
class Work:
    """What one HTTP request asks for, its method's name already in lower case."""

    method: str
    params: Mapping[str, Any]
    host: str
    caller: Caller = ANONYMOUS
    trouble: Trouble = Trouble()


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
    """Runs methods one command after another, each taking its time.

    `budget` limits what the methods take together (None: no limit).
    """

    def __init__(
        self, dialect: Dialect, options: PortalOptions, clock: Clock, budget: OperatingBudget | None = None
    ) -> None:
        self._dialect = dialect
        self._options = options
        self._clock = clock
        self._budget = budget

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
        with one_hit():
            if work.method == BATCH:
                return await self._batch(work, commands, toil, watch, progress)
            method = self._permit(work.method, work)
            reply = await self._perform(method, Command("", work.method, work.params), work, toil, watch)
        progress.changed = method.modifies
        return reply

    def _permit(self, name: str, work: Work) -> Method:
        """Return a method the caller may run now. Raises `RestError`."""
        method = self._dialect.get(name)
        if method is None:
            raise method_not_found()
        if method.scope and method.scope not in self._options.native.scopes:
            raise insufficient_scope()
        if work.trouble.refuses(name):
            raise operation_limit()
        if self._budget is not None:
            self._budget.check(work.caller.name, name)
        return method

    async def _perform(self, method: Method, command: Command, work: Work, toil: Toil, watch: Stopwatch) -> Reply:
        """Run a method for as long as it takes, counting its time even when it refuses."""
        await toil.spend(command.method, watch)
        if self._budget is not None:
            self._budget.spend(work.caller.name, command.method, watch.processing)
            watch.usage = self._budget.usage(work.caller.name, command.method)
        reply = method.run(Call(Params(command.params), work.host, work.caller))
        if command.method in work.trouble.saves_first:
            raise warned()
        return reply

    async def _batch(
        self, work: Work, commands: list[Command], toil: Toil, watch: Stopwatch, progress: Progress
    ) -> Reply:
        halt = Params(work.params).flag("halt")
        done = _Results(error=progress.errors)
        for number, command in enumerate(commands):
            if number == work.trouble.dies_after:
                raise RequestTimeoutError
            lap = Stopwatch.start(self._clock)
            try:
                method = self._admit(command, number, work)
                reply = await self._perform(method, _resolved(command, done), work, toil, lap)
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

    def _admit(self, command: Command, number: int, work: Work) -> Method:
        if number >= MAX_COMMANDS:
            raise RestError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
        if command.method == BATCH:
            raise not_in_batch()
        method = self._permit(command.method, work)
        if not method.in_batch:
            raise not_in_batch()
        return method


def _resolved(command: Command, done: _Results) -> Command:
    params = {name: resolve(value, done.maps()) for name, value in command.params.items()}
    return Command(command.key, command.method, params)


def _collect(done: _Results, key: str, reply: Reply, lap: Stopwatch) -> None:
    done.result[key] = reply.result
    if reply.total is not None:
        done.total[key] = reply.total
    if reply.next is not None:
        done.next[key] = reply.next
    done.time[key] = lap.view()
