"""Whoever follows infra/README.md gets through: its commands in its own order, from an empty state to nothing again."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
import re
import shutil
import subprocess
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from infra.checks.terraform import FOLDER, OFFLINE, QUICKLY, ROOT
from tests.infra.states import states

BLOCK = re.compile(
    r"^## (?P<heading>[^\n]+)$|^(?P<indent> *)```(?P<kind>sh|hcl)\n(?P<text>.*?)^(?P=indent)```$",
    re.MULTILINE | re.DOTALL,
)

GCLOUD = r"""#!/usr/bin/env bash
# Secret Manager's versions, counted in files; the rest is only noted.
echo "gcloud $*" >>"$WALK/calls"
[ "$1 $2" = "secrets versions" ] || exit 0
case $3 in
add)
  grep -qs "\"secret_id\": \"$4\"" "$WALK"/states/* || { echo "no such secret: $4" >&2; exit 1; }
  cat >/dev/null
  echo >>"$WALK/secrets/$4" ;;
access)
  name=${6#--secret=}
  [ "$4" -le "$(wc -l <"$WALK/secrets/$name")" ] || { echo "$name has no version $4" >&2; exit 1; }
  echo "payload-$4-of-$name" ;;
esac
"""

TERRAFORM = r"""#!/usr/bin/env bash
# Terraform itself, its state at a server of ours instead of a bucket, its questions answered with yes.
set -euo pipefail
echo "terraform $*" >>"$WALK/calls"
command=$1; shift
case "$command $*" in
init*-backend-config=*)
  file=${*: -1}; file=${file#-backend-config=}
  grep -q '^bucket = "' "$file"
  prefix=$(sed -n 's/^prefix = "\(.*\)"$/\1/p' "$file")
  printf 'terraform {\n  backend "http" {\n    address = "%s%s"\n  }\n}\n' "$STATES" "$prefix" >walk_override.tf
  exec "$REAL_TERRAFORM" init -no-color -reconfigure ;;
apply*-target=*|destroy*) exec "$REAL_TERRAFORM" "$command" -no-color -auto-approve "$@" ;;
apply*)
  "$REAL_TERRAFORM" output -json secrets | grep -o ':"[^"]*"' | tr -d ':"' | while read -r name; do
    [ -s "$WALK/secrets/$name" ] || { echo "a function cannot start: $name has no version" >&2; exit 1; }
  done
  exec "$REAL_TERRAFORM" apply -no-color -auto-approve "$@" ;;
*) exec "$REAL_TERRAFORM" "$command" "$@" ;;
esac
"""

NOTED = '#!/bin/sh\necho "${0##*/} $* [$TELEGRAM_BOT_TOKEN]" >>"$WALK/calls"\n'


@dataclass(frozen=True)
class Step:
    """One block of the page: the heading it is under, its kind (sh or hcl) and its text."""

    heading: str
    kind: str
    text: str


def steps(page: str) -> list[Step]:
    """Blocks that a person runs (sh) or writes into the file of values (hcl), in the page's order."""
    heading, found = "", []
    for match in BLOCK.finditer(page):
        heading = match["heading"] or heading
        if match["kind"]:
            found.append(Step(heading, match["kind"], textwrap.dedent(match["text"])))
    return found


def script(found: list[Step]) -> str:
    """All of it for one shell, each step with a line that says where it begins."""
    lines = ["set -euo pipefail"]
    for step in found:
        lines.append(f"echo '== {step.heading}'")
        lines.append(step.text if step.kind == "sh" else _written(step.text))
    return "\n".join(lines)


def _written(value: str) -> str:
    name, file = value.split(" ", maxsplit=1)[0], "environments/stage.tfvars"
    return f"sed -i '/^{name} = /d' {file}\ncat >>{file} <<'END'\n{value}END"


def machine(folder: Path) -> Path:
    """Make a clone with little to pack, and the programs; return the clone."""
    clone, programs = folder / "clone", folder / "programs"
    kept = shutil.ignore_patterns("tests", "build", ".terraform*", "*.tfstate*", "*.tfvars", "*.tfbackend")
    shutil.copytree(FOLDER, clone / "infra" / "terraform", ignore=kept)
    for path in ("functions", "infra/requirements"):
        shutil.copytree(ROOT / path, clone / path, ignore=shutil.ignore_patterns("__pycache__"))
    (clone / "shared").mkdir()
    shutil.copy(ROOT / "shared" / "settings.py", clone / "shared")
    for made in (folder / "secrets", folder / "states", programs):
        made.mkdir()
    for name, text in {
        "gcloud": GCLOUD,
        "terraform": TERRAFORM,
        **dict.fromkeys(("assistant", "git", "make"), NOTED),
    }.items():
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    return clone


