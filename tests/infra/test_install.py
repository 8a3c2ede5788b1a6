"""What is pinned and how it is installed: by our own pip here, by pips of any age in the cloud, and once, not twice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from infra.install.__main__ import PIP, REQUIREMENTS, ROOT, InstallError, download, require_python
from infra.install.pins import completed, pins, portions

OURS = sorted([REQUIREMENTS / "run.txt", REQUIREMENTS / "dev.txt", *(REQUIREMENTS / "functions").glob("*.txt")])
LARGEST = REQUIREMENTS / "functions" / "bitrix_call.txt"
POLICIES = REQUIREMENTS / "policies.txt"
NEWEST = pins(PIP.read_text(encoding="utf-8"))[0].split(" ")[0]
LONGEST = 240.0
"""Seconds until an installer is given up: for a hang only, a machine may be busy."""

PIPS = ["pip==23.0.1" if sys.version_info < (3, 12) else "pip==23.2.1", NEWEST]
"""One to which «name» and «name[extra]» are two requirements, as to all before 23.3, and that of the day the pins were
made. The former is Debian 12's; no Python beyond 3.11 can run it."""


def requirement(pin: str) -> Requirement:
    return Requirement(pin.partition("\\")[0])


def lacking(text: str) -> list[str]:
    """What the pinned distributions require and no line pins, with just the extras they ask for."""
    pinned = [found for found in map(requirement, pins(text)) if not found.marker or found.marker.evaluate()]
    versions = {(canonicalize_name(pin.name), frozenset(pin.extras)): str(pin.specifier)[2:] for pin in pinned}
    lacks = []
    for pin in pinned:
        for wanted in map(Requirement, metadata.requires(pin.name) or []):
            if wanted.marker and not any(wanted.marker.evaluate({"extra": extra}) for extra in {"", *pin.extras}):
                continue
            version = versions.get((canonicalize_name(wanted.name), frozenset(wanted.extras)))
            if version is None or not wanted.specifier.contains(version, prereleases=True):
                lacks.append(f"{pin.name}: {wanted}")
    return lacks


@pytest.mark.parametrize("file", OURS, ids=lambda file: file.stem)
def test_everything_that_is_required_is_pinned_with_its_extras(file: Path):
    assert lacking(file.read_text(encoding="utf-8")) == [], "run `make requirements`"


@pytest.mark.parametrize("lost", ["coverage[toml]", "google-api-core[grpc]", "googleapis-common-protos"])
def test_a_lost_extra_is_noticed(lost: str):
    found = pins((REQUIREMENTS / "dev.txt").read_text(encoding="utf-8"))
    kept = [pin for pin in found if not pin.startswith(f"{lost}==")]
    assert len(kept) == len(found) - 1
    assert lacking("\n".join(kept))


@pytest.mark.parametrize("file", sorted(REQUIREMENTS.rglob("*.txt")), ids=lambda file: file.stem)
def test_every_line_is_a_pin_with_hashes_and_names_no_index(file: Path):
    text = file.read_text(encoding="utf-8")
    assert "://" not in text
    assert text == completed(text), "run `make requirements`"
    for pin in pins(text):
        assert re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+( ; [^\n]+?)?( \\\n    --hash=sha256:[0-9a-f]{64})+", pin)


def test_completing_adds_the_plain_pin_and_nothing_the_second_time():
    text = "a==1 \\\n    --hash=sha256:1\nb[x]==2 ; sys_platform == 'linux' \\\n    --hash=sha256:2\n"
    once = "a==1 \\\n    --hash=sha256:1\n" + "".join(
        f"{name}==2 ; sys_platform == 'linux' \\\n    --hash=sha256:2\n" for name in ("b", "b[x]")
    )
    assert completed(text) == once
    assert completed(once) == once


def test_portions_hold_every_pin_once():
    text = (REQUIREMENTS / "run.txt").read_text(encoding="utf-8")
    dealt = [pins(portion) for portion in portions(text, 4)]
    assert sorted(pin for portion in dealt for pin in portion) == sorted(pins(text))
    assert max(map(len, dealt)) - min(map(len, dealt)) <= 1
    assert portions("a==1\n", 4) == ["a==1\n"]


