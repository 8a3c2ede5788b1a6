"""The placing of an order on a real portal: once, whatever is unknown on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.checkout.clearing_up import CANCEL, CLEAR_UP
from shared.assistant.checkout.placing import MOST_STEPS
from shared.assistant.support import topics
from shared.bitrix.error_codes import PortalError, classify
from shared.bitrix.portal import PATIENCE, Portal
from shared.domain import carts, order_parts, order_records
from shared.domain.baskets import Basket
from shared.domain.carts import Cart
from shared.domain.checkouts import CheckoutStage
from shared.domain.order_progress import OrderProgress
from shared.domain.orders import OrderRef, PaymentKind
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.status import Status
from tests.assistant.checkout.steps import UNSURE, asked_for, basket_of, checkout_of, confirmed
from tests.assistant.samples import ADDRESS, BUYER, CART, MASTER, NATIVE, OFFERS, PAY_URL, USER
from tests.assistant.stage import OPERATORS
from tests.assistant.stage import Stage as Theatre
from tests.support.quantities import decimals

COMPLETE = OrderProgress("5121", total=Decimal(8440), payment_url=PAY_URL, complete=True, steps=1)
HALF = OrderProgress("5121", basket={"7": "255"}, steps=1)


@pytest.fixture
async def shop() -> Theatre:
    theatre = Theatre(NATIVE)
    await theatre.join()
    await theatre.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    return theatre


async def made(shop: Theatre) -> Job:
    """Go on to the job that makes the order."""
    return (await shop.answer(await confirmed(shop), OFFERS)).job


async def test_one_write_makes_the_order(shop: Theatre) -> None:
    job = await made(shop)
    assert (job.kind, job.lane) == ("make_order", Lane.WRITE)
    assert asked_for(shop, job)[0] == "sale.order.add"
    first = next(iter(shop.kinds[job.kind].plan(job).commands.values()))
    assert first.params["fields"]["xmlId"].endswith(job.idempotency_key)
    seen = await shop.answer(job, COMPLETE)
    assert "создан." in seen.screen.text
    assert seen.screen.buttons[0]["url"] == PAY_URL
    assert (await checkout_of(shop, job)).stage is CheckoutStage.DONE
    assert await order_records.list_ids(shop.unit(), USER) == ["5121"]


WITH_DEALS = replace(NATIVE, settings=replace(NATIVE.settings, deal_stage_map={"WON": Status.FINISHED}))


async def ordered(portal: Portal) -> tuple[Theatre, list[Job]]:
    """A master with a topic has ordered; the jobs that tell the shop's people of it."""
    theatre = Theatre(portal)
    await theatre.join()
    await theatre.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    await theatre.save(topics.of_master(USER), lambda unit: unit.put(topics.of_master(USER), {"thread_id": 9}))
    seen = await theatre.answer(await made(theatre), COMPLETE)
    return theatre, [job for job in seen.jobs if job.kind == "name_client"]


async def test_a_deal_shows_whose_order_it_is_and_then_it_is_known() -> None:
    theatre, (job,) = await ordered(WITH_DEALS)
    assert (job.lane, job.payload["order"], job.payload["title"]) == (Lane.WRITE, "5121", "Заказ №\u00a05121, Иван")
    assert f"Адрес: {ADDRESS}" in job.payload["comment"]
    assert "[URL=https://t.me/c/500/9]Написать мастеру[/URL]" in job.payload["comment"]
    assert asked_for(theatre, job) == ["crm.orderentity.list", "crm.item.update"]
    await theatre.answer(job, "301")
    assert await order_parts.orders_of_deal(theatre.unit(), "301") == ("5121",)
    assert await order_parts.is_echo(theatre.unit(), "301")


async def test_where_deals_do_not_matter_nothing_is_written() -> None:
    assert (await ordered(NATIVE))[1] == []


async def test_another_total_is_agreed_to_before_anything_is_paid(shop: Theatre) -> None:
    charged = replace(COMPLETE, total=Decimal(8390), delivery=Decimal(350), prices={"7": Decimal(7590)})
    seen = await shop.answer(await made(shop), charged)
    for told in ("магазин посчитал <b>8\u00a0390\u00a0₽</b>", "7\u00a0990 → 7\u00a0590\u00a0₽", "доставка +350\u00a0₽"):
        assert told in seen.screen.text
    assert [button["text"] for button in seen.screen.buttons] == ["✅ Согласен · 8\u00a0390\u00a0₽", "Отменить заказ"]
    assert PAY_URL not in str(seen.screen.params)


