"""A look at an order tells its master what is new, each status once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.assistant.navigation import ShowOrders
from shared.assistant.notifications.events import look_again
from shared.assistant.notifications.jobs import sync_job
from shared.assistant.notifications.sync import SyncOrderHandler
from shared.bitrix.errors import MethodMissing, NotFound
from shared.bitrix.events import Event, EventKind
from shared.domain import order_records
from shared.domain.orders import Order, OrderLine, Payment, PaymentKind, Shipment
from shared.domain.preferences import QuietHours, Sound
from shared.pipeline.decision import Decision
from shared.pipeline.outcomes import Refusal
from shared.status import Status
from shared.store.unit_of_work import UnitOfWork
from tests.assistant.samples import MASTER, SHIPPED, USER, known_order, portal_order
from tests.assistant.stage import OPERATORS, SCREEN, Seen, Stage


@pytest.fixture
async def ours(stage: Stage) -> Stage:
    await stage.put(lambda unit: order_records.remember(unit, known_order()))
    return stage


async def _look(stage: Stage, order: Order) -> Seen:
    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(sync_job(order.id))

    return await stage.answer((await stage.decision(make_decision)).job, order)


def test_the_portal_is_asked_for_the_order() -> None:
    stage = Stage()
    operation = stage.kinds["sync_order"].plan(sync_job("5121"))
    (command,) = operation.commands.values()
    assert (command.method, command.params, command.verb) == ("sale.order.get", {"id": 5121}, "GET")


async def test_a_new_status_is_told_as_a_message_of_its_own(ours: Stage) -> None:
    seen = await _look(ours, portal_order(Status.SHIPPED, shipments=(SHIPPED,)))
    assert seen.screen.method == "sendMessage"
    assert seen.screen.params["chat_id"] == USER
    assert "Курьер уже в пути" in seen.screen.text
    assert "5 ноября" in seen.screen.text
    assert seen.screen.data("📦 Заказ") == "t1:5121:1"


NIGHT = timedelta(hours=14)
"""From the noon of the samples to the night of the zone."""


@pytest.mark.parametrize(
    ("sound", "hours", "at_night", "silent"),
    [
        (Sound.ALL, QuietHours.OFF, True, [None, None]),
        (Sound.ALL, QuietHours.FROM_22_TO_8, False, [None, None]),
        (Sound.ALL, QuietHours.FROM_22_TO_8, True, [True, True]),
        (Sound.IMPORTANT, QuietHours.OFF, False, [True, None]),
        (Sound.NONE, QuietHours.OFF, False, [True, True]),
    ],
)
async def test_a_status_sounds_as_its_master_chose(
    ours: Stage, sound: Sound, hours: QuietHours, at_night: bool, silent: list[bool | None]
) -> None:
    """Nothing is held back: the master is told at once, with sound or without."""
    await ours.join(replace(MASTER, sound=sound, quiet_hours=hours))
    if at_night:
        ours.clock.time += NIGHT
    usual = await _look(ours, portal_order(Status.WAITING_FOR_DELIVERY))
    important = await _look(ours, portal_order(Status.SHIPPED))
    assert [seen.screen.params.get("disable_notification") for seen in (usual, important)] == silent


async def test_the_question_about_cash_is_as_quiet_as_the_night(stage: Stage) -> None:
    await stage.join(replace(MASTER, quiet_hours=QuietHours.FROM_22_TO_8))
    await stage.put(lambda unit: order_records.remember(unit, known_order(payment=PaymentKind.CASH)))
    stage.clock.time += NIGHT
    delivered, question = (await _look(stage, portal_order(Status.DELIVERED))).screens
    assert "Оплатили курьеру" in question.text
    assert delivered.params["disable_notification"] is question.params["disable_notification"] is True


async def test_who_is_no_master_any_more_still_hears_of_his_order(empty_stage: Stage) -> None:
    await empty_stage.put(lambda unit: order_records.remember(unit, known_order()))
    seen = await _look(empty_stage, portal_order(Status.SHIPPED))
    assert "disable_notification" not in seen.screen.params


async def test_nothing_new_is_nothing_told(ours: Stage) -> None:
    assert (await _look(ours, portal_order(Status.NEW))).calls == []
    await _look(ours, portal_order(Status.SHIPPED))
    assert (await _look(ours, portal_order(Status.SHIPPED))).calls == []
    assert (await _look(ours, portal_order(Status.WAITING_FOR_DELIVERY))).calls == []


async def _shown(stage: Stage) -> tuple[Status, ...]:
    known = await order_records.load(stage.unit(), "5121")
    assert known is not None
    return known.shown


@pytest.mark.parametrize("end", [Status.CANCELED, Status.FINISHED])
async def test_an_order_whose_end_was_taken_back_is_under_way_again(ours: Stage, end: Status) -> None:
    await _look(ours, portal_order(Status.WAITING_FOR_DELIVERY))
    await _look(ours, portal_order(end))
    first = await _look(ours, portal_order(Status.WAITING_FOR_DELIVERY))
    assert (first.screens, first.job.id) == ([], "sync_order:5121:surely")
    back = await ours.answer(first.job, portal_order(Status.WAITING_FOR_DELIVERY))
    assert "Заказ снова в работе" in back.screen.text
    assert back.screen.labels[0] == "💳 Оплатить"
    assert (await _look(ours, portal_order(Status.WAITING_FOR_DELIVERY))).calls == []
    assert "Курьер уже в пути" in (await _look(ours, portal_order(Status.SHIPPED))).screen.text
    assert len((await _look(ours, portal_order(end))).screens) == 1, "it may end once more"


async def test_news_that_came_with_the_restoration_are_told_after_it(ours: Stage) -> None:
    await _look(ours, portal_order(Status.CANCELED))
    job = (await _look(ours, portal_order(Status.SHIPPED, paid=True))).job
    back, paid, shipped = (await ours.answer(job, portal_order(Status.SHIPPED, paid=True))).screens
    assert "Заказ снова в работе" in back.text
    assert "💳 Оплатить" not in back.labels
    assert ("Оплата получена" in paid.text, "Курьер" in shipped.text) == (True, True)


async def test_a_look_that_was_overtaken_restores_nothing(ours: Stage) -> None:
    """An answer of before the cancellation is committed after it."""
    await _look(ours, portal_order(Status.CANCELED))
    late = await _look(ours, portal_order(Status.NEW))
    assert (await ours.answer(late.job, portal_order(Status.CANCELED))).calls == []
    assert await _shown(ours) == (Status.NEW, Status.CANCELED)


async def test_an_event_alone_restores_nothing(ours: Stage) -> None:
    """Events may come late, and nobody can look."""
    await _look(ours, portal_order(Status.CANCELED))
    ours.clock.advance(seconds=10)
    assert (await _fails_after(ours, _says("SHIPPED"))).calls == []


async def test_what_was_seen_is_kept_beside_what_was_told(ours: Stage) -> None:
    await _look(ours, portal_order(Status.SHIPPED))
    await _look(ours, portal_order(Status.WAITING_FOR_DELIVERY))
    known = await order_records.load(ours.unit(), "5121")
    assert known is not None
    assert (known.status, known.latest) == (Status.SHIPPED, Status.WAITING_FOR_DELIVERY)
    listed = await ours.write("/myorders")
    assert "Собираем заказ" in listed.screen.text


DRILL_LINE = OrderLine("7", "Шуруповёрт", Decimal(1), Decimal(7990))
BITS = OrderLine("8", "Бита <PH2>", Decimal(10), Decimal(45))
SAW = OrderLine("9", "Пила", Decimal(2), Decimal(100))


async def _sees_surely(stage: Stage, order: Order) -> Seen:
    """A look that shows something doubtful, and the second one."""
    first = await _look(stage, order)
    assert first.screens == []
    return await stage.answer(first.job, order)


async def test_what_managers_change_is_told_once(ours: Stage) -> None:
    usual = portal_order(lines=(DRILL_LINE, BITS))
    assert (await _look(ours, usual)).calls == [], "the goods are what was ordered"
    fewer = replace(portal_order(lines=(DRILL_LINE, replace(BITS, quantity=Decimal(5)), SAW)), total=Decimal(8415))
    seen = await _sees_surely(ours, fewer)
    assert seen.screen.text.split("\n")[1:] == [
        "✏️ Менеджер изменил заказ",
        "",
        "Бита &lt;PH2&gt;: было 10\u00a0шт., стало 5\u00a0шт.",
        "Добавлено: Пила — 2\u00a0шт. × 100\u00a0₽".replace(" —", "\u00a0—")
        if "\u00a0—" in seen.screen.text
        else "Добавлено: Пила — 2\u00a0шт. × 100\u00a0₽",
        "Итого: было 8\u00a0440\u00a0₽, стало <b>8\u00a0415\u00a0₽</b>",
    ]
    assert (await _look(ours, fewer)).calls == []
    seen = await _sees_surely(ours, replace(fewer, lines=(DRILL_LINE, SAW), total=Decimal(8190)))
    assert "Убрано: Бита &lt;PH2&gt;" in seen.screen.text


async def test_a_look_that_was_overtaken_changes_nothing(ours: Stage) -> None:
    usual = portal_order(lines=(DRILL_LINE, BITS))
    await _look(ours, usual)
    late = await _look(ours, portal_order(lines=(DRILL_LINE,)))
    assert (await ours.answer(late.job, usual)).calls == []
    assert (await _look(ours, usual)).jobs == []


@pytest.mark.parametrize("lines", [(), (DRILL_LINE,)])
async def test_goods_of_an_order_that_is_over_are_no_news(ours: Stage, lines: tuple[OrderLine, ...]) -> None:
    await _look(ours, portal_order(lines=(DRILL_LINE, BITS)))
    seen = await _look(ours, portal_order(Status.CANCELED, lines=lines))
    assert len(seen.screens) == 1
    assert "Менеджер изменил" not in seen.screen.text


async def test_a_deleted_order_is_told_once(ours: Stage) -> None:
    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(sync_job("5121"))

    missing = Refusal(NotFound.usual_code)
    first = await ours.refuse((await ours.decision(make_decision)).job, missing)
    assert (first.calls, first.job.id) == ([], "sync_order:5121:surely")
    told = await ours.refuse(first.job, missing)
    assert "больше нет в системе магазина" in told.screen.text
    ours.clock.advance(minutes=10)
    again = await ours.refuse((await ours.decision(make_decision)).job, missing)
    assert (again.calls, again.jobs) == ([], [])
    assert "Удалён" in (await ours.write("/myorders")).screen.text
    known = await order_records.load(ours.unit(), "5121")
    assert known is not None
    assert not known.is_unpaid


async def test_money_given_back_is_told_once(ours: Stage) -> None:
    await _look(ours, portal_order(Status.PAYED, paid=True))
    seen = await _sees_surely(ours, replace(portal_order(Status.CANCELED, reason="брак"), returned=Decimal(8440)))
    back, canceled = seen.screens
    assert "Деньги возвращены: 8\u00a0440\u00a0₽" in back.text
    assert "Заказ отменён" in canceled.text
    again = await _look(ours, replace(portal_order(Status.CANCELED), returned=Decimal(8440)))
    assert (again.calls, again.jobs) == ([], [])


async def test_a_payment_that_is_none_any_more_is_told_and_may_come_again(ours: Stage) -> None:
    await _look(ours, portal_order(Status.PAYED, paid=True))
    seen = await _sees_surely(ours, portal_order())
    assert "Оплата больше не числится" in seen.screen.text
    assert (await _look(ours, portal_order())).calls == []
    known = await order_records.load(ours.unit(), "5121")
    assert known is not None
    assert known.is_unpaid, "the list says that it waits for money"
    assert "Оплата получена" in (await _look(ours, portal_order(Status.PAYED, paid=True))).screen.text
    assert (await _look(ours, portal_order(Status.PAYED, paid=True))).calls == []


async def test_money_that_covers_less_than_a_grown_order_is_not_gone(ours: Stage) -> None:
    await _look(ours, portal_order(Status.PAYED, paid=True))
    part = (Payment("1", "2", Decimal(8440), paid=True), Payment("2", "2", Decimal(60), paid=False))
    edited, told = (await _sees_surely(ours, replace(portal_order(), total=Decimal(8500), payments=part))).screens
    assert "стало <b>8\u00a0500\u00a0₽</b>" in edited.text
    assert "Оплачено 8\u00a0440\u00a0₽ из 8\u00a0500\u00a0₽\nК оплате по ссылке: 60\u00a0₽" in told.text


@pytest.mark.parametrize("over", [portal_order(Status.PAYED, paid=True), portal_order(Status.CANCELED, reason="брак")])
async def test_the_link_under_the_new_order_is_taken_off_once_it_is_of_no_use(stage: Stage, over: Order) -> None:
    await stage.put(lambda unit: order_records.remember(unit, replace(known_order(), pay_message=SCREEN)))
    assert (await _look(stage, portal_order())).calls == []
    edit, _news = (await _look(stage, over)).screens
    assert (edit.method, edit.params["message_id"]) == ("editMessageReplyMarkup", SCREEN)
    assert edit.labels == ["📦 Заказ №\u00a05121", "📦 Мои заказы"]
    assert (await _look(stage, over)).calls == []


async def test_a_list_that_took_the_place_of_the_new_order_keeps_its_buttons(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, replace(known_order(), pay_message=SCREEN)))
    await stage.tap(ShowOrders(page=0))
    seen = await _look(stage, portal_order(Status.PAYED, paid=True))
    assert seen.screen.method == "sendMessage"


async def test_parcels_are_named_and_the_order_is_there_when_all_is(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order(payment=PaymentKind.CASH)))
    one, two = Shipment("1", "RU1"), Shipment("2", "RU2")
    assert (await _look(stage, portal_order(shipments=(one, two)))).calls == []
    left = replace(one, handed_over=True)
    shipped, parcel = (await _look(stage, portal_order(Status.SHIPPED, shipments=(left, two)))).screens
    assert "Курьер уже в пути" in shipped.text
    assert "Отправление 1 из 2: уже в пути" in parcel.text
    assert ("RU1" in parcel.text, "RU2" in parcel.text) == (True, False)
    came = replace(left, delivered=True)
    seen = await _look(stage, portal_order(Status.SHIPPED, shipments=(came, replace(two, handed_over=True))))
    assert "Отправление 1 из 2: доставлено\n🚚 Отправление 2 из 2: уже в пути" in seen.screen.text
    assert (await _look(stage, portal_order(Status.SHIPPED, shipments=(left, two)))).calls == []
    both = (came, replace(two, handed_over=True, delivered=True))
    delivered, question = (await _look(stage, portal_order(Status.DELIVERED, shipments=both))).screens
    assert ("Заказ доставлен" in delivered.text, "Оплатили курьеру" in question.text) == (True, True)


async def test_the_only_parcel_is_not_counted(ours: Stage) -> None:
    only = Shipment("1", "RU1", handed_over=True)
    assert len((await _look(ours, portal_order(Status.SHIPPED, shipments=(only,)))).screens) == 1


async def test_several_news_of_one_look_come_in_order(ours: Stage) -> None:
    seen = await _look(ours, portal_order(Status.SHIPPED, paid=True))
    assert ["Оплата получена" in seen.screens[0].text, "Курьер" in seen.screens[1].text] == [True, True]
    known = await order_records.load(ours.unit(), "5121")
    assert known is not None
    assert known.shown == (Status.NEW, Status.PAYED, Status.SHIPPED)


async def test_what_was_told_is_in_the_commit_of_the_messages(ours: Stage) -> None:
    """Were the commit lost, both would be: so nothing is told twice and nothing counts as told that was not."""
    decision = Decision(UnitOfWork(ours.store, ours.clock))
    await SyncOrderHandler(ours.job_context).done(sync_job("5121"), portal_order(Status.SHIPPED), decision)
    assert len(decision.calls) == 1
    known = await order_records.load(decision.unit, "5121")
    assert known is not None
    assert known.status is Status.SHIPPED
    stored = await order_records.load(ours.unit(), "5121")
    assert stored is not None
    assert stored.status is Status.NEW


async def test_an_unknown_order_is_ignored(stage: Stage) -> None:
    seen = await _look(stage, portal_order(Status.SHIPPED))
    assert (seen.calls, seen.jobs) == ([], [])
    assert await order_records.load(stage.unit(), "5121") is None


async def test_a_total_that_differs_is_kept_and_logged(ours: Stage, caplog: pytest.LogCaptureFixture) -> None:
    await _look(ours, replace(portal_order(), total=Decimal(8500)))
    known = await order_records.load(ours.unit(), "5121")
    assert known is not None
    assert known.total == Decimal(8500)
    assert {"event": "total_differs", "order": "5121"} in [vars(record).get("fields") for record in caplog.records]
    caplog.clear()
    await _look(ours, replace(portal_order(), total=Decimal(8500)))
    assert caplog.records == []


async def test_a_look_that_failed_leaves_the_master_alone(ours: Stage) -> None:
    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(sync_job("5121"))

    seen = await ours.refuse((await ours.decision(make_decision)).job, Refusal("not_found"))
    assert seen.calls == []


async def test_operators_hear_of_a_look_that_people_must_mend(ours: Stage) -> None:
    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(sync_job("5121"))

    seen = await ours.refuse((await ours.decision(make_decision)).job, Refusal("auth_failed", operators=True))
    assert seen.screen.params["chat_id"] == OPERATORS


MISSING = Refusal(MethodMissing.usual_code, operators=True)


async def _fails_after(stage: Stage, event: Event, reason: Refusal = MISSING) -> Seen:
    """An event comes, and the order cannot be read."""

    async def make_decision(decision: Decision) -> None:
        await look_again(event, decision)

    return await stage.refuse((await stage.decision(make_decision)).job, reason)


def _says(status: str, reason: str = "") -> Event:
    return Event("ONSALEORDER_ENTITY_SAVED", "e1", EventKind.ORDER, "5121", status=status, reason=reason)


async def test_an_order_that_cannot_be_read_is_told_by_the_event_itself(ours: Stage) -> None:
    for event, said in (
        (_says("PAYED"), "Оплата получена"),
        (_says("SHIPPED"), "Курьер уже в пути"),
        (_says("PAYED"), None),
        (_says("strange"), None),
        (_says(""), None),
        (_says("CANCELED", "нет <на складе>"), "Заказ отменён. Причина: нет &lt;на складе&gt;"),
        (_says("FINISHED"), None),
    ):
        ours.clock.advance(seconds=10)
        seen = await _fails_after(ours, event)
        assert len(seen.screens) == (said is not None)
        assert said is None or said in seen.screen.text


async def test_two_statuses_told_at_once_are_two_looks(ours: Stage) -> None:
    async def make_decision(decision: Decision) -> None:
        for status in ("PAYED", "SHIPPED", "PAYED"):
            await look_again(_says(status), decision)

    seen = await ours.decision(make_decision)
    assert {job.id for job in seen.jobs} == {"sync_order:5121:PAYED", "sync_order:5121:SHIPPED"}


async def test_cash_is_asked_for_when_only_the_event_tells_of_the_delivery(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order(payment=PaymentKind.CASH)))
    delivered, question = (await _fails_after(stage, _says("DELIVERED"))).screens
    assert "Заказ доставлен" in delivered.text
    assert "Оплатили курьеру 8\u00a0440\u00a0₽?" in question.text


@pytest.mark.parametrize("reason", [MISSING, Refusal("timeout")])
async def test_nobody_is_bothered_by_what_a_portal_lacks(ours: Stage, reason: Refusal) -> None:
    seen = await _fails_after(ours, _says("PAYED"), reason)
    assert [call.params["chat_id"] for call in seen.calls] == [USER]


async def test_cash_that_was_given_back_is_not_asked_for(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order(payment=PaymentKind.CASH)))
    back, delivered = (
        await _sees_surely(stage, replace(portal_order(Status.DELIVERED), returned=Decimal(8440)))
    ).screens
    assert ("Деньги возвращены" in back.text, "Заказ доставлен" in delivered.text) == (True, True)


async def test_operators_hear_once_that_the_payments_are_of_another_sum(ours: Stage) -> None:
    cut = replace(portal_order(), total=Decimal(7990), payments=(Payment("1", "2", Decimal(8440), paid=False),))
    seen = await _look(ours, cut)
    assert seen.screen.params["chat_id"] == OPERATORS
    assert (await _look(ours, cut)).calls == []


async def test_a_delivery_that_costs_more_is_told_with_the_sum(ours: Stage) -> None:
    usual = portal_order(lines=(DRILL_LINE, BITS))
    await _look(ours, usual)
    dearer = replace(usual, total=Decimal(8790))
    seen = await _sees_surely(ours, dearer)
    assert seen.screen.text.split("\n")[1:] == [
        "✏️ Менеджер изменил заказ",
        "",
        "Итого: было 8\u00a0440\u00a0₽, стало <b>8\u00a0790\u00a0₽</b>",
    ]
    assert (await _look(ours, dearer)).calls == []


async def test_what_an_order_costs_after_its_end_is_no_news_until_it_comes_back(ours: Stage) -> None:
    usual = portal_order(lines=(DRILL_LINE, BITS))
    await _look(ours, usual)
    await _look(ours, replace(portal_order(Status.CANCELED), total=Decimal(7990), lines=(DRILL_LINE,)))
    back, edited = (await _sees_surely(ours, replace(usual, total=Decimal(7990), lines=(DRILL_LINE,)))).screens
    assert "Заказ снова в работе" in back.text
    assert "было 8\u00a0440\u00a0₽, стало <b>7\u00a0990\u00a0₽</b>" in edited.text


def _in_two(first: bool, second: bool) -> Order:
    payments = (
        Payment("1", "2", Decimal(8000), paid=first, kind=PaymentKind.PREPAID),
        Payment("2", "2", Decimal(440), paid=second, kind=PaymentKind.PREPAID),
    )
    return replace(portal_order(paid=first and second), payments=payments)


async def test_a_part_that_is_paid_is_told_once_with_the_rest(ours: Stage) -> None:
    assert (await _look(ours, _in_two(first=False, second=False))).calls == []
    seen = await _sees_surely(ours, _in_two(first=True, second=False))
    assert seen.screen.text.split("\n")[1:] == [
        "Оплачено 8\u00a0000\u00a0₽ из 8\u00a0440\u00a0₽",
        "К оплате по ссылке: 440\u00a0₽",
    ]
    assert (await _look(ours, _in_two(first=True, second=False))).calls == []
    assert "Оплата получена" in (await _look(ours, _in_two(first=True, second=True))).screen.text


async def test_a_part_that_is_none_any_more_is_told(ours: Stage) -> None:
    await _sees_surely(ours, _in_two(first=True, second=False))
    seen = await _sees_surely(ours, _in_two(first=False, second=False))
    assert "Оплата больше не числится" in seen.screen.text
    assert (await _look(ours, _in_two(first=False, second=False))).calls == []


async def test_an_order_that_grew_is_paid_in_part_and_anew(ours: Stage) -> None:
    await _look(ours, portal_order(Status.PAYED, paid=True, lines=(DRILL_LINE, BITS)))
    grown = replace(_in_two(first=True, second=False), lines=(DRILL_LINE, BITS, SAW))
    edited, part = (await _sees_surely(ours, grown)).screens
    assert ("Менеджер изменил" in edited.text, "Оплачено 8\u00a0000" in part.text) == (True, True)
    paid = replace(_in_two(first=True, second=True), lines=(DRILL_LINE, BITS, SAW))
    assert "Оплата получена" in (await _look(ours, paid)).screen.text
    assert (await _look(ours, paid)).calls == []


async def test_an_order_that_ended_otherwise_than_was_told_is_told_again(ours: Stage) -> None:
    await _look(ours, portal_order(Status.FINISHED))
    canceled = await _sees_surely(ours, portal_order(Status.CANCELED, reason="брак"))
    assert "Заказ отменён. Причина: брак" in canceled.screen.text
    assert (await _look(ours, portal_order(Status.CANCELED))).calls == []
    assert "Заказ закрыт" in (await _sees_surely(ours, portal_order(Status.FINISHED))).screen.text


async def test_of_an_order_that_ended_otherwise_its_end_alone_is_news(ours: Stage) -> None:
    await _look(ours, portal_order(Status.CANCELED, reason="брак"))
    assert "Заказ закрыт" in (await _sees_surely(ours, portal_order(Status.FINISHED, paid=True))).screen.text


async def test_a_part_in_cash_is_told_once_however_the_order_shrinks_and_grows(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order(payment=PaymentKind.CASH)))
    part = tuple(replace(it, kind=PaymentKind.CASH) for it in _in_two(first=True, second=False).payments)
    usual = replace(portal_order(lines=(DRILL_LINE, BITS)), payments=part)
    assert "Оплачено 8\u00a0000" in (await _sees_surely(stage, usual)).screens[-1].text
    covered = replace(usual, lines=(DRILL_LINE,), total=Decimal(7990), paid=True)
    assert "Убрано" in (await _sees_surely(stage, covered)).screens[-1].text
    (edited,) = (await _sees_surely(stage, usual)).screens
    assert "Добавлено" in edited.text


async def test_a_part_that_nobody_told_of_is_not_missed(ours: Stage) -> None:
    """What is paid of an order that is over is no news, so it is none either when it is paid no more."""
    await _look(ours, _in_two(first=False, second=False))
    await _look(ours, replace(_in_two(first=True, second=False), status=Status.FINISHED))
    back = await _sees_surely(ours, _in_two(first=False, second=False))
    assert "Заказ снова в работе" in back.screen.text
