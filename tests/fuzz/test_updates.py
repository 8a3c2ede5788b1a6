"""Updates of every kind of the Bot API, hostile in every part: no 5xx, traceback or letter, nothing of a stranger."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.entry.container import Container
from shared.store.collections import DEAD_LETTERS, MASTERS
from tests.entry.conftest import Lines
from tests.entry.world import MASTER, enrol, update
from tests.fuzz.conftest import EXAMPLES
from tests.fuzz.schema import KINDS, updates_of
from tests.pipeline.bench import NOW
from tests.support.stores import FaultyStore, documents

STRANGER = 4242
OPERATORS = -1_001_234_567_890
PRIVATE = {"id": MASTER, "type": "private"}
CHATS = [PRIVATE, PRIVATE, PRIVATE, {"id": OPERATORS, "type": "supergroup"}, {"id": -5, "type": "group"}]
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]

pytestmark = [
    pytest.mark.usefixtures("here"),
    pytest.mark.parametrize(
        "here",
        [{"TELEGRAM_UPDATES_PER_MINUTE": "100000", "TELEGRAM_OPERATORS_CHAT_ID": str(OPERATORS)}],
        indirect=True,
    ),
]


async def is_served(here: Container, store: FaultyStore, lines: Lines, event: dict[str, Any]) -> None:
    before = len(lines())
    assert (await update(here, json.dumps(event).encode())).status_code == 200
    said = [entry for entry in lines()[before:] if entry["severity"] in ("ERROR", "CRITICAL")]
    assert [entry for entry in said if "stack_trace" in entry or entry.get("event") in ("bug", "dead_letter")] == []
    assert await store.due(DEAD_LETTERS.name, NOW, 1) == []


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=EXAMPLES, suppress_health_check=QUIET)
@given(data=st.data())
async def test_whatever_a_master_sends_is_served(
    here: Container, store: FaultyStore, lines: Lines, kind: str, data: st.DataObject
):
    event = data.draw(updates_of(kind, [MASTER], CHATS))
    if await store.get(MASTERS.key(str(MASTER))) is None:
        await enrol(store)
    await is_served(here, store, lines, event)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=EXAMPLES, suppress_health_check=QUIET)
@given(data=st.data())
async def test_of_a_stranger_nothing_is_written(
    here: Container, store: FaultyStore, lines: Lines, kind: str, data: st.DataObject
):
    event = data.draw(updates_of(kind, [STRANGER], [{"id": STRANGER, "type": "private"}, {"id": -5, "type": "group"}]))
    await is_served(here, store, lines, event)
    assert documents(store) == {}
