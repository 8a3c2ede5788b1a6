"""The kind of price a master buys at: it is asked for wherever he sees a price, and never comes to another master."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.assistant.checkout.buttons import ChoosePayment
from shared.assistant.checkout.turns import release
from shared.assistant.inline import jobs as inline
from shared.assistant.inline.question import InlineQuery
from shared.assistant.lists.buttons import AddList
from shared.assistant.navigation import RepeatOrder, ShowCard, ShowSection, StartCheckout
from shared.assistant.search.buttons import ShowPage
from shared.assistant.watching.scheduling import look_again
from shared.bitrix.portal import Operation
from shared.domain import baskets, carts, masters, order_records, watches
from shared.domain.baskets import Basket
from shared.domain.catalogue import ProductPage, Section, Sections
from shared.domain.offers import Offer
from shared.domain.orders import PaymentKind
from shared.domain.watches import EVERY, Watches
from shared.pipeline.decision import Decision
from shared.pipeline.jobs import Job, Lane
from tests.assistant.samples import (
    ADDRESS,
    BIT,
    BUYER,
    CART,
    DRILL,
    DRILL_DETAILS,
    DRILL_OFFER,
    MASTER,
    NATIVE,
    OFFERS,
    OTHER,
    USER,
    known_order,
    portal_order,
    watch,
)
from tests.assistant.stage import SCREEN, Seen, Stage

WHOLESALE, USUAL = 4, 1
NOTHING = ProductPage((), 0)
MANY = ProductPage(tuple(replace(DRILL, id=str(number)) for number in range(1, 51)), 60)
DRILLS = ProductPage((DRILL, BIT), 2)
CHEAP: dict[str, Offer] = {DRILL.id: replace(DRILL_OFFER, price=Decimal(7191))}


@pytest.fixture
async def shop() -> Stage:
    """A real portal's bot with a master who buys wholesale, and another one."""
    stage = Stage(NATIVE)
    await stage.join(replace(MASTER, price_type=str(WHOLESALE)))
    await stage.join(replace(MASTER, telegram_id=OTHER, bitrix_user_id="502"))
    return stage


def asks_for(shop: Stage, job: Job) -> set[int]:
    """Return the kinds of price the job asks the portal for."""
    operation = shop.kinds[job.kind].plan(job)
    assert isinstance(operation, Operation)
    return {
        command.params["filter"]["catalogGroupId"]
        for command in operation.commands.values()
        if command.method == "catalog.price.list"
    }


async def find(shop: Stage, job: Job, *found: ProductPage) -> Seen:
    """Answer a question for names in several ways."""
    ways: list[Any] = job.payload["ways"]
    return await shop.answer(job, [*found, *[NOTHING] * (len(ways) - len(found))])


async def fill_cart(shop: Stage) -> None:
    await shop.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))


@pytest.mark.parametrize(("user", "kind"), [(USER, WHOLESALE), (OTHER, USUAL)])
async def test_a_list_its_other_page_and_a_card(shop: Stage, user: int, kind: int) -> None:
    listed = await find(shop, (await shop.write("дрель", user=user)).job, MANY)
    assert asks_for(shop, listed.job) == {kind}
    shown = await shop.answer(listed.job, OFFERS)
    search = listed.job.payload["search"]
    turned = await shop.tap(ShowPage(search=search, page=1), user=user)
    assert asks_for(shop, turned.job) == {kind}
    assert turned.job.payload["message_id"] == SCREEN
    opened = await shop.tap(ShowCard.unpack(shown.screen.data("1")), user=user)
    assert asks_for(shop, opened.job) == {kind}
    assert opened.job.payload["message_id"] is None


async def test_two_masters_share_names_and_no_price(shop: Stage) -> None:
    first = await find(shop, (await shop.write("дрель")).job, DRILLS)
    second = await shop.write("дрель", user=OTHER)
    assert second.job.kind == first.job.kind == "page_offers", "the names of the last minute are enough"
    assert first.job.id != second.job.id
    assert (asks_for(shop, first.job), asks_for(shop, second.job)) == ({WHOLESALE}, {USUAL})
    cheap, dear = await shop.answer(first.job, CHEAP), await shop.answer(second.job, OFFERS)
    assert "7\u00a0191" in cheap.screen.text
    assert "7\u00a0990" in dear.screen.text


async def test_two_masters_share_a_picture_and_no_price(shop: Stage) -> None:
    told = {}
    for user, offers in ((USER, CHEAP), (OTHER, OFFERS)):
        card = (await shop.tap(ShowCard(search="s1", product=DRILL.id), user=user)).job
        told[user] = (await shop.answer(card, [DRILL_DETAILS, offers])).job
    assert told[USER].share == told[OTHER].share, "one download serves both"
    captions = {user: (await shop.answer(job, b"jpeg")).screen.text for user, job in told.items()}
    assert ("7\u00a0191" in captions[USER], "7\u00a0191" in captions[OTHER]) == (True, False)
    assert ("7\u00a0990" in captions[USER], "7\u00a0990" in captions[OTHER]) == (False, True)


