"""A master cancels his order: asked, read, written once, told once."""

from __future__ import annotations

import pytest

from shared.assistant import texts
from shared.assistant.checkout.buttons import AgreeToCancelOrder
from shared.assistant.checkout.cancel_order import BY_MASTER
from shared.assistant.navigation import AskToCancelOrder
from shared.assistant.notifications.jobs import sync_job
from shared.domain import order_records
from shared.domain.orders import Shipment
from shared.domain.statuses import can_cancel
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.status import Status
from tests.assistant.samples import OTHER, known_order, portal_order
from tests.assistant.stage import OPERATORS, SCREEN, Stage

ASK, AGREE = AskToCancelOrder(order="5121"), AgreeToCancelOrder(order="5121")


@pytest.fixture
async def ordered(stage: Stage) -> Stage:
    """A master with an order."""
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    return stage


async def _writing(stage: Stage) -> Job:
    """Go on to the write."""
    return (await stage.answer((await stage.tap(AGREE)).job, portal_order())).job


async def _shown(stage: Stage) -> tuple[Status, ...]:
    known = await order_records.load(stage.unit(), "5121")
    assert known is not None
    return known.shown


async def test_first_it_is_asked(ordered: Stage) -> None:
    seen = await ordered.tap(ASK)
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert seen.screen.labels == ["Да, отменить", "Нет, оставить"]
    assert seen.jobs == []
    assert (await ordered.tap(seen.screen.data("Нет"))).job.kind == "show_order"


async def test_it_is_read_then_canceled_then_told(ordered: Stage) -> None:
    agreed = await ordered.tap(AGREE)
    assert (agreed.toasts, agreed.screen.labels) == (["⏳ Отменяем…"], ["⏳ Отменяем…"])
    assert (agreed.job.id, agreed.job.lane) == ("check_call_off:5121", Lane.READ)
    checked = await ordered.answer(agreed.job, portal_order())
    assert (checked.job.id, checked.job.lane, checked.screens) == ("call_off:5121", Lane.WRITE, [])
    (command,) = ordered.kinds["call_off"].plan(checked.job).commands.values()
    assert command.params == {"id": 5121, "fields": {"CANCELED": "Y", "REASON_CANCELED": BY_MASTER}}
    done = await ordered.answer(checked.job, None)
    assert done.screen.text.endswith(f"Заказ отменён. Причина: {BY_MASTER}")
    assert await _shown(ordered) == (Status.NEW, Status.CANCELED)


async def test_the_portals_news_of_it_is_not_told_again(ordered: Stage) -> None:
    await ordered.answer(await _writing(ordered), None)
    await ordered.decision(lambda decision: decision.enqueue(sync_job("5121")))
    looked = await ordered.answer(await ordered.pending_of("sync_order"), portal_order(Status.CANCELED))
    assert looked.calls == []


async def test_when_the_news_was_faster_it_is_not_told_again(ordered: Stage) -> None:
    write = await _writing(ordered)
    await ordered.decision(lambda decision: decision.enqueue(sync_job("5121")))
    await ordered.answer(await ordered.pending_of("sync_order"), portal_order(Status.CANCELED, reason=BY_MASTER))
    seen = await ordered.answer(write, None)
    assert seen.screen.text == texts.cancellation.called_off("5121")
    assert await _shown(ordered) == (Status.NEW, Status.CANCELED)


async def test_a_tap_after_it_was_told_leaves_what_was_told(ordered: Stage) -> None:
    await ordered.answer(await _writing(ordered), None)
    seen = await ordered.tap(AGREE)
    assert seen.toasts == [texts.cancellation.called_off("5121")]
    assert seen.jobs == []
    assert (seen.screen.method, seen.screen.labels) == ("editMessageReplyMarkup", ["🔁 Повторить", "📦 Мои заказы"])


@pytest.mark.parametrize("data", [ASK, AGREE])
async def test_further_taps_are_answered_while_it_is_under_way(
    ordered: Stage, data: AskToCancelOrder | AgreeToCancelOrder
) -> None:
    check = (await ordered.tap(AGREE)).job
    for job in (check, None):
        seen = await ordered.tap(data)
        assert (seen.toasts, seen.jobs, seen.screens) == ([texts.cancellation.calling_off()], [], [])
        if job is not None:
            await ordered.answer(job, portal_order())
    assert [job.kind for job in await ordered.pending()] == ["call_off"]


