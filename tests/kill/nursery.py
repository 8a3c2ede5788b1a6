"""The process that has imported all and forks the functions' processes off, so that a new one costs no imports.

Each serves one function by functions-framework's own command, with a clock that is off. `python -m tests.kill.nursery
TIMES SINCE` lives by that slowness; each line of its standard input is an order. When that ends, all end.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import random
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta

import shared.clock
from tests.kill.slowness import Slowness

LAZY = (
    "functions_framework._cli",
    "functions_framework.aio",
    "functions_framework._http.gunicorn",
    "uvicorn_worker",
    "google.cloud.firestore",
    "google.cloud.tasks_v2",
    "google.cloud.secretmanager_v1",
)
"""What a server and the functions import when they need it, beside our own modules."""


@dataclass(frozen=True)
class Order:
    """Kill who has this name, if anybody has; then start the function at the port, with a clock `ahead` seconds."""

    name: str
    function: str
    port: int
    ahead: float
    log: str

    def line(self) -> bytes:
        """Return it as the nursery reads it."""
        return f"{json.dumps(asdict(self))}\n".encode()


class Nursery:
    """Those who live, by name. `ahead` is the clock of the process that it is in."""

    def __init__(self, slowness: Slowness) -> None:
        self.ahead = timedelta()
        self._living: dict[str, int] = {}
        self._ends, self._open = os.pipe()
        slowness.begin()
        # Before anything else is imported: from then on everybody has the clock by its name.
        setattr(shared.clock, "utc_now", lambda: slowness.now() + self.ahead)  # noqa: B010 - mypy would not have it assigned

    def obey(self, order: Order) -> None:
        """Do what is ordered. In the process that it starts this never returns."""
        living = self._living.get(order.name)
        if living is not None:
            with suppress(ProcessLookupError):
                os.killpg(living, signal.SIGKILL)
            os.waitpid(living, 0)
        born = os.fork()
        if born == 0:
            self._serve(order)
            os._exit(0)
        self._living[order.name] = born

    def _serve(self, order: Order) -> None:
        os.setsid()
        os.close(self._open)
        said = os.open(order.log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        for number, source in enumerate((os.open(os.devnull, os.O_RDONLY), said, said)):
            os.dup2(source, number)
        threading.Thread(target=end_with, args=(self._ends,), daemon=True).start()
        random.seed()
        self.ahead = timedelta(seconds=order.ahead)
        serve(order.function, order.port)


def end_with(pipe: int) -> None:
    """Wait until whoever could write into the pipe is gone, then kill this process and its children."""
    os.read(pipe, 1)
    # The server's children with it: they would serve on.
    os.killpg(0, signal.SIGKILL)


def serve(function: str, port: int) -> None:
    """Serve until killed."""
    from functions_framework._cli import _cli  # noqa: PLC0415 - the clock is set first

    source = f"functions/{function}/main.py"
    _cli(["--target", function, "--source", source, "--host", "127.0.0.1", "--port", str(port), "--asgi"])


def import_all(package: str, others: Sequence[str]) -> None:
    """Import every module of the package, and the others."""
    folder = importlib.import_module(package).__path__
    for name in (*(found.name for found in pkgutil.walk_packages(folder, f"{package}.")), *others):
        importlib.import_module(name)


def main(times: str, since: str) -> None:
    """Obey until the standard input ends."""
    nursery = Nursery(Slowness(float(times), float(since)))
    import_all("shared", LAZY)
    for line in sys.stdin:
        nursery.obey(Order(**json.loads(line)))


if __name__ == "__main__":
    main(*sys.argv[1:])
