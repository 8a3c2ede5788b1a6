"""Finding goods as masters type: slips, other alphabets, articles; and what it costs the portal."""

from __future__ import annotations

import asyncio
import re
from datetime import datetime, timedelta

import pytest

from shared.store.collections import SEARCH_CACHE
from tests.support.master import NB
from tests.support.sandbox import World

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORGOTTEN = (SEARCH_CACHE.kept or timedelta(0)) + timedelta(seconds=1)


async def with_nothing_remembered(world: World) -> datetime:
    """The moment from which on requests count: names that another test had found are forgotten."""
    await world.rests()
    world.clock.skip(FORGOTTEN.total_seconds())
    await world.rests()
    return world.clock.now()


@pytest.mark.parametrize(
    ("query", "head", "first"),
    [
        ("дрели", f"🔎 «дрели» — 6{NB}товаров", "Дрель"),
        ("биты", "🔎 «биты» — ", "Бита"),
        ("makita дрель", f"🔎 «makita дрель» — 2{NB}товара", "Дрель"),
        ("шуруповерт макита", f"🔎 «шуруповерт макита» — 6{NB}товаров", "Шуруповёрт Makita"),
        ("перчатки 2 пары", "🔎 «перчатки 2 пары» — ", "Перчатки"),
        ("gthajhfnjh", f"По запросу «gthajhfnjh» ничего нет. Искали также «перфоратор» — 5{NB}товаров.", "Перфоратор"),
        ("вуцфде", "По запросу «вуцфде» ничего нет. Искали также «DeWalt» — ", "DeWalt"),
        ("шурповерт", f"По запросу «шурповерт» ничего нет. Искали также «шуруповёрт» — 23{NB}товара.", "Шуруповёрт"),
        ("перфоратр макитта", "По запросу «перфоратр макитта» ничего нет. Искали также «перфоратор Makita»", "HR2470"),
    ],
)
async def test_what_a_master_types_is_found(both_worlds: World, query: str, head: str, first: str):
    master = await both_worlds.master()
    await master.says(query)
    listed = await master.sees("1. ")
    assert listed["text"].startswith(head), listed["text"]
    assert first in listed["text"].split("\n")[2]
    card = await master.opens_card(1)
    assert card["caption"] or card["text"]


@pytest.mark.parametrize("article", ["DF333DWYE", "df-333 dwye", "ва333вцну"])
async def test_an_article_opens_its_card(both_worlds: World, article: str):
    master = await both_worlds.master()
    await master.says(article)
    if article == "ва333вцну":
        await master.sees("Искали также «df333dwye» — 1")
        await master.taps("1")
    card = await master.sees("В корзину ·")
    assert "Шуруповёрт Makita DF333DWYE" in (card["caption"] or card["text"])
    await master.puts_into_cart()
    assert "DF333DWYE" in (await master.opens_cart())["text"]


async def test_a_card_of_an_old_list_is_fresh(both_worlds: World):
    master = await both_worlds.master()
    listed = await master.finds()
    both_worlds.clock.skip(25 * 3600)
    await master.taps_old(listed["buttons"][0][0]["data"], listed["id"])
    await master.sees("В корзину ·")
    await master.puts_into_cart()


async def test_other_spellings_cost_no_further_request(both_worlds: World):
    world = both_worlds
    master = await world.master()
    since = await with_nothing_remembered(world)
    await master.finds("шуруповерты бош")
    assert len(await world.shop.calls(since)) == 2, "names in all spellings, then prices"
    since = world.clock.now()
    await master.says("шурповерт")
    await master.sees("Искали также")
    assert len(await world.shop.calls(since)) == 3, "names, names by pieces, prices"


async def test_what_is_sold_from_stock_only_is_not_there(both_worlds: World):
    master = await both_worlds.master()
    listed = await master.finds("metabo пила")
    assert "нет в наличии" in listed["text"]
    await master.taps("1")
    card = await master.sees("Нет в наличии")
    assert "В корзину" not in str(card["buttons"])
    product = await both_worlds.shop.product("606178500")
    await both_worlds.shop.sells(product["id"], stock={"1": 2})
    await master.taps("1", listed["id"])
    await master.sees(f"В наличии: 2{NB}шт.")
    await master.puts_into_cart()
    await both_worlds.shop.sells(product["id"], stock={"1": 0})


