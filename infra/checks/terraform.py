"""The checks of `infra/terraform/`: its form, stage and prod as they would be planned, and its own tests.

`python -m infra.checks.terraform` runs them with what is there: the offline stand-in for Terraform's providers, where
it lies beside this repository, or Terraform with real providers. The tests mock the cloud's provider themselves, so
that no cloud is asked whoever runs them, with whatever credentials. Where neither is, it fails and says so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "infra" / "terraform"
OFFLINE = ROOT.parent / "shared" / "tools" / "terraform-offline" / "terraform-offline"
PROVIDERS = ROOT / "build" / "terraform-providers"
ENVIRONMENTS = ("stage", "prod")

MOCKS = """\
mock_provider "google" {
  mock_resource "google_service_account" {
    defaults = {
      email  = "mock@mock.iam.gserviceaccount.com"
      member = "serviceAccount:mock@mock.iam.gserviceaccount.com"
    }
  }
}

"""
"""Made-up values do, but for those whose form the provider checks where they are used."""

QUICKLY = {"GOGC": "400"}
"""There is memory, and collecting garbage takes a quarter of a plan."""

WITHOUT_SOURCES = ("-var", "sources=shared/status.py")
"""What takes nine tenths of a plan is the text of the sources; tests/infra/test_bundles.py plans and starts them."""

PLAN = 'run "plan" {\n  command = plan\n}\n'

NOT_COPIED = (".git", ".venv", "build", ".terraform", "__pycache__", ".*_cache", "*.tfstate*")


class TerraformMissingError(Exception):
    """Terraform or its providers are not to be had here; the text says which."""


class TerraformFailedError(Exception):
    """A check failed; the text is what Terraform said."""


@dataclass(frozen=True)
class Offline:
    """Terraform on the stand-in, which copies the repository and knows the providers' schemas and rules."""

    program: Path

    def check(self) -> None:
        """Run every check, two at a time. TerraformMissingError, TerraformFailedError."""
        with ThreadPoolExecutor(max_workers=2) as pool:
            testing = pool.submit(run, [str(self.program), str(FOLDER), "test"])
            for said in pool.map(self._check, ENVIRONMENTS):
                say(said)
            say(testing.result())

    def _check(self, environment: str) -> str:
        values = (f"-var-file=environments/{environment}.tfvars.example", *WITHOUT_SOURCES)
        run([str(self.program), str(FOLDER), *values])
        run([str(self.program), str(FOLDER), "apply", *values])
        return f"{environment}: fmt, validate, plan and apply are fine"

    @contextmanager
    def bundles(self, environment: str) -> Iterator[Path]:
        """Plan an environment and give the folder with the functions' zips for as long as the context lasts."""
        values = f"-var-file=environments/{environment}.tfvars.example"
        output = run([str(self.program), "--keep", str(FOLDER), "plan", values])
        copy = re.search(r"the copy is in (\S+)", output)
        if copy is None:
            raise TerraformFailedError(f"{output}\nthe stand-in does not say where its copy is")
        try:
            yield Path(copy[1]) / "tree" / FOLDER.relative_to(ROOT) / "build"
        finally:
            shutil.rmtree(copy[1])


@dataclass(frozen=True)
class Real:
    """Terraform with its real providers, in a copy of the repository; what is planned there is planned on mocks."""

    program: str

    def check(self) -> None:
        """Run every check. TerraformMissingError, TerraformFailedError."""
        run([self.program, "fmt", "-check", "-recursive", "-diff"], FOLDER)
        with self._ready() as folder:
            run([self.program, "validate"], folder)
            for environment in ENVIRONMENTS:
                self._plan(folder, environment, *WITHOUT_SOURCES)
                say(f"{environment}: fmt, validate and plan are fine, on mocked providers")
            say(run([self.program, "test"], folder))

    @contextmanager
    def bundles(self, environment: str) -> Iterator[Path]:
        """Plan an environment and give the folder with the functions' zips for as long as the context lasts."""
        with self._ready() as folder:
            self._plan(folder, environment)
            yield folder / "build"

    def _plan(self, folder: Path, environment: str, *values: str) -> None:
        given = (f"-var-file=environments/{environment}.tfvars.example", *values)
        run([self.program, "test", "-test-directory=mocked", *given], folder)

    @contextmanager
    def _ready(self) -> Iterator[Path]:
        """Give an initialised copy."""
        with tempfile.TemporaryDirectory(prefix="terraform-") as scratch:
            tree = Path(scratch) / "tree"
            shutil.copytree(ROOT, tree, symlinks=True, ignore=shutil.ignore_patterns(*NOT_COPIED))
            folder = tree / FOLDER.relative_to(ROOT)
            add_plan(folder)
            PROVIDERS.mkdir(parents=True, exist_ok=True)
            try:
                run([self.program, "init", "-backend=false", "-input=false"], folder)
            except TerraformFailedError as error:
                raise TerraformMissingError(
                    f"{error}\nTerraform could not get its providers: see above. It needs their registry, or the"
                    f" offline stand-in at {os.path.relpath(OFFLINE, ROOT)}."
                ) from None
            yield folder


def add_plan(folder: Path) -> None:
    """Add a test to a copied module that only plans with given values, and asks no cloud."""
    (folder / "mocked").mkdir()
    (folder / "mocked" / "plan.tftest.hcl").write_text(MOCKS + PLAN, encoding="utf-8")


def find() -> Offline | Real:
    """Return the way to check on this machine. TerraformMissingError if there is none."""
    program = shutil.which("terraform")
    if program is None:
        raise TerraformMissingError("Terraform 1.9 or newer is needed to check infra/terraform, and is not on PATH.")
    return Offline(OFFLINE) if os.access(OFFLINE, os.X_OK) else Real(program)


def run(command: Sequence[str], folder: Path = ROOT) -> str:
    """Run a command and return what it said. TerraformFailedError with that where it fails."""
    # Initialised for a check only: an engineer's own state and plugins are elsewhere.
    ours = {name: value for name, value in os.environ.items() if name not in ("TF_DATA_DIR", "TF_WORKSPACE")}
    settings = {"TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "CHECKPOINT_DISABLE": "1", **QUICKLY}
    cache = {"TF_PLUGIN_CACHE_DIR": str(PROVIDERS), "TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE": "1"}
    done = subprocess.run(  # noqa: S603 - Terraform or its stand-in
        command,
        cwd=folder,
        env=cache | ours | settings,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise TerraformFailedError(f"{done.stdout.strip()}\n{' '.join(command)} failed.")
    return done.stdout.strip()


def say(text: str) -> None:
    """Tell the engineer."""
    print(text, flush=True)  # noqa: T201


def main() -> int:
    """Check; return the exit status."""
    try:
        find().check()
    except (TerraformMissingError, TerraformFailedError) as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
