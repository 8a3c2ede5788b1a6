"""The order of a payment or a shipment is found, and then looked at."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.assistant.notifications.events import look_again
from shared.assistant.notifications.jobs import find_job
from shared.bitrix.contract import ContractPortal, ContractSettings
from shared.bitrix.errors import AccessDenied, BadAnswer, NotFound
from shared.bitrix.events import Event, EventKind
from shared.bitrix.native import NativePortal, NativeSettings
from shared.bitrix.portal import Answer, Portal
from shared.domain import order_records
from shared.domain.orders import PaymentKind
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal
from tests.assistant.samples import known_order, portal_order
from tests.assistant.stage import OPERATORS, Seen, Stage

SYSTEMS = {PaymentKind.PREPAID: "2", PaymentKind.CASH: "3"}
CONTRACT = ContractPortal(ContractSettings(pay_systems=SYSTEMS, delivery_id="4"))
NATIVE = NativePortal(
    NativeSettings(
        iblock_id="14",
        price_type_id="1",
        person_type_id="5",
        pay_systems=SYSTEMS,
        delivery_id="4",
        address_property_id="20",
        phone_property_id="21",
    )
)


@pytest.fixture
async def ours(stage: Stage) -> Stage:
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    return stage


async def _wanted(stage: Stage, job: Job) -> Job:
    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(job)

    return (await stage.decision(make_decision)).job


async def _told(stage: Stage, event: Event) -> Seen:
    async def make_decision(decision: Decision) -> None:
        await look_again(event, decision)

    return await stage.decision(make_decision)


@pytest.mark.parametrize("what", ["payment", "shipment"])
@pytest.mark.parametrize(
    ("portal", "answer"),
    [
        (CONTRACT, {"ID": "901", "ORDER_ID": "5121"}),
        (NATIVE, {"id": 901, "orderId": 5121}),
    ],
    ids=["contract", "native"],
)
def test_the_portal_is_asked_for_the_part(portal: Portal, answer: dict[str, object], what: str) -> None:
    operation = Stage(portal).kinds["find_order"].plan(find_job(what, "901"))
    ((name, command),) = operation.commands.items()
    assert (command.method, command.params) == (f"sale.{what}.get", {"id": 901})
    assert operation.read({name: Answer({what: answer})}) == "5121"
    with pytest.raises(BadAnswer):
        operation.read({name: Answer({what: {**answer, "ID": "902", "id": 902}})})


async def test_the_order_is_looked_at(ours: Stage) -> None:
    seen = await ours.answer(await _wanted(ours, find_job("payment", "901")), "5121")
    assert (seen.job.kind, seen.job.payload) == ("sync_order", {"order": "5121"})
    assert seen.calls == []


async def test_what_the_event_said_goes_with_the_order(ours: Stage) -> None:
    event = Event("PAYMENT.STATUS.CHANGED", "e1", EventKind.PAYMENT, payment_id="901", status="PAYED", reason="банк")
    seen = await _told(ours, event)
    assert (seen.job.id, seen.job.payload["status"]) == ("find_order:payment:901:PAYED", "PAYED")
    first = await ours.answer(seen.job, "5121")
    assert first.job.payload == {"order": "5121", "status": "PAYED", "reason": "банк"}
    again = await _told(ours, replace(event, status="CANCELED"))
    assert again.job.payload == {"order": "5121", "status": "CANCELED", "reason": "банк"}, "now its order is known"


async def test_several_parts_of_an_order_are_one_look(ours: Stage) -> None:
    jobs = [await _wanted(ours, find_job(what, "901")) for what in ("payment", "shipment")]
    for job in jobs:
        await ours.answer(job, "5121")
    assert [job.id for job in await ours.pending()] == ["sync_order:5121"]


async def test_a_foreign_order_is_left_alone(ours: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    seen = await ours.answer(await _wanted(ours, find_job("shipment", "902")), "5122")
    assert (seen.calls, seen.jobs) == ([], [])
    assert {"event": "foreign_order", "order": "5122"} in [vars(record).get("fields") for record in caplog.records]


async def test_a_part_that_is_gone_is_let_be(ours: Stage) -> None:
    seen = await ours.refuse(await _wanted(ours, find_job("payment", "901")), Refusal("not_found"))
    assert (seen.calls, seen.jobs) == ([], [])


async def test_the_portal_s_own_shipment_is_nothing_to_do(ours: Stage, caplog: pytest.LogCaptureFixture) -> None:
    operation = NATIVE.order_of_shipment("901")
    gone = Answer(None, error=NotFound("shipment is not exists", code="201140400001"))
    assert operation.read({"shipment": gone}) is None
    assert operation.read({"shipment": Answer({"shipment": []})}) is None
    with pytest.raises(AccessDenied):
        operation.read({"shipment": Answer(None, error=AccessDenied("no"))})
    seen = await ours.answer(await _wanted(ours, find_job("shipment", "901")), None)
    assert (seen.calls, seen.jobs, caplog.records) == ([], [], [])


async def test_operators_hear_of_a_search_that_people_must_mend(ours: Stage) -> None:
    reason = Refusal("auth_failed", operators=True)
    seen = await ours.refuse(await _wanted(ours, find_job("payment", "901")), reason)
    assert seen.screen.params["chat_id"] == OPERATORS
    assert seen.jobs == []


async def _told_of(stage: Stage, shipment: str) -> list[Job]:
    event = Event("ONSHIPMENTENTITYSAVED", "e1", EventKind.SHIPMENT, shipment_id=shipment)

    async def make_decision(decision: Decision) -> None:
        await look_again(event, decision)

    return (await stage.decision(make_decision)).jobs


@pytest.mark.parametrize(("order", "then"), [("5121", ["sync_order"]), ("5122", []), (None, [])])
async def test_the_order_of_a_part_is_asked_for_once(ours: Stage, order: str | None, then: list[str]) -> None:
    (job,) = await _told_of(ours, "901")
    assert job.kind == "find_order"
    for look in (await ours.answer(job, order)).jobs:
        await ours.answer(look, portal_order())
    ours.clock.advance(minutes=1)
    assert [job.kind for job in await _told_of(ours, "901")] == then
    assert [job.kind for job in await _told_of(ours, "902")] == ["find_order"], "another part is another question"
    ours.clock.advance(days=31)
    assert "find_order" in [job.kind for job in await _told_of(ours, "901")], "the portal may know better by now"
