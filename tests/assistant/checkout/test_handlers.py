"""Address, way to pay, and the tap that makes the order once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.assistant import sessions, texts
from shared.assistant.checkout.address import CheckoutStates
from shared.assistant.checkout.buttons import CancelCheckout, ChoosePayment, ConfirmOrder, LeaveCheckout
from shared.assistant.navigation import StartCheckout
from shared.domain import carts, checkouts
from shared.domain.checkouts import Checkout, CheckoutStage
from shared.domain.orders import OrderRef, PaymentKind
from shared.pipeline.jobs import Lane
from tests.assistant import samples
from tests.assistant.checkout.steps import asked, confirmed
from tests.assistant.samples import ADDRESS, BUYER, CART, MASTER, OFFERS, OTHER, USER
from tests.assistant.stage import SCREEN
from tests.assistant.stage import Stage as Theatre

HOME = "Иван, что ищем?"
TAP = ConfirmOrder(checkout="c0ffee")
PREPAID = ChoosePayment(payment=PaymentKind.PREPAID)


async def _shown(stage: Theatre, checkout: Checkout | None = None) -> None:
    checkout = checkout or samples.checkout()
    await stage.save(checkouts.key(checkout.id), checkout.save)


async def _stage_of(stage: Theatre) -> CheckoutStage:
    checkout = await checkouts.load(stage.unit(), "c0ffee")
    assert checkout is not None
    return checkout.stage


async def _session(stage: Theatre) -> dict[str, object] | None:
    return await stage.read(sessions.key(USER, USER))


async def test_the_address_is_asked_in_place(shop: Theatre) -> None:
    seen = await shop.tap(StartCheckout())
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert seen.screen.text == texts.addresses.ask_address()
    assert seen.screen.labels == ["Отмена"]
    assert await _session(shop) == {"state": CheckoutStates.address.state, "data": {}}


async def test_saved_addresses_are_offered(shop: Theatre) -> None:
    await shop.join(replace(MASTER, addresses=("Тверь, Лесная, 1", "Клин, Мира, 2")))
    seen = await shop.tap(StartCheckout())
    assert seen.screen.text == texts.addresses.ask_address_or_choose()
    assert seen.screen.labels == ["📍 Тверь, Лесная, 1", "✕", "📍 Клин, Мира, 2", "✕", "✏️ Назвать адрес", "Отмена"]
    chosen = await shop.tap(seen.screen.data("📍 Клин"))
    assert "📍 Клин, Мира, 2" in chosen.screen.text
    assert chosen.screen.method == "editMessageText"


async def test_an_empty_cart_cannot_be_ordered(stage: Theatre) -> None:
    seen = await stage.tap(StartCheckout())
    assert seen.screen.text == texts.cart.cart_empty()
    assert await _session(stage) is None


async def test_a_typed_address(shop: Theatre) -> None:
    await shop.tap(StartCheckout())
    seen = await shop.write("  Тверь,\nул. Советская,   10 ")
    assert seen.screen.method == "sendMessage"
    assert seen.screen.text == texts.checkout.ask_payment(ADDRESS)
    assert seen.screen.labels == ["💳 Оплата по ссылке", "💵 Наличными при получении", "Отмена"]
    assert await _session(shop) == {"state": CheckoutStates.payment.state, "data": {"address": ADDRESS}}


@pytest.mark.parametrize(("text", "good"), [("Клин", False), ("Тверь", True), ("я" * 300, True), ("я" * 301, False)])
async def test_what_is_no_address_is_asked_again(shop: Theatre, text: str, good: bool) -> None:
    await shop.tap(StartCheckout())
    seen = await shop.write(text)
    assert (seen.screen.text == texts.addresses.address_odd()) is not good
    session = await _session(shop)
    assert session is not None
    assert session["state"] == (CheckoutStates.payment.state if good else CheckoutStates.address.state)


async def test_a_command_is_no_address(shop: Theatre) -> None:
    await shop.tap(StartCheckout())
    assert (await shop.write("/oreshki")).screen.text == texts.onboarding.help_text()


@pytest.mark.parametrize("payment", PaymentKind)
async def test_the_way_to_pay_has_everything_checked(shop: Theatre, payment: PaymentKind) -> None:
    await shop.tap(StartCheckout())
    await shop.write(ADDRESS)
    seen = await shop.tap(ChoosePayment(payment=payment))
    assert (seen.toasts, seen.typing) == ([None], True)
    assert (seen.job.kind, seen.job.lane) == ("confirm", Lane.READ)
    payload = seen.job.payload
    assert (payload["message_id"], payload["user_id"], payload["buyer_id"]) == (SCREEN, USER, BUYER)
    assert (payload["address"], payload["payment"]) == (ADDRESS, payment.value)
    assert [line["product_id"] for line in payload["lines"]] == ["7", "8"]
    assert await _session(shop) is None, "what he writes next is a search again"


async def test_a_second_tap_on_the_way_to_pay_is_stale(shop: Theatre) -> None:
    await shop.tap(StartCheckout())
    await shop.write(ADDRESS)
    await shop.tap(PREPAID)
    seen = await shop.tap(PREPAID)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.jobs == []


async def test_a_way_to_pay_without_an_address_is_stale(shop: Theatre) -> None:
    seen = await shop.tap(PREPAID)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.screen.text.startswith(HOME)


async def test_a_cart_that_was_emptied_meanwhile_cannot_be_paid(shop: Theatre) -> None:
    await shop.tap(StartCheckout())
    await shop.write(ADDRESS)
    await shop.save(carts.key(USER), lambda unit: carts.save(unit, USER, carts.Cart()))
    seen = await shop.tap(PREPAID)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.jobs == []


@pytest.mark.parametrize("typed", [False, True])
async def test_leaving_keeps_the_cart(shop: Theatre, typed: bool) -> None:
    seen = await shop.tap(StartCheckout())
    if typed:
        seen = await shop.write(ADDRESS)
    left = await shop.tap(seen.screen.data("Отмена"))
    assert left.screen.text == texts.onboarding.canceled()
    assert left.screen.labels == ["📂 Каталог", "🛒 Корзина", "📦 Мои заказы"]
    assert await _session(shop) is None
    assert await carts.load(shop.unit(), USER) == CART


async def test_leaving_what_was_left_is_stale(shop: Theatre) -> None:
    seen = await shop.tap(LeaveCheckout())
    assert seen.toasts == [texts.trouble.stale_button()]


# The confirmation.


async def test_the_tap_has_everything_checked_once_more(stage: Theatre) -> None:
    await _shown(stage)
    seen = await stage.tap(TAP)
    assert seen.toasts == [texts.labels.BUSY]
    assert (seen.screen.method, seen.screen.labels) == ("editMessageReplyMarkup", ["⏳ Оформляем…"])
    assert (seen.job.kind, seen.job.id, seen.job.lane) == ("recheck", "recheck:c0ffee", Lane.READ)
    assert seen.job.payload["message_id"] == SCREEN
    assert await _stage_of(stage) is CheckoutStage.CHECKING


async def test_a_double_tap_wants_one_job(stage: Theatre) -> None:
    await _shown(stage)
    first, second, third = [await stage.tap(TAP) for _ in range(3)]
    assert len(first.jobs) == 1
    for later in (second, third):
        assert later.toasts == [texts.checkout.placing()]
        assert (later.jobs, later.screens) == ([], [])
    assert len(await stage.pending()) == 1


@pytest.mark.parametrize("at", [CheckoutStage.CHECKING, CheckoutStage.PLACING])
@pytest.mark.parametrize("data", [TAP, CancelCheckout(checkout="c0ffee")])
async def test_while_the_order_is_made_nothing_can_be_changed(
    stage: Theatre, at: CheckoutStage, data: ConfirmOrder | CancelCheckout
) -> None:
    await _shown(stage, samples.checkout().at(at))
    seen = await stage.tap(data)
    assert seen.toasts == [texts.checkout.placing()]
    assert (seen.jobs, seen.screens) == ([], [])
    assert await _stage_of(stage) is at


@pytest.mark.parametrize("data", [TAP, CancelCheckout(checkout="c0ffee")])
async def test_after_the_order_was_made_the_tap_tells_its_number(
    stage: Theatre, data: ConfirmOrder | CancelCheckout
) -> None:
    await _shown(stage, samples.checkout().at(CheckoutStage.DONE, OrderRef("7", "5121")))
    seen = await stage.tap(data)
    assert seen.toasts == ["Заказ №\u00a05121 уже создан."]
    assert seen.jobs == []


@pytest.mark.parametrize("at", [CheckoutStage.REPLACED, CheckoutStage.FAILED])
@pytest.mark.parametrize("data", [TAP, CancelCheckout(checkout="c0ffee")])
async def test_a_confirmation_that_is_over_leads_to_a_fresh_screen(
    stage: Theatre, at: CheckoutStage, data: ConfirmOrder | CancelCheckout
) -> None:
    await _shown(stage, samples.checkout().at(at))
    seen = await stage.tap(data)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.screen.text.startswith(HOME)
    assert seen.jobs == []


async def test_a_confirmation_that_is_too_old_leads_to_a_fresh_screen(stage: Theatre) -> None:
    await _shown(stage)
    stage.clock.advance(hours=24)
    seen = await stage.tap(TAP)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.jobs == []


@pytest.mark.parametrize("data", [TAP, CancelCheckout(checkout="c0ffee")])
async def test_somebody_elses_confirmation_is_nobodys(stage: Theatre, data: ConfirmOrder | CancelCheckout) -> None:
    await _shown(stage, samples.checkout(user_id=OTHER))
    seen = await stage.tap(data)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.jobs == []
    assert await _stage_of(stage) is CheckoutStage.SHOWN


async def test_a_canceled_confirmation_cannot_be_ordered_any_more(stage: Theatre) -> None:
    await _shown(stage)
    seen = await stage.tap(CancelCheckout(checkout="c0ffee"))
    assert seen.screen.text == texts.onboarding.canceled()
    assert (await stage.tap(TAP)).toasts == [texts.trouble.stale_button()]
    assert await stage.pending() == []


async def test_a_second_order_at_the_same_time_is_said_to_be_one(shop: Theatre) -> None:
    await confirmed(shop)
    await shop.save(carts.key(USER), lambda unit: carts.save(unit, USER, samples.ORDERING))
    seen = await shop.answer(await asked(shop), OFFERS)
    assert texts.checkout.second_order() in seen.screens[0].text


async def test_goods_that_nobody_heard_of_for_a_day_are_not_waited_for(shop: Theatre) -> None:
    await confirmed(shop)
    assert (await carts.load(shop.unit(), USER)).leaving
    shop.clock.advance(hours=24)
    assert not (await carts.load(shop.unit(), USER)).leaving