async def test_the_same_total_is_no_question(shop: Theatre) -> None:
    seen = await shop.answer(await made(shop), replace(COMPLETE, total=Decimal("8440.00"), delivery=Decimal(0)))
    assert seen.screen.buttons[0]["url"] == PAY_URL


async def test_an_order_that_does_not_get_out_is_not_in_doubt(shop: Theatre) -> None:
    job = await made(shop)
    seen = await shop.delay(job)
    assert seen.screen.text == texts.checkout.order_slow()
    assert asked_for(shop, await shop.again(job))[0] == "sale.order.add"


async def test_a_doubt_waits_until_the_portal_is_done_and_then_looks(shop: Theatre) -> None:
    job = await made(shop)
    seen = await shop.doubt(job)
    assert seen.screen.text == texts.checkout.order_unsure()
    waiting = await shop.again(job)
    record = await shop.store.get(job.key)
    assert record is not None
    assert record.due_at == shop.clock() + timedelta(seconds=PATIENCE)
    assert asked_for(shop, waiting)[0] == "sale.order.list"


async def test_what_is_found_complete_is_adopted(shop: Theatre) -> None:
    job = await made(shop)
    await shop.doubt(job)
    seen = await shop.answer(await shop.again(job), COMPLETE)
    assert "создан." in seen.screen.text
    assert await order_records.list_ids(shop.unit(), USER) == ["5121"]


async def test_what_is_missing_is_asked_for_and_no_more(shop: Theatre) -> None:
    job = await made(shop)
    await shop.doubt(job)
    following = (await shop.answer(await shop.again(job), HALF)).job
    assert following.id != job.id
    assert "sale.order.add" not in asked_for(shop, following)
    assert following.payload["key"] == job.payload["key"]
    assert "создан." in (await shop.answer(following, COMPLETE)).screen.text


async def test_what_is_surely_absent_is_made_again_with_the_same_key(shop: Theatre) -> None:
    job = await made(shop)
    await shop.doubt(job)
    following = (await shop.answer(await shop.again(job), OrderProgress(absent=True))).job
    assert not following.doubt
    (first, *_) = shop.kinds[following.kind].plan(following).commands.values()
    assert first.method == "sale.order.add"
    assert first.params["fields"]["xmlId"].endswith(job.payload["key"])


async def test_a_second_order_with_the_key_is_canceled(shop: Theatre) -> None:
    job = await made(shop)
    await shop.doubt(job)
    seen = await shop.answer(await shop.again(job), replace(COMPLETE, extra=(OrderRef("5122"),)))
    cancel = next(item for item in seen.jobs if item.kind == CANCEL)
    assert asked_for(shop, cancel) == ["sale.order.update"]
    assert cancel.payload == {"order": "5122"}
    assert (await shop.answer(cancel, None)).calls == []


PARTLY = Refusal("200140400007", operators=True, unsure=True, partly=True, at="i2")


async def test_a_no_in_the_middle_is_looked_into_then_canceled_and_told(shop: Theatre) -> None:
    job = await made(shop)
    seen = await shop.refuse(job, PARTLY)
    assert seen.calls == []
    (clear_up,) = seen.jobs
    assert clear_up.kind == CLEAR_UP
    assert asked_for(shop, clear_up)[0] == "sale.order.list"
    assert (await basket_of(shop)).holder == job.payload["checkout"]
    seen = await shop.answer(clear_up, HALF)
    assert seen.screens[0].text == texts.checkout.order_refused()
    assert [(cancel.kind, cancel.payload) for cancel in seen.jobs] == [(CANCEL, {"order": "5121"})]
    assert (await checkout_of(shop, job)).stage is CheckoutStage.FAILED
    assert await basket_of(shop) == Basket(BUYER)


