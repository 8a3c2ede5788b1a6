"""Starting and ending the emulator, with small stand-ins for gcloud and Java; the real one runs in the other tests."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.local.firestore_emulator import EmulatorFailedError, EmulatorMissingError, FirestoreEmulator
from tests.support.door import LONGEST

ROOT = Path(__file__).parents[2]

SERVES = """
exec {python} - "$@" <<'END'
import http.server, os, subprocess, sys
if os.getsid(0) != os.getpid():  # as gcloud does
    os.setpgid(0, 0)
subprocess.Popen(["sleep", "1000"])  # stands for Java: a child that would be left behind
class Ok(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Ok\\n")
assert sys.argv[1:4] == ["emulators", "firestore", "start"]
assert os.path.realpath(os.environ["CLOUDSDK_CONFIG"]).startswith(os.path.realpath(os.environ["HOME"]))
host, port = sys.argv[4].removeprefix("--host-port=").split(":")
http.server.HTTPServer((host, int(port)), Ok).serve_forever()
END
"""

STARTER = """
import time
from infra.local.firestore_emulator import FirestoreEmulator
emulator = FirestoreEmulator()
emulator.start()
print(emulator.process_group, flush=True)
time.sleep(60)
"""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch) -> Callable[..., None]:
    """Puts stand-ins on an otherwise empty PATH: name=what the shell script does."""
    monkeypatch.setenv("PATH", str(tmp_path))
    # The usual tools for the scripts themselves.
    for name in ("sleep", "cat", "echo", "rm"):
        (tmp_path / name).symlink_to(f"/bin/{name}")

    def install(**scripts: str) -> None:
        for name, script in scripts.items():
            path = tmp_path / name
            path.write_text(f"#!/bin/sh\n{script.replace('{python}', sys.executable)}\n")
            path.chmod(0o755)

    return install


def alive(session: int) -> int:
    """How many processes of a session run; zombies that nobody collected do not count.

    The session, because a process may leave its group but not so easily its session.
    """
    states = subprocess.run(
        ["/bin/ps", "-eo", "sess=,state="], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return sum(line.split()[0] == str(session) and line.split()[1] != "Z" for line in states)


def soon(condition: Callable[[], bool]) -> bool:
    """Whether something comes true within a minute. Other processes do it: there is no clock to inject."""
    patience = time.monotonic() + 60
    while not condition() and time.monotonic() < patience:
        time.sleep(0.02)
    return condition()


def ends(session: int) -> bool:
    return soon(lambda: alive(session) == 0)


@pytest.mark.emulator
@pytest.mark.usefixtures("firestore_host")
def test_the_real_one_leaves_no_process_behind():
    """Asks for the fixture to be skipped where there is no emulator."""
    with FirestoreEmulator(patience=LONGEST) as emulator:
        group = emulator.process_group
        assert group is not None
        assert alive(group) >= 2
    assert ends(group)


def test_it_starts_and_ends_with_all_its_processes(tools):
    tools(gcloud=SERVES, java="")
    with FirestoreEmulator() as emulator:
        group = emulator.process_group
        assert group is not None
        assert alive(group) == 2
        assert emulator.host.startswith("127.0.0.1:")
    assert ends(group)
    assert emulator.process_group is None
    emulator.stop()


def test_several_run_side_by_side(tools):
    tools(gcloud=SERVES, java="")
    with FirestoreEmulator() as one, FirestoreEmulator() as other:
        assert one.host != other.host


def test_it_dies_with_us_even_when_we_are_killed(tools, tmp_path, monkeypatch):
    tools(gcloud=SERVES, java="")
    files = tmp_path / "files"
    files.mkdir()
    monkeypatch.setenv("TMPDIR", str(files))
    with subprocess.Popen([sys.executable, "-c", STARTER], cwd=ROOT, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        group = int(starter.stdout.readline())
        assert alive(group) == 2
        assert len(list(files.iterdir())) == 1
        starter.send_signal(signal.SIGKILL)
    assert ends(group)
    assert soon(lambda: not list(files.iterdir()))


def test_what_is_missing_is_named(tools):
    with pytest.raises(EmulatorMissingError, match="gcloud is not installed"):
        FirestoreEmulator().start()
    tools(gcloud=SERVES)
    with pytest.raises(EmulatorMissingError, match="java is not installed"):
        FirestoreEmulator().start()
    text = "ERROR: The required components are not currently installed"
    tools(gcloud=f"echo '{text}'; exit 1", java="")
    with pytest.raises(EmulatorMissingError, match="component cloud-firestore-emulator"):
        FirestoreEmulator().start()


def test_a_failure_shows_the_log(tools):
    tools(gcloud="echo 'port is taken' >&2; exit 1", java="")
    with pytest.raises(EmulatorFailedError, match="ended at once:\nport is taken"):
        FirestoreEmulator().start()


def test_patience_ends(tools):
    tools(gcloud="echo $$; exec sleep 1000", java="")
    emulator = FirestoreEmulator(patience=0.5)
    with pytest.raises(EmulatorFailedError, match="did not answer within") as failure:
        emulator.start()
    assert ends(int(str(failure.value).splitlines()[-1]))
    assert emulator.process_group is None


def test_there_is_no_log_when_it_does_not_run():
    with pytest.raises(RuntimeError, match="does not run"):
        FirestoreEmulator()._log.read_text()


@pytest.mark.parametrize(("ci", "outcome"), [("", "1 skipped"), ("true", "1 error")])
@pytest.mark.usefixtures("tools")
def test_without_it_tests_are_skipped_but_fail_in_ci(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    test = "tests/store/test_contract.py::TestReading::test_an_absent_document_is_none[firestore]"
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert outcome in run.stdout
    assert "gcloud is not installed" in run.stdout
