"""Watched products: told once when there is something to tell, and never after the watch was ended."""

from __future__ import annotations

import asyncio

import pytest

from shared.domain.watches import EVERY
from tests.support.master import NB
from tests.support.sandbox import World
from tests.support.shop import Ask

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def _looks(world: World, sweeps: int = 1) -> None:
    """Let the time of a look come; housekeeping may run several times at once, as its scheduler promises no less."""
    await world.rests()
    world.clock.skip(EVERY.total_seconds())
    answers = await asyncio.gather(*(world.calls("housekeeping", b"") for _ in range(sweeps)))
    assert all(answer.is_success for answer in answers)
    await world.rests()


async def test_what_is_back_in_stock_is_told_once(both_worlds: World):
    world = both_worlds
    master = await world.master()
    saw = (await world.shop.product("606178500"))["id"]
    await master.says("606178500")
    await master.sees("Нет в наличии")
    await master.taps("🔔 Сообщить о поступлении")
    await master.sees_toast("Сообщим о поступлении. Следим до")
    await master.sees("Нет в наличии")
    await master.button("🔕 Больше не следить")
    await _looks(world)
    assert not await master.hears("Снова в наличии")
    await world.shop.sells(saw, stock={"1": 2})
    await _looks(world, sweeps=3)
    await _looks(world)
    (told,) = await master.hears("Снова в наличии")
    assert f"2{NB}шт." in told["text"]
    await master.taps("Открыть карточку", told["id"])
    await master.sees(f"В наличии: 2{NB}шт.")
    assert await master.button("🔔 Сообщить, если подешевеет")
    await master.says("/watches")
    await master.sees("Пока ни за чем не следим")


async def test_each_fall_of_a_price_is_told_once_until_the_watch_is_ended(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.says("DF333DWYE")
    await master.sees("В корзину ·")
    await master.taps("🔔 Сообщить, если подешевеет")
    await master.sees_toast(f"если станет дешевле 7{NB}990{NB}₽")
    for price in ("7490", "8200", "7490", "6990.50"):
        await world.shop.sells("1001", price=price)
        await _looks(world, sweeps=2)
    first, second = await master.hears("Подешевело")
    assert f"7{NB}990 → 7{NB}490{NB}₽" in first["text"]
    assert f"7{NB}490 → 6{NB}990,50{NB}₽" in second["text"]
    await master.taps("🔕 Больше не следить", second["id"])
    await master.sees_toast("Больше не следим")
    await world.shop.sells("1001", price="10")
    await _looks(world)
    assert len(await master.hears("Подешевело")) == 2
    await world.shop.sells("1001", price="7990")


async def test_a_watch_is_switched_off_on_the_card_and_in_the_list(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await master.says("DF347DWE")
    await master.sees("В корзину ·")
    for beginning in ("🔔 Сообщить", "🔕 Больше", "🔔 Сообщить"):
        await master.taps(await master.button(beginning))
        await world.rests()
    await master.taps("🔔 Мой список")
    await master.sees("сообщим о поступлении · до")
    await master.taps("🔕 1")
    await master.sees("Пока ни за чем не следим")
    await world.shop.sells("1003", stock={"1": 3})
    since = world.clock.now()
    await _looks(world)
    assert Ask.OFFERS not in await world.shop.asked(since), "he watches nothing, so nothing is asked"
    assert not await master.hears("Снова в наличии")