async def test_what_was_refused_and_is_all_there_is_made(shop: Theatre) -> None:
    job = await made(shop)
    (clear_up,) = (await shop.refuse(job, replace(PARTLY, at="fix"))).jobs
    seen = await shop.answer(clear_up, replace(COMPLETE, extra=(OrderRef("5122"),)))
    assert "создан." in seen.screen.text
    assert [item.payload for item in seen.jobs if item.kind == CANCEL] == [{"order": "5122"}]
    assert (await checkout_of(shop, job)).stage is CheckoutStage.DONE


IN_THE_SHIPMENT = OrderProgress(
    "5121", basket={"7": "255", "8": "256"}, has_properties=True, shipment_id="9", shipped=frozenset({"255"})
)


async def test_an_order_goes_on_behind_what_was_saved_and_yet_refused(shop: Theatre) -> None:
    (clear_up,) = (await shop.refuse(await made(shop), replace(PARTLY, at="s1"))).jobs
    following = (await shop.answer(clear_up, IN_THE_SHIPMENT)).job
    assert asked_for(shop, following)[0] == "sale.shipmentitem.add"
    (clear_up,) = (await shop.refuse(following, Refusal("ERROR_NOT_ENOUGH_QUANTITY"))).jobs
    whole = replace(IN_THE_SHIPMENT, shipped=frozenset({"255", "256"}))
    following = (await shop.answer(clear_up, whole)).job
    assert asked_for(shop, following)[0] == "sale.order.get"
    assert "создан." in (await shop.answer(following, COMPLETE)).screen.text


async def test_what_people_canceled_meanwhile_is_not_gone_on_with(shop: Theatre) -> None:
    (clear_up,) = (await shop.refuse(await made(shop), replace(PARTLY, at="s1"))).jobs
    seen = await shop.answer(clear_up, replace(IN_THE_SHIPMENT, canceled=True))
    assert seen.screens[0].text == texts.checkout.order_refused()
    assert seen.jobs == []


async def test_a_look_at_what_was_refused_that_takes_long_is_said(shop: Theatre) -> None:
    (clear_up,) = (await shop.refuse(await made(shop), PARTLY)).jobs
    assert (await shop.delay(clear_up)).screen.text == texts.checkout.order_unsure()


async def test_nothing_is_canceled_where_nothing_was_made(shop: Theatre) -> None:
    job = await made(shop)
    seen = await shop.refuse(job, Refusal("100"))
    assert (seen.screen.text, seen.jobs) == (texts.checkout.order_refused(), [])


async def test_a_clear_up_that_finds_nothing_ends(shop: Theatre) -> None:
    job = await made(shop)
    seen = await shop.refuse(job, Refusal("1", unsure=True, partly=True))
    (clear_up,) = seen.jobs
    seen = await shop.answer(clear_up, OrderProgress(absent=True))
    assert (seen.screens[0].text, seen.jobs) == (texts.checkout.order_refused(), [])


async def test_a_look_at_what_was_refused_that_fails_is_for_people(shop: Theatre) -> None:
    job = await made(shop)
    (clear_up,) = (await shop.refuse(job, PARTLY)).jobs
    told, people = (await shop.refuse(clear_up, Refusal("200040300020"))).screens
    assert told.text == texts.checkout.order_lost(people=True)
    assert people.params["chat_id"] == OPERATORS
    assert job.payload["key"] in people.text
    assert await basket_of(shop) == Basket(BUYER)


async def test_a_cancellation_that_fails_calls_people(shop: Theatre) -> None:
    (clear_up,) = (await shop.refuse(await made(shop), PARTLY)).jobs
    cancel = (await shop.answer(clear_up, HALF)).job
    seen = await shop.refuse(cancel, Refusal("200040300020"))
    assert seen.screen.params["chat_id"] == OPERATORS


async def test_a_doubt_that_never_ends_is_for_people(shop: Theatre) -> None:
    job = await made(shop)
    seen = await shop.refuse(job, UNSURE)
    assert seen.screens[0].text == texts.checkout.order_lost(people=True)
    assert seen.screens[1].params["chat_id"] == OPERATORS
    for known in ("Makita", ADDRESS, "501", job.payload["key"]):
        assert known in seen.screens[1].text
    assert (await checkout_of(shop, job)).stage is CheckoutStage.FAILED
    assert await basket_of(shop) == Basket(BUYER), "the next order of the buyer does not suffer from it"