async def test_a_pasted_list_is_quoted_and_put_into_the_cart_once(both_worlds: World):
    world = both_worlds
    master = await world.master()
    since = await with_nothing_remembered(world)
    await master.says("Нужно:\nDF333DWYE x 3\nдержатель бит магнитный — 10 шт\nbf-333dwye\nнет-такого × 2")
    quote = await master.sees("📋 Ваш список")
    assert "нашли 2 из 4" in quote["text"]
    assert f"1. Шуруповёрт Makita DF333DWYE — 3{NB}шт. × 7{NB}990{NB}₽\n   в наличии" in quote["text"]
    assert f"2. Держатель бит магнитный 60 мм — 10{NB}шт. × 165{NB}₽" in quote["text"]
    assert f"Итого: 25{NB}620{NB}₽" in quote["text"]
    assert f"Не нашли:\n· bf-333dwye, 1{NB}шт.\n· нет-такого, 2{NB}шт." in quote["text"]
    assert len(await world.shop.calls(since)) == 3, "articles with names, the one not found by name, prices"
    add = quote["buttons"][0][0]["data"]
    await asyncio.gather(*(master.taps_old(add, quote["id"]) for _ in range(3)))
    await master.sees(f"🛒 В корзине · 2{NB}поз.")
    await world.rests()
    await master.taps_old(add, quote["id"])
    await master.sees_toast("Всё из списка уже в корзине.")
    await master.taps(f"🛒 В корзине · 2{NB}поз.")
    assert f"Итого: 25{NB}620{NB}₽" in (await master.sees("Корзина"))["text"]


async def test_an_article_is_found_however_its_letters_and_separators_are_written(both_worlds: World):
    master = await both_worlds.master()
    await both_worlds.shop.sells("1300", articles="НВ-7711-5")
    await both_worlds.shop.sells("1301", articles="6178-4B40-40B2")
    await master.says("НВ-7711-5 7 шт\n61784B4040B2 2 шт\nHR2470 1 шт")
    told = (await master.sees("📋 Ваш список"))["text"]
    assert "нашли 3 из 3" in told
    assert (f"— 7{NB}шт." in told, f"— 2{NB}шт." in told) == (True, True)
    for typed, article in (("HB-7711-5", "НВ-7711-5"), ("61784B4040B2", "6178-4B40-40B2")):
        await master.says(typed)
        card = await master.sees("В корзину ·")
        assert f"арт.{NB}{article}" in card["caption"] + card["text"]


async def test_a_line_of_a_list_that_is_not_clear_is_searched_for(both_worlds: World):
    master = await both_worlds.master()
    await master.says("бита ph2 — 10 шт\nшурповерт x 1")
    quote = await master.sees("📋 Ваш список")
    assert "Уточните" in quote["text"]
    assert f"· бита ph2, 10{NB}шт. — 2{NB}товара: Бита PH2 50 мм; Бита PH2 25 мм, 10 шт." in quote["text"]
    await master.taps("🔎 бита ph2")
    await master.sees(f"🔎 «бита ph2 10 шт» — 2{NB}товара")
    await master.taps("🔎 шурповерт")
    await master.sees("Искали также «шуруповёрт»")
    await master.still_sees("📋 Ваш список")


async def test_more_pictures_come_below_the_card(both_worlds: World):
    master = await both_worlds.master()
    await master.says("DF347DWE")
    await master.sees("В корзину ·")
    await master.taps("+")
    await master.sees(f"2{NB}шт.")
    await master.taps(await master.button("🖼 Ещё фото"))
    assert (await master.sees("Фото 2 из "))["photo"]


async def test_inline_mode_finds_with_prices_and_leads_back(both_worlds: World):
    world = both_worlds
    master = await world.master()
    since = await with_nothing_remembered(world)
    answer = await master.types_inline("шуруповерт макита", chat_type="supergroup")
    result = answer["results"][0]
    assert result["title"].startswith("Шуруповёрт Makita")
    assert re.search(rf"^[\d{NB}]+{NB}₽ · ", result["description"]), result["description"]
    assert (answer["cache_time"], answer["is_personal"]) == (0, True)
    assert len(await world.shop.calls(since)) == 2, "names, then prices"
    await world.rests()
    await master.chooses(result["id"])
    card = await master.sees("В корзину ·")
    assert result["title"] in (card["caption"] or card["text"])
    payload = (await master.opens("Открыть в боте")).split("start=")[1]
    await master.says(f"/start {payload}")
    await master.sees("В корзину ·")


async def test_inline_mode_goes_on_where_its_list_ended(both_worlds: World):
    master = await both_worlds.master()
    first = await master.types_inline("шуруповёрт")
    second = await master.types_inline("шуруповёрт", offset=first["next_offset"])
    assert (len(first["results"]), len(second["results"])) == (10, 10)
    assert {item["title"] for item in first["results"]}.isdisjoint(item["title"] for item in second["results"])


async def test_a_query_that_waited_too_long_costs_nothing_and_is_met_with_silence(both_worlds: World):
    world = both_worlds
    master = await world.master()
    since = await with_nothing_remembered(world)
    with world.without_permits():
        assert await master.types_inline("перфоратор makita", within=0.0) == {}
        await master.settles()
        world.clock.skip(25)
    await world.rests()
    assert await world.shop.calls(since) == []
    assert [call["method"] for call in await world.telegram_requests(since) if "nline" in call["method"]] == []


async def test_typing_costs_no_request_per_letter(both_worlds: World):
    world = both_worlds
    master = await world.master()
    since = await with_nothing_remembered(world)
    with world.without_permits():
        for length in range(3, 11):
            await master.types_inline("перфоратор"[:length], within=0.0)
        await master.settles()
    assert (await master.types_inline("перфоратор"))["results"]
    assert len(await world.shop.calls(since)) == 2
