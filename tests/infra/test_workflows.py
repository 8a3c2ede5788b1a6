"""What the forge runs is what everybody runs, with no right to write and no secret."""

from __future__ import annotations

import re

from infra.checks.terraform import ROOT

CHECK = (ROOT / ".github" / "workflows" / "check.yml").read_text(encoding="utf-8")


def test_a_change_is_checked_by_make_check_alone():
    assert re.findall(r"^\s+- run: (.+)$", CHECK, re.MULTILINE) == ["make check"]
    assert re.search(r"^on:\n  pull_request:\n", CHECK, re.MULTILINE)


def test_a_stranger_s_change_meets_no_secret_and_no_right_to_write():
    assert re.search(r"^permissions:\n  contents: read\n\n", CHECK, re.MULTILINE)
    assert not re.search(r"pull_request_target|secrets\.|: write", CHECK)
    assert "persist-credentials: false" in CHECK


def test_python_is_the_functions_own():
    runtime = re.search(r'variable "runtime" \{.*?default\s+= "python3(\d+)"', _variables(), re.DOTALL)
    assert runtime is not None
    assert f'python-version: "3.{runtime[1]}"' in CHECK


def _variables() -> str:
    return (ROOT / "infra" / "terraform" / "variables.tf").read_text(encoding="utf-8")
