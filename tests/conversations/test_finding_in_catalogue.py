"""The catalogue: from its top to a card and back, in both dialects."""

from __future__ import annotations

import pytest

from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_from_the_top_to_a_card(both_worlds: World):
    master = await both_worlds.master()
    await master.says("/catalog")
    top = await master.sees("Каталог")
    assert "Архив" not in str(top["buttons"])
    await master.taps("Оснастка")
    inside = await master.sees("Каталог › Оснастка")
    assert inside["id"] == top["id"]
    await master.taps("Биты и головки")
    listed = await master.sees("📂 Биты и головки — ")
    assert listed["id"] == top["id"]
    assert "₽" in listed["text"]
    await master.opens_card(1)
    await master.puts_into_cart()
    await master.taps("📂 Каталог", listed["id"])
    assert (await master.sees("Каталог"))["id"] != top["id"]


async def test_a_section_with_sections_and_goods(both_worlds: World):
    master = await both_worlds.master()
    await master.says("/catalog")
    await master.sees("Каталог")
    await master.taps("Электроинструмент")
    await master.sees("Каталог › Электроинструмент")
    goods = await master.button("Товары раздела · ")
    await master.taps(goods)
    listed = await master.sees("📂 Электроинструмент — ")
    assert goods.rpartition(" ")[2] in listed["text"].split("\n")[0]
    await master.taps("›")
    assert "6. " in (await master.sees("2 из "))["text"]
    await master.taps("‹")
    assert (await master.sees("1 из "))["text"] == listed["text"]


async def test_nothing_found_leads_to_the_catalogue_and_to_people(both_worlds: World):
    master = await both_worlds.master()
    await master.says("абракадабра")
    await master.sees("Проверьте артикул или напишите название короче.")
    await master.taps("📂 Каталог")
    await master.sees("Каталог")
    await master.taps("💬 Спросить менеджера")
    await master.sees("Напишите вопрос менеджеру")
