"""What can be done with an order that was made: hand its bill on, order the same again."""

from __future__ import annotations

import pytest

from tests.conversations.master import CASH, NB
from tests.conversations.shop import goods
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

FOR_CLIENT = "🔗 Ссылка для клиента"
REPEAT = "🔁 Повторить"


async def test_the_bill_for_the_client(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders()
    page = await master.opens("💳 Оплатить")
    await master.taps(FOR_CLIENT)
    bill = await master.sees("Счёт на")
    words = f"Счёт на 7{NB}990{NB}₽ по заказу №{NB}{number}: {page}"
    assert bill["text"] == words
    assert [[button["text"] for button in row] for row in bill["buttons"]] == [["📋 Скопировать"]]
    assert (await world.http.post(page)).is_success
    await master.sees("Оплата получена")
    await master.taps(FOR_CLIENT)
    await master.sees("платить уже не нужно")
    assert len(await master.hears("Счёт на")) == 1


async def test_an_order_is_repeated_at_prices_of_now(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await master.orders(quantity=2, payment=CASH)
    await master.says(f"/track {number}")
    await master.sees(f"Заказ №{NB}{number}")
    await master.taps(REPEAT)
    await master.sees("🛒 Корзина")
    await master.taps(REPEAT)
    assert f"2{NB}шт. × 7{NB}990{NB}₽" in (await master.sees("🛒 Корзина"))["text"]
    await master.checks_out(CASH)
    await master.confirms()
    first, second = await world.shop.orders(master.buyer)
    assert goods(first) == goods(second)
