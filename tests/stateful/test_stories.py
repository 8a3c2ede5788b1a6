"""Any interleaving of messages, taps, duplicates, events and housekeeping leaves the judge content.

Seeds by the environment: `ANY_ORDER_SEEDS="1 2 3" ANY_ORDER_STEPS=60 pytest tests/stateful`. Only then what fails is
shrunk to a short story, which takes minutes.
"""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.machine import AnyOrder

GIVEN = os.environ.get("ANY_ORDER_SEEDS", "").split()
SEEDS = [int(one) for one in GIVEN or ["20261123"]]
STORIES = int(os.environ.get("ANY_ORDER_STORIES", "3"))
STEPS = int(os.environ.get("ANY_ORDER_STEPS", "30"))


@pytest.mark.parametrize("number", SEEDS)
@pytest.mark.parametrize("dialect", ["contract", "native"])
@pytest.mark.timeout(600)
def test_whatever_happens_in_whichever_order(dialect: str, number: int):
    machine = seed(number)(type("AnyOrderAtOnePortal", (AnyOrder,), {"dialect": dialect}))
    how = settings(
        max_examples=STORIES,
        stateful_step_count=STEPS,
        database=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if GIVEN else [Phase.generate],
    )
    run_state_machine_as_test(machine, settings=how, _min_steps=STEPS // 2)


def _deleted(street: AnyOrder) -> None:
    """Seed 4: no list has an order that is gone, so only its own event tells of it."""
    street.managers_act(13, "deletes", 1, lost=False)


FOUND: list[tuple[str, Callable[[AnyOrder], None]]] = [("native", _deleted)]
"""What seeds have found once, shrunk to a story."""


@pytest.mark.parametrize(("dialect", "story"), FOUND, ids=lambda one: getattr(one, "__name__", one))
def test_what_was_found_once_stays_mended(dialect: str, story: Callable[[AnyOrder], None]):
    machine = type("AnyOrderAtOnePortal", (AnyOrder,), {"dialect": dialect})()
    try:
        machine.opens()
        story(machine)
    finally:
        machine.teardown()