def test_a_python_that_will_not_do_is_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch):
    require_python()
    for version in ((3, 10, 13), (3, 15, 0)):
        monkeypatch.setattr(sys, "version_info", version)
        with pytest.raises(InstallError, match=r"^Python 3\.11 to 3\.14 is needed, this is"):
            require_python()


# ── The pips of other machines ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Whatever the functions and the security rules need, downloaded once; beside each wheel a newer release of it."""
    folder = tmp_path_factory.mktemp("wheels")
    wanted = dict.fromkeys(pin for file in (POLICIES, LARGEST) for pin in pins(file.read_text(encoding="utf-8")))
    versions = {requirement(pin).name: pin for pin in wanted}
    try:
        for text in two_of_a_name_apart(list(wanted)):
            download(Path(sys.prefix), text, folder)
    except InstallError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"no package index: {str(error)[-200:]}")
    for name, pin in versions.items():
        newer_release(folder, name, str(requirement(pin).specifier)[2:])
    return folder


def two_of_a_name_apart(wanted: list[str]) -> Iterator[str]:
    """The security rules bring releases of their own of what the functions use too; one pip takes one of each."""
    rest = wanted
    while rest:
        taken: dict[str, str] = {}
        for pin in rest:
            taken.setdefault(f"{requirement(pin).name}{sorted(requirement(pin).extras)}", pin)
        yield "\n".join(taken.values()) + "\n"
        rest = [pin for pin in rest if pin not in taken.values()]


def newer_release(folder: Path, name: str, version: str) -> None:
    """A release made up after ours was pinned, as there is one of everything sooner or later."""
    stem = f"{name.replace('-', '_')}-{Version(version).base_version}.post99"
    with zipfile.ZipFile(folder / f"{stem}-py3-none-any.whl", "w") as wheel:
        name_and_version = stem.rsplit("-", 1)
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {name_and_version[1]}\n"
        wheel.writestr(f"{stem}.dist-info/METADATA", about)
        wheel.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{stem}.dist-info/RECORD", "")


