"""Orders whose number is not their id: people see, type and say the number only."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.conversations.test_returns import gives_reason, registers
from tests.support.master import CASH, NB, Master
from tests.support.photos import snapshot
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """A real portal that its managers set up so."""
    async with running_world({"BITRIX_DIALECT": "native"}) as running:
        yield running


async def _id_of(world: World, master: Master, number: str) -> str:
    """The id of the master's order with this number."""
    (order,) = [
        order for order in await world.shop.orders(master.buyer) if order.get("ACCOUNT_NUMBER", order["ID"]) == number
    ]
    return str(order["ID"])


async def test_people_read_and_type_the_number_only(world: World):
    await world.shop.is_set_up(account_prefix="ИМ-", next_account_number=880)
    master = await world.master()
    number = await master.orders(payment=CASH)
    assert number == "ИМ-880"
    order_id = await _id_of(world, master, number)
    assert order_id not in number
    for typed in (f"/track {number}", "где мой заказ им-880?", "№ИМ-880", f"/track {order_id}"):
        await world.rests()
        await master.says(typed)
        shown = await master.sees("Оплата наличными при получении")
        assert f"Заказ №{NB}{number}" in shown["text"], typed
    await world.shop.moves(order_id, status="SHIPPED")
    assert f"Заказ №{NB}{number}" in (await master.sees("Курьер уже в пути"))["text"]
    await world.shop.moves(order_id, status="DELIVERED")
    assert f"Заказ №{NB}{number}" in (await master.sees("Оплатили курьеру"))["text"]
    await master.taps("Да, оплачено")
    assert f"Заказ №{NB}{number}" in (await master.sees("передаём менеджеру"))["text"]
    await master.says("/myorders")
    listed = await master.sees("Ваши заказы — 1")
    await world.rests()
    assert order_id not in listed["text"]
    assert not await master.hears(f"№{NB}{order_id}")


async def test_a_return_speaks_of_the_number(world: World):
    await world.shop.is_set_up(account_prefix="ИМ-", next_account_number=980)
    master = await world.master()
    number = await master.orders()
    order_id = await _id_of(world, master, number)
    await world.shop.moves(order_id, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await master.says("/return")
    await master.sees("Из какого заказа")
    await master.taps(f"📦 Заказ №{NB}{number}")
    assert f"Возврат по заказу №{NB}{number}" in (await master.sees("Что возвращаем?"))["text"]
    await gives_reason(master)
    await master.sends_photos([snapshot(2)])
    await master.sees("Принято: 1.")
    made = await registers(master)
    await world.rests()
    (item,) = world.portal.native.items.of_order(order_id)
    assert item.title == f"Возврат по заказу {number}"
    await world.shop.decides(made, status="RETURN_COMPLETED", reason="")
    assert f"заказ №{NB}{number}" in (await master.sees("Возврат принят"))["text"]


async def test_a_number_that_is_another_orders_id(world: World):
    master = await world.master()
    await world.shop.is_set_up(account_prefix="", next_account_number=1)
    first = await _id_of(world, master, await master.orders(payment=CASH))
    # The next order's number is the id of the one behind it.
    await world.shop.is_set_up(next_account_number=int(first) + 2)
    second = await master.orders(payment=CASH)
    third = await master.orders(position=5, payment=CASH)
    assert (second, third) == (str(int(first) + 2), str(int(first) + 3))
    assert await _id_of(world, master, second) == str(int(first) + 1)
    assert await _id_of(world, master, third) == second, "the third order's id is the second one's number"
    for typed in (f"/track {second}", second, f"где заказ {second}"):
        await world.rests()
        await master.says(typed)
        shown = await master.sees("Шуруповёрт Makita DF333DWYE")
        assert f"Заказ №{NB}{second}" in shown["text"], typed
    await master.says(f"/track {third}")
    shown = await master.sees(f"Заказ №{NB}{third}")
    assert "Шуруповёрт Makita DF333DWYE" not in shown["text"]
