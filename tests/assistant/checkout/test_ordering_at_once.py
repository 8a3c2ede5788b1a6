"""Orders without the cart: how they end, how often a tap begins them, and what a newcomer need not say twice."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.checkout.buttons import CancelCheckout, ChoosePayment, OrderAgain
from shared.assistant.navigation import OrderNow, ShowCard, StartCheckout
from shared.bitrix.errors import DeliveryGone, OutOfStock, PaySystemGone
from shared.domain import baskets, checkouts, masters, searches
from shared.domain.baskets import Basket
from shared.domain.checkouts import CheckoutStage
from shared.domain.masters import Master
from shared.domain.orders import PaymentKind
from shared.pipeline.jobs import Job
from shared.pipeline.outcomes import Refusal
from tests.assistant import samples
from tests.assistant.checkout.steps import asked, asked_for, checkout_of, confirmed, filling
from tests.assistant.samples import ADDRESS, BUYER, DRILL, DRILL_OFFER, MASTER, OFFERS, OTHER, USER
from tests.assistant.stage import Seen
from tests.assistant.stage import Stage as Theatre
from tests.support.quantities import decimals

AT_ONCE = OrderNow(search="s1", product="7", quantity=Decimal(1), price=Decimal(7990), currency="RUB")
KNOWN = replace(MASTER, addresses=(ADDRESS,), pays=PaymentKind.PREPAID)
OFFER = {"7": DRILL_OFFER}
ON_REQUEST = {"7": replace(DRILL_OFFER, price=Decimal(0))}
MISREAD = Refusal("bad_answer", "nonsense")
CARD = "Открыть карточку"


@pytest.fixture
async def card(stage: Theatre) -> Theatre:
    """A master who has ordered before looks at a card."""
    await stage.join(KNOWN)
    await stage.save(searches._search_key("s1"), samples.search(DRILL).of(USER).save)
    return stage


async def _asked(card: Theatre) -> Job:
    return (await card.tap(AT_ONCE)).job


async def _confirmed(card: Theatre) -> Job:
    shown = await card.answer(await _asked(card), OFFER)
    return (await card.tap(shown.screen.data("✅ Заказать"))).job


async def _placing(card: Theatre) -> Job:
    return (await card.answer(await _confirmed(card), OFFER)).job


async def _basket_in_the_way(card: Theatre) -> Seen:
    job = await _confirmed(card)
    await card.save(baskets.key(BUYER), replace(Basket(BUYER), left=decimals({"99": 1})).save)
    return await card.answer(job, OFFER)


async def _refused(card: Theatre, code: str) -> Seen:
    return await card.refuse(await _placing(card), Refusal(code, "no"))


# How they end.


@pytest.mark.parametrize(
    "end",
    [
        lambda card: _and(_asked(card), card.refuse),
        lambda card: _and(_asked(card), lambda job: card.refuse(job, MISREAD)),
        lambda card: _and(_asked(card), lambda job: card.answer(job, ON_REQUEST)),
        lambda card: _and(_confirmed(card), card.refuse),
        lambda card: _and(_confirmed(card), lambda job: card.refuse(job, MISREAD)),
        lambda card: _and(_confirmed(card), lambda job: card.answer(job, ON_REQUEST)),
        _basket_in_the_way,
        lambda card: _refused(card, "ERROR"),
        lambda card: _refused(card, OutOfStock.usual_code),
        lambda card: _refused(card, PaySystemGone.usual_code),
        lambda card: _refused(card, DeliveryGone.usual_code),
    ],
)
async def test_no_end_leads_to_a_cart_without_the_goods(
    card: Theatre, end: Callable[[Theatre], Awaitable[Seen]]
) -> None:
    told = (await end(card)).screens[0]
    assert "корзин" not in told.text.lower()
    assert texts.labels.CART not in told.labels
    assert told.data(CARD) == ShowCard(search="", product="7").pack()
    assert texts.labels.ASK_MANAGER in told.labels


async def test_what_is_not_sold_any_more_has_no_card(card: Theatre) -> None:
    told = (await card.answer(await _confirmed(card), {})).screen
    assert told.labels == [texts.labels.ASK_MANAGER]


async def _and(first: Awaitable[Job], then: Callable[[Job], Awaitable[Seen]]) -> Seen:
    return await then(await first)


@pytest.mark.parametrize(
    "end", [lambda card: _and(_confirmed(card), card.refuse), lambda card: _refused(card, OutOfStock.usual_code)]
)
async def test_it_is_begun_again_where_it_ended(card: Theatre, end: Callable[[Theatre], Awaitable[Seen]]) -> None:
    told = (await end(card)).screens[0]
    seen = await card.tap(told.data(texts.labels.TRY_AGAIN))
    assert seen.job.kind == "confirm"
    shown = (await card.answer(seen.job, OFFER)).screen
    assert shown.method == "editMessageText"
    assert "Корзину не трогаем." in shown.text
    assert (await card.tap(shown.data("✅ Заказать"))).job.kind == "recheck"


@pytest.mark.parametrize("stage_now", [one for one in CheckoutStage if one is not CheckoutStage.FAILED])
async def test_what_did_not_fail_is_not_begun_again(card: Theatre, stage_now: CheckoutStage) -> None:
    checkout = replace(samples.checkout(), stage=stage_now, from_cart=False)
    await card.save(checkouts.key(checkout.id), checkout.save)
    seen = await card.tap(OrderAgain(checkout=checkout.id))
    assert (seen.toasts, seen.jobs) == ([texts.trouble.stale_button()], [])


async def test_nobody_elses_is_begun_again(card: Theatre) -> None:
    checkout = replace(samples.checkout(), stage=CheckoutStage.FAILED, user_id=OTHER)
    await card.save(checkouts.key(checkout.id), checkout.save)
    seen = await card.tap(OrderAgain(checkout=checkout.id))
    assert (seen.toasts, seen.jobs) == ([texts.trouble.stale_button()], [])


# How often a tap begins them.


async def test_taps_while_the_portal_is_asked_begin_one(card: Theatre) -> None:
    await card.tap(AT_ONCE)
    card.clock.advance(seconds=30)
    seen = await card.tap(AT_ONCE)
    assert (seen.toasts, seen.jobs, seen.screens) == ([texts.checkout.opened_already()], [], [])


async def test_a_tap_right_after_the_confirmation_came_shows_no_second_one(card: Theatre) -> None:
    await card.answer(await _asked(card), OFFER)
    card.clock.advance(seconds=2)
    seen = await card.tap(AT_ONCE)
    assert (seen.toasts, seen.jobs, seen.screens) == ([texts.checkout.opened_already()], [], [])


async def test_a_newcomer_is_asked_once_where_to(card: Theatre) -> None:
    await card.join(MASTER)
    assert (await card.tap(AT_ONCE)).screen.text == texts.addresses.ask_address()
    seen = await card.tap(AT_ONCE)
    assert (seen.toasts, seen.jobs, seen.screens) == ([texts.checkout.opened_already()], [], [])
    await card.write(ADDRESS)
    assert (await card.tap(ChoosePayment(payment=PaymentKind.CASH))).job.kind == "confirm"


async def test_who_means_it_begins_it_anew(card: Theatre) -> None:
    job = await _asked(card)
    await card.answer(job, OFFER)
    await card.tap(CancelCheckout(checkout=job.id))
    job = (await card.tap(AT_ONCE)).job
    await card.answer(job, OFFER)
    card.clock.advance(minutes=1)
    assert (await card.tap(AT_ONCE)).job.kind == "confirm"


async def test_the_button_of_the_card_begins_what_came_to_nothing_anew(card: Theatre) -> None:
    await card.refuse(await _asked(card))
    assert (await card.tap(AT_ONCE)).job.kind == "confirm"


async def test_another_quantity_is_another_order(card: Theatre) -> None:
    await card.tap(AT_ONCE)
    (job,) = (await card.tap(AT_ONCE.model_copy(update={"quantity": Decimal(2)}))).jobs
    assert job.kind == "confirm"


# What a newcomer need not say twice.


async def _master(shop: Theatre) -> Master:
    master = await masters.load(shop.unit(), USER)
    assert master is not None
    return master


@pytest.mark.parametrize(
    "end",
    [
        lambda shop: _and(asked(shop), shop.refuse),
        lambda shop: _and(asked(shop), lambda job: shop.answer(job, {})),
        lambda shop: _and(confirmed(shop), shop.refuse),
        lambda shop: _and(confirmed(shop), lambda job: shop.answer(job, {})),
        lambda shop: _and(filling(shop), shop.refuse),
    ],
)
async def test_he_has_said_where_to_and_how_he_pays(shop: Theatre, end: Callable[[Theatre], Awaitable[Seen]]) -> None:
    await end(shop)
    kept = await _master(shop)
    assert (kept.addresses, kept.pays) == ((ADDRESS,), PaymentKind.PREPAID)
    seen = await shop.tap(StartCheckout())
    assert (await shop.answer(seen.job, OFFERS)).screen.text.count(ADDRESS) == 1


async def test_what_he_took_back_himself_is_not_kept(shop: Theatre) -> None:
    job = await asked(shop)
    await shop.answer(job, OFFERS)
    await shop.tap(CancelCheckout(checkout=job.id))
    assert (await _master(shop)).addresses == ()


async def test_an_address_is_changed_at_the_confirmation_and_kept_so(shop: Theatre) -> None:
    await shop.join(replace(MASTER, addresses=("Клин, Мира, 2",), pays=PaymentKind.CASH))
    job = (await shop.tap(StartCheckout())).job
    shown = (await shop.answer(job, OFFERS)).screen
    await shop.tap(shown.data("📍 Адрес"))
    shown = (await shop.write(ADDRESS)).screen
    job = (await shop.tap(shown.data("✅ Заказать"))).job
    assert asked_for(shop, job)
    await shop.refuse(job)
    assert (await checkout_of(shop, job)).stage is CheckoutStage.FAILED
    assert (await _master(shop)).addresses == (ADDRESS, "Клин, Мира, 2")
