"""The official Firestore emulator as a child process: for `--firestore` and for the store's tests.

It comes with gcloud and needs Java. Everything it keeps is in its memory. gcloud runs as the leader of a session of its
own: only then it stays in the process group it was started in, and one signal reaches it and its Java. A small shell
beside it waits on a pipe from us: when the pipe closes because this process died, in whatever way, the shell kills the
group and removes its files. So no Java process is ever left behind.

See shared/store/README.md, «Firestore».
"""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

_GUARD = 'cat >/dev/null; kill -s KILL -- "-$1"; rm -rf -- "$2"'

_JAVA = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
"""An emulator lives for minutes: what Java's second compiler and its collector's threads cost, they never give back.
With these it takes less than half of the CPU's time."""

_READY = b"Ok"
_LOG_TAIL = 2000


class EmulatorMissingError(Exception):
    """Something the emulator needs is not installed; the text says what."""


class EmulatorFailedError(Exception):
    """The emulator is installed but did not start; the text has the end of its log."""


class FirestoreEmulator:
    """One emulator: `start` it, give clients `host` as FIRESTORE_EMULATOR_HOST, `stop` it. A context manager too.

    `port`: 0 takes a free one. `patience`: seconds to wait until it answers; Java on a busy machine takes its time.
    """

    def __init__(self, port: int = 0, *, patience: float = 60.0) -> None:
        self._port = port
        self._patience = patience
        self._home: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        """`host:port` of the running emulator."""
        return f"127.0.0.1:{self._port}"

    @property
    def process_group(self) -> int | None:
        """Process group of the running emulator; None when it does not run."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the emulator and wait until it answers; EmulatorMissingError or EmulatorFailedError if it cannot."""
        command = [_tool("gcloud"), "emulators", "firestore", "start"]
        _tool("java")
        self._port = self._port or _free_port()
        self._home = Path(tempfile.mkdtemp(prefix="firestore-emulator-"))
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - a fixed command, found on PATH
                [*command, f"--host-port={self.host}"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_environment(self._home),
                start_new_session=True,
            )
        try:
            self._guard = subprocess.Popen(  # noqa: S603 - a fixed command
                ["/bin/sh", "-c", _GUARD, "sh", str(self._process.pid), str(self._home)],
                stdin=subprocess.PIPE,
                start_new_session=True,
            )
            self._wait_until_ready(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Kill the emulator with all its processes and remove its files; nothing happens if it does not run."""
        guard, self._guard = self._guard, None
        if guard is not None:
            # Before its pipe closes, so it kills nobody who gets the emulator's process id later.
            guard.kill()
            guard.communicate()
        process, self._process = self._process, None
        if process is not None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        home, self._home = self._home, None
        if home is not None:
            shutil.rmtree(home, ignore_errors=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def _log(self) -> Path:
        if self._home is None:
            raise RuntimeError("the emulator does not run")
        return self._home / "emulator.log"

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        ends = time.monotonic() + self._patience
        while not _answers(self._port):
            if process.poll() is not None:
                self._give_up("the Firestore emulator ended at once")
            if time.monotonic() > ends:
                self._give_up(f"the Firestore emulator did not answer within {self._patience:.0f} s")
            # There is nothing to wait on but its port: the emulator has no other sign of being ready.
            time.sleep(0.05)

    def _give_up(self, what: str) -> None:
        log = self._log.read_text(errors="replace")[-_LOG_TAIL:]
        if "not currently installed" in log or "gcloud components install" in log:
            raise EmulatorMissingError("gcloud has no component cloud-firestore-emulator")
        raise EmulatorFailedError(f"{what}:\n{log}")


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise EmulatorMissingError(f"{name} is not installed")
    return path


def _environment(home: Path) -> dict[str, str]:
    """Return an environment in which gcloud asks nothing, phones nobody and writes only below `home`."""
    quiet = {
        "JAVA_TOOL_OPTIONS": os.environ.get("JAVA_TOOL_OPTIONS", _JAVA),
        "HOME": str(home),
        "CLOUDSDK_CONFIG": str(home / "gcloud"),
        "CLOUDSDK_CORE_DISABLE_PROMPTS": "1",
        "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "1",
        "CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK": "1",
    }
    return os.environ | quiet


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1.0)
    try:
        connection.request("GET", "/")
        return connection.getresponse().read(len(_READY)) == _READY
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
