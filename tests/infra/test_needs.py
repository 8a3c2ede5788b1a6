"""What Terraform gives each function against what the code reads, so that neither runs ahead of the other."""

from __future__ import annotations

import ast
import re

import pytest

from infra.packaging import ROOT, functions, needs, requirements
from shared.log_events import LogEvent
from shared.settings import Settings
from shared.store import collections as known_collections
from shared.store.collections import Collection
from tests.infra.alerts import log_alerts
from tests.infra.terraform import collections, function_blocks, missing_from_zip, text, words, zipped

SHARED = {path: path.read_text(encoding="utf-8") for path in (ROOT / "shared").rglob("*.py")}
LOCAL_ONLY = {name for name, field in Settings.model_fields.items() if "local only" in (field.description or "")}
NEVER_SET = LOCAL_ONLY | {"store"}
"""Of no use in the cloud: the emulators, and the store of one process."""


def test_the_functions_are_those_of_the_code():
    assert sorted(function_blocks()) == functions()


@pytest.mark.parametrize("function", functions())
def test_a_function_gets_the_settings_it_reads_and_no_others(function: str):
    block = function_blocks()[function]
    given = words(block, "settings") | words(block, "secrets")
    oauth = {"bitrix_client_secret"}
    assert given | oauth == (needs(function).settings - NEVER_SET) | oauth


@pytest.mark.parametrize("function", functions())
def test_a_functions_zip_holds_whatever_it_imports(function: str):
    assert missing_from_zip(function) == set(), "take the folder off `without` in infra/terraform/functions.tf"


@pytest.mark.parametrize("function", [name for name in functions() if name != "bitrix_call"])
def test_a_functions_zip_leaves_out_what_it_does_not_need(function: str):
    assert len(zipped(function)) < len(SHARED)


@pytest.mark.parametrize("function", functions())
def test_requirements_are_pinned_for_what_is_imported(function: str):
    pinned = (ROOT / "infra" / "requirements" / "functions" / f"{function}.txt").read_text(encoding="utf-8")
    everywhere = (ROOT / "infra" / "requirements" / "run.txt").read_text(encoding="utf-8")
    pins = set(re.findall(r"^[\w.-]+==[\w.]+", pinned, re.MULTILINE))
    assert pins <= set(re.findall(r"^[\w.-]+==[\w.]+", everywhere, re.MULTILINE)), "run `make requirements`"
    wanted = {re.split(r"[<>=]", line)[0] for line in requirements(function)}
    assert wanted <= {pin.split("==")[0] for pin in pins}, "run `make requirements`"
    assert ("aiogram" in wanted) == (function in {"telegram_update", "telegram_send", "bitrix_call"})
    assert "://" not in pinned.replace("https://github", "")


def test_the_webhook_of_the_portal_says_nothing_to_anybody():
    """It has neither aiogram nor the bot's token (`shared.entry.wiring.events`), so it must have no words either."""
    assert not needs("bitrix_webhook").modules & {"shared.assistant.chat_view", "shared.assistant.telegram_delivery"}


def test_every_setting_can_be_set_and_none_is_unknown():
    variable = set(re.findall(r"^    (\w+)\s+= optional\(", text("settings.tf"), re.MULTILINE))
    made = re.search(r"made_settings = \{(.*?)\n  \}", text("settings.tf"), re.DOTALL)
    assert made is not None
    made_here = set(re.findall(r"^    (\w+)\s+=", made[1], re.MULTILINE))
    secret = set().union(*(words(block, "secrets") for block in function_blocks().values()))
    assert variable | made_here | secret == set(Settings.model_fields) - NEVER_SET
    assert not variable & made_here
    assert not secret & (variable | made_here)


def test_terraforms_own_tests_set_every_setting():
    """Its test compares what functions get with what the code reads, which needs every optional one set."""
    variable = set(re.findall(r"^    (\w+)\s+= optional\(", text("settings.tf"), re.MULTILINE))
    block = re.search(r"^  settings = \{\n(.*?)^  \}", text("tests/rules.tftest.hcl"), re.DOTALL | re.MULTILINE)
    assert block is not None
    assert set(re.findall(r"^    (\w+)\s+=", block[1], re.MULTILINE)) == variable


