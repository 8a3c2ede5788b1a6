"""What an operation asks does not grow with what there is, but with what is asked for; counted, never timed."""

from __future__ import annotations

import pytest

from infra.bench import growth
from infra.bench.growth import Operation, exponent

SMALL = {
    "searches that wait": (250, 1_000),
    "jobs overdue": (100, 300),
    "masters": (2, 40),
    "orders of his": (12, 60),
    "lines": (5, 40),
    "goods": (300, 900),
}


@pytest.mark.parametrize("operation", growth.OPERATIONS, ids=lambda operation: operation.name)
async def test_nothing_grows_faster_than_what_is_asked(operation: Operation) -> None:
    grown = await growth.measure(operation, 1, SMALL[operation.of])
    assert grown.is_well(), grown.row()
    assert grown.counts[-1].trips


@pytest.mark.parametrize(
    ("values", "power"), [((5, 5, 5), 0.0), ((1, 10, 100), 1.0), ((1, 100, 10_000), 2.0), ((0, 0, 0), 0.0)]
)
def test_the_exponent_is_the_power_of_the_size(values: tuple[float, ...], power: float) -> None:
    assert exponent((3, 30, 300), values) == pytest.approx(power)
