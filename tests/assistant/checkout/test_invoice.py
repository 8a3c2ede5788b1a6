"""The payment link as a message for the master's own client."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.navigation import HandOnInvoice
from shared.domain import order_records
from shared.domain.order_record import OrderRecord
from shared.domain.orders import Order, Payment, PaymentKind
from shared.status import Status
from tests.assistant.samples import NATIVE, OTHER, PAY_URL, USER, known_order, portal_order
from tests.assistant.stage import OPERATORS, Stage

TAP = HandOnInvoice(order="5121")
BILL = f"Счёт на 8\u00a0440\u00a0₽ по заказу №\u00a05121: {PAY_URL}"


async def _made(stage: Stage, order: OrderRecord | None = None) -> None:
    await stage.put(lambda unit: order_records.remember(unit, order or known_order()))


async def test_the_message_holds_the_sum_the_number_and_the_link_only(stage: Stage) -> None:
    await _made(stage)
    asked = await stage.tap(TAP)
    assert (asked.job.id, asked.job.payload["message_id"], asked.typing) == ("invoice:5121", None, True)
    seen = await stage.answer(asked.job, portal_order())
    assert (seen.screen.method, seen.screen.text) == ("sendMessage", BILL)
    assert seen.screen.buttons == [{"text": "📋 Скопировать", "copy_text": {"text": BILL}}]


async def test_the_sum_is_the_portals_of_now(stage: Stage) -> None:
    await _made(stage)
    seen = await stage.answer((await stage.tap(TAP)).job, replace(portal_order(), total=Decimal(8940)))
    assert "Счёт на 8\u00a0940\u00a0₽" in seen.screen.text


def _paid_in(*payments: tuple[str, int, bool], total: int = 8440) -> Order:
    parts = tuple(Payment(id_, "2", Decimal(amount), paid=paid) for id_, amount, paid in payments)
    return replace(portal_order(), total=Decimal(total), payments=parts)


async def test_the_bill_is_of_the_payment_that_is_due(stage: Stage) -> None:
    """Two payments, one made: the other's own link is asked for anew, and names its own sum."""
    native = Stage(NATIVE)
    await native.join()
    await _made(native, replace(known_order(), payment_id="1"))
    halves = _paid_in(("1", 3000, True), ("2", 5440, False))
    seen = await native.answer((await native.tap(TAP)).job, halves)
    assert seen.screens == []
    commands = native.kinds["invoice"].plan(seen.job).commands
    assert commands["link"].params == {"id": 2}
    linked = replace(halves, payments=(halves.payments[0], replace(halves.payments[1], url="https://pay.test/p/2")))
    seen = await native.answer(seen.job, linked)
    assert seen.screen.text == "Счёт на 5\u00a0440\u00a0₽ по заказу №\u00a05121: https://pay.test/p/2"
    seen = await native.answer((await native.tap(TAP)).job, halves)
    assert seen.screen.text.endswith("https://pay.test/p/2"), "it is known from now on"
    await _made(stage, replace(known_order(), payment_id="1"))
    seen = await stage.answer((await stage.tap(TAP)).job, halves)
    assert seen.screen.text == texts.checkout.no_link(), "the contract gives a link only once"


async def test_a_link_that_the_portal_does_not_give_is_asked_for_once() -> None:
    native = Stage(NATIVE)
    await native.join()
    await _made(native, replace(known_order(), payment_id="1"))
    halves = _paid_in(("1", 3000, True), ("2", 5440, False))
    seen = await native.answer((await native.tap(TAP)).job, halves)
    assert (await native.tap(TAP)).jobs == [], "it is under way"
    seen = await native.answer(seen.job, halves)
    assert (seen.screen.text, seen.jobs) == (texts.checkout.no_link(), [])


async def test_a_record_of_before_knows_the_link_of_the_only_payment(stage: Stage) -> None:
    await _made(stage)
    seen = await stage.answer((await stage.tap(TAP)).job, _paid_in(("1", 8440, False)))
    assert seen.screen.text == BILL
    known = await order_records.load(stage.unit(), "5121")
    assert known is not None
    assert known.payment_id == "1"


