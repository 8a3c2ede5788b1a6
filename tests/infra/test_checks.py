"""What checks do where the programs they need are there, and where they are not: nothing passes by printing a line."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from infra.checks import terraform, tools
from infra.checks.terraform import FOLDER, ROOT, Offline, Real, TerraformFailedError, find
from tests.infra.terraform import bundles

Programs = Callable[[str, str], Path]


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    """Makes stand-ins on PATH, beside the shell's tools; each notes its folder's name and its arguments."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(terraform, "OFFLINE", tmp_path / "shared" / "terraform-offline")
    monkeypatch.setattr(terraform, "PROVIDERS", tmp_path / "providers")

    def made(name: str, script: str) -> Path:
        program = tmp_path / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f'#!/bin/sh\necho "${{PWD##*/}}: $*" >>{tmp_path}/calls\n{script}\n', encoding="utf-8")
        program.chmod(0o755)
        return program

    return made


def calls(tmp_path: Path) -> list[str]:
    return (tmp_path / "calls").read_text(encoding="utf-8").splitlines()


def test_real_terraform_checks_without_a_backend_and_on_mocks(
    programs: Programs, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    programs("terraform", f"[ $1 = test ] && cp -r . {tmp_path}/seen; echo said")
    assert terraform.main() == 0
    assert calls(tmp_path) == [
        "terraform: fmt -check -recursive -diff",
        "terraform: init -backend=false -input=false",
        "terraform: validate",
        *(
            f"terraform: test -test-directory=mocked -var-file=environments/{environment}.tfvars.example"
            " -var sources=shared/status.py"
            for environment in ("stage", "prod")
        ),
        "terraform: test",
    ]
    assert 'mock_provider "google"' in (tmp_path / "seen" / "mocked" / "plan.tftest.hcl").read_text(encoding="utf-8")
    assert capsys.readouterr().out.splitlines()[-1] == "said"


@pytest.mark.parametrize("provider", ["google", "time"])
def test_terraform_tests_apply_nothing_for_real_whoever_runs_them(provider: str):
    tests = sorted(FOLDER.rglob("*.tftest.hcl"))
    assert len(tests) >= 3
    mocked = re.compile(rf'^mock_provider "{provider}" ', re.MULTILINE)
    assert [test.name for test in tests if not mocked.search(test.read_text(encoding="utf-8"))] == []


def test_the_stand_in_beside_the_repository_is_preferred(programs: Programs, tmp_path: Path):
    programs("terraform", "exit 1")
    programs("shared/terraform-offline", "echo said")
    assert terraform.main() == 0
    for environment in ("stage", "prod"):
        assert f"{FOLDER} -var-file=environments/{environment}.tfvars.example" in "\n".join(calls(tmp_path))
        assert f"{FOLDER} apply -var-file=environments/{environment}.tfvars.example" in "\n".join(calls(tmp_path))
    assert any(call.endswith(f"{FOLDER} test") for call in calls(tmp_path))
    assert len(calls(tmp_path)) == 5


@pytest.mark.parametrize("failing", ["fmt", "validate", "test"])
def test_what_fails_is_shown_and_fails(programs: Programs, failing: str, capsys: pytest.CaptureFixture[str]):
    programs("terraform", f'echo "about $1"; [ $1 != {failing} ]')
    assert terraform.main() == 1
    assert f"about {failing}" in capsys.readouterr().err


def test_without_terraform_a_sentence_and_a_failure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setenv("PATH", "")
    assert terraform.main() == 1
    assert "is needed to check infra/terraform, and is not on PATH" in capsys.readouterr().err


def test_without_providers_a_sentence_and_a_failure(programs: Programs, capsys: pytest.CaptureFixture[str]):
    programs("terraform", '[ $1 != init ] || { echo "no registry here"; exit 1; }')
    assert terraform.main() == 1
    said = capsys.readouterr().err
    assert "no registry here" in said
    assert "Terraform could not get its providers" in said


def test_zips_come_of_either_way(programs: Programs, tmp_path: Path):
    makes = "mkdir -p build; touch build/a.zip"
    real = Real(str(programs("terraform", f"[ $1 != test ] || {{ {makes}; }}")))
    with real.bundles("stage") as folder:
        assert [path.name for path in folder.iterdir()] == ["a.zip"]
    assert not folder.exists()
    copy = tmp_path / "copy" / "tree" / "infra" / "terraform"
    script = f'mkdir -p {copy}; cd {copy}; {makes}; echo "the copy is in {tmp_path}/copy" >&2'
    with Offline(programs("shared/terraform-offline", script)).bundles("stage") as folder:
        assert [path.name for path in folder.iterdir()] == ["a.zip"]
    assert not folder.exists()
    with pytest.raises(TerraformFailedError, match="where its copy is"), Offline(Path("/bin/true")).bundles("stage"):
        pass


@pytest.mark.parametrize(("ci", "outcome"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_without_terraform_zips_are_skipped_but_not_in_ci(
    ci: str, outcome: type[BaseException], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(outcome, match="is not on PATH"), bundles():
        pass


def test_engineers_own_terraform_state_is_left_alone(
    programs: Programs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    programs("terraform", f'echo "$TF_DATA_DIR,$TF_WORKSPACE,$TF_PLUGIN_CACHE_DIR" >>{tmp_path}/variables')
    monkeypatch.setenv("TF_DATA_DIR", "/theirs")
    monkeypatch.setenv("TF_WORKSPACE", "theirs")
    monkeypatch.setenv("TF_PLUGIN_CACHE_DIR", "/their/cache")
    terraform.run(["terraform", "init"])
    assert (tmp_path / "variables").read_text(encoding="utf-8") == ",,/their/cache\n"


def test_the_way_is_chosen_by_what_is_there(programs: Programs):
    program = programs("terraform", "")
    assert find() == Real(str(program))
    stand_in = programs("shared/terraform-offline", "")
    assert find() == Offline(stand_in)


def test_each_missing_tool_has_its_sentence():
    assert tools.missing(lambda name: name, {}) == []
    said = tools.missing(lambda _: None, {})
    assert [sentence.split(" ")[0] for sentence in said] == ["gcloud", "java", "chromium", "terraform"]
    assert all(" is missing, for the " in sentence for sentence in said)


def test_chromium_may_have_another_name_or_place():
    only = {"gcloud", "java", "terraform"}
    assert len(tools.missing(lambda name: name if name in only else None, {})) == 1
    assert tools.missing(lambda name: name if name in only else None, {"CHROMIUM": "/opt/browser"}) == []
    assert tools.missing(lambda name: name if name in {*only, "chromium-browser"} else None, {}) == []


def test_own_values_are_ignored_and_the_lock_of_the_providers_is_not():
    paths = [
        "environments/stage.tfvars",
        "environments/prod.gcs.tfbackend",
        ".terraform.lock.hcl",
        "environments/stage.tfvars.example",
    ]
    asked = ["git", "check-ignore", "--no-index", *(f"infra/terraform/{path}" for path in paths)]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    assert [Path(line).name for line in done.stdout.splitlines()] == ["stage.tfvars", "prod.gcs.tfbackend"]
