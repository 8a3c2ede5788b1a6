"""What people sent, read in a process of its own, which has little memory, little time and no secret.

However a file makes a library work, it costs no more than that process, and nobody else waits for it. A program reads
the file from its input and writes JSON; who starts it imports it for its name, so that it is among what is deployed.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import ModuleType
from typing import Any, Final

SECONDS: Final = 7.5
"""Until it is killed, on a machine with other work too; how much of that it may compute it says itself."""

MOST_SECONDS: Final = 3
"""Of computing, with what Python and the library take to start."""

MOST_MEMORY: Final = 320 * 2**20

_KILLED: Final = (-signal.SIGXCPU, -signal.SIGKILL)


class ReaderError(Exception):
    """The program ended as it never should: a bug of ours, whatever the file."""


class TooMuchWorkError(Exception):
    """The file takes more than the program has."""


def program_of(module: ModuleType) -> Sequence[str]:
    """Return how a program is started."""
    return (sys.executable, "-m", module.__name__)


def read(program: Sequence[str], content: bytes, seconds: float = SECONDS) -> Any:  # noqa: ANN401 - JSON
    """Return what the program says of a file. Raises TooMuchWorkError and ReaderError."""
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, the file is its input
            program, input=content, capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise TooMuchWorkError from None
    if done.returncode in _KILLED:
        raise TooMuchWorkError
    if done.returncode:
        # The error's text may hold what stands in the file.
        last = (done.stderr.decode(errors="replace").splitlines() or [""])[-1].partition(":")[0]
        raise ReaderError(f"ended with {done.returncode}: {last}")
    return json.loads(done.stdout)


def answer(reads: Callable[[bytes], object]) -> None:
    """Be such a program: bound what this process may take, and say what the file at the input holds."""
    bound()
    sys.stdout.write(json.dumps(reads(sys.stdin.buffer.read())))


def bound() -> None:
    """Bound what this process may take; macOS knows no bound of memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
