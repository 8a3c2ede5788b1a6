"""The zips that Terraform makes: each is unpacked, installed into an empty environment, started and asked."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from infra.checks import terraform
from infra.checks.terraform import run
from infra.install.__main__ import REQUIREMENTS, download
from infra.install.pins import pins
from infra.packaging import functions, needs
from shared.settings import Settings
from tests.infra.terraform import bundles
from tests.support.servers import first_answer, free_port

pytestmark = pytest.mark.timeout(300)

ENVIRONMENT = {
    "STORE": "memory",
    "LOG_EXECUTION_ID": "false",
    "TELEGRAM_BOT_TOKEN": "1:a",
    # Nobody is there: housekeeping may look at the webhook, and must not ask the real Telegram.
    "TELEGRAM_API_BASE": "http://127.0.0.1:9",
    "TELEGRAM_WEBHOOK_SECRET": "telegram-secret-1",
    "BITRIX_DIALECT": "contract",
    "BITRIX_BASE_URL": "https://portal.example/rest/1/key/",
    "BITRIX_QUEUE": "projects/p/locations/l/queues/bitrix",
    "TELEGRAM_QUEUE": "projects/p/locations/l/queues/telegram",
    "BITRIX_CALL_URL": "https://call.example",
    "TELEGRAM_SEND_URL": "https://send.example",
}

FEWEST_SECRETS = 5
"""The settings have more secrets than these."""

FIRST_ANSWERS = {
    "telegram_update": (401, '{"error":"unauthorized"}'),
    "bitrix_webhook": (401, '{"error":"unauthorized"}'),
    "bitrix_call": (200, "ok"),
    "telegram_send": (200, "ok"),
    "housekeeping": (200, "ok"),
    "token_refresh": (200, "ok"),
}
"""What a POST of a task without a record is answered; the public two ask for their secret."""

TASK = {"collection": "jobs", "id": "gone"}


SECRETS = {name: f"recognisable-{name}" for name, field in Settings.model_fields.items() if "Secret" in str(field)}
"""Setting → the value it has for whoever plans: he has the functions' own variables in his shell."""


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What Terraform says while it plans."""
    return []


@pytest.fixture(scope="module")
def zips(said: list[str]) -> Iterator[dict[str, Path]]:
    """Function → its zip, as planning makes it."""

    def listening(command: Sequence[str], *where: Path) -> str:
        said.append(run(command, *where))
        return said[-1]

    with pytest.MonkeyPatch.context() as patch, ExitStack() as planned:
        for name, value in SECRETS.items():
            patch.setenv(name.upper(), value)
            patch.setenv(f"TF_VAR_{name}", value)
        patch.setenv("BITRIX_BASE_URL", "https://portal.example/rest/1/recognisable-key/")
        patch.setattr(terraform, "run", listening)
        folder = planned.enter_context(bundles())
        found = folder.glob("*.zip")
        names = {path.name.removeprefix("assistant-").rpartition("-")[0].replace("-", "_"): path for path in found}
        assert sorted(names) == functions()
        yield names


def test_nothing_of_whoever_plans_is_in_a_zip_or_in_the_plan(zips: dict[str, Path], said: list[str]) -> None:
    assert len(SECRETS) > FEWEST_SECRETS
    for archive in zips.values():
        with zipfile.ZipFile(archive) as opened:
            assert {Path(name).suffix for name in opened.namelist()} == {".py", ".txt"}
            assert [name for name in opened.namelist() if b"recognisable" in opened.read(name)] == []
    folder = next(iter(zips.values())).parents[1]
    left = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in left if b"recognisable" in path.read_bytes()] == []
    assert any(said)
    assert [text for text in said if "recognisable" in text] == []


def unpacked(archive: Path, directory: Path) -> Path:
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(directory)
    return directory


@dataclass(frozen=True)
class Environments:
    """Empty environments filled from one folder of wheels; functions with the same requirements share one.

    uv unpacks them: that the pip of a buildpack does it too is shown in test_install.py, and takes ten times as long.
    """

    folder: Path
    wheels: Path

    def programs(self, wanted: Path) -> Path:
        """Return the programs of an environment that holds exactly what a file of requirements names."""
        place = self.folder / sha256(wanted.read_bytes()).hexdigest()[:8]
        if not place.exists():
            venv.create(place, with_pip=False, symlinks=True)
            found = ["--offline", "--no-index", "--find-links", str(self.wheels)]
            self._uv(place, "install", *found, "--require-hashes", "-r", str(wanted))
            self._uv(place, "check")
        return place / "bin"

    def _uv(self, place: Path, command: str, *arguments: str) -> None:
        uv = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            command,
            "-q",
            "--no-config",
            "--python",
            str(place / "bin" / "python"),
        ]
        cache = {"UV_CACHE_DIR": str(self.folder / "cache")}
        subprocess.run([*uv, *arguments], check=True, timeout=200, env=os.environ | cache)


@pytest.fixture(scope="module")
def environments(tmp_path_factory: pytest.TempPathFactory) -> Environments:
    """All that functions need, downloaded once."""
    wheels = tmp_path_factory.mktemp("wheels")
    files = sorted((REQUIREMENTS / "functions").glob("*.txt"))
    wanted = dict.fromkeys(pin for file in files for pin in pins(file.read_text(encoding="utf-8")))
    download(Path(sys.prefix), "\n".join(wanted) + "\n", wheels)
    return Environments(tmp_path_factory.mktemp("environments"), wheels)


@contextmanager
def serving(programs: Path, source: Path, function: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Start the function as its container does: the plain command, from the zip's root."""
    port = free_port()
    clean = {"PATH": os.environ["PATH"], "HOME": str(source)} | ENVIRONMENT
    command = [str(programs / "functions-framework"), "--target", function, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=source, env=clean, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.mark.parametrize("function", functions())
def test_a_zip_answers_on_its_own(
    function: str, zips: dict[str, Path], environments: Environments, tmp_path: Path
) -> None:
    source = unpacked(zips[function], tmp_path)
    programs = environments.programs(source / "requirements.txt")
    everything = "import " + ", ".join(sorted(needs(function).modules - {"shared"}))
    clean = {"PATH": os.environ["PATH"]}
    subprocess.run([programs / "python", "-c", everything], cwd=source, env=clean, check=True)
    with serving(programs, source, function) as (process, address):
        answer = first_answer(process, address, TASK)
    assert (answer.status_code, answer.text) == FIRST_ANSWERS[function]


def test_a_zip_is_made_the_same_way_twice(zips: dict[str, Path]) -> None:
    """No moment of building is in it, and its root is what the buildpack expects."""
    for archive in zips.values():
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
            assert {"main.py", "requirements.txt", "shared/__init__.py"} <= set(names)
            assert names == sorted(names)
            assert len({entry.date_time for entry in opened.infolist()}) == 1
            assert all(name.endswith((".py", ".txt")) for name in names)
