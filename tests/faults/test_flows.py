"""The process dies at each step of each flow to the outside: what was wanted comes to its end, once.

One step of each, drawn by a fixed seed; `make faults` takes all of them (`FAULT_POINTS=all`) and prints how many.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import pytest

from tests.faults.flows import FLOWS, Flow
from tests.faults.mortal import staged
from tests.support.clock import run

POINTS = os.environ.get("FAULT_POINTS", "1")
"""Steps of each flow at which it dies, `all` or how many."""


async def dies(dialect: str, flow: Flow, at: int, *, after: bool) -> list[str]:
    """Run a flow whose instance dies at this step, and check what came of it; its steps."""
    async with staged(dialect) as stage:
        await flow.before(stage)
        stage.arm(at, after=after)
        await flow.goes(stage)
        await flow.holds(stage)
        assert stage.dead_letters() == []
        assert stage.fate.dead == bool(at)
        return stage.fate.steps


def drawn(count: int) -> list[int]:
    """Return the steps to die at."""
    every = range(1, count + 1)
    return list(every) if POINTS == "all" else sorted(random.Random(count).sample(every, int(POINTS)))  # noqa: S311 - dice


@pytest.mark.parametrize("dialect", ["contract", "native"])
@pytest.mark.parametrize("name", list(FLOWS))
def test_a_death_at_any_step_loses_nothing_and_does_nothing_twice(name: str, dialect: str):
    flow = FLOWS[name]
    steps = run(dies(dialect, flow, 0, after=False))
    points = [(at, after) for at in drawn(len(steps)) for after in (False, True)]
    for at, after in points:
        try:
            run(dies(dialect, flow, at, after=after))
        except AssertionError as error:
            how = f"death {'after' if after else 'before'} step {at} of {len(steps)}, {steps[at - 1]}"
            raise AssertionError(f"{name}, {dialect}: {how}: {error}") from error
    kinds = ", ".join(f"{kind} {times}" for kind, times in sorted(Counter(step.split()[0] for step in steps).items()))
    print(f"{name}, {dialect}: {len(steps)} effect points ({kinds}), {len(points)} deaths")  # noqa: T201 - for `make faults`
