"""An event of the portal means «look again» for orders of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.assistant.notifications.events import look_again
from shared.bitrix.events import Event, EventKind
from shared.domain import order_records
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import BACKGROUND_DELAY, Lane
from tests.assistant.samples import NOW, known_order
from tests.assistant.stage import Seen, Stage

ORDER = Event("ONSALEORDER_ENTITY_SAVED", "e1", EventKind.ORDER, order_id="5121")


async def _tell(stage: Stage, event: Event) -> Seen:
    async def make_decision(decision: Decision) -> None:
        await look_again(event, decision)

    return await stage.decision(make_decision)


@pytest.fixture
async def ours(stage: Stage) -> Stage:
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    return stage


async def test_our_order_is_looked_at_again_in_the_background(ours: Stage) -> None:
    seen = await _tell(ours, ORDER)
    assert (seen.job.kind, seen.job.lane, seen.job.id) == ("sync_order", Lane.READ, "sync_order:5121")
    assert seen.job.payload == {"order": "5121"}
    assert seen.due == {"sync_order:5121": NOW + BACKGROUND_DELAY}
    assert seen.calls == []


async def test_ten_events_of_a_second_are_one_look(ours: Stage) -> None:
    seen = [await _tell(ours, ORDER) for _ in range(10)]
    assert [len(decision.jobs) for decision in seen] == [1, *[0] * 9]
    assert len(await ours.pending()) == 1


async def test_an_event_after_the_look_is_a_new_look(ours: Stage) -> None:
    job = (await _tell(ours, ORDER)).job
    await ours.refuse(job)
    ours.clock.advance(seconds=5)
    again = await _tell(ours, ORDER)
    assert again.due == {"sync_order:5121": NOW + timedelta(seconds=5) + BACKGROUND_DELAY}


async def test_a_foreign_order_is_no_business_of_ours(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    seen = await _tell(stage, ORDER)
    assert (seen.calls, seen.jobs) == ([], [])
    assert vars(caplog.records[-1])["fields"] == {"event": "foreign_order", "order": "5121"}


@pytest.mark.parametrize(
    ("event", "job_id", "payload"),
    [
        (
            Event("ONPAYMENTENTITYSAVED", "e1", EventKind.PAYMENT, payment_id="901"),
            "find_order:payment:901",
            {"what": "payment", "part": "901"},
        ),
        (
            Event("ONSHIPMENTENTITYSAVED", "e1", EventKind.SHIPMENT, shipment_id="902"),
            "find_order:shipment:902",
            {"what": "shipment", "part": "902"},
        ),
    ],
)
async def test_a_part_of_an_order_has_its_order_found_first(
    stage: Stage, event: Event, job_id: str, payload: dict[str, str]
) -> None:
    seen = await _tell(stage, event)
    assert (seen.job.kind, seen.job.lane, seen.job.id) == ("find_order", Lane.READ, job_id)
    assert seen.job.payload == payload
    assert seen.due == {job_id: NOW + BACKGROUND_DELAY}
    assert seen.calls == []
    assert [len((await _tell(stage, event)).jobs) for _ in range(3)] == [0, 0, 0]


@pytest.mark.parametrize(
    "event",
    [
        Event("RMA_STATUS_CHANGED", "e1", EventKind.RETURN, order_id="5121", rma_id="7"),
        Event("ONCRMDEALADD", "e1", EventKind.UNUSED, order_id="5121"),
        Event("ONSALEORDER_ENTITY_SAVED", "e1", EventKind.ORDER),
        Event("ONPAYMENTENTITYSAVED", "e1", EventKind.PAYMENT),
        Event("ONSHIPMENTENTITYSAVED", "e1", EventKind.SHIPMENT),
    ],
)
async def test_other_events_lead_to_nothing(ours: Stage, event: Event) -> None:
    seen = await _tell(ours, event)
    assert (seen.calls, seen.jobs) == ([], [])
