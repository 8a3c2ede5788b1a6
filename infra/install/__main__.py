"""A virtual environment that holds exactly one file of pins, made by one pinned pip.

`python -m infra.install FOLDER NAME [--editable]` makes or completes FOLDER with what NAME.txt in `infra/requirements/`
pins, and with this project where `--editable` says so. `python -m infra.install --fits` only tells by its status
whether this Python will do. Nothing is asked of the package index once everything is there.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import platform
import re
import subprocess
import sys
import sysconfig
import tempfile
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

from infra.install.pins import pins, portions

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "infra" / "requirements"
PIP = REQUIREMENTS / "pip.txt"

AT_ONCE = 4
"""Downloads side by side: most of a first start is waiting for answers of the index, one after another."""

ALL_PINNED = ("--require-hashes", "--no-deps", "--only-binary", ":all:")
"""Nothing but what the file names, by its hash, and nothing that has to be built first."""


class InstallError(Exception):
    """Why there is no environment, in words for whoever typed the command."""


def require_python() -> None:
    """Raise InstallError where this Python will not do, with what it lacks."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(r'^requires-python = ">=3\.(\d+),<3\.(\d+)"', project, re.MULTILINE)
    if found is None:
        raise InstallError("pyproject.toml does not say which Python is needed as «>=3.x,<3.y»")
    first, beyond = int(found[1]), int(found[2])
    this = f"this is {platform.python_version()} ({sys.executable}); PYTHON=… names another"
    if not (3, first) <= sys.version_info[:2] < (3, beyond):
        raise InstallError(f"Python 3.{first} to 3.{beyond - 1} is needed, {this}")
    if importlib.util.find_spec("ensurepip") is None:
        raise InstallError(f"Python's module venv is needed (Debian: apt install python3-venv), {this}")


def install(folder: Path, name: str, *, editable: bool) -> None:
    """Make or complete the environment. InstallError with the installer's last words if that fails."""
    lock = REQUIREMENTS / f"{name}.txt"
    fresh = not _has_pinned_pip(folder)
    if fresh:
        _make(folder)
    if fresh or not _already_there(folder, lock):
        _fetch_and_install(folder, lock)
    if editable:
        _pip(folder, "install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))


def _has_pinned_pip(folder: Path) -> bool:
    """Tell whether the environment works and has the pip of today's file."""
    python = _python(folder)
    if not python.exists():
        return False
    done = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return done.returncode == 0 and done.stdout.startswith(f"pip {_version_of_pip()} ")


def _make(folder: Path) -> None:
    """Make the environment anew; the pip that came with Python installs the pinned one and nothing else.

    That pip is run from its wheel: to install it first, as `python -m venv` does, takes as long as all the rest.
    """
    _say(f"Python {platform.python_version()} ({sys.executable}) makes {os.path.relpath(folder)}")
    wheel = next(_wheels_of_pip(), None)
    venv.create(folder, clear=True, symlinks=os.name != "nt", with_pip=wheel is None)
    _say(f"pip {_version_of_pip()} is installed, by its hash")
    path = {} if wheel is None else {"PYTHONPATH": str(wheel)}
    _pip(folder, "install", "--ignore-installed", "--no-compile", *ALL_PINNED, "-r", str(PIP), **path)


def _already_there(folder: Path, lock: Path) -> bool:
    """Tell whether every pin is installed, without the index."""
    try:
        _pip(folder, "install", "--no-index", *ALL_PINNED, "-r", str(lock))
    except InstallError:
        return False
    return True


def _fetch_and_install(folder: Path, lock: Path) -> None:
    """Download in several processes, then install without compiling: Python compiles what it comes to use."""
    text = lock.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="wheels-", dir=folder) as wheels:
        _say(f"{len(pins(text))} pins of {lock.name} are downloaded")
        download(folder, text, Path(wheels))
        _say("They are installed")
        _pip(folder, "install", "--no-index", "--no-compile", "--find-links", wheels, *ALL_PINNED, "-r", str(lock))


def download(folder: Path, text: str, wheels: Path) -> None:
    """Put the wheels that a file's text pins into a folder, with the pip of an environment."""
    started = []
    for number, portion in enumerate(portions(text, AT_ONCE)):
        share = wheels / f"share{number}.txt"
        share.write_text(portion, encoding="utf-8")
        started.append(_start(folder, "download", *ALL_PINNED, "--dest", str(wheels), "-r", str(share)))
    # All are waited for before the first complaint: none may go on writing into a folder that is being removed.
    ended = [(process, process.communicate()[0]) for process in started]
    for process, output in ended:
        _check(process, output)


def _pip(folder: Path, *arguments: str, **environment: str) -> None:
    process = _start(folder, *arguments, **environment)
    _check(process, process.communicate()[0])


def _start(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    command = [str(_python(folder)), "-m", "pip", "--disable-pip-version-check", "--quiet", "--no-input", *arguments]
    everything = {**os.environ, **environment}
    return subprocess.Popen(  # noqa: S603 - our own pip
        command, cwd=ROOT, env=everything, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def _check(process: subprocess.Popen[str], output: str) -> None:
    """Be silent about what went well."""
    if process.returncode:
        raise InstallError(f"{output.strip()}\npip could not do it: see above")


def _wheels_of_pip() -> Iterator[Path]:
    """Find the pip that this Python or its distribution keeps for new environments."""
    kept = sysconfig.get_config_var("WHEEL_PKG_DIR")
    if kept:
        yield from Path(kept).glob("pip-*.whl")
    found = importlib.util.find_spec("ensurepip")
    if found and found.origin:
        yield from (Path(found.origin).parent / "_bundled").glob("pip-*.whl")


def _version_of_pip() -> str:
    found = re.match(r"pip==(\S+)", PIP.read_text(encoding="utf-8"))
    if found is None:
        raise InstallError(f"{PIP} pins no pip")
    return found[1]


def _python(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _say(text: str) -> None:
    print(f"{text} ...", flush=True)  # noqa: T201 - its only way to speak


def main(arguments: Sequence[str]) -> int:
    """Read the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m infra.install")
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("name", nargs="?")
    parser.add_argument("--editable", action="store_true")
    parser.add_argument("--fits", action="store_true")
    given = parser.parse_args(arguments)
    try:
        require_python()
        if not given.fits:
            install(given.folder.absolute(), given.name, editable=given.editable)
    except InstallError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
