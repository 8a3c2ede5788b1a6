"""Whoever follows infra/README.md gets through: its commands in its own order, from an empty state to nothing again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest

from infra.checks.terraform import OFFLINE, ROOT
from tests.infra.walk import Step, machine, providers, script, steps

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
    with providers(folder) as environment:
        path = f"{folder}/programs:{os.environ['PATH']}"
        ours = {**environment, "PATH": path, "WALK": str(folder), "REAL_TERRAFORM": terraform, "TELEGRAM_BOT_TOKEN": ""}
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
