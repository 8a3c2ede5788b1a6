"""A portal's events are never repeated; what was lost on the way is asked for."""

from __future__ import annotations

import pytest

from shared.assistant.notifications.missed import EVERY
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_status_whose_event_was_lost_is_told_within_minutes(
    both_worlds: World, monkeypatch: pytest.MonkeyPatch
):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    await world.rests()
    assert (await world.calls("housekeeping", b"")).is_success
    with monkeypatch.context() as lost:
        lost.setattr(world.portal.webhooks, "announce", lambda *_, **__: None)
        lost.setattr(world.portal.webhooks, "send", lambda *_: None)
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
