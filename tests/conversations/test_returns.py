"""Returning goods: from the order to the portal's answer, with photos on its Disk."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.support.master import NB, Master, number_in
from tests.support.photos import snapshot
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

RETURN = "↩️ Вернуть товар"
DONE = "Готово"
REGISTER = "✅ Оформить возврат"


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


async def test_one_good_and_one_photo(every_world: World):
    world = every_world
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


async def registers(master: Master) -> str:
    """From the photos to the registered return; its number."""
    await master.taps(DONE)
    await master.sees("Проверьте возврат")
    await master.taps(REGISTER)
    return number_in(await master.sees("зарегистрирован."))


async def returned(world: World, master: Master, **how: Any) -> str:
    """The whole way; the return's number."""
    await begins(master, await received(world, master, **how))
    await gives_reason(master)
    await master.sends_photos([snapshot(7)])
    await master.sees("Принято: 1.")
    return await registers(master)


def on_disk(world: World) -> list[Any]:
    """The photos in the folder of the returns."""
    disk = world.portal.shop.disk
    return disk.files_of(disk.folder_id)


async def test_some_pieces_an_album_and_a_reason_in_words(every_world: World):
    world = every_world
    master = await world.master()
    number = await received(world, master, quantity=3)
    await begins(master, number)
    await master.taps(await master.button("Шуруповёрт"))
    await master.sees("1 из 3")
    await master.taps("+")
    await master.sees("2 из 3")
    await master.taps("Дальше")
    await master.sees("Что случилось?")
    await master.taps("Другое")
    await master.sees("Напишите одним сообщением")
    await master.says("ок")
    await master.sees("Опишите, что случилось")
    await master.says("Не держит заряд")
    await master.sees("Пришлите фото товара")
    album = await master.sends_photos([snapshot(shade) for shade in range(4)], caption="Скол у кнопки")
    await world.rests()
    assert len(await master.hears("Принято: 4.")) == 1, "one message counts them all"
    await master.says("а дальше что?")
    await master.sees("Ждём фото")
    # Telegram hands the same file out under the same unique id, however often it is sent.
    again = await world.update_of(album)
    again["update_id"] += 2_000_000
    again["message"]["message_id"] += 2_000_000
    assert (await world.calls("telegram_update", again)).is_success
    await master.sees("Это фото уже принято")
    await registers(master)
    (made,) = await world.shop.returns(number)
    assert (list(made["items"].values()), len(made["photos"]), made["wish"]) == (
        [2],
        4,
        "Не держит заряд — Скол у кнопки",
    )


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        ("RETURN_COMPLETED", "", "Возврат принят, средства будут возвращены"),
        ("RETURN_REJECTED", "следы удара", "Возврат отклонён: следы удара"),
        ("RETURN_REJECTED", "", "Возврат отклонён: причина не указана"),
    ],
)
async def test_what_becomes_of_it_is_told_once(every_world: World, status: str, reason: str, told: str):
    world = every_world
    master = await world.master()
    number = await returned(world, master)
    await world.rests()
    await world.shop.decides(number, status=status, reason=reason)
    news = await master.sees(told)
    assert f"Возврат №{NB}{number}" in news["text"]
    await world.shop.decides(number, status=status, reason=reason)
    await world.shop.decides(number, status="RETURN_IN_PROGRESS", reason="")
    await world.rests()
    assert len(await master.hears(told)) == 1
    await master.says("/return")
    listed = await master.sees("Ваши возвраты")
    assert told.split(":", maxsplit=1)[0] in listed["text"]


@pytest.mark.parametrize("fault", ["done_then_5xx", "5xx"])
@pytest.mark.parametrize("step", ["disk.folder.uploadfile", "the return"])
async def test_in_doubt_it_is_made_once(every_world: World, step: str, fault: str):
    world = every_world
    native = world.portal.front is world.portal.native
    method = step if step != "the return" else "crm.item.add" if native else "app.rma.add"
    master = await world.master()
    number = await received(world, master)
    before = len(on_disk(world))
    await begins(master, number)
    await gives_reason(master)
    await master.sends_photos([snapshot(9)])
    await master.sees("Принято: 1.")
    await world.shop.fails(fault, count=1, method=method)
    told = await registers(master)
    await world.rests()
    await world.shop.works()
    (made,) = await world.shop.returns(number)
    assert made["id"] == told
    assert len(made["photos"]) == 1
    assert len(on_disk(world)) == before + 1


async def test_photos_are_deleted_after_thirty_days(both_worlds: World):
    world = both_worlds
    master = await world.master()
    await returned(world, master)
    await world.rests()
    assert on_disk(world)
    world.clock.skip(29 * 24 * 3600.0)
    assert (await world.calls("housekeeping", b"")).is_success
    await world.rests()
    assert on_disk(world)
    world.clock.skip(2 * 24 * 3600.0)
    for _ in range(3):
        assert (await world.calls("housekeeping", b"")).is_success
        await world.rests()
    assert on_disk(world) == []


async def test_what_was_returned_is_not_offered_again(both_worlds: World):
    world = both_worlds
    master = await world.master()
    number = await received(world, master)
    await master.says("/return")
    await master.sees("Из какого заказа")
    await master.taps(f"📦 Заказ №{NB}{number}")
    await master.sees("Что возвращаем?")
    await gives_reason(master)
    await master.sends_photos([snapshot(3)])
    await master.sees("Принято: 1.")
    await registers(master)
    await master.says("/return")
    await master.sees("Ваши возвраты")
    await master.taps(f"📦 Заказ №{NB}{number}")
    await master.sees("уже в возвратах")


async def test_impatient_taps_register_one_return(every_world: World):
    world = every_world
    master = await world.master()
    number = await received(world, master)
    await begins(master, number)
    await gives_reason(master)
    await master.sends_photos([snapshot(5)])
    await master.sees("Принято: 1.")
    await master.taps(DONE)
    shown = await master.sees("Проверьте возврат")
    tap = await world.update_of(await master.taps(REGISTER))
    copies = [{**tap, "update_id": tap["update_id"] + 3_000_000 + number_} for number_ in range(5)]
    answers = await asyncio.gather(*(world.calls("telegram_update", copy) for copy in copies))
    assert all(answer.is_success for answer in answers)
    await world.rests()
    assert len(await world.shop.returns(number)) == 1
    assert len(await master.hears("зарегистрирован.")) == 1
    assert shown["id"] == (await master.still_sees("зарегистрирован."))["id"]