@pytest.fixture(scope="module")
def python_with(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Pip → the Python of an empty environment that has it."""
    found = {}
    for pip in PIPS:
        folder = tmp_path_factory.mktemp("environment")
        venv.create(folder, with_pip=False, symlinks=True)
        found[pip] = folder / "bin" / "python"
        install = [sys.executable, "-m", "pip", "--python", str(found[pip]), "install", "-q", "--no-compile", pip]
        subprocess.run(install, check=True, timeout=LONGEST)
    return found


def test_the_pins_of_the_security_rules_lack_nothing(wheels: Path, python_with: dict[str, Path]):
    """They have an environment of their own, which our own pip fills without looking for what they need."""
    pip = [str(python_with[NEWEST]), "-m", "pip", "install", "--dry-run"]
    command = [*pip, "--no-index", "--find-links", str(wheels), "--require-hashes", "-r", str(POLICIES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert ".post99" not in done.stdout.partition("Would install")[2]


def test_the_largest_function_has_the_pins_of_all():
    """So to install it is to install any of them."""
    largest = set(pins(LARGEST.read_text(encoding="utf-8")))
    for file in LARGEST.parent.glob("*.txt"):
        assert set(pins(file.read_text(encoding="utf-8"))) <= largest


def test_any_pip_installs_the_largest_function(wheels: Path, python_with: dict[str, Path], tmp_path: Path):
    """Chosen with its dependencies and unpacked, by each pip the same, and what was unpacked is found."""
    offline = ["--no-index", "--find-links", str(wheels), "--no-compile", "--require-hashes"]
    first, *others = [tmp_path / str(number) for number in range(len(PIPS))]
    for pip, folder in zip(PIPS, (first, *others), strict=True):
        install = [str(python_with[pip]), "-m", "pip", "install", "-q", *offline, "--target", str(folder)]
        subprocess.run([*install, "-r", str(LARGEST)], check=True, timeout=LONGEST)
        assert list(folder.glob("*.post99.dist-info")) == []
    seen = "import aiogram, google.cloud.firestore, functions_framework; print(aiogram.__file__)"
    command = [str(python_with[PIPS[0]]), "-c", seen]
    alone = {"PYTHONPATH": str(first), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=alone, timeout=LONGEST)
    assert done.stdout.startswith(str(first))
    assert [unpacked(folder) for folder in others] == [unpacked(first)] * len(others)


def unpacked(folder: Path) -> set[Path]:
    """Return the files of the distributions; each pip notes in its own way what it has installed."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path for path in found if not path.parts[0].endswith(".dist-info")}


# ── The first start and the second ───────────────────────────────────────────────────────────────────────────────────


def make(project: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run make as somebody at a shell does: nothing of the make that may have started these tests comes along."""
    ours = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHON", "VENV", "CI", "PYTHONPATH")
    clean = {name: value for name, value in os.environ.items() if name not in ours} | {"HOME": str(project)}
    return subprocess.run(
        ["make", *arguments],
        cwd=project,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """This project's installing parts, with two pins."""
    for name in ("Makefile", "pyproject.toml", "README.md", "infra/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "infra" / "install", tmp_path / "infra" / "install")
    requirements = tmp_path / "infra" / "requirements"
    requirements.mkdir()
    shutil.copy(PIP, requirements)
    found = pins((REQUIREMENTS / "run.txt").read_text(encoding="utf-8"))
    few = [pin for pin in found if pin.startswith(("blinker==", "setuptools=="))]
    (requirements / "run.txt").write_text("\n".join(few) + "\n", encoding="utf-8")
    return tmp_path


def test_the_first_start_says_a_line_a_step_and_the_second_asks_nobody(project: Path):
    python = str(Path(sys._base_executable))  # type: ignore[attr-defined] # what made our own environment
    first = make(project, ".venv/run.ok", PYTHON=python)
    if first.returncode and os.environ.get("CI") != "true":
        pytest.skip(f"no package index: {first.stderr[-200:]}")
    assert first.returncode == 0, first.stderr
    steps = first.stdout.splitlines()
    assert [step.split(" ")[0] for step in steps] == ["Python", "pip", "2", "They"]
    assert all(step.endswith(" ...") for step in steps)
    has = [str(project / ".venv/bin/python"), "-c", "import blinker, infra; print(infra.__file__)"]
    place = subprocess.run(has, capture_output=True, text=True, check=True, cwd="/", timeout=LONGEST).stdout.strip()
    assert place == str(project / "infra/__init__.py")

    nobody = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_EXTRA_INDEX_URL": "", "PIP_CONFIG_FILE": os.devnull}
    assert "up to date" in make(project, ".venv/run.ok", PYTHON=python, **nobody).stdout
    for touched in ("pyproject.toml", "infra/requirements/run.txt", "infra/requirements/pip.txt"):
        (project / touched).touch()
    second = make(project, ".venv/run.ok", PYTHON=python, **nobody)
    assert (second.returncode, second.stdout) == (0, ""), second.stderr


def stand_in(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def test_the_first_python_that_will_do_is_taken(project: Path):
    programs = project / "programs"
    tools = ("make", "sh", "touch")
    stand_in(programs, "python3", "exit 1")
    stand_in(programs, "python3.14", "exit 127")
    for tool in tools:
        (programs / tool).symlink_to(str(shutil.which(tool)))
    none = make(project, "-n", ".venv/run.ok", PATH=str(programs))
    assert none.returncode != 0
    assert "No Python 3.11 to 3.14 with its module venv was found" in none.stderr
    stand_in(programs, "python3.12", '[ "$*" = "-m infra.install --fits" ]')
    stand_in(programs, "python3.11", "exit 0")
    taken = make(project, "-n", ".venv/run.ok", PATH=str(programs))
    assert "python3.12 -m infra.install .venv run --editable" in taken.stdout


def test_ci_starts_from_nothing(tmp_path: Path):
    """An environment that lies there, however it came, is no help to it and no harm."""
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    left = [tmp_path / "build" / ".venv" / "dev.ok", tmp_path / ".venv" / "dev.ok"]
    for file in left:
        file.parent.mkdir(parents=True)
        file.touch()
    programs = tmp_path / "programs"
    for name in ("chromium", "java", "python3"):
        stand_in(programs, name, "exit 0")
    stand_in(programs, "make", 'echo "$@"; ls build .venv')
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "HOME": str(tmp_path)}
    ran = ["bash", str(tmp_path / ".ci" / "run")]
    done = subprocess.run(ran, env=environment, capture_output=True, text=True, check=False, timeout=LONGEST)
    assert done.stdout.splitlines()[0] == "check VENV=build/.venv"
    assert [file.exists() for file in left] == [False, True]
