"""The look at a new order: its total is agreed to before there is a link, and no request more is made."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.checkout.totals import READ_TOTAL
from shared.bitrix.portal import Portal
from shared.domain import carts, order_parts, order_records
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import Order, OrderLine, Payment, PaymentKind
from shared.pipeline.jobs import Lane
from shared.status import Status
from tests.assistant.checkout.steps import CREATED, FILLED, asked_for, confirmed
from tests.assistant.samples import CART, NATIVE, OFFERS, PAY_URL, USER, portal_order
from tests.assistant.stage import SCREEN, Seen
from tests.assistant.stage import Stage as Theatre

NATIVE_MADE = replace(CREATED, payment_url=None, payment_id="123")
"""A real portal's order: its sum is known, its link was not asked for."""
CONTRACT_MADE = replace(CREATED, total=None)
"""The contract's: a link came with it, and nobody knows of what sum."""
LINKED = replace(
    portal_order(), payments=(Payment("123", "118", Decimal(8440), paid=False, kind=PaymentKind.PREPAID, url=PAY_URL),)
)
WAYS: list[tuple[Portal | None, OrderProgress]] = [(NATIVE, NATIVE_MADE), (None, CONTRACT_MADE)]
BOTH = pytest.mark.parametrize(("portal", "progress"), WAYS, ids=["native", "contract"])


async def made(
    portal: Portal | None, progress: OrderProgress, payment: PaymentKind = PaymentKind.PREPAID
) -> tuple[Theatre, Seen]:
    """A stage on which an order was just made."""
    stage = Theatre(portal)
    await stage.join()
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    job = (await stage.answer(await confirmed(stage, payment), OFFERS)).job
    if portal is None:
        job = (await stage.answer(job, FILLED)).job
    return stage, await stage.answer(job, progress)


@BOTH
async def test_the_link_is_shown_when_the_total_is_the_confirmed_one(
    portal: Portal | None, progress: OrderProgress
) -> None:
    stage, seen = await made(portal, progress)
    assert (seen.screens, seen.job.kind, seen.job.lane) == ([], READ_TOTAL, Lane.READ)
    assert PAY_URL not in str(seen.job.payload), "a link is in its order's record and nowhere else"
    assert asked_for(stage, seen.job)[0] == "sale.order.get"
    assert ("salescenter.payment.getPublicUrl" in asked_for(stage, seen.job)) is (portal is not None)
    shown = await stage.answer(seen.job, LINKED)
    assert shown.screen.buttons[0] == {"text": "💳 Оплатить", "url": PAY_URL}
    assert shown.jobs == [], "it stands in the place of the look after the order"
    known = await order_records.load(stage.unit(), "5121")
    assert known is not None
    assert (known.payment_url, known.pay_message, known.lines) == (PAY_URL, SCREEN, LINKED.lines)


DEARER = replace(
    portal_order(),
    total=Decimal(8790),
    lines=(OrderLine("7", "Шуруповёрт", Decimal(1), Decimal(7990)), OrderLine("8", "Бита", Decimal(10), Decimal(45))),
    delivery_price=Decimal(350),
)


@pytest.mark.parametrize("payment", list(PaymentKind))
async def test_another_total_is_agreed_to_first(payment: PaymentKind) -> None:
    stage, seen = await made(None, CONTRACT_MADE, payment)
    shown = await stage.answer(seen.job, DEARER)
    assert "магазин посчитал <b>8\u00a0790\u00a0₽</b>:\n   доставка +350\u00a0₽" in shown.screen.text
    assert shown.screen.labels == ["✅ Согласен · 8\u00a0790\u00a0₽", "Отменить заказ"]
    assert PAY_URL not in str(shown.screen.params)
    known = await order_records.load(stage.unit(), "5121")
    assert known is not None
    assert (known.total, known.pay_message) == (Decimal(8790), None)


async def test_a_real_portals_other_total_needs_no_look() -> None:
    _stage, seen = await made(NATIVE, replace(NATIVE_MADE, total=Decimal(8790), delivery=Decimal(350)))
    assert seen.screen.labels == ["✅ Согласен · 8\u00a0790\u00a0₽", "Отменить заказ"]
    assert seen.job.kind == "sync_order"


async def test_cash_of_a_real_portal_needs_no_look() -> None:
    _stage, seen = await made(NATIVE, NATIVE_MADE, PaymentKind.CASH)
    assert "К оплате курьеру" in seen.screen.text
    assert seen.job.kind == "sync_order"


@pytest.mark.parametrize("order", [replace(LINKED, status=Status.PAYED, paid=True), portal_order(Status.CANCELED)])
async def test_what_is_new_already_is_told_by_another_look(order: Order) -> None:
    stage, seen = await made(NATIVE, NATIVE_MADE)
    assert (await stage.answer(seen.job, order)).job.kind == "sync_order"


@BOTH
async def test_what_people_changed_before_the_first_look_is_an_edit(
    portal: Portal | None, progress: OrderProgress
) -> None:
    """The goods that were confirmed are what he was told of, not those that the first look finds."""
    drill, _bit = LINKED.lines
    edited = replace(LINKED, lines=(drill,), total=Decimal(7990))
    stage, seen = await made(portal, progress)
    shown = await stage.answer(seen.job, edited)
    assert "К оплате: <b>8\u00a0440\u00a0₽</b>" in shown.screen.text
    assert PAY_URL not in str(shown.screen.params)
    second = (await stage.answer(shown.job, edited)).job
    told = "\n".join(screen.text for screen in (await stage.answer(second, edited)).screens)
    assert "Убрано: Бита PH2 50 мм" in told
    assert "Итого: было 8\u00a0440\u00a0₽, стало <b>7\u00a0990\u00a0₽</b>" in told


async def test_what_people_changed_in_an_order_in_cash_is_an_edit_too() -> None:
    stage, seen = await made(NATIVE, NATIVE_MADE, PaymentKind.CASH)
    edited = portal_order(lines=(portal_order().lines[0],))
    second = (await stage.answer(seen.job, edited)).job
    assert "Убрано: Бита PH2 50 мм" in (await stage.answer(second, edited)).screen.text


@BOTH
async def test_an_order_that_cannot_be_read_is_shown_without_a_link(
    portal: Portal | None, progress: OrderProgress
) -> None:
    stage, seen = await made(portal, progress)
    shown = await stage.refuse(seen.job)
    assert texts.checkout.total_unread() in shown.screen.text
    assert shown.screen.labels == ["📦 Заказ №\u00a05121", "📦 Мои заказы"]
    assert shown.job.kind == "sync_order"


async def test_a_deal_is_known_from_then_on() -> None:
    stage, seen = await made(NATIVE, NATIVE_MADE)
    await stage.answer(seen.job, replace(LINKED, deal_id="301"))
    assert await order_parts.orders_of_deal(stage.unit(), "301") == ("5121",)
