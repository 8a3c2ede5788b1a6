"""A deal that was moved means «look again» for those of its orders that are ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.assistant.notifications.events import look_again
from shared.assistant.notifications.jobs import sync_job
from shared.assistant.notifications.scheduling import DEALS, EVERY, OVERLAP, SELDOM
from shared.bitrix.errors import MethodMissing
from shared.bitrix.events import Event, EventKind
from shared.domain import order_parts, order_records
from shared.domain.orders import DealPage
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal
from tests.assistant.samples import known_order, portal_order
from tests.assistant.stage import Stage
from tests.bitrix.native.speaking import native


@pytest.fixture
async def ours() -> Stage:
    stage = Stage(native())
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    return stage


async def told_of(stage: Stage, deal: str) -> list[Job]:
    event = Event("ONCRMDEALUPDATE", "e1", EventKind.DEAL, deal_id=deal)

    async def make_decision(decision: Decision) -> None:
        await look_again(event, decision)

    return (await stage.decision(make_decision)).jobs


async def wanted(stage: Stage, job: Job) -> Job:
    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(job)

    return (await stage.decision(make_decision)).job


async def test_of_an_unknown_deal_the_orders_are_found_first(ours: Stage) -> None:
    (job,) = await told_of(ours, "301")
    assert (job.kind, job.payload) == ("find_deals_orders", {"deal": "301"})
    (command,) = ours.kinds[job.kind].plan(job).commands.values()
    assert (command.method, command.params) == ("crm.orderentity.list", {"filter": {"ownerId": 301, "ownerTypeId": 2}})
    seen = await ours.answer(job, ("5121", "9999"))
    assert [(it.kind, it.payload) for it in seen.jobs] == [("sync_order", {"order": "5121"})]
    assert seen.calls == []


@pytest.mark.parametrize("orders", [(), ("9999",)])
async def test_a_deal_of_somebody_else_is_one_look_a_day_and_nothing_told(ours: Stage, orders: tuple[str, ...]) -> None:
    (job,) = await told_of(ours, "77")
    seen = await ours.answer(job, orders)
    assert (seen.jobs, seen.calls) == ([], [])
    ours.clock.advance(hours=23)
    assert await told_of(ours, "77") == []


async def test_a_deal_without_orders_is_asked_about_again_the_next_day(ours: Stage) -> None:
    (job,) = await told_of(ours, "77")
    await ours.answer(job, ())
    ours.clock.advance(hours=25)
    assert [it.kind for it in await told_of(ours, "77")] == ["find_deals_orders"]


async def test_whose_the_deal_is_is_known_from_the_order_s_own_look(ours: Stage) -> None:
    await ours.answer(await wanted(ours, sync_job("5121")), replace(portal_order(), deal_id="301"))
    ours.clock.advance(minutes=1)
    assert [(it.kind, it.payload) for it in await told_of(ours, "301")] == [("sync_order", {"order": "5121"})]


async def test_orders_that_were_known_stay_with_their_deal(ours: Stage) -> None:
    await ours.put(lambda unit: order_records.remember(unit, known_order(id_="5122")))
    for order in ("5121", "5122"):
        await ours.answer(await wanted(ours, sync_job(order)), replace(portal_order(id_=order), deal_id="301"))
    ours.clock.advance(minutes=1)
    assert [it.payload for it in await told_of(ours, "301")] == [{"order": "5121"}, {"order": "5122"}]


async def test_of_a_change_of_our_own_nothing_is_looked_at(ours: Stage) -> None:
    await ours.put(lambda unit: order_parts.remember_own_change(unit, "301", "5121"))
    ours.clock.advance(seconds=9)
    assert await told_of(ours, "301") == []
    ours.clock.advance(seconds=1)
    assert [it.payload for it in await told_of(ours, "301")] == [{"order": "5121"}]


@pytest.fixture
async def asked(ours: Stage) -> Stage:
    """A stage on which it is time to ask for deals."""
    await ours.decision(DEALS.ask)
    ours.clock.time += EVERY
    return ours


async def test_moved_deals_are_asked_for_by_their_own_cursor(asked: Stage) -> None:
    job = (await asked.decision(DEALS.ask)).job
    since = asked.clock() - EVERY - OVERLAP
    assert job.payload == {"since": since, "asked_at": asked.clock(), "start": 0}
    (command,) = asked.kinds["ask_deals"].plan(job).commands.values()
    assert (command.method, command.params["entityTypeId"]) == ("crm.item.list", 2)
    assert command.params["filter"] == {">=movedTime": since.isoformat()}
    seen = await asked.answer(job, DealPage(("301", "302"), next=50))
    following, *found = sorted(seen.jobs, key=lambda it: it.kind)
    assert (following.payload["start"], [it.payload["deal"] for it in found]) == (50, ["301", "302"])
    await asked.answer(following, DealPage(()))
    assert await asked.read(DEALS.cursor) == {"since": asked.clock()}


async def test_a_portal_that_lists_no_deals_is_asked_once_a_day(asked: Stage) -> None:
    job = (await asked.decision(DEALS.ask)).job
    await asked.refuse(job, Refusal(MethodMissing.usual_code, operators=True))
    asked.clock.time += SELDOM - timedelta(seconds=1)
    assert (await asked.decision(DEALS.ask)).jobs == []


@pytest.mark.parametrize("kind", ["ask_deals", "find_deals_orders"])
def test_the_contract_has_no_deals(stage: Stage, kind: str) -> None:
    payloads = {
        "ask_deals": DEALS.page_job(stage.clock(), stage.clock()),
        "find_deals_orders": Job("find_deals_orders", DEALS.page_job(stage.clock(), stage.clock()).lane, {"deal": "1"}),
    }
    with pytest.raises(LookupError):
        stage.kinds[kind].plan(payloads[kind])
