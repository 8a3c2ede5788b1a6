"""The pages cover everything a person can set, call, meet or count."""

import argparse
import re

import pytest

from infra.cli import _parser
from infra.local.sandbox.functions import PATHS
from shared.domain.preferences import Importance
from shared.domain.statuses import STATUSES
from shared.log_events import LogEvent
from shared.settings import Settings
from shared.store import collections
from shared.store.collections import Collection
from tests.architecture.pages import section, text
from tests.architecture.sources import ROOT, modules

README = text("README.md")
BUILT = text("shared/README.md")
ASSISTANT = text("shared/assistant/README.md")
FUNCTIONS = text("functions/README.md")
CLOUD = text("infra/README.md")
RUNBOOK = text("infra/RUNBOOK.md")
SANDBOX = text("infra/local/README.md")
TESTS = text("tests/README.md")
SHARED = {name: path.read_text(encoding="utf-8") for name, path in modules().items() if name.startswith("shared.")}


def settings_rows() -> list[str]:
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = "" if default in (None, {}) else f"`{default}`"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return rows


def test_the_first_screen_is_the_two_commands() -> None:
    first = README.splitlines()[:10]
    assert any(line.startswith("make run") for line in first)
    assert any(line.startswith("make test") for line in first)


def test_the_first_page_stays_short() -> None:
    assert len(README.splitlines()) <= 150


def test_the_glossary_stays_short() -> None:
    terms = re.findall(r"^\| ([^|]+) \| [^|]+ \|$", section(BUILT, "Glossary"), re.MULTILINE)[1:]
    assert 20 <= len(terms) <= 40
    assert terms == sorted(set(terms))


def test_settings_table_is_made_from_the_code() -> None:
    between = re.search(r"<!-- settings -->\n(.*)<!-- /settings -->", CLOUD, re.DOTALL)
    assert between is not None
    assert between[1].splitlines() == settings_rows()


def test_statuses_table() -> None:
    for status, entry in STATUSES.items():
        text = f"{entry.text.rstrip()} …" if entry.reason else entry.text
        matters = "important" if entry.news is Importance.IMPORTANT else ""
        assert f"| `{status}` | {text} | {entry.category} | {matters} |" in ASSISTANT


def _commands(command: str = "") -> dict[str, argparse.ArgumentParser]:
    (actions,) = (action for action in _parser(command)._actions if isinstance(action, argparse._SubParsersAction))
    return dict(actions.choices)


@pytest.mark.parametrize("command", list(_commands()))
def test_commands_and_their_options(command: str) -> None:
    assert f"assistant {command}" in CLOUD
    options = [option for action in _commands(command)[command]._actions for option in action.option_strings]
    assert [
        option for option in options if option.startswith("--") and option != "--help" and option not in CLOUD + SANDBOX
    ] == []


def test_make_targets() -> None:
    targets = re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert [target for target in targets if f"`make {target}`" not in README and f"`{target}`" not in README] == []


def test_log_events() -> None:
    assert [event for event in LogEvent if f"`{event}`" not in section(RUNBOOK, "Log events")] == []


def test_error_codes() -> None:
    text = "\n".join(text for name, text in SHARED.items() if name.startswith("shared.entry"))
    codes = set(re.findall(r'Rejected\([\w.]+, "([a-z_]+)"\)', text)) | set(re.findall(r'"error": "([a-z_]+)"', text))
    assert {"unauthorized", "try_again", "bug"} <= codes
    assert sorted(code for code in codes if f"`{code}`" not in FUNCTIONS) == []


def test_collections() -> None:
    names = [one.name for one in vars(collections).values() if isinstance(one, Collection)]
    assert {"jobs", "orders", "inbox_telegram", "search_cache"} <= set(names)
    assert sorted(name for name in names if f"| `{name}` |" not in section(BUILT, "Records")) == []


def test_functions() -> None:
    assert {path.parent.name for path in (ROOT / "functions").glob("*/main.py")} == set(PATHS)
    assert [name for name in PATHS if f"`{name}`" not in FUNCTIONS] == []


@pytest.mark.parametrize("simulator", ["telegram", "portal"])
def test_control_endpoints(simulator: str) -> None:
    folder = ROOT / "infra" / "local" / simulator
    modules = [folder / name for name in ("control.py", "looking.py") if (folder / name).exists()]
    source = "\n".join(module.read_text(encoding="utf-8") for module in modules)
    paths = set(re.findall(r'"(?:/_sim)?(/[a-z/]+)(?:/\{[a-z_:]+\})?", self\.', source))
    assert paths
    assert sorted(path for path in paths if f"/_sim{path}" not in SANDBOX) == []


def _spec_rows() -> list[list[str]]:
    lines = section(TESTS, "The spec, row by row").splitlines()
    return [line.strip("| ").split(" | ") for line in lines if line.startswith("| §")]


def test_every_part_of_the_spec_has_its_rows_with_a_place_and_a_test() -> None:
    rows = _spec_rows()
    assert {row[0][:2] for row in rows} == {f"§{part}" for part in range(1, 7)}
    for spec, where, proven in rows:
        assert re.search(r"`(shared|infra)/", where), spec
        assert re.search(r"`(tests/|infra/terraform/tests/)", proven), spec


def test_the_version_map_names_this_version() -> None:
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    assert f"| v0.1 | {version[1]} |" in section(TESTS, "The version map")
