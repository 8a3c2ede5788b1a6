"""Prices, stock and goods that change under the master's feet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.master import ADDRESS, AGREE, CONFIRM, NB, PREPAID, Master
from tests.support.sandbox import World
from tests.support.shop import goods

pytestmark = pytest.mark.asyncio(loop_scope="module")


@contextmanager
def taken_off_sale(world: World, *product_ids: str) -> Iterator[None]:
    """Products that the shop does not sell meanwhile. The portal has no end point for that."""
    products = world.portal.shop.catalogue._products
    before = dict(products)
    for product_id in product_ids:
        del products[product_id]
    try:
        yield
    finally:
        # All of them anew: the order of the goods is the order of the buttons.
        products.clear()
        products.update(before)


async def pays_by_link(master: Master) -> None:
    """From the cart to the way to pay, which is tapped."""
    await master.taps("Оформить заказ")
    await master.sees("Куда доставить?")
    await master.says(ADDRESS)
    await master.sees("Как оплатите?")
    await master.taps(PREPAID)


async def test_a_price_changes_between_cart_and_confirmation(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await world.shop.sells("1001", price="7990")
    await master.fills_cart(quantity=2)
    await world.shop.sells("1001", price="8490.50")
    await pays_by_link(master)
    confirmation = await master.sees("Проверьте заказ")
    assert (
        f"Пока вы оформляли, изменилась цена: Шуруповёрт Makita DF333DWYE 7{NB}990 → 8{NB}490,50{NB}₽. "
        f"Итого теперь 16{NB}981{NB}₽." in confirmation["text"]
    )
    await master.confirms(AGREE)
    (order,) = await world.shop.orders(master.buyer)
    assert order["BASKET"][0]["PRICE"] == "8490.50"


async def test_a_price_changes_between_confirmation_and_tap_and_once_more(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await world.shop.sells("1001", price="7990")
    await master.fills_cart()
    await master.checks_out()
    await world.shop.sells("1001", price="8100")
    await master.taps(CONFIRM)
    await master.sees(f"7{NB}990 → 8{NB}100{NB}₽. Итого теперь 8{NB}100{NB}₽.")
    assert await world.shop.orders(master.buyer) == []
    await world.shop.sells("1001", price="7500")
    await master.taps(AGREE)
    await master.sees(f"8{NB}100 → 7{NB}500{NB}₽. Итого теперь 7{NB}500{NB}₽.")
    assert await world.shop.orders(master.buyer) == []
    await master.confirms(AGREE)
    made = await master.still_sees("создан.")
    assert f"К оплате: 7{NB}500{NB}₽" in made["text"]
    (order,) = await world.shop.orders(master.buyer)
    assert (goods(order), order["PRICE"]) == ({"1001": 1}, "7500.00")


async def test_stock_runs_out_between_confirmation_and_tap(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await world.shop.sells("1005", stock={"1": 5, "2": 0, "3": 0})
    await master.fills_cart(position=5, quantity=3)
    await master.checks_out()
    await world.shop.sells("1005", stock={"1": 1})
    await master.taps(CONFIRM)
    changed = await master.sees("изменилось наличие: Шуруповёрт Bosch GSR 12V-15 FC — в наличии 1")
    assert f"в наличии 1{NB}шт., остальное под заказ" in changed["text"]
    await world.shop.sells("1005", stock={"1": 0})
    await master.confirms(AGREE)
    (order,) = await world.shop.orders(master.buyer)
    assert goods(order) == {"1005": 3}


async def test_a_product_goes_between_cart_and_confirmation(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart(position=1)
    await master.fills_cart(position=5)
    with taken_off_sale(world, "1001"):
        await pays_by_link(master)
        await master.sees("больше не продаётся: Шуруповёрт Makita DF333DWYE")
        await master.confirms(AGREE)
    (order,) = await world.shop.orders(master.buyer)
    assert goods(order) == {"1005": 1}


async def test_a_product_goes_between_confirmation_and_tap(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart(position=1)
    await master.fills_cart(position=5)
    await master.checks_out()
    with taken_off_sale(world, "1005"):
        await master.taps(CONFIRM)
        await master.sees("больше не продаётся: Шуруповёрт Bosch GSR 12V-15 FC")
        await master.confirms(AGREE)
    (order,) = await world.shop.orders(master.buyer)
    assert goods(order) == {"1001": 1}


async def test_all_products_go(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart()
    with taken_off_sale(world, "1001"):
        await master.says("/cart")
        await master.sees("сейчас не продаётся")
        await pays_by_link(master)
        await master.sees("Товары из корзины сейчас не продаются. Заказ не создан.")
    assert await world.shop.orders(master.buyer) == []


async def test_a_card_of_a_product_that_went(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.finds()
    with taken_off_sale(world, "1001"):
        await master.taps("1")
        await master.sees("Шуруповёрт Makita DF333DWYE сейчас не продаётся.")


async def test_a_confirmation_that_was_replaced_orders_nothing(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.fills_cart(position=2)
    confirmation = await master.checks_out()
    old = confirmation["buttons"][0][0]["data"]
    await world.shop.sells("1002", price="9999")
    await master.taps(CONFIRM)
    await master.sees("изменилась цена")
    await master.taps_old(old, confirmation["id"])
    await master.sees_toast("Эта кнопка устарела. Вот свежий экран.")
    await world.rests()
    assert await world.shop.orders(master.buyer) == []
