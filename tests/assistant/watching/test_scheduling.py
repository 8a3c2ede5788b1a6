"""From housekeeping to the master: who is looked at when, and that each change is told once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.assistant.watching.jobs import LookAtWatchesHandler
from shared.assistant.watching.scheduling import look_again
from shared.bitrix.portal import Portal
from shared.domain import masters, watches
from shared.domain.masters import Master
from shared.domain.offers import Offer
from shared.domain.preferences import Sound
from shared.domain.watches import EVERY, Watch, WatchAim, Watches
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import BACKGROUND_DELAY, Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.pipeline.select import BATCH
from shared.store.unit_of_work import UnitOfWork
from tests.assistant.notifications.test_find import CONTRACT, NATIVE
from tests.assistant.samples import BIT, DRILL, DRILL_OFFER, MASTER, NOW, SAW, USER, offer, watch
from tests.assistant.stage import OPERATORS, Seen, Stage

GONE = replace(MASTER, reachable=False)
SHUT_OUT = replace(MASTER, blocked=True)
CHEAP = {DRILL.id: offer(DRILL, "7490", ("Тверь", "1"))}


async def _watching(stage: Stage, *mine: Watch) -> None:
    await stage.save(watches.key(USER), lambda unit: watches.save(unit, USER, Watches(mine)))


async def _sweep(stage: Stage) -> Seen:
    return await stage.decision(lambda decision: look_again(decision, USER))


async def _look(stage: Stage, offers: Mapping[str, Offer]) -> Seen:
    stage.clock.advance(seconds=EVERY.total_seconds())
    return await stage.answer((await _sweep(stage)).job, offers)


async def _mine(stage: Stage) -> tuple[Watch, ...]:
    return (await watches.load(stage.unit(), USER)).items


async def _master(stage: Stage, master: Master) -> None:
    await stage.save(masters.key(USER), master.save)


async def test_a_master_is_looked_at_every_hour_behind_those_who_wait(stage: Stage) -> None:
    await _watching(stage, watch(DRILL), watch(BIT))
    assert (await _sweep(stage)).jobs == [], "not yet"
    stage.clock.advance(seconds=EVERY.total_seconds())
    seen = await _sweep(stage)
    assert (seen.job.kind, seen.job.lane) == ("look_at_watches", Lane.READ)
    assert seen.due == {seen.job.id: stage.clock() + BACKGROUND_DELAY}
    assert (await _sweep(stage)).jobs == [], "a sweep beside it finds that it is done"
    record = await stage.store.get(watches.key(USER))
    assert record is not None
    assert record.due_at == stage.clock() + EVERY


@pytest.mark.parametrize("portal", [CONTRACT, NATIVE], ids=["contract", "native"])
def test_a_full_list_is_one_quote_that_fits_a_request(portal: Portal) -> None:
    products = [str(number) for number in range(watches.MOST)]
    job = Job("look_at_watches", Lane.READ, {"user": USER, "products": products, "asked_at": NOW})
    assert Stage(portal).kinds[job.kind].plan(job).weight <= BATCH


async def test_a_lower_price_is_told_once(stage: Stage) -> None:
    await _watching(stage, watch(DRILL))
    seen = await _look(stage, CHEAP)
    assert seen.screen.params["chat_id"] == USER
    assert seen.screen.text.startswith("🔔 Подешевело: 7\u00a0990 → 7\u00a0490\u00a0₽\n")
    assert seen.screen.data("Открыть") == "k1::7"
    assert [one.price for one in await _mine(stage)] == [Decimal(7490)]
    assert (await _look(stage, CHEAP)).calls == []


@pytest.mark.parametrize("sound", list(Sound))
async def test_news_of_goods_sound_as_the_master_chose(stage: Stage, sound: Sound) -> None:
    await _watching(stage, watch(DRILL))
    await _master(stage, replace(MASTER, sound=sound))
    seen = await _look(stage, CHEAP)
    assert seen.screen.params.get("disable_notification", False) == (sound is not Sound.ALL)


async def test_what_is_back_in_stock_is_told_and_ends(stage: Stage) -> None:
    await _watching(stage, watch(DRILL, WatchAim.STOCK), watch(SAW, WatchAim.STOCK))
    seen = await _look(stage, {DRILL.id: DRILL_OFFER, SAW.id: offer(SAW)})
    assert "Снова в наличии: 4\u00a0шт." in seen.screen.text
    assert [one.product for one in await _mine(stage)] == [SAW.id]
    assert (await _look(stage, {SAW.id: offer(SAW)})).calls == []


async def test_what_has_left_the_shop_ends_with_an_honest_word(stage: Stage) -> None:
    await _watching(stage, watch(DRILL))
    assert (await _look(stage, {})).calls == []
    seen = await _look(stage, {})
    assert "Больше не продаётся" in seen.screen.text
    assert await stage.store.get(watches.key(USER)) is None


async def test_the_news_and_the_watch_are_one_commit(stage: Stage) -> None:
    """Were the commit lost, both would be: nothing is told twice, and nothing counts as told that was not."""
    await _watching(stage, watch(DRILL))
    stage.clock.advance(seconds=EVERY.total_seconds())
    job = (await _sweep(stage)).job
    decision = Decision(UnitOfWork(stage.store, stage.clock))
    await LookAtWatchesHandler(stage.job_context).done(job, CHEAP, decision)
    assert len(decision.calls) == 1
    assert [one.price for one in await _mine(stage)] == [Decimal(7990)]
    await decision.unit.commit()
    assert [one.price for one in await _mine(stage)] == [Decimal(7490)]


async def test_a_watch_that_began_after_the_question_waits_for_the_next(stage: Stage) -> None:
    await _watching(stage, watch(BIT))
    stage.clock.advance(seconds=EVERY.total_seconds())
    job = (await _sweep(stage)).job
    late = replace(watch(BIT), since=stage.clock() + timedelta(seconds=1))
    await _watching(stage, watch(DRILL), late)
    seen = await stage.answer(job, {BIT.id: offer(BIT, "1"), **CHEAP})
    assert seen.calls == []
    assert await _mine(stage) == (watch(DRILL), late)


async def test_a_watch_that_was_ended_meanwhile_stays_ended(stage: Stage) -> None:
    await _watching(stage, watch(DRILL))
    stage.clock.advance(seconds=EVERY.total_seconds())
    job = (await _sweep(stage)).job
    await _watching(stage)
    assert (await stage.answer(job, CHEAP)).calls == []
    assert await _mine(stage) == ()


async def test_a_look_that_failed_leaves_the_master_alone_until_the_next(stage: Stage) -> None:
    await _watching(stage, watch(DRILL))
    stage.clock.advance(seconds=EVERY.total_seconds())
    assert (await stage.refuse((await _sweep(stage)).job)).calls == []
    assert (await _look(stage, CHEAP)).screen.text.startswith("🔔 Подешевело")


async def test_operators_hear_of_a_look_that_people_must_mend(stage: Stage) -> None:
    await _watching(stage, watch(DRILL))
    stage.clock.advance(seconds=EVERY.total_seconds())
    seen = await stage.refuse((await _sweep(stage)).job, Refusal("auth_failed", operators=True))
    assert seen.screen.params["chat_id"] == OPERATORS


async def test_who_has_blocked_the_bot_is_passed_over_until_he_is_back(stage: Stage) -> None:
    await _watching(stage, watch(DRILL))
    await _master(stage, GONE)
    stage.clock.advance(seconds=EVERY.total_seconds())
    assert (await _sweep(stage)).jobs == []
    await _master(stage, MASTER)
    assert len((await _look(stage, CHEAP)).screens) == 1


async def test_what_a_master_watched_who_was_shut_out_is_forgotten_in_silence(stage: Stage) -> None:
    await _watching(stage, watch(DRILL))
    await _master(stage, SHUT_OUT)
    stage.clock.advance(seconds=EVERY.total_seconds())
    seen = await _sweep(stage)
    assert (seen.calls, seen.jobs) == ([], [])
    assert await stage.store.get(watches.key(USER)) is None


@pytest.mark.parametrize("master", [GONE, SHUT_OUT], ids=["gone", "shut out"])
async def test_who_left_while_the_portal_was_asked_is_told_nothing(stage: Stage, master: Master) -> None:
    await _watching(stage, watch(DRILL))
    stage.clock.advance(seconds=EVERY.total_seconds())
    job = (await _sweep(stage)).job
    await _master(stage, master)
    assert (await stage.answer(job, CHEAP)).calls == []
    assert await _mine(stage) == (watch(DRILL),)


async def test_nobody_watches_and_nothing_is_asked(empty_stage: Stage) -> None:
    seen = await empty_stage.decision(lambda decision: look_again(decision, Master(9, "1", "", NOW).telegram_id))
    assert (seen.calls, seen.jobs) == ([], [])
