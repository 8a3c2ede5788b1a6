"""The real command in a process of its own."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from infra.local.serving import bind

COMMAND = str(Path(sys.executable).with_name("assistant"))
PATIENCE = 240.0
"""Seconds a start may take on a busy machine."""

STOPS_WITHIN = 50.0
"""Seconds from the signal to the end, on any machine: fewer than the slowest answer a test has the portal give."""


def environment(given: Mapping[str, str]) -> dict[str, str]:
    """Nothing of this machine's environment but what a program needs to start, and what is given."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH", "JAVA_HOME") if name in os.environ}
    return {**kept, **given}


async def _start(arguments: Sequence[str], given: Mapping[str, str] | None, **how: Any) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    env = environment(given or {})
    return await asyncio.create_subprocess_exec(COMMAND, *arguments, env=env, stdout=pipe, stderr=pipe, **how)


async def run(*arguments: str, given: Mapping[str, str] | None = None) -> tuple[int, str, str]:
    """Run the command to its end: (exit status, output, error output)."""
    process = await _start(arguments, given)
    async with asyncio.timeout(PATIENCE):
        output, errors = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode(), errors.decode()


def free_ports() -> int:
    while True:
        with bind(0) as probe, suppress(OSError):
            first: int = probe.getsockname()[1]
            for port in (first + 1, first + 2):
                bind(port).close()
            return first


class Running:
    """A command that goes on until it is told to stop."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.output = ""
        self.errors = ""

    async def line(self) -> str:
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = (await self._process.stdout.readline()).decode()
        self.output += line
        return line

    async def addresses(self) -> dict[str, Any]:
        """The first line of `--json`."""
        line = await self.line()
        if not line:
            await self._process.wait()
            await self._read()
        assert line, self.errors
        addresses: dict[str, Any] = json.loads(line)
        return addresses

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; (exit status, seconds it took). A process group that is left behind is a failure."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        self._process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            await self._read()
            status = await self._process.wait()
        return status, loop.time() - began

    async def _read(self) -> None:
        output, errors = await self._process.communicate()
        self.output += output.decode()
        self.errors += errors.decode()

    @property
    def leaves_processes(self) -> bool:
        """Whether anything of its process group is still there."""
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return False
        return True


@asynccontextmanager
async def running(*arguments: str, given: Mapping[str, str] | None = None) -> AsyncIterator[Running]:
    """Start the command, in a process group of its own; kill it if the test did not stop it."""
    process = await _start(arguments, given, start_new_session=True)
    try:
        yield Running(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()
