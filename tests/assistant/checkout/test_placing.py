"""The basket becomes an order, with everything that can go wrong on the way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.checkout.buttons import ConfirmOrder
from shared.assistant.navigation import StartCheckout
from shared.domain import carts, checkouts, masters, order_records
from shared.domain.baskets import Basket
from shared.domain.carts import Cart
from shared.domain.checkouts import CheckoutStage
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import PaymentKind
from shared.pipeline.commit_result import commit_result
from shared.pipeline.jobs import BACKGROUND_DELAY, Job
from shared.pipeline.outcomes import Answered, Refusal
from shared.pipeline.retry import WRITE_RETRIES
from shared.status import Status
from shared.store.port import Conflict, Key, Version, Write
from tests.assistant import samples
from tests.assistant.checkout.steps import CREATED, FILLED, UNSURE, asked_for, basket_of, checkout_of, filling, placing
from tests.assistant.samples import ADDRESS, BIT, BUYER, CART, MASTER, OFFERS, PAY_URL, SAW, USER, line
from tests.assistant.stage import OPERATORS, SCREEN, calls_of
from tests.assistant.stage import Stage as Theatre
from tests.support.quantities import decimals


@pytest.mark.parametrize(("payment", "system"), [(PaymentKind.PREPAID, 2), (PaymentKind.CASH, 3)])
async def test_what_is_asked_for_an_order(shop: Theatre, payment: PaymentKind, system: int) -> None:
    (command,) = shop.kinds["make_order"].plan(await placing(shop, payment)).commands.values()
    assert command.method == "sale.order.add"
    assert command.params["fields"] == {
        "USER_ID": 501,
        "PAYMENT": [{"PAY_SYSTEM_ID": system}],
        "SHIPMENT": [{"DELIVERY_SERVICE_ID": 4}],
        "PROPERTY_VALUES": {"ADDRESS": ADDRESS},
    }


async def test_the_order_is_made(shop: Theatre) -> None:
    job = await placing(shop)
    seen = await shop.answer(job, CREATED)
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert "Заказ №\u00a05121 создан." in seen.screen.text
    assert "Заказ принят, ждём оплату" in seen.screen.text
    assert "К оплате: <b>8\u00a0440\u00a0₽</b>" in seen.screen.text
    assert seen.screen.buttons[0] == {"text": "💳 Оплатить", "url": PAY_URL}
    checkout = await checkout_of(shop, job)
    assert (checkout.stage, checkout.order_id) == (CheckoutStage.DONE, "5121")


async def test_what_is_remembered_of_the_order(shop: Theatre) -> None:
    await shop.answer(await placing(shop), CREATED)
    known = await order_records.load(shop.unit(), "5121")
    lines = tuple(samples.portal_order().lines)
    assert known == replace(samples.known_order(Status.NEW), pay_message=SCREEN, lines=lines)
    assert await order_records.list_ids(shop.unit(), USER) == ["5121"]
    assert await masters.load(shop.unit(), USER) == replace(MASTER, addresses=(ADDRESS,), pays=PaymentKind.PREPAID)
    assert await carts.load(shop.unit(), USER) == Cart()
    assert await basket_of(shop) == Basket(BUYER)


async def test_the_order_is_looked_at_once_more_soon(shop: Theatre) -> None:
    seen = await shop.answer(await placing(shop), CREATED)
    assert (seen.job.kind, seen.job.id) == ("sync_order", "sync_order:5121")
    assert seen.due[seen.job.id] == shop.clock() + BACKGROUND_DELAY


async def test_a_prepaid_order_without_a_link_says_who_sends_it(shop: Theatre) -> None:
    seen = await shop.answer(await placing(shop), replace(CREATED, payment_url=None, link_missing=True))
    assert texts.checkout.no_link() in seen.screen.text
    assert seen.screen.labels == ["📦 Заказ №\u00a05121", "📦 Мои заказы"]


async def test_what_was_put_into_the_cart_meanwhile_stays(shop: Theatre) -> None:
    job = await placing(shop)
    more = CART.set("8", Decimal(14)).add(line(SAW, 1, "12499.5"))
    assert more is not None
    await shop.save(carts.key(USER), lambda unit: carts.save(unit, USER, more))
    await shop.answer(job, CREATED)
    left = await carts.load(shop.unit(), USER)
    assert left.lines == (line(BIT, 4, "45"), line(SAW, 1, "12499.5"))


async def test_the_address_of_somebody_who_was_removed_meanwhile_is_not_remembered(shop: Theatre) -> None:
    job = await placing(shop)

    await shop.save(masters.key(USER), lambda unit: unit.delete(masters.key(USER)))
    await shop.answer(job, CREATED)
    assert await masters.load(shop.unit(), USER) is None
    assert await order_records.load(shop.unit(), "5121") is not None


async def test_an_order_that_was_refused(shop: Theatre) -> None:
    job = await placing(shop)
    seen = await shop.refuse(job)
    assert seen.screen.text == texts.checkout.order_refused()
    assert seen.screen.labels == ["🛒 Корзина", "💬 Спросить менеджера"]
    assert (await checkout_of(shop, job)).stage is CheckoutStage.FAILED
    assert await carts.load(shop.unit(), USER) == CART
    assert await order_records.list_ids(shop.unit(), USER) == []
    basket = await basket_of(shop)
    assert (basket.holder, basket.left, basket.unclear) == ("", decimals({"7": 1, "8": 10}), False)


async def test_the_same_order_again_after_a_refusal_fills_nothing_twice(shop: Theatre) -> None:
    await shop.refuse(await placing(shop))
    shown = await shop.answer((await shop.tap(StartCheckout())).job, OFFERS)
    seen = await shop.answer((await shop.tap(shown.screen.data("✅ Заказать"))).job, OFFERS)
    assert asked_for(shop, seen.job) == ["sale.order.add"]


async def test_an_order_of_which_nobody_knows_yet(shop: Theatre) -> None:
    job = await placing(shop)
    seen = await shop.doubt(job)
    assert seen.screen.text == texts.checkout.order_unsure()
    assert seen.screen.labels == ["📦 Мои заказы"]
    assert (await checkout_of(shop, job)).stage is CheckoutStage.PLACING
    made = await shop.answer(replace(job, attempts=1), CREATED)
    assert "Заказ №\u00a05121 создан." in made.screen.text


@pytest.mark.parametrize("step", [filling, placing])
async def test_a_doubt_is_ended_by_the_same_request_with_the_same_key(
    shop: Theatre, step: Callable[[Theatre], Awaitable[Job]]
) -> None:
    job = await step(shop)
    await shop.doubt(job)
    record = await shop.store.get(job.key)
    assert record is not None
    assert record.due_at is not None
    assert record.due_at <= shop.clock() + 2 * WRITE_RETRIES[0], "nothing is looked up, so nothing is waited for"
    again = Job.from_data(record.data)
    assert again.doubt
    assert again.idempotency_key == job.idempotency_key
    assert asked_for(shop, again) == asked_for(shop, job)


async def test_a_basket_that_was_filled_in_part_is_for_people(shop: Theatre) -> None:
    seen = await shop.refuse(await filling(shop), Refusal("100", operators=True, unsure=True, partly=True))
    told, called = seen.screens
    assert told.text == texts.checkout.order_refused()
    assert called.params["chat_id"] == OPERATORS
    assert seen.jobs == [], "no half order is on the portal"
    assert await basket_of(shop) == Basket(BUYER, unclear=True)


async def test_an_order_of_which_nobody_ever_knew(shop: Theatre) -> None:
    job = await placing(shop)
    seen = await shop.refuse(job, UNSURE)
    told, called = seen.screens
    assert told.text == texts.checkout.order_lost(people=True)
    assert told.labels == ["📦 Мои заказы"]
    assert called.params["chat_id"] == OPERATORS
    assert await basket_of(shop) == Basket(BUYER, left=decimals({"7": 1, "8": 10}), unclear=True)
    assert (await shop.tap(ConfirmOrder(checkout=job.payload["checkout"]))).toasts == [texts.trouble.stale_button()]


class Jostled:
    """A store at which somebody else is faster once."""

    def __init__(self, stage: Theatre) -> None:
        self.stage = stage
        self.commits = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.stage.store, name)

    async def commit(self, writes: list[Write]) -> dict[Key, Version]:
        self.commits += 1
        if self.commits == 1:
            more = CART.set("8", Decimal(12))
            await self.stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, more))
            raise Conflict("somebody put two more bits into the cart")
        return await self.stage.store.commit(writes)


async def test_a_decision_made_twice_is_committed_once(shop: Theatre) -> None:
    job = await placing(shop)
    store = Jostled(shop)
    kind = shop.kinds[job.kind]
    record = await commit_result(store, shop.clock, kind, job, Answered(CREATED), 0.0)  # type: ignore[arg-type] # a proxy
    assert record is not None
    assert store.commits == 2
    assert len(record.data["outbox"]) == 1
    assert await order_records.list_ids(shop.unit(), USER) == ["5121"]
    assert (await carts.load(shop.unit(), USER)).lines == (line(BIT, 2, "45"),)
    assert [job.id for job in await shop.pending() if job.kind == "sync_order"] == ["sync_order:5121"]


@pytest.mark.parametrize(
    ("step", "answer", "said"),
    [(filling, FILLED, texts.checkout.order_refused()), (placing, CREATED, texts.checkout.order_lost(people=True))],
)
async def test_a_bug_after_the_portals_answer_is_never_told_as_a_no(
    shop: Theatre, step: Callable[[Theatre], Awaitable[Job]], answer: OrderProgress, said: str
) -> None:
    """The write was done, so what it left behind is for people; the bug here is a checkout that is gone."""
    job = await step(shop)
    gone = checkouts.key(job.payload["checkout"])
    await shop.save(gone, lambda unit: unit.delete(gone))
    record = await commit_result(shop.store, shop.clock, shop.kinds[job.kind], job, Answered(answer), 0.0)
    assert record is not None
    told, called = [call.params for call in calls_of(record.data["outbox"])]
    assert told["text"] == said
    assert called["chat_id"] == OPERATORS
    assert (await basket_of(shop)).unclear
    assert (await basket_of(shop)).holder == ""


async def test_goods_that_are_sold_out_meanwhile_are_told_as_such(shop: Theatre) -> None:
    seen = await shop.refuse(await filling(shop), Refusal("out_of_stock"))
    assert seen.screen.text == texts.checkout.out_of_stock()
    assert not (await basket_of(shop)).unclear


async def test_a_basket_that_lies_half_full_is_looked_after_by_people(shop: Theatre) -> None:
    seen = await shop.refuse(await filling(shop), Refusal("out_of_stock", operators=True, unsure=True, partly=True))
    told, report = seen.screens
    assert told.text == texts.checkout.out_of_stock()
    assert report.params["chat_id"] == OPERATORS