@pytest.mark.parametrize(("status", "paid"), [(Status.PAYED, True), (Status.SHIPPED, False), (Status.FINISHED, True)])
async def test_an_order_that_went_on_is_not_canceled(ordered: Stage, status: Status, paid: bool) -> None:
    seen = await ordered.answer((await ordered.tap(AGREE)).job, portal_order(status, paid=paid))
    assert seen.screen.text == texts.cancellation.too_late_to_call_off("5121")
    assert seen.jobs == []


async def test_one_that_is_canceled_already_is_told_with_the_portals_reason(ordered: Stage) -> None:
    seen = await ordered.answer((await ordered.tap(AGREE)).job, portal_order(Status.CANCELED, reason="нет на складе"))
    assert "Причина: нет на складе" in seen.screen.text
    assert seen.jobs == []


async def test_a_silent_portal_cancels_nothing(ordered: Stage) -> None:
    seen = await ordered.refuse((await ordered.tap(AGREE)).job)
    assert seen.screen.text == texts.cancellation.call_off_silent()
    assert (await ordered.tap(seen.screen.data(texts.labels.TRY_AGAIN))).job.kind == "check_call_off"


async def test_a_portal_that_was_told_more_meanwhile_has_the_last_word(ordered: Stage) -> None:
    seen = await ordered.refuse(await _writing(ordered), Refusal("too_late_to_cancel"))
    assert seen.screen.text == texts.cancellation.too_late_to_call_off("5121")


async def test_a_refusal_is_told(ordered: Stage) -> None:
    seen = await ordered.refuse(await _writing(ordered))
    assert seen.screen.text == texts.cancellation.call_off_refused()
    assert await _shown(ordered) == (Status.NEW,)


async def test_a_doubt_is_told_and_then_what_came_of_it(ordered: Stage) -> None:
    write = await _writing(ordered)
    assert (await ordered.doubt(write)).screen.text == texts.cancellation.call_off_unsure()
    again = await ordered.pending_of("call_off")
    assert again.idempotency_key == write.idempotency_key
    assert "Заказ отменён" in (await ordered.answer(again, None)).screen.text


async def test_what_nobody_finds_out_is_for_people(ordered: Stage) -> None:
    seen = await ordered.refuse(await _writing(ordered), Refusal("timeout", operators=True, unsure=True))
    told, called = seen.screens
    assert told.text == texts.cancellation.call_off_lost(people=True)
    assert called.params["chat_id"] == OPERATORS
    assert "5121" in called.text


@pytest.mark.parametrize("order", ["100", "99"])
@pytest.mark.parametrize("kind", [AskToCancelOrder, AgreeToCancelOrder])
async def test_nobody_cancels_anothers_order(
    ordered: Stage, order: str, kind: type[AskToCancelOrder | AgreeToCancelOrder]
) -> None:
    await ordered.put(lambda unit: order_records.remember(unit, known_order(id_="100", user_id=OTHER)))
    seen = await ordered.tap(kind(order=order))
    assert seen.screen.text == texts.orders.order_unknown(order)
    assert seen.jobs == []


async def test_an_order_forgotten_meanwhile_is_told_to_nobody(ordered: Stage) -> None:
    write = await _writing(ordered)
    ordered.clock.advance(days=401)
    assert (await ordered.answer(write, None)).calls == []


@pytest.mark.parametrize(
    ("status", "paid", "allowed"),
    [
        (Status.NEW, False, True),
        (Status.WAITING_FOR_DELIVERY, False, True),
        (Status.NEW, True, False),
        (Status.PAYED, False, False),
        (Status.SHIPPED, False, False),
        (Status.DELIVERED, False, False),
        (Status.FINISHED, False, False),
        (Status.CANCELED, False, False),
    ],
)
def test_when_it_is_allowed(status: Status, paid: bool, allowed: bool) -> None:
    assert can_cancel(portal_order(status, paid=paid)) is allowed


def test_what_has_left_the_store_is_not_called_back() -> None:
    assert not can_cancel(portal_order(shipments=(Shipment("1", handed_over=True),)))
