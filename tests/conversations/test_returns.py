"""Returning goods: from the order to the portal's answer, with photos on its Disk."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.conversations.master import NB, Master
from tests.conversations.world import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

RETURN = "↩️ Вернуть товар"
DONE = "Готово"
REGISTER = "✅ Оформить возврат"


def snapshot(shade: int) -> bytes:
    """A picture that no other shade makes."""
    target = io.BytesIO()
    Image.new("RGB", (32, 32), (shade, 90, 40)).save(target, "JPEG")
    return target.getvalue()


async def received(world: World, master: Master, **how: Any) -> str:
    """An order that has been delivered; its number."""
    number = await master.orders(**how)
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    return number


async def begins(master: Master, number: str) -> None:
    """From the order to the choice of goods."""
    await master.says(f"/track {number}")
    await master.sees(RETURN)
    await master.taps(RETURN)
    await master.sees("Что возвращаем?")


async def gives_reason(master: Master, reason: str = "Брак") -> None:
    """From the chosen goods to the photos."""
    await master.taps("Дальше")
    await master.sees("Что случилось?")
    await master.taps(reason)
    await master.sees("Пришлите фото товара")


async def test_one_good_and_one_photo(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await received(world, master)
    await begins(master, number)
    await gives_reason(master)
    await master.sends_photos([snapshot(1)])
    await master.sees("Принято: 1.")
    await master.taps(DONE)
    shown = await master.sees("Проверьте возврат")
    assert f"Заказ №{NB}{number}" in shown["text"]
    assert "Причина: Брак" in shown["text"]
    await master.taps(REGISTER)
    told = await master.sees("зарегистрирован.")
    assert "Возврат на рассмотрении" in told["text"]
    (made,) = await world.shop.returns(number)
    assert f"№{NB}{made['id']}" in told["text"]
    assert list(made["items"].values()) == [1]
    assert len(made["photos"]) == 1