async def test_nobody_is_billed_another_sum_than_the_orders(stage: Stage) -> None:
    """A manager cut a line, and the payment is still the old one: no link, and the operators are told once."""
    await _made(stage)
    cut = _paid_in(("1", 8440, False), total=7990)
    told, answered = (await stage.answer((await stage.tap(TAP)).job, cut)).screens
    assert told.params["chat_id"] == OPERATORS
    assert "сумма заказа 7\u00a0990\u00a0₽, а платежи в нём на 8\u00a0440\u00a0₽" in told.text
    assert answered.text == texts.checkout.sum_in_doubt("5121", operators_know=True)
    assert PAY_URL not in str(answered.params)
    seen = await stage.answer((await stage.tap(TAP)).job, cut)
    assert seen.screen.params["chat_id"] == USER
    seen = await stage.answer((await stage.tap(TAP)).job, _paid_in(("1", 7990, False), total=7990))
    assert seen.screen.text.startswith("Счёт на 7\u00a0990\u00a0₽")
    assert len((await stage.answer((await stage.tap(TAP)).job, cut)).screens) == 2, "it is another doubt"


@pytest.mark.parametrize(("length", "copied"), [(150, "all"), (240, "link"), (300, "nothing")])
async def test_what_is_too_long_to_copy_is_the_link_alone_or_nothing(stage: Stage, length: int, copied: str) -> None:
    url = "https://pay.test/?a=1&b=" + "x" * (length - 24)
    await _made(stage, known_order(url=url))
    seen = await stage.answer((await stage.tap(TAP)).job, portal_order())
    assert url.replace("&", "&amp;") in seen.screen.text
    whole = f"Счёт на 8\u00a0440\u00a0₽ по заказу №\u00a05121: {url}"
    texts_copied = {"all": [whole], "link": [url], "nothing": []}[copied]
    assert seen.screen.params.get("reply_markup", {"inline_keyboard": []})["inline_keyboard"] == [
        [{"text": "📋 Скопировать", "copy_text": {"text": text}}] for text in texts_copied
    ]


@pytest.mark.parametrize(
    ("payment", "status", "paid"),
    [
        (PaymentKind.PREPAID, Status.PAYED, True),
        (PaymentKind.PREPAID, Status.CANCELED, False),
        (PaymentKind.PREPAID, Status.FINISHED, False),
        (PaymentKind.CASH, Status.NEW, False),
    ],
)
async def test_nobody_is_sent_a_bill_for_nothing(
    stage: Stage, payment: PaymentKind, status: Status, paid: bool
) -> None:
    await _made(stage, known_order(payment=payment))
    seen = await stage.answer((await stage.tap(TAP)).job, portal_order(status, paid=paid))
    assert seen.screen.text == texts.checkout.nothing_to_pay("5121")
    assert PAY_URL not in str(seen.screen.params)
    assert seen.screen.labels == ["📦 Заказ №\u00a05121", "💬 Спросить менеджера"]


async def test_without_a_link_the_manager_is_named(stage: Stage) -> None:
    await _made(stage, known_order(url=None))
    seen = await stage.answer((await stage.tap(TAP)).job, portal_order())
    assert seen.screen.text == texts.checkout.no_link()


async def test_a_double_tap_is_one_message(stage: Stage) -> None:
    await _made(stage)
    first, second = await stage.tap(TAP), await stage.tap(TAP)
    assert (len(first.jobs), second.jobs, second.screens) == (1, [], [])
    seen = await stage.answer(first.job, portal_order())
    assert len(seen.screens) == 1
    assert await stage.pending() == []
    assert (await stage.tap(TAP)).job.id == first.job.id, "later he may want it once more"


@pytest.mark.parametrize("order", ["100", "99"])
async def test_another_masters_link_is_given_to_nobody(stage: Stage, order: str) -> None:
    await _made(stage, known_order(id_="100", user_id=OTHER))
    seen = await stage.tap(HandOnInvoice(order=order))
    assert seen.screen.text == texts.orders.order_unknown(order)
    assert seen.jobs == []


async def test_an_order_forgotten_meanwhile_has_no_link(stage: Stage) -> None:
    await _made(stage)
    job = (await stage.tap(TAP)).job
    stage.clock.advance(days=401)
    assert (await stage.answer(job, portal_order())).calls == []


async def test_a_silent_portal_is_told(stage: Stage) -> None:
    await _made(stage)
    seen = await stage.refuse((await stage.tap(TAP)).job)
    assert seen.screen.text == texts.trouble.portal_silent()
    assert seen.screen.params["chat_id"] == USER
    assert (await stage.tap(seen.screen.data(texts.labels.TRY_AGAIN))).job.kind == "invoice"
