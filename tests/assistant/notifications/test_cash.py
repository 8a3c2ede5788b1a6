"""«Оплатили курьеру …?»: asked once, answered once, and no answer is lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.job_registry import job_handlers
from shared.assistant.notifications.buttons import AnswerCash
from shared.assistant.notifications.jobs import sync_job
from shared.domain import order_records
from shared.domain.orders import Order, Payment, PaymentKind
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Lane
from shared.pipeline.outcomes import Refusal
from shared.settings import CashConfirmation
from shared.status import Status
from tests.assistant.samples import OTHER, USER, known_order, portal_order
from tests.assistant.stage import OPERATORS, SCREEN, ZONE, Seen, Stage

DUE = (
    Payment("31", "3", Decimal(8440), paid=False, kind=PaymentKind.CASH),
    Payment("32", "3", Decimal(0), paid=False),
)
DELIVERED = replace(portal_order(Status.DELIVERED), payments=DUE)
YES = AnswerCash(order="5121", paid=True)
NO = AnswerCash(order="5121", paid=False)


@pytest.fixture
async def delivered(stage: Stage) -> Stage:
    """A master whose order in cash was delivered."""
    known = known_order(Status.NEW, Status.DELIVERED, payment=PaymentKind.CASH)
    await stage.put(lambda unit: order_records.remember(unit, known))
    return stage


@pytest.fixture
async def marking(delivered: Stage) -> Stage:
    """The same where answers mark the order paid."""
    _operators(delivered, OPERATORS, CashConfirmation.MARK_PAID)
    return delivered


def _operators(stage: Stage, chat: int | None, mode: CashConfirmation = CashConfirmation.OPERATORS) -> None:
    stage.kinds = job_handlers(stage.portal, chat, ZONE, mode)


async def _look(stage: Stage, order: Order) -> Seen:
    async def make_decision(decision: Decision) -> None:
        await decision.enqueue(sync_job(order.id))

    return await stage.answer((await stage.decision(make_decision)).job, order)


async def _paid(stage: Stage) -> bool | None:
    known = await order_records.load(stage.unit(), "5121")
    assert known is not None
    return known.cash_paid


async def test_it_is_asked_after_the_delivery_once(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order(payment=PaymentKind.CASH)))
    news, question = (await _look(stage, DELIVERED)).screens
    assert "Заказ доставлен" in news.text
    assert "Оплатили курьеру 8\u00a0440\u00a0₽?" in question.text
    assert question.labels == ["Да, оплачено", "Нет, есть вопрос"]
    assert (await _look(stage, DELIVERED)).calls == []


@pytest.mark.parametrize(
    ("payment", "paid"), [(PaymentKind.PREPAID, False), (PaymentKind.PREPAID, True), (PaymentKind.CASH, True)]
)
async def test_it_is_not_asked_where_nothing_is_due(stage: Stage, payment: PaymentKind, paid: bool) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order(payment=payment)))
    seen = await _look(stage, replace(DELIVERED, paid=paid))
    assert not any("Оплатили курьеру" in screen.text for screen in seen.screens)


async def test_an_answer_is_kept_and_the_order_read_anew(delivered: Stage) -> None:
    seen = await delivered.tap(YES)
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert (seen.screen.text, seen.screen.buttons) == (texts.cash.passing_on("5121"), [])
    assert (seen.job.kind, seen.job.lane) == ("cash_answer", Lane.READ)
    (command,) = delivered.kinds["cash_answer"].plan(seen.job).commands.values()
    assert command.method == "sale.order.get"
    assert await _paid(delivered) is True


@pytest.mark.parametrize(("first", "second"), [(YES, YES), (YES, NO), (NO, NO)])
async def test_a_second_tap_does_nothing(delivered: Stage, first: AnswerCash, second: AnswerCash) -> None:
    await delivered.tap(first)
    seen = await delivered.tap(second)
    assert (seen.toasts, seen.screens, seen.jobs) == ([texts.cash.answered_before()], [], [])
    assert await _paid(delivered) is first.paid


async def test_a_question_may_end_in_a_payment(delivered: Stage) -> None:
    asked = await delivered.answer((await delivered.tap(NO)).job, DELIVERED)
    seen = await delivered.tap(asked.screens[1].data("Да, оплачено"))
    assert seen.job.payload["paid"] is True
    assert await _paid(delivered) is True


@pytest.mark.parametrize(
    ("status", "payment", "user"),
    [
        (Status.DELIVERED, PaymentKind.CASH, OTHER),
        (Status.SHIPPED, PaymentKind.CASH, USER),
        (Status.DELIVERED, PaymentKind.PREPAID, USER),
    ],
)
async def test_a_forged_button_is_stale(stage: Stage, status: Status, payment: PaymentKind, user: int) -> None:
    known = known_order(Status.NEW, status, payment=payment, user_id=user)
    await stage.put(lambda unit: order_records.remember(unit, known))
    seen = await stage.tap(YES)
    assert (seen.toasts, seen.jobs) == ([texts.trouble.stale_button()], [])
    assert await _paid(stage) is None


@pytest.mark.parametrize(("tap", "told", "said"), [(YES, "Отметьте оплату", "оплачено"), (NO, "вопрос", "вопрос")])
async def test_the_operators_are_told(delivered: Stage, tap: AnswerCash, told: str, said: str) -> None:
    seen = await delivered.answer((await delivered.tap(tap)).job, DELIVERED)
    operators, master = seen.screens
    assert operators.params["chat_id"] == OPERATORS
    assert told in operators.text
    assert "8\u00a0440\u00a0₽" in operators.text
    assert f'href="tg://user?id={USER}"' in operators.text
    assert (master.method, master.params["chat_id"], master.params["message_id"]) == ("editMessageText", USER, SCREEN)
    assert said in master.text


async def test_a_silent_portal_loses_no_answer(delivered: Stage) -> None:
    seen = await delivered.refuse((await delivered.tap(YES)).job, Refusal("timeout"))
    assert [screen.params["chat_id"] for screen in seen.screens] == [OPERATORS, USER]
    assert seen.screens[1].text == texts.cash.paid_told("5121")


async def test_without_an_operators_chat_it_is_said_that_nobody_was_told(delivered: Stage) -> None:
    _operators(delivered, None)
    seen = await delivered.answer((await delivered.tap(YES)).job, DELIVERED)
    assert seen.screen.text == texts.cash.tell_yourself("5121")


async def test_an_answer_to_a_forgotten_order_goes_nowhere(delivered: Stage) -> None:
    job = (await delivered.tap(YES)).job
    delivered.clock.advance(days=401)
    assert (await delivered.answer(job, DELIVERED)).calls == []


async def test_what_is_paid_already_is_only_said(delivered: Stage) -> None:
    seen = await delivered.answer((await delivered.tap(YES)).job, replace(DELIVERED, paid=True))
    assert seen.screen.text == texts.cash.marked("5121")


async def test_the_payments_in_cash_are_marked(marking: Stage) -> None:
    seen = await marking.answer((await marking.tap(YES)).job, DELIVERED)
    assert (seen.screens, seen.job.kind, seen.job.lane) == ([], "mark_cash", Lane.WRITE)
    commands = marking.kinds["mark_cash"].plan(seen.job).commands.values()
    assert [(it.method, it.params["id"]) for it in commands] == [
        ("sale.payment.update", 31),
        ("sale.payment.update", 32),
    ]
    done = await marking.answer(seen.job, None)
    assert (done.screen.text, done.screen.params["chat_id"]) == (texts.cash.marked("5121"), USER)


@pytest.mark.parametrize(
    "order",
    [
        replace(DELIVERED, payments=()),
        replace(DELIVERED, status=Status.CANCELED),
        replace(DELIVERED, payments=(replace(DUE[0], kind=PaymentKind.PREPAID),)),
    ],
)
async def test_where_nothing_can_be_marked_people_are_told(marking: Stage, order: Order) -> None:
    seen = await marking.answer((await marking.tap(YES)).job, order)
    assert [screen.params["chat_id"] for screen in seen.screens] == [OPERATORS, USER]
    assert seen.jobs == []


async def test_a_question_marks_nothing(marking: Stage) -> None:
    seen = await marking.answer((await marking.tap(NO)).job, DELIVERED)
    assert seen.screens[1].text == texts.cash.question_told("5121")
    assert seen.jobs == []


async def test_a_mark_that_failed_is_told_to_both(marking: Stage) -> None:
    job = (await marking.answer((await marking.tap(YES)).job, DELIVERED)).job
    look = await marking.refuse(job, Refusal("ACCESS_DENIED"))
    assert (look.screens, look.job.kind) == ([], "check_cash")
    seen = await marking.answer(look.job, DELIVERED)
    operators, master = seen.screens
    assert "ACCESS_DENIED" in operators.text
    assert "мастер оплатил курьеру 8\u00a0440\u00a0₽" in operators.text
    assert master.text == texts.cash.marking_failed("5121")


async def test_a_mark_that_was_saved_and_yet_answered_by_an_error_is_marked(marking: Stage) -> None:
    job = (await marking.answer((await marking.tap(YES)).job, DELIVERED)).job
    look = await marking.refuse(job, Refusal("SALE_PAYMENT_WARNING"))
    saved = replace(DELIVERED, payments=[replace(it, paid=True) for it in DELIVERED.payments])
    seen = await marking.answer(look.job, saved)
    assert (seen.screen.text, seen.screen.params["chat_id"]) == (texts.cash.marked("5121"), USER)


async def test_a_mark_that_failed_and_nobody_to_tell(marking: Stage) -> None:
    job = (await marking.answer((await marking.tap(YES)).job, DELIVERED)).job
    _operators(marking, None, CashConfirmation.MARK_PAID)
    look = await marking.refuse(job, Refusal("timeout", unsure=True))
    seen = await marking.refuse(look.job, Refusal("timeout"))
    assert seen.screen.text == texts.cash.tell_yourself("5121")


async def test_a_mark_in_doubt_says_that_it_takes_longer(marking: Stage) -> None:
    job = (await marking.answer((await marking.tap(YES)).job, DELIVERED)).job
    seen = await marking.doubt(job)
    assert seen.screen.text == texts.cash.marking_slow("5121")


async def test_orders_of_older_versions_are_read(delivered: Stage) -> None:
    data = dict(await delivered.read(order_records.key("5121")) or {})
    del data["cash_paid"]
    await delivered.save(order_records.key("5121"), lambda unit: unit.put(order_records.key("5121"), data))
    assert await _paid(delivered) is None


DIFFER = replace(DELIVERED, payments=(replace(DUE[0], total=Decimal(7990)),))


async def test_no_sum_is_asked_where_the_payments_are_of_another_than_the_order(marking: Stage) -> None:
    known = known_order(Status.NEW, Status.SHIPPED, payment=PaymentKind.CASH)
    await marking.save(order_records.key("5121"), known.save)
    word, news, question = (await _look(marking, DIFFER)).screens
    assert (word.params["chat_id"], news.params["chat_id"]) == (OPERATORS, USER)
    assert "Сколько платить курьеру, мастеру не говорим" in word.text
    assert question.text.endswith("Оплатили заказ курьеру?")
    told, answered = (await marking.answer((await marking.tap(YES)).job, DIFFER)).screens
    assert "мастер оплатил курьеру (сумма заказа и платежей не совпадает)" in told.text, "people mark it, no bot"
    assert answered.text == texts.cash.paid_told("5121")


async def test_what_the_courier_is_owed_nothing_of_is_not_asked_about(delivered: Stage) -> None:
    known = known_order(Status.NEW, Status.SHIPPED, payment=PaymentKind.CASH)
    await delivered.save(order_records.key("5121"), known.save)
    paid = replace(DELIVERED, payments=(replace(DUE[0], paid=True),))
    assert len((await _look(delivered, paid)).screens) == 1
