"""A master who is a contact of the CRM, on a real portal: his orders are for him."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.master import CASH
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    async with running_world({"BITRIX_DIALECT": "native"}) as running:
        yield running


async def test_an_order_and_its_deal_are_for_the_contact(world: World) -> None:
    await world.shop.is_set_up(deals=True)
    contact = await world.shop.knows("Иван", "+79123456789")
    master = await world.master(f"contact-{contact}")
    number = await master.orders(payment=CASH)
    await world.rests()
    assert await world.shop.clients(number) == [contact]
    assert await world.shop.contact_of_deal(number) == contact


async def test_where_orders_make_no_deals_the_order_alone_is(world: World) -> None:
    await world.shop.is_set_up(deals=False)
    contact = await world.shop.knows("Пётр", "+79123456780")
    master = await world.master(f"contact-{contact}")
    number = await master.orders(payment=CASH)
    await world.rests()
    assert await world.shop.clients(number) == [contact]
    assert await world.shop.contact_of_deal(number) is None
