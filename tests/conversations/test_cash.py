"""Cash on delivery, from «Заказ доставлен» to the payment at the portal."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.support.master import CASH, NB
from tests.support.sandbox import World, running_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["contract", "native"])
async def marking_world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """A sandbox of each dialect where an answer marks the order paid."""
    given = {"BITRIX_DIALECT": request.param, "CASH_CONFIRMATION": "mark_paid"}
    async with running_world(given) as running:
        yield running


async def test_a_yes_marks_the_payment_once(marking_world: World):
    world = marking_world
    master = await world.master()
    number = await master.orders(payment=CASH)
    await world.shop.moves(number, status="DELIVERED")
    question = await master.sees(f"Оплатили курьеру 7{NB}990{NB}₽?")
    (paid, _), *_ = question["buttons"]
    await master.taps("Да, оплачено", question["id"])
    await master.sees("оплата отмечена")
    await master.taps_old(paid["data"], question["id"])
    await master.sees_toast("Этот ответ мы уже получили.")
    await world.rests()
    (order,) = await world.shop.orders(master.buyer)
    assert [payment["PAID"] for payment in order["PAYMENT"]] == ["Y"]
    marks = [call for call in await world.shop.calls() if "sale.payment.update" in str(call)]
    assert len(marks) == 1
    assert len(await master.hears("Оплатили курьеру")) == 0
    await world.shop.moves(number, status="FINISHED")
    await master.sees("Заказ закрыт")


async def test_a_no_marks_nothing_and_may_become_a_yes(marking_world: World):
    world = marking_world
    master = await world.master()
    number = await master.orders(payment=CASH)
    await world.shop.moves(number, status="DELIVERED")
    question = await master.sees("Оплатили курьеру")
    await master.taps("Нет, есть вопрос", question["id"])
    await master.sees("передаём менеджеру, что по оплате есть вопрос")
    await world.rests()
    (order,) = await world.shop.orders(master.buyer)
    assert [payment["PAID"] for payment in order["PAYMENT"]] == ["N"]
    await master.taps("Да, оплачено", question["id"])
    await master.sees("оплата отмечена")