async def test_a_guess_keeps_whose_it_is(shop: Stage) -> None:
    guess = (await find(shop, (await shop.write("шурповерт")).job)).job
    assert guess.kind == "guess"
    operation = shop.kinds[guess.kind].plan(guess)
    assert isinstance(operation, Operation)
    near = await shop.answer(guess, [DRILLS, *[NOTHING] * (len(operation.commands) - 1)])
    while near.job.kind == "find":
        near = await find(shop, near.job, DRILLS)
    assert asks_for(shop, near.job) == {WHOLESALE}


async def test_the_goods_of_a_section(shop: Stage) -> None:
    section = Section("302", "Дрели", None)
    opened = await shop.tap(ShowSection(section=section.id, page=0, goods=True, fresh=True))
    listed = await shop.answer(opened.job, [Sections(section.id, [], (section,)), DRILLS])
    assert asks_for(shop, listed.job) == {WHOLESALE}


async def test_from_the_cart_to_the_order(shop: Stage) -> None:
    await fill_cart(shop)
    assert asks_for(shop, (await shop.write("/cart")).job) == {WHOLESALE}
    await shop.tap(StartCheckout())
    await shop.write(ADDRESS)
    check = (await shop.tap(ChoosePayment(payment=PaymentKind.PREPAID))).job
    assert asks_for(shop, check) == {WHOLESALE}
    shown = await shop.answer(check, OFFERS)
    recheck = (await shop.tap(shown.screen.data("✅ Заказать"))).job
    assert (recheck.kind, asks_for(shop, recheck)) == ("recheck", {WHOLESALE})


async def test_a_check_that_waited_for_a_basket_asks_for_its_own_masters_price(shop: Stage) -> None:
    await fill_cart(shop)
    await shop.tap(StartCheckout())
    await shop.write(ADDRESS)
    shown = await shop.answer((await shop.tap(ChoosePayment(payment=PaymentKind.PREPAID))).job, OFFERS)
    recheck = (await shop.tap(shown.screen.data("✅ Заказать"))).job
    await shop.save(baskets.key(BUYER), Basket(BUYER, holder="c1").save)
    assert (await shop.answer(recheck, OFFERS)).jobs == [], "another checkout fills the basket"
    woken = await shop.decision(lambda decision: release(BUYER, decision, unclear=False))
    assert (woken.job.id, asks_for(shop, woken.job)) == (recheck.id, {WHOLESALE})


async def test_an_order_once_more(shop: Stage) -> None:
    await shop.put(lambda unit: order_records.remember(unit, known_order()))
    repeated = await shop.answer((await shop.tap(RepeatOrder(order="5121"))).job, portal_order())
    assert asks_for(shop, repeated.job) == {WHOLESALE}


async def test_a_pasted_list_and_its_goods_into_the_cart(shop: Stage) -> None:
    asked = (await shop.write("DF333DWYE x 3\nбита ph2 — 10 шт")).job
    found = await shop.answer(asked, [{"DF333DWYE": [DRILL]}, ProductPage((BIT,), 1)])
    assert asks_for(shop, found.job) == {WHOLESALE}
    shown = await shop.answer(found.job, OFFERS)
    added = await shop.tap(AddList.unpack(shown.screen.data("В корзину всё")))
    assert asks_for(shop, added.job) == {WHOLESALE}


@pytest.mark.parametrize(("user", "kind"), [(USER, WHOLESALE), (OTHER, USUAL), (404, USUAL)])
async def test_a_question_in_any_chat(shop: Stage, user: int, kind: int) -> None:
    async def ask(decision: Decision) -> None:
        await inline.look_for(decision, InlineQuery(user, "q1", "дрель", 0, "shop_bot"))

    priced = await find(shop, (await shop.decision(ask)).job, DRILLS)
    assert asks_for(shop, priced.job) == {kind}


async def test_a_look_at_what_is_watched(shop: Stage) -> None:
    await shop.save(watches.key(USER), lambda unit: watches.save(unit, USER, Watches((watch(DRILL),))))
    shop.clock.advance(seconds=EVERY.total_seconds())
    looked = await shop.decision(lambda decision: look_again(decision, USER))
    assert asks_for(shop, looked.job) == {WHOLESALE}


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("page_offers", {"products": [{"id": DRILL.id}]}),
        ("cart_offers", {"products": [DRILL.id]}),
        ("card", {"product": DRILL.id}),
        ("inline_offers", {"products": [{"id": DRILL.id}]}),
        ("look_at_watches", {"products": [DRILL.id]}),
    ],
)
async def test_a_job_from_before_asks_for_the_usual_price(shop: Stage, kind: str, payload: dict[str, Any]) -> None:
    assert asks_for(shop, Job(kind, Lane.READ, payload)) == {USUAL}


async def test_the_next_price_is_of_the_kind_chosen_last(shop: Stage) -> None:
    await fill_cart(shop)
    await shop.save(masters.key(USER), MASTER.save)
    assert asks_for(shop, (await shop.write("/cart")).job) == {USUAL}