async def test_an_order_canceled_meanwhile_is_no_order(shop: Theatre) -> None:
    job = await made(shop)
    await shop.doubt(job)
    seen = await shop.answer(await shop.again(job), replace(HALF, canceled=True))
    assert seen.screens[0].text == texts.checkout.order_refused()


async def test_it_does_not_go_in_circles(shop: Theatre) -> None:
    job = await made(shop)
    for _ in range(MOST_STEPS - 1):
        job = (await shop.answer(job, HALF)).job
    seen = await shop.answer(job, HALF)
    assert seen.screens[0].text == texts.checkout.order_lost(people=True)


SOLD_OUT = Refusal("out_of_stock", operators=True, unsure=True, partly=True, at="i2")


async def test_who_comes_too_late_for_the_last_piece_is_told_so_and_people_are_left_alone(shop: Theatre) -> None:
    (clear_up,) = (await shop.refuse(await made(shop), SOLD_OUT)).jobs
    seen = await shop.answer(clear_up, HALF)
    assert seen.screen.text == texts.checkout.out_of_stock()
    assert seen.screen.labels == ["🛒 Корзина", "💬 Спросить менеджера"]
    assert [job.kind for job in seen.jobs] == [CANCEL]


@pytest.mark.parametrize(
    ("refused", "why"),
    [
        ("SALE_PAYMENT_WRONG_PAYMENT_SERVICE", texts.checkout.pay_system_gone(PaymentKind.PREPAID)),
        ("SALE_SHIPMENT_WRONG_DELIVERY_SERVICE", texts.checkout.delivery_gone()),
        ("SALE_UNHEARD_OF", texts.checkout.order_refused()),
    ],
)
async def test_a_way_to_pay_or_to_send_that_is_gone_is_named(shop: Theatre, refused: str, why: str) -> None:
    error = classify(PortalError(code=refused, status=400), write=True, methods=(), default_until=shop.clock())
    half = replace(SOLD_OUT, code=error.code, at="pay")
    (clear_up,) = (await shop.refuse(await made(shop), half)).jobs
    seen = await shop.answer(clear_up, HALF)
    assert (seen.screens[0].text, seen.screens[0].labels[0]) == (why, "🛒 Корзина")


FROM_STOCK = Cart((CART.lines[0], replace(CART.lines[1], on_order=False)))


@pytest.mark.parametrize(
    ("reserved", "short"),
    [
        ({}, False),  # the shop sets aside later
        ({"7": 0, "8": 0}, False),
        ({"7": 1, "8": 10}, False),
        ({"8": 10}, False),  # what is sold on order need not be there
        ({"7": 1, "8": 4}, True),
        ({"7": 1}, True),
    ],
)
async def test_what_was_not_set_aside_in_full_is_told_before_it_is_paid(
    shop: Theatre, reserved: dict[str, int], short: bool
) -> None:
    await shop.save(carts.key(USER), lambda unit: carts.save(unit, USER, FROM_STOCK))
    seen = await shop.answer(await made(shop), replace(COMPLETE, reserved=decimals(reserved)))
    told, *others = seen.screens
    assert ("Отложили не всё" in told.text) is short
    assert [screen.params["chat_id"] for screen in others] == ([OPERATORS] if short else [])
    assert told.labels[0] == ("💬 Спросить менеджера" if short else "💳 Оплатить")
    if short:
        assert f"Бита PH2 50 мм — {reserved.get('8', 0)}\u00a0шт. из 10\u00a0шт." in told.text
        assert "Бита PH2 50 мм" in others[0].text


async def test_people_see_which_company_is_short_of_goods(shop: Theatre) -> None:
    await shop.join(replace(MASTER, company="ООО «Ремонт»"))
    await shop.save(carts.key(USER), lambda unit: carts.save(unit, USER, FROM_STOCK))
    seen = await shop.answer(await made(shop), replace(COMPLETE, reserved={"8": Decimal(4)}))
    assert "🏢 ООО «Ремонт»" in seen.screens[1].text


def test_a_stored_progress_keeps_what_is_set_aside() -> None:
    progress = replace(HALF, reserved=decimals({"7": 2}))
    assert OrderProgress.from_data(progress.as_data()) == progress
    before = {name: value for name, value in HALF.as_data().items() if name != "reserved"}
    assert OrderProgress.from_data(before) == HALF
