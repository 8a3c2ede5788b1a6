"""A portal's events are never repeated; what was lost on the way is asked for: of orders, and of returns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from shared.assistant.notifications.scheduling import EVERY
from shared.domain.return_records import LOOK_EVERY
from tests.conversations.test_returns import returned
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@contextmanager
def events_are_lost(world: World) -> Iterator[None]:
    """Have the portal's events go nowhere for a while."""
    with pytest.MonkeyPatch.context() as lost:
        lost.setattr(world.portal.webhooks, "announce", lambda *_, **__: None)
        lost.setattr(world.portal.webhooks, "send", lambda *_: None)
        yield


async def test_a_status_whose_event_was_lost_is_told_within_minutes(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    await world.rests()
    assert (await world.calls("housekeeping", b"")).is_success
    with events_are_lost(world):
        await world.shop.moves(number, status="PAYED")
        await world.rests()
    assert not await master.hears("Оплата получена")
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await master.sees("Оплата получена")
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await world.rests()
    assert len(await master.hears("Оплата получена")) == 1


async def test_a_decision_on_a_return_whose_event_was_lost_is_told_within_minutes(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await returned(world, master)
    await world.rests()
    with events_are_lost(world):
        await world.shop.decides(number, status="RETURN_REJECTED", reason="следы удара")
        await world.rests()
    assert not await master.hears("Возврат отклонён")
    for _ in range(2):
        world.clock.skip(LOOK_EVERY.total_seconds())
        assert (await world.calls("housekeeping", b"")).is_success
        await world.rests()
    assert len(await master.hears("Возврат отклонён: следы удара")) == 1
