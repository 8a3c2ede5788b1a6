"""What is injected meets the test it is meant for, and nobody else."""

from __future__ import annotations

import pytest

from shared.assistant.notifications.scheduling import EVERY
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_fault_waits_for_the_test(world: World):
    """Housekeeping asks for missed changes by itself, and would meet the fault first: here only a test calls it."""
    master = await world.master()
    assert (await world.calls("housekeeping", b"")).is_success
    await world.rests()
    await world.shop.fails("5xx", count=1, method="sale.order.list")
    for _ in range(3):
        world.clock.skip(EVERY.total_seconds())
        await master.finds()
        await world.rests()
    assert [fault["hits"] for fault in await world.shop.faults()] == [0]
    assert (await world.calls("housekeeping", b"")).is_success
    await world.rests()
    assert [fault["hits"] for fault in await world.shop.faults()] == [1]
