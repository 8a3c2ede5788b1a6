"""Any interleaving of messages, taps, duplicates, events and housekeeping leaves the judge content.

Seeds by the environment: `ANY_ORDER_SEEDS="1 2 3" ANY_ORDER_STEPS=60 pytest tests/stateful`. Only then what fails is
shrunk to a short story, which takes minutes.
"""

from __future__ import annotations

import os

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
