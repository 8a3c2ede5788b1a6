"""A portal that keeps a person waiting: he is told within five seconds, with a time, once, and only while he waits.

On a loop that skips, so a request may take half a minute.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count

import pytest

from shared.settings import Dialect
from tests.conversations.test_returns import DONE, REGISTER, gives_reason
from tests.support.clock import run
from tests.support.master import CASH, CONFIRM, Master
from tests.support.photos import snapshot
from tests.support.shop import STRUCK_BY, Ask
from tests.support.system import TELEGRAM, System, running_system

SLOW = "Магазин отвечает медленно. Ответим сами, ждать примерно "
TOLD_WITHIN = 6.0
"""Seconds from the tap: five, and the permit's turn."""
LONGER = 30.0

_ids = count(910_001)

Act = Callable[[], Awaitable[object]]


async def _comes_in(system: System) -> Master:
    number = next(_ids)
    master = Master(system.http, TELEGRAM, number, str(number), f"?start={system.invite(str(number))}")
    await master.comes_in()
    return master


async def _waits(system: System, master: Master, method: str, act: Act, answer: str) -> None:
    """Do it while the portal takes its time with this method; what comes in the end is the answer alone."""
    await system.rests()
    await system.shop._post("faults", kind="slow", method=method, count=1, seconds=LONGER)
    began, before = system.clock.monotonic(), len(system.telegram.calls.log)
    await act()
    told = await master.sees(SLOW)
    assert system.clock.monotonic() - began < TOLD_WITHIN, method
    assert told["text"].endswith("Повторять не нужно.")
    await master.sees(answer)
    await system.rests()
    await system.shop.works()
    assert await master.hears(SLOW) == [], method
    said = list(system.telegram.calls.log)[before:]
    assert sum(SLOW in str(call.params.get("text")) for call in said) == 1, method


async def _delivered(system: System, master: Master) -> str:
    number = await master.orders(payment=CASH)
    await system.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    return number


@pytest.mark.parametrize("dialect", ["contract", "native"])
def test_who_waits_for_the_portal_is_told(dialect: str) -> None:
    """A search, a list, the cart, an order, a look at it, its cancelling, a return with its photo."""

    async def story() -> None:
        async with running_system(dialect, random.Random(1)) as system:  # noqa: S311 - the queues' dice
            master = await _comes_in(system)
            prices = STRUCK_BY[Dialect(dialect)][Ask.OFFERS]
            await _waits(system, master, "catalog.product.list", lambda: master.says("перчатки"), "🔎 «перчатки»")
            await _waits(system, master, prices, lambda: master.says("DF333DWYE x2\nHR2470 x1"), "нашли 2 из 2")
            await master.fills_cart()
            await _waits(system, master, prices, lambda: master.says("/cart"), "Итого:")
            await master.checks_out(CASH)
            await _waits(system, master, "sale.order.add", lambda: master.taps(CONFIRM), "создан.")
            await _waits(system, master, "sale.order.get", lambda: master.says("где мой заказ?"), "Заказ №")
            await master.taps("Отменить заказ")
            await master.sees("Вернуть его не получится")
            await _waits(system, master, "sale.order.update", lambda: master.taps("Да, отменить"), "Заказ отменён")
            await master.says(f"/track {await _delivered(system, master)}")
            await master.sees("↩️ Вернуть товар")
            await master.taps("↩️ Вернуть товар")
            await master.sees("Что возвращаем?")
            await gives_reason(master)
            await master.sends_photos([snapshot(1)])
            await master.sees("Принято: 1.")
            await master.taps(DONE)
            await master.sees("Проверьте возврат")
            photo = "disk.folder.uploadfile"
            await _waits(system, master, photo, lambda: master.taps(REGISTER), "зарегистрирован.")

    run(story())


def test_three_batches_are_under_way_at_once_inside_the_pace() -> None:
    """Spec §2: a list of 50 lines is a batch of its own, and does not wait for another one's answer."""

    async def story() -> None:
        async with running_system("contract", random.Random(1)) as system:  # noqa: S311 - the queues' dice
            masters = [await _comes_in(system) for _ in range(3)]
            lines = [f"{one.article} x1" for one in system.portal.shop.catalogue.all() if one.article]
            pasted = ["\n".join(lines[first : first + 50]) for first in range(3)]
            await system.rests()
            await system.shop._post("faults", kind="slow", method="crm.product.batch", count=3, seconds=2.0)
            began = system.clock.now()
            await asyncio.gather(*(master.says(text) for master, text in zip(masters, pasted, strict=True)))
            await asyncio.gather(*(master.sees("📋 Ваш список") for master in masters))
            calls = [call for call in system.portal.rest.calls.since() if call.time >= began]
            quotes = [call for call in calls if call.method == "crm.product.batch"]
            assert len(quotes) == 3
            assert max(call.time for call in quotes) - min(call.time for call in quotes) < timedelta(seconds=2)
            for call in calls:
                second = [other for other in calls if timedelta(0) <= other.time - call.time < timedelta(seconds=1)]
                assert len(second) <= 2 + 1, "the pace, and the burst of one"

    run(story())
