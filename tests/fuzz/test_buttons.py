"""Buttons and links, forged part by part: what cannot be ours is a stale button or no link, whoever sends it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.entry.container import Container
from shared.store.collections import MASTERS
from tests.entry.conftest import Lines
from tests.entry.world import MASTER, enrol, tap, text
from tests.fuzz.conftest import EXAMPLES
from tests.fuzz.schema import buttons, hostile_texts, payloads
from tests.fuzz.test_updates import STRANGER, is_served
from tests.support.stores import FaultyStore, documents

TIMES = 5
"""Examples of each kind here: one costs little."""

QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
PACE = {"TELEGRAM_UPDATES_PER_MINUTE": "100000"}

pytestmark = [pytest.mark.usefixtures("here"), pytest.mark.parametrize("here", [PACE], indirect=True)]

ids = st.integers(0, 2**31)


def _event(made: dict[str, Any]) -> dict[str, Any]:
    """Return it as it comes over the line: what is no text there is none here."""
    whole: dict[str, Any] = json.loads(json.dumps(made))
    return whole


@settings(max_examples=EXAMPLES * TIMES, suppress_health_check=QUIET)
@given(data=buttons() | hostile_texts, number=ids)
async def test_a_masters_forged_button_is_answered(
    here: Container, store: FaultyStore, lines: Lines, data: str, number: int
):
    if await store.get(MASTERS.key(str(MASTER))) is None:
        await enrol(store)
    await is_served(here, store, lines, _event(tap(data, number)))


@settings(max_examples=EXAMPLES * TIMES, suppress_health_check=QUIET)
@given(payload=payloads() | hostile_texts, number=ids)
async def test_a_masters_forged_link_is_answered(
    here: Container, store: FaultyStore, lines: Lines, payload: str, number: int
):
    if await store.get(MASTERS.key(str(MASTER))) is None:
        await enrol(store)
    await is_served(here, store, lines, _event(text(f"/start {payload}", number)))


@settings(max_examples=EXAMPLES * TIMES, suppress_health_check=QUIET)
@given(
    made=st.builds(tap, buttons(), ids, st.just(STRANGER))
    | st.builds(lambda payload, number: text(f"/start {payload}", number, STRANGER), payloads() | hostile_texts, ids)
)
async def test_nothing_that_a_stranger_forges_is_written(
    here: Container, store: FaultyStore, lines: Lines, made: dict[str, Any]
):
    await is_served(here, store, lines, _event(made))
    assert documents(store) == {}
