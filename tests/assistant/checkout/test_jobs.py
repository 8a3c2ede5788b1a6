"""The checks before the confirmation and at the tap, and the basket that is filled after them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.chat_view import ChatTarget
from shared.assistant.checkout.buttons import ConfirmOrder
from shared.assistant.navigation import StartCheckout
from shared.domain import baskets, carts, checkouts
from shared.domain.baskets import Basket
from shared.domain.checkouts import CheckoutStage
from shared.domain.orders import PaymentKind
from shared.pipeline.jobs import Job, Lane
from tests.assistant.checkout.steps import (
    DEARER,
    FILLED,
    UNSURE,
    asked,
    asked_for,
    basket_of,
    checkout_of,
    confirmed,
    filling,
    placing,
)
from tests.assistant.samples import ADDRESS, BIT, BUYER, CART, DRILL_OFFER, OFFERS, USER, offer
from tests.assistant.stage import OPERATORS, SCREEN
from tests.assistant.stage import Stage as Theatre
from tests.support.quantities import decimals

# The check before the confirmation.


async def test_the_confirmation(shop: Theatre) -> None:
    job = await asked(shop)
    (command,) = shop.kinds["confirm"].plan(job).commands.values()
    assert set(command.params["cmd"]) == {"sku_7", "sku_8"}
    seen = await shop.answer(job, OFFERS)
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert "Итого: <b>8\u00a0440\u00a0₽</b>" in seen.screen.text
    assert "Пока вы оформляли" not in seen.screen.text
    assert seen.screen.labels == [
        "✅ Заказать",
        "📍 Адрес",
        "💵 Платить наличными",
        "📞 Телефон",
        "💬 Комментарий",
        "Изменить",
        "Отмена",
    ]
    checkout = await checkouts.load(shop.unit(), job.id)
    assert checkout is not None
    assert (checkout.user_id, checkout.buyer_id, checkout.lines) == (USER, BUYER, CART.lines)
    assert (checkout.address, checkout.payment, checkout.stage) == (ADDRESS, PaymentKind.PREPAID, CheckoutStage.SHOWN)
    assert checkout.available == {"7": Decimal(4), "8": Decimal(120)}


async def test_the_confirmation_tells_what_differs_from_the_cart(shop: Theatre) -> None:
    seen = await shop.answer(await asked(shop), {"8": DEARER["8"]})
    assert "изменилась цена: Бита PH2 50 мм 45 → 52\u00a0₽" in seen.screen.text
    assert "больше не продаётся: Шуруповёрт Makita DF333DWYE" in seen.screen.text
    assert "Итого: <b>520\u00a0₽</b>" in seen.screen.text
    assert seen.screen.labels[0] == "✅ Согласен, заказать"


async def test_nothing_of_the_cart_is_sold_any_more(shop: Theatre) -> None:
    job = await asked(shop)
    seen = await shop.answer(job, {})
    assert seen.screen.text == texts.checkout.nothing_left()
    assert seen.screen.labels == ["🛒 Корзина", "💬 Спросить менеджера"]
    assert await checkouts.load(shop.unit(), job.id) is None


async def test_the_first_check_failed(shop: Theatre) -> None:
    seen = await shop.refuse(await asked(shop))
    assert seen.screen.text == texts.trouble.portal_silent_checkout()
    assert seen.screen.labels == ["🔄 Попробовать ещё раз", "🛒 Корзина", "💬 Спросить менеджера"]
    assert await carts.load(shop.unit(), USER) == CART


# The check at the tap.


async def test_nothing_changed_so_the_basket_is_filled(shop: Theatre) -> None:
    job = await confirmed(shop)
    (command,) = shop.kinds["recheck"].plan(job).commands.values()
    assert set(command.params["cmd"]) == {"sku_7", "sku_8"}
    seen = await shop.answer(job, OFFERS)
    assert seen.calls == []
    checkout = await checkout_of(shop, job)
    assert checkout.stage is CheckoutStage.PLACING
    assert (seen.job.kind, seen.job.lane, seen.job.id) == ("make_order", Lane.WRITE, f"make_order:{checkout.id}")
    assert (await basket_of(shop)).holder == checkout.id
    commands = shop.kinds[seen.job.kind].plan(seen.job).commands
    fields = [command.params["fields"] for command in commands.values()]
    assert fields == [
        {"PRODUCT_ID": 7, "QUANTITY": 1, "FUSER_ID": 501},
        {"PRODUCT_ID": 8, "QUANTITY": 10, "FUSER_ID": 501},
    ]


async def test_a_change_is_shown_and_asked_about_again(shop: Theatre) -> None:
    job = await confirmed(shop)
    seen = await shop.answer(job, DEARER)
    assert seen.jobs == []
    assert "Пока вы оформляли, изменилась цена" in seen.screen.text
    assert "Итого теперь 8\u00a0510\u00a0₽." in seen.screen.text
    assert (await checkout_of(shop, job)).stage is CheckoutStage.REPLACED
    old = await shop.tap(ConfirmOrder(checkout=job.payload["checkout"]))
    assert old.toasts == [texts.trouble.stale_button()]
    agreed = await shop.tap(seen.screen.data("✅ Согласен"))
    assert agreed.job.payload["checkout"] != job.payload["checkout"]
    assert (await shop.answer(agreed.job, DEARER)).job.kind == "make_order"


async def test_less_in_the_stores_than_he_was_told_is_a_change(shop: Theatre) -> None:
    offers = {"7": DRILL_OFFER, "8": offer(BIT, "45", ("Тверь", "9"))}
    seen = await shop.answer(await confirmed(shop), offers)
    assert "изменилось наличие: Бита PH2 50 мм — в наличии 9\u00a0шт." in seen.screen.text


async def test_everything_was_sold_out_of_the_shop_meanwhile(shop: Theatre) -> None:
    seen = await shop.answer(await confirmed(shop), {})
    assert seen.screen.text == texts.checkout.nothing_left()
    assert seen.jobs == []


async def test_the_second_check_failed(shop: Theatre) -> None:
    job = await confirmed(shop)
    seen = await shop.refuse(job)
    assert seen.screen.text == texts.trouble.portal_silent_checkout()
    assert (await checkout_of(shop, job)).stage is CheckoutStage.FAILED
    assert await carts.load(shop.unit(), USER) == CART
    assert seen.screen.data(texts.labels.TRY_AGAIN) == StartCheckout().pack()


async def test_a_check_that_failed_after_its_confirmation_was_forgotten(shop: Theatre) -> None:
    job = await confirmed(shop)
    shop.clock.advance(hours=24)
    assert (await shop.refuse(job)).screen.text == texts.trouble.portal_silent_checkout()


@pytest.mark.parametrize(
    "at", [CheckoutStage.SHOWN, CheckoutStage.PLACING, CheckoutStage.DONE, CheckoutStage.REPLACED, CheckoutStage.FAILED]
)
async def test_a_check_that_nobody_waits_for_leads_to_nothing(shop: Theatre, at: CheckoutStage) -> None:
    job = await confirmed(shop)
    moved = (await checkout_of(shop, job)).at(at)
    await shop.save(checkouts.key(moved.id), moved.save)
    seen = await shop.answer(job, OFFERS)
    assert (seen.calls, seen.jobs) == ([], [])


async def test_a_confirmation_that_was_forgotten_meanwhile(shop: Theatre) -> None:
    job = await confirmed(shop)
    shop.clock.advance(hours=24)
    seen = await shop.answer(job, OFFERS)
    assert (seen.calls, seen.jobs) == ([], [])


# The basket.


async def test_what_a_failed_order_left_in_the_basket_is_not_put_in_again(shop: Theatre) -> None:
    left = Basket(BUYER, left=decimals({"7": 1, "8": 4}))
    await shop.save(baskets.key(BUYER), left.save)
    job = await filling(shop)
    (command,) = shop.kinds[job.kind].plan(job).commands.values()
    assert command.params["fields"] == {"PRODUCT_ID": 8, "QUANTITY": 6, "FUSER_ID": 501}


async def test_a_basket_that_is_full_already_becomes_the_order(shop: Theatre) -> None:
    await shop.save(baskets.key(BUYER), Basket(BUYER, left=decimals({"7": 1, "8": 10})).save)
    seen = await shop.answer(await confirmed(shop), OFFERS)
    assert asked_for(shop, seen.job) == ["sale.order.add"]


@pytest.mark.parametrize("basket", [Basket(BUYER, left=decimals({"9": 1})), Basket(BUYER, unclear=True)])
async def test_a_basket_with_strange_things_is_for_people(shop: Theatre, basket: Basket) -> None:
    await shop.save(baskets.key(BUYER), basket.save)
    job = await confirmed(shop)
    seen = await shop.answer(job, OFFERS)
    told, called = seen.screens
    assert told.text == texts.checkout.order_refused()
    assert called.params["chat_id"] == OPERATORS
    assert "BASKET_NOT_EMPTY" in called.text
    assert seen.jobs == []
    assert (await checkout_of(shop, job)).stage is CheckoutStage.FAILED
    assert await basket_of(shop) == basket


async def test_a_filled_basket_is_followed_by_the_order(shop: Theatre) -> None:
    first = await filling(shop)
    seen = await shop.answer(first, FILLED)
    assert (asked_for(shop, seen.job), seen.job.lane) == (["sale.order.add"], Lane.WRITE)
    assert seen.job.id == f"make_order:{seen.job.payload['checkout']}:2"
    assert seen.job.idempotency_key != first.idempotency_key
    basket = await basket_of(shop)
    assert (basket.left, basket.holder) == (decimals({"7": 1, "8": 10}), seen.job.payload["checkout"])


async def test_a_basket_that_was_refused(shop: Theatre) -> None:
    job = await filling(shop)
    seen = await shop.refuse(job)
    assert seen.screen.text == texts.checkout.order_refused()
    assert (await checkout_of(shop, job)).stage is CheckoutStage.FAILED
    assert await basket_of(shop) == Basket(BUYER)


async def test_a_basket_of_which_nobody_knows(shop: Theatre) -> None:
    job = await filling(shop)
    doubt = await shop.doubt(job)
    assert doubt.screen.text == texts.checkout.order_slow()
    assert doubt.screen.labels == ["📦 Мои заказы"]
    seen = await shop.refuse(job, UNSURE)
    assert seen.screens[0].text == texts.checkout.order_refused(), "no order comes of filling a basket"
    assert seen.screens[1].params["chat_id"] == OPERATORS
    assert await basket_of(shop) == Basket(BUYER, unclear=True)


@pytest.mark.parametrize("step", [filling, placing])
async def test_an_order_that_does_not_get_out_is_said_to_take_longer(
    shop: Theatre, step: Callable[[Theatre], Awaitable[Job]]
) -> None:
    seen = await shop.delay(await step(shop))
    assert seen.screen.text == texts.checkout.order_slow()
    assert seen.screen.labels == ["📦 Мои заказы"]


async def test_every_step_answers_in_the_message_of_the_tap(shop: Theatre) -> None:
    first = await confirmed(shop)
    for job in (first, (await shop.answer(first, OFFERS)).job):
        assert ChatTarget(job.payload["chat_id"], job.payload["message_id"]) == ChatTarget(USER, SCREEN)
