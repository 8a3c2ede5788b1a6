"""A real portal as managers keep it: sixty stores, ten ranges of prices, no inventory management, dates of sale."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.master import DRIVER, NB, Master
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

STORES = 60
TENFOLD = [{"from": 10 * n + 1, "to": 10 * n + 10, "price": 100 - n} for n in range(10)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world({"BITRIX_DIALECT": "native", "BITRIX_STORES": str(STORES)}) as running:
        yield running


async def set_up(world: World, **state: object) -> None:
    (await world.http.post(f"{world.shop.url}/_sim/setup", json=state)).raise_for_status()


async def fills_by_list(world: World, master: Master, goods: int) -> None:
    """Put so many goods into the cart at once, each of which every store has, at ten prices by quantity."""
    shelf = [product for product in world.portal.shop.catalogue.all() if product.article][:goods]
    for product in shelf:
        await world.shop.sells(product.id, ranges=TENFOLD, stock={str(store): 2 for store in range(1, STORES + 1)})
    await master.says("\n".join(f"{product.article} x 2" for product in shelf))
    quote = await master.sees("📋 Ваш список")
    assert f"нашли {goods} из {goods}" in quote["text"]
    assert f"2{NB}шт. × 100{NB}₽" in quote["text"]
    await master.taps(await master.button("В корзину всё"))
    await master.sees("🛒 В корзине")


async def test_a_cart_of_goods_that_lie_in_sixty_stores_opens_and_is_emptied(world: World):
    master = await world.master()
    await set_up(world, stores=STORES)
    await fills_by_list(world, master, 10)
    begun = world.clock.now()
    cart = await master.opens_cart()
    assert f"2{NB}000{NB}₽" in cart["text"]
    assert len(await world.shop.calls(since=begun)) == 1
    await master.taps("Очистить")
    await master.sees("Корзина пуста")


async def test_a_card_names_the_fullest_of_sixty_stores(world: World):
    master = await world.master()
    await set_up(world, stores=STORES)
    await world.shop.sells("1001", stock={str(store): store for store in range(1, STORES + 1)})
    await master.finds(DRIVER)
    card = await master.opens_card()
    assert f"Склад № {STORES} — {STORES}" in card["caption"]
    assert "ещё 52" in card["caption"]


async def test_what_nobody_counts_by_store_is_in_stock_by_its_own_quantity():
    async with running_world({"BITRIX_DIALECT": "native", "BITRIX_INVENTORY": "false"}) as world:
        master = await world.master()
        await set_up(world, inventory=False)
        await world.shop.sells("1001", stock={"1": 4, "2": 3, "3": 0})
        found = await master.finds(DRIVER)
        assert f"в наличии: 7{NB}шт." in found["text"]
        card = await master.opens_card()
        assert f"В наличии: 7{NB}шт." in card["caption"]
        assert "· " not in card["caption"]


@pytest.mark.parametrize("state", [{"active": False}, {"active_to": "2020-01-01T00:00:00Z"}])
async def test_what_is_taken_off_sale_leaves_the_cart(world: World, state: dict[str, object]):
    master = await world.master()
    await world.shop.sells("1001", active=True, active_to="", stock={"1": 4})
    await master.fills_cart()
    await world.shop.sells("1001", **state)
    await master.says("/cart")
    await master.sees("сейчас не продаётся")
    await world.shop.sells("1001", active=True, active_to="")
