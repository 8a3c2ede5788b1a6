"""A portal in trouble while it is only asked."""

from __future__ import annotations

import pytest

from shared.pipeline.retry import RENEWALS
from tests.support.master import CONFIRM, DRIVER, NB, PREPAID
from tests.support.sandbox import World
from tests.support.shop import Ask, asked

pytestmark = pytest.mark.asyncio(loop_scope="module")

KINDS = ["5xx", "html_502", "timeout_before", "timeout_after", "rate_limit", "expired_token"]
SAFE = "Магазин не отвечает. Заказ не создан, деньги не списаны."


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ask", [Ask.NAMES, Ask.OFFERS])
async def test_a_search_outlasts_two_stumbles(world: World, kind: str, ask: Ask):
    master = await world.master()
    world.clock.skip(61)
    since = world.clock.now()
    await world.shop.fails(kind, count=2, at=ask)
    await master.finds()
    assert sum(fault["hits"] for fault in await world.shop.faults()) == 2
    await world.rests()
    # The hint of the names is not asked for again when only the prices stumbled.
    assert len(await world.shop.calls(since)) == 4
    assert len(await master.hears("🔎 «")) == 1
    assert not await master.hears("Магазин не отвечает")


@pytest.mark.parametrize("kind", ["5xx", "html_502", "timeout_before"])
async def test_a_search_that_fails_three_times_is_given_up_and_said(world: World, kind: str):
    master = await world.master()
    world.clock.skip(61)
    since = world.clock.now()
    await world.shop.fails(kind, count=3, at=Ask.NAMES)
    await master.says(DRIVER)
    await master.sees("Магазин не отвечает. Корзина и заказы на месте.")
    await world.rests()
    assert len(await world.shop.calls(since)) == 3
    assert len(await master.hears("Магазин не отвечает")) == 1
    await master.finds()


async def test_a_token_that_is_renewed_costs_no_attempt(world: World):
    master = await world.master()
    world.clock.skip(61)
    await world.shop.fails("expired_token", count=RENEWALS, at=Ask.NAMES)
    await world.shop.fails("5xx", count=2, at=Ask.NAMES)
    await master.finds()
    assert not await master.hears("Магазин не отвечает")


async def test_a_token_that_is_never_taken_is_given_up_and_said(world: World):
    master = await world.master()
    world.clock.skip(61)
    since = world.clock.now()
    await world.shop.fails("expired_token", count=100, at=Ask.NAMES)
    await master.says(DRIVER)
    await master.sees("Магазин не отвечает. Корзина и заказы на месте.")
    await world.rests()
    assert len(await world.shop.calls(since)) == RENEWALS + 3


async def test_too_many_requests_cost_no_attempt(world: World):
    master = await world.master()
    world.clock.skip(61)
    await world.shop.fails("rate_limit", count=8, at=Ask.NAMES)
    await master.finds()
    assert not await master.hears("Магазин не отвечает")


async def test_a_slow_portal_is_waited_for_within_its_time(world: World):
    master = await world.master()
    await world.shop.fails("slow", count=2, seconds=0.2)
    await master.fills_cart()
    assert not await master.hears("Магазин не отвечает")


async def test_a_portal_that_is_too_slow_is_asked_again(world: World):
    master = await world.master()
    await world.shop.fails("slow", count=1, seconds=30, at=Ask.OFFERS)
    await master.finds()
    assert len(await master.hears("🔎 «")) == 1


@pytest.mark.parametrize("kind", ["5xx", "timeout_before"])
async def test_a_card_a_cart_and_a_track_say_that_it_does_not_work(world: World, kind: str):
    master = await world.master()
    number = await master.orders()
    await master.finds()
    await world.rests()
    await world.shop.fails(kind, count=3, at=Ask.OFFERS)
    await master.taps("1")
    await master.sees("Магазин не отвечает")
    await master.opens_card()
    await master.puts_into_cart()
    await world.shop.fails(kind, count=3, at=Ask.OFFERS)
    await master.says("/cart")
    await master.sees("Цены сейчас не узнать")
    await world.shop.fails(kind, count=3, at=Ask.ORDER)
    await master.says(f"/track {number}")
    await master.sees("Магазин не отвечает")
    await master.says(f"/track {number}")
    await master.sees("Ждёт оплаты")


@pytest.mark.parametrize("kind", ["5xx", "timeout_before", "html_502"])
async def test_checks_before_an_order_say_that_nothing_was_ordered(world: World, kind: str):
    master = await world.master()
    await master.fills_cart()
    await world.shop.fails(kind, count=3, at=Ask.OFFERS)
    await master.taps("Оформить заказ")
    await master.sees("Куда доставить?")
    await master.says("Тверь, ул. Советская, 10")
    await master.sees("Как оплатите?")
    await master.taps(PREPAID)
    await master.sees(SAFE)
    await master.opens_cart()
    await master.checks_out()
    await world.shop.fails(kind, count=3, at=Ask.OFFERS)
    await master.taps(CONFIRM)
    await master.sees(SAFE)
    await world.rests()
    assert await world.shop.orders(master.buyer) == []
    await master.opens_cart()
    await master.checks_out()
    number = await master.confirms()
    assert [order["ID"] for order in await world.shop.orders(master.buyer)] == [number]


async def test_one_bad_command_of_a_batch_does_not_hurt_the_others(world: World):
    first, second = await world.masters(2)
    number = await first.orders()
    await second.fills_cart()
    await world.rests()
    world.loses_order(number)
    since = world.clock.now()
    with world.without_permits():
        await first.says(f"/track {number}")
        await second.says("/cart")
        await first.settles()
        await second.settles()
    await first.sees(f"Заказ №{NB}{number} не найден среди ваших")
    await second.sees("Итого:")
    (call,) = await world.shop.calls(since)
    assert sorted(asked(call)) == sorted([Ask.ORDER, Ask.OFFERS])


async def test_a_lost_picture_costs_the_picture_only(world: World):
    master = await world.master()
    product = world.portal.shop.catalogue.get("1002")
    assert product is not None
    await master.finds()
    product.has_picture = False
    await master.taps("2")
    card = await master.sees("В корзину ·")
    product.has_picture = True
    assert not card["photo"]
    assert "Bosch GSR 120-LI" in card["text"]


async def test_a_status_is_told_later_when_the_portal_cannot_be_asked(world: World):
    master = await world.master()
    number = await master.orders()
    await world.rests()
    await world.shop.fails("5xx", count=2, at=Ask.ORDER)
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    # A real portal tells of one change by several events, and each is a new look.
    await world.shop.fails("5xx", count=20, at=Ask.ORDER)
    await world.shop.moves(number, status="DELIVERED")
    await master.sees("Заказ доставлен")
    await world.shop.works()
    assert not await master.hears("Магазин не отвечает")
    assert len(await master.hears("Курьер уже в пути")) == 1
