"""What is said of the installed packages covers every function, and an unanswered question is no good answer."""

from __future__ import annotations

import re
import subprocess

from infra.checks.terraform import ROOT

FUNCTIONS = sorted(folder.parent.name for folder in (ROOT / "functions").glob("*/main.py"))


def planned(target: str) -> str:
    """What make would run; with -B, also what has been made already."""
    done = subprocess.run(["make", "-nB", target], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_audit_asks_about_every_function_s_pins_and_passes_over_none():
    command = planned("audit")
    assert re.findall(r" -r infra/requirements/functions/(\w+)\.txt", command) == FUNCTIONS
    assert "pip-audit --strict --require-hashes" in command


def test_every_function_has_a_list_of_what_its_zip_installs():
    command = planned("sbom")
    assert re.findall(r"-o build/sbom/(\w+)\.cdx\.json infra/requirements/functions/\1\.txt", command) == FUNCTIONS


def test_the_forge_asks_once_a_week_and_may_change_nothing():
    workflow = (ROOT / ".github" / "workflows" / "audit.yml").read_text(encoding="utf-8")
    assert re.search(r"^permissions:\n  contents: read\n\n", workflow, re.MULTILINE)
    assert re.findall(r"^\s+- run: (.+)$", workflow, re.MULTILINE) == ["make sbom", "make audit"]
    assert not re.search(r"secrets\.|pull_request", workflow)