@contextmanager
def providers(folder: Path) -> Iterator[Mapping[str, str]]:
    """Start the stand-ins of Terraform's providers; give the environment in which Terraform finds them."""
    tool = _tool()
    command = [tool.python(), str(OFFLINE.parent / "provider.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())
        (folder / "rc").mkdir()
        try:
            yield tool.environment(folder / "rc", json.dumps(ready["reattach"]))
        finally:
            server.communicate("")


def _tool() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("terraform_offline", str(OFFLINE))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


PAGE = (ROOT / "infra" / "README.md").read_text(encoding="utf-8")


def test_blocks_are_found_in_their_order_with_or_without_an_indent():
    page = "## One\n\n1. Do:\n\n   ```sh\n   a\n     b\n   ```\n\n```yaml\nx: 1\n```\n\n## Two\n\n```hcl\nc = 1\n```\n"
    assert steps(page) == [Step("One", "sh", "a\n  b\n"), Step("Two", "hcl", "c = 1\n")]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], list[str]]:
    """What was said under each heading, and the programs' calls."""
    terraform = shutil.which("terraform")
    if terraform is None or not OFFLINE.exists():
        pytest.skip("the walk needs Terraform and the stand-in of its providers, which asks no cloud")
    folder = tmp_path_factory.mktemp("walk")
    clone = machine(folder)
    (folder / "script").write_text(script(steps(PAGE)), encoding="utf-8")
    with providers(folder) as environment, states(folder / "states") as address:
        path = f"{folder}/programs:{os.environ['PATH']}"
        ours = {
            **environment,
            **QUICKLY,
            "PATH": path,
            "WALK": str(folder),
            "STATES": address,
            "REAL_TERRAFORM": terraform,
            "TELEGRAM_BOT_TOKEN": "",
        }
        command = ["bash", str(folder / "script")]
        done = subprocess.run(
            command,
            cwd=clone,
            env=ours,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stdout[-6000:]
    parts = re.split(r"^== (.+)$", done.stdout, flags=re.MULTILINE)
    said: dict[str, str] = {}
    for heading, text in zip(parts[1::2], parts[2::2], strict=True):
        said[heading] = said.get(heading, "") + text
    return said, (folder / "calls").read_text(encoding="utf-8").splitlines()


def test_the_first_deployment_names_the_secrets_and_what_is_left(walked: tuple[dict[str, str], list[str]]):
    said, _ = walked
    assert '"telegram_bot_token" = "assistant-telegram-bot-token"' in said["Deploying"]
    assert "assistant preflight --telegram-webhook https://" in said["Deploying"]


def test_the_assistant_is_called_with_the_secrets_of_this_shell(walked: tuple[dict[str, str], list[str]]):
    _, calls = walked
    assistant = [call for call in calls if call.startswith("assistant ")]
    assert len(assistant) == 3
    assert all(call.endswith("[payload-1-of-assistant-telegram-bot-token]") for call in assistant)


def test_an_upgrade_without_changes_changes_nothing(walked: tuple[dict[str, str], list[str]]):
    said, _ = walked
    assert "No changes." in said["Upgrading"]


def test_a_rotation_is_a_deployment_of_those_that_read_the_secret(walked: tuple[dict[str, str], list[str]]):
    said, _ = walked
    changed = re.findall(
        r'module\.function\["(\w+)"\]\.google_cloudfunctions2_function\.this: Modif', said["Rotating secrets"]
    )
    assert sorted(set(changed)) == ["bitrix_call", "housekeeping", "telegram_send", "telegram_update"]


def test_a_restore_goes_on_in_the_new_database(walked: tuple[dict[str, str], list[str]]):
    said, calls = walked
    assert "Import successful!" in said["Restoring"]
    replaced = re.findall(r"module\.firestore\.google_firestore_database\.this: (?:Destr|Creat)", said["Restoring"])
    assert replaced == []
    assert len(re.findall(r"google_firestore_field\.expiry\S+: Creation complete", said["Restoring"])) >= 20
    jobs = [call.split(" ")[3] for call in calls if call.startswith("gcloud scheduler jobs ")]
    assert jobs == ["pause", "resume"]


def test_a_second_portal_has_names_and_a_state_of_its_own(walked: tuple[dict[str, str], list[str]]):
    said, _ = walked
    assert "second-telegram-bot-token" in said["Limits and scaling"]
    assert "assistant-telegram-bot-token" not in said["Limits and scaling"]


def test_what_was_made_is_destroyed_once_its_protection_is_off(walked: tuple[dict[str, str], list[str]]):
    said, _ = walked
    assert re.search(r"Destroy complete! Resources: \d{3,} destroyed", said["Destroying"])