def test_what_is_secret_in_the_code_is_a_secret():
    secret = {name for name, field in Settings.model_fields.items() if "Secret" in str(field.annotation)}
    given = set().union(*(words(block, "secrets") for block in function_blocks().values()))
    assert secret | {"bitrix_base_url"} == given


CODE = {one.name: one for one in vars(known_collections).values() if isinstance(one, Collection)}


def test_terraform_knows_every_collection_with_its_time_to_live_and_its_index():
    assert collections() == {name: (one.expires, one.due) for name, one in CODE.items()}, "see infra/terraform/store.tf"


def test_what_is_due_is_asked_of_just_the_collections_that_say_so():
    asked = {constant for content in SHARED.values() for constant in re.findall(r"\.due\(\s*(\w+)\.name", content)}
    assert {getattr(known_collections, constant).name for constant in asked} == {
        n for n, one in CODE.items() if one.due
    }


def test_metrics_count_only_events_that_the_code_writes():
    listed = re.findall(r"events\s*= \[([^\]]+)\]", text("modules/monitoring/metrics.tf"))
    counted = {event for part in listed for event in re.findall(r'"([a-z_]+)"', part)}
    assert len(counted) > 10
    assert counted <= set(LogEvent)


def test_metrics_read_only_fields_that_the_code_writes():
    metrics = text("modules/monitoring/metrics.tf")
    labels = {name for part in re.findall(r"labels = \[([^\]]*)\]", metrics) for name in re.findall(r'"(\w+)"', part)}
    values = set(re.findall(r'value = "(\w+)"', metrics))
    written = {name for content in SHARED.values() for name in re.findall(r'"([a-z_]+)"(?:: |\] = )', content)}
    written |= {name for content in SHARED.values() for name in _fields_of_events(content)}
    bound = {
        name
        for content in SHARED.values()
        for call in re.findall(r"bind\(([^)]*)", content)
        for name in re.findall(r"(\w+)=", call)
    }
    assert {"seconds", "oldest_seconds", "age_seconds"} <= values
    assert labels | values <= written | bound


def _fields_of_events(content: str) -> set[str]:
    """Names of the fields that a source logs with an event."""
    calls = [node for node in ast.walk(ast.parse(content)) if isinstance(node, ast.Call)]
    logged = [call for call in calls if ast.unparse(call.func) == "log_event"]
    return {keyword.arg for call in logged for keyword in call.keywords if keyword.arg}


RUNBOOK = (ROOT / "infra" / "RUNBOOK.md").read_text(encoding="utf-8")
AT_A_GLANCE = re.findall(r"^\| `([a-z0-9-]+)` \| ([A-Z]+) \| [^|]+ \| (`[^`]+`|–) \|$", RUNBOOK, re.MULTILINE)


def _alerts() -> dict[str, str]:
    """Alert → its severity."""
    source = text("modules/monitoring/alerts.tf") + text("modules/monitoring/slo.tf")
    blocks = re.findall(r"^ {4,6}([a-z0-9-]+) = \{\n(.*?)\n +\}$", source, re.MULTILINE | re.DOTALL)
    severities = {name: re.search(r'severity = "([A-Z]+)"', block) for name, block in blocks}
    return {name: found[1] for name, found in severities.items() if found}


def test_the_runbook_has_an_entry_for_each_alert_and_no_other():
    assert len(_alerts()) >= 20
    assert sorted(re.findall(r"^### (.+)$", RUNBOOK, re.MULTILINE)) == sorted(_alerts())


def test_the_runbook_tells_each_alert_s_severity_at_a_glance():
    told = {name: severity for name, severity, _ in AT_A_GLANCE}
    assert told == _alerts()


def test_what_an_alert_counts_was_seen_in_the_test_that_the_runbook_names():
    counted = log_alerts().keys()
    assert {name for name, _, path in AT_A_GLANCE if path != "–"} == counted
    sources = {path: (ROOT / path.strip("`")).read_text(encoding="utf-8") for _, _, path in AT_A_GLANCE if path != "–"}
    assert [name for name, _, path in AT_A_GLANCE if path != "–" and f'"{name}"' not in sources[path]] == []
