"""What the forge runs is what everybody runs, with no right to write and no secret."""

from __future__ import annotations

import re

from infra.checks.terraform import ROOT

DEPLOY = (ROOT / ".github" / "workflows" / "deploy.yml").read_text(encoding="utf-8")
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


def test_a_deployment_keeps_no_key_and_does_nothing_unasked():
    assert not re.search(r"secrets\.|pull_request_target|credentials_json", DEPLOY)
    assert re.search(r"^permissions:\n  contents: read\n  id-token: write\n\n", DEPLOY, re.MULTILINE)
    jobs = re.findall(r"^  (\w+):$", DEPLOY.split("\njobs:\n")[1], re.MULTILINE)
    assert jobs == ["plan", "apply"]
    assert len(re.findall(r"^    if: vars\.DEPLOYS == 'true' && ", DEPLOY, re.MULTILINE)) == len(jobs)


def test_a_pull_request_plans_and_an_environment_applies_one_after_the_other():
    plan, apply = DEPLOY.split("\n  apply:\n")
    assert "head.repo.id == github.event.repository.id" in plan
    assert "terraform plan -lock=false" in plan
    assert "terraform apply" not in plan
    assert "max-parallel: 1\n      matrix:\n        environment: [stage, prod]" in apply
    assert "    environment: ${{ matrix.environment }}\n" in apply


def test_what_deploys_is_what_was_checked():
    versions = re.findall(r'terraform_version: "([\d.]+)"', CHECK + DEPLOY)
    assert len(set(versions)) == 1


def test_the_forge_s_deployer_has_the_roles_that_the_page_gives_a_person():
    page = (ROOT / "infra" / "README.md").read_text(encoding="utf-8")
    told = re.search(r"^for role in (.+?); do$", page, re.MULTILINE | re.DOTALL)
    source = (ROOT / "infra" / "terraform" / "forge.tf").read_text(encoding="utf-8")
    given = re.search(r"deployer_roles = .*?\[\n(.*?)\n  \]", source, re.DOTALL)
    assert told is not None
    assert given is not None
    assert set(re.findall(r'"([\w.]+)"', given[1])) == set(told[1].replace("\\\n", " ").split())


def _variables() -> str:
    return (ROOT / "infra" / "terraform" / "variables.tf").read_text(encoding="utf-8")
