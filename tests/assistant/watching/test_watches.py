"""A master's watches: bounded, each ending by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.domain import watches
from shared.domain.watches import EVERY, MOST, WatchAim, Watches
from shared.store.collections import WATCH_KEPT
from tests.assistant.samples import BIT, DRILL, NOW, SAW, USER, watch
from tests.assistant.stage import Stage

KEY = watches.key(USER)


async def keep(stage: Stage, mine: Watches) -> None:
    await stage.save(KEY, lambda unit: watches.save(unit, USER, mine))


async def test_what_was_saved_is_loaded(stage: Stage) -> None:
    mine = Watches((watch(DRILL), replace(watch(SAW, WatchAim.STOCK), missing=True)))
    await keep(stage, mine)
    assert await watches.load(stage.unit(), USER) == mine
    assert await watches.load(stage.unit(), USER + 1) == Watches()


async def test_each_watch_ends_by_itself_and_the_record_with_the_last(stage: Stage) -> None:
    young = replace(watch(BIT), since=NOW + timedelta(days=1))
    await keep(stage, Watches((young, watch(DRILL))))
    stage.clock.time = NOW + WATCH_KEPT - timedelta(seconds=1)
    assert len((await watches.load(stage.unit(), USER)).items) == 2
    stage.clock.time = NOW + WATCH_KEPT
    assert (await watches.load(stage.unit(), USER)).items == (young,)
    assert await stage.store.get(KEY) is not None
    stage.clock.time = young.until
    assert await stage.store.get(KEY) is None


async def test_the_first_look_is_an_hour_later_and_no_change_puts_it_off(stage: Stage) -> None:
    await keep(stage, Watches((watch(DRILL),)))
    stage.clock.advance(minutes=50)
    await keep(stage, Watches((watch(BIT), watch(DRILL))))
    record = await stage.store.get(KEY)
    assert record is not None
    assert record.due_at == NOW + EVERY


async def test_without_watches_there_is_no_record(stage: Stage) -> None:
    await keep(stage, Watches((watch(DRILL),)))
    await keep(stage, Watches())
    assert await stage.store.get(KEY) is None


def test_the_newest_comes_first_and_a_product_is_there_once() -> None:
    mine = Watches().begun(watch(DRILL)).begun(watch(BIT))
    assert [one.product for one in mine.items] == [BIT.id, DRILL.id]
    assert mine.of(DRILL.id) == watch(DRILL)
    assert mine.without(DRILL.id).of(DRILL.id) is None
    assert not mine.full
    assert Watches((watch(DRILL),) * MOST).full
