"""A portal that charges for bringing the goods: the master agrees to its total before there is a way to pay."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import pytest_asyncio

from infra.local.portal.deliveries import Delivery
from tests.support.master import CASH, CONFIRM, NB, PREPAID, Master, number_in
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")

AGREE = f"✅ Согласен · 8{NB}340{NB}₽"


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["contract", "native"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    courier = Delivery("3", "Курьер", Decimal(350))
    async with running_world({"BITRIX_DIALECT": request.param}, portal={"deliveries": (courier,)}) as running:
        yield running


async def _orders(master: Master, payment: str) -> str:
    """An order whose total the portal counts otherwise; its number."""
    await master.fills_cart()
    await master.checks_out(payment)
    await master.taps(CONFIRM)
    asked = await master.sees("создан, но сумма другая.")
    assert f"Вы подтверждали 7{NB}990{NB}₽, магазин посчитал 8{NB}340{NB}₽" in asked["text"]
    assert f"доставка +350{NB}₽" in asked["text"]
    assert [button["text"] for row in asked["buttons"] for button in row] == [AGREE, "Отменить заказ"]
    return number_in(asked)


async def test_who_agrees_pays_the_portals_total(world: World):
    master = await world.master()
    number = await _orders(master, PREPAID)
    await master.taps(AGREE)
    shown = await master.sees(f"Итого: 8{NB}340{NB}₽")
    assert "💳 Оплатить" in str(shown["buttons"])
    (order,) = await world.shop.orders(master.buyer)
    assert (order["ID"], order["PRICE"], order["PAYMENT"][0]["SUM"]) == (number, "8340.00", "8340.00")
    await world.shop.moves(number, status="PAYED")
    await master.sees("Оплата получена")


@pytest.mark.parametrize("payment", [PREPAID, CASH])
async def test_who_does_not_agree_owes_nothing(world: World, payment: str):
    master = await world.master()
    await _orders(master, payment)
    await master.taps("Отменить заказ")
    await master.sees("Отменить заказ №")
    await master.taps("Да, отменить")
    await master.sees("отменён")
    (order,) = await world.shop.orders(master.buyer)
    assert order["CANCELED"] == "Y"
