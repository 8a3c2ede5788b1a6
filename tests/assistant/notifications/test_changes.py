"""Changes whose events were lost are asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.assistant.notifications.scheduling import EVERY, ORDERS, OVERLAP, SELDOM
from shared.bitrix.errors import MethodMissing
from shared.domain import order_records
from shared.domain.orders import ListedOrder, OrderPage
from shared.pipeline.outcomes import Refusal
from tests.assistant.samples import known_order
from tests.assistant.stage import Seen, Stage


async def _ask(stage: Stage) -> Seen:
    return await stage.decision(ORDERS.ask)


@pytest.fixture
async def asked(stage: Stage) -> Stage:
    """A stage on which it is time to ask, and an order of ours."""
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    await _ask(stage)
    stage.clock.time += EVERY
    return stage


async def test_the_first_time_only_notes_the_moment(stage: Stage) -> None:
    assert (await _ask(stage)).jobs == []
    assert await stage.read(ORDERS.cursor) == {"since": stage.clock()}
    stage.clock.time += EVERY - timedelta(seconds=1)
    assert (await _ask(stage)).jobs == []


async def test_the_question_overlaps_with_the_last_one(asked: Stage) -> None:
    seen = await _ask(asked)
    assert seen.job.payload["since"] == asked.clock() - EVERY - OVERLAP
    (command,) = asked.kinds["ask_changes"].plan(seen.job).commands.values()
    assert command.method == "sale.order.list"


async def test_our_orders_are_looked_at_and_the_cursor_moves(asked: Stage) -> None:
    job = (await _ask(asked)).job
    seen = await asked.answer(job, OrderPage([ListedOrder("5121"), ListedOrder("9999")]))
    assert [(item.kind, item.payload) for item in seen.jobs] == [("sync_order", {"order": "5121"})]
    assert await asked.read(ORDERS.cursor) == {"since": asked.clock()}


async def test_the_cursor_waits_for_the_last_page(asked: Stage) -> None:
    first = (await _ask(asked)).job
    seen = await asked.answer(first, OrderPage([ListedOrder("1")], next=50))
    assert seen.job.payload == {**first.payload, "start": 50}
    assert await asked.read(ORDERS.cursor) == {"since": asked.clock() - EVERY}
    assert (await asked.answer(seen.job, OrderPage([]))).jobs == []
    assert await asked.read(ORDERS.cursor) == {"since": asked.clock()}


async def test_a_page_that_leads_back_ends_the_question(asked: Stage) -> None:
    first = (await _ask(asked)).job
    assert (await asked.answer(first, OrderPage([], next=0))).jobs == []


async def test_a_silent_portal_is_asked_the_same_again(asked: Stage) -> None:
    first = (await _ask(asked)).job
    seen = await asked.refuse(first)
    assert seen.calls == []
    asked.clock.advance(minutes=1)
    again = (await _ask(asked)).job
    assert (again.id, again.payload["since"]) == (first.id, first.payload["since"])


async def test_one_question_at_a_time(asked: Stage) -> None:
    await _ask(asked)
    asked.clock.advance(minutes=1)
    assert (await _ask(asked)).jobs == []


async def test_a_late_answer_does_not_move_the_cursor_back(asked: Stage) -> None:
    now = asked.clock()
    await asked.put(lambda unit: ORDERS.move_on(unit, now))
    await asked.put(lambda unit: ORDERS.move_on(unit, now - EVERY))
    assert await asked.read(ORDERS.cursor) == {"since": now}


async def test_a_portal_that_lists_no_orders_is_asked_once_a_day(asked: Stage) -> None:
    job = (await _ask(asked)).job
    seen = await asked.refuse(job, Refusal(MethodMissing.usual_code, operators=True))
    assert (seen.calls, seen.jobs) == ([], [])
    asked.clock.time += SELDOM - timedelta(seconds=1)
    assert (await _ask(asked)).jobs == []
    asked.clock.time += timedelta(seconds=1)
    again = (await _ask(asked)).job
    assert again.payload["since"] == job.payload["since"], "nothing is passed over"
    await asked.answer(again, OrderPage([]))
    asked.clock.time += EVERY
    assert len((await _ask(asked)).jobs) == 1
