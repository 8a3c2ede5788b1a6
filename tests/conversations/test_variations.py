"""A shop whose goods come in variations: from a search to an order and what becomes of it, in the native dialect."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from shared.domain.watches import EVERY
from tests.support.master import CASH, NB, Master, number_in
from tests.support.photos import label, snapshot
from tests.support.sandbox import World, running_world
from tests.support.shop import goods

pytestmark = pytest.mark.asyncio(loop_scope="module")

NAME = "Рубанок сменный"
VARIED = {
    "BITRIX_DIALECT": "native",
    "BITRIX_OFFERS_IBLOCK_ID": "25",
    "BITRIX_ANALOGUES_PROPERTY": "property115",
    "BITRIX_ACCESSORIES_PROPERTY": "property135",
    "BITRIX_EAN_PROPERTY": "property125",
    "BITRIX_OFFERS_ARTICLE_PROPERTY": "property205",
    "BITRIX_OFFERS_EAN_PROPERTY": "property225",
    "BITRIX_VARIATION_PROPERTIES": "property210",
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world() -> AsyncIterator[World]:
    """A sandbox that knows where variations are."""
    async with running_world(VARIED) as running:
        yield running


async def _adds(world: World, **fields: object) -> str:
    answer = await world.http.post(f"{world.addresses['portal']}/_sim/products", json=fields)
    assert answer.is_success, answer.text
    return str(answer.json()["id"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def disc(world: World) -> dict[str, str]:
    """A disc in seven sizes that nobody named; their ids by size."""
    parent = await _adds(world, name=NAME, articles=["KL-5000"], price=1, section=306)
    sizes = {}
    for size in ("100", "115", "125", "150", "180", "200", "230"):
        fields = {"trait": f"{size} мм", "articles": [f"KL-5{size}"], "price": int(size) * 2, "stock": {"1": 9}}
        sizes[size] = await _adds(world, parent=parent, name=NAME, **fields)
    return {**sizes, "parent": parent}


async def _chooses(master: Master, position: int) -> None:
    await master.sees("выберите нужный")
    await master.opens_card(position)


async def test_from_the_name_to_the_order_and_once_more(world: World, disc: dict[str, str]):
    master = await world.master()
    await master.says(NAME)
    assert "есть варианты" in (await master.sees(f"🔎 «{NAME}» — 1{NB}товар"))["text"]
    await master.taps("1")
    shown = await master.sees(f"7{NB}вариантов — выберите нужный.")
    assert f"1. {NAME}, 100 мм · арт.{NB}KL-5100" in shown["text"]
    assert f"200{NB}₽ · в наличии: 9{NB}шт." in shown["text"]
    await master.taps("›")
    await master.sees("6. ")
    await master.opens_card(7)
    await master.sees(f"{NAME}, 230 мм")
    await master.puts_into_cart(2)
    await master.opens_cart()
    assert f"{NAME}, 230 мм — 2{NB}шт. × 460{NB}₽" in (await master.sees("🛒 Корзина"))["text"]
    await master.checks_out(CASH)
    number = await master.confirms()
    (order,) = await world.shop.orders(master.buyer)
    assert goods(order) == {disc["230"]: 2}
    await master.says(f"/track {number}")
    await master.sees(f"Заказ №{NB}{number}")
    await master.taps("🔁 Повторить")
    await master.sees("🛒 Корзина")
    await master.checks_out(CASH)
    await master.confirms()
    first, second = await world.shop.orders(master.buyer)
    assert goods(first) == goods(second)


async def test_an_article_opens_the_very_variation(world: World, disc: dict[str, str]):
    master = await world.master()
    await master.says("kl5125")
    await master.sees(f"{NAME}, 125 мм")
    await master.sees(f"250{NB}₽")
    await master.taps("Другие варианты")
    await master.sees("выберите нужный")
    await master.says(f"/start p_{disc['150']}")
    await master.sees(f"{NAME}, 150 мм")
    await master.says(f"/start p_{disc['parent']}")
    await master.sees("выберите нужный")


async def test_a_section_lists_the_parent_once(world: World, disc: dict[str, str]):
    assert disc
    master = await world.master()
    await master.says("/catalog")
    await master.sees("Каталог")
    await master.taps("Оснастка")
    await master.sees("Каталог › Оснастка")
    await master.taps("Круги и шлифовка")
    seen = (await master.sees("📂 Круги и шлифовка — "))["text"]
    while NAME not in seen:
        await master.taps("›")
        await world.rests()
        seen = (await master.sees("📂 Круги и шлифовка — "))["text"]
    assert seen.count(NAME) == 1


async def test_a_list_takes_variations_and_asks_about_their_parent(world: World, disc: dict[str, str]):
    assert disc
    master = await world.master()
    await master.says("KL-5180 2 шт\nKL 5200 — 1 шт\nKL-5000 3 шт")
    quoted = await master.sees("нашли 2 из 3")
    assert f"{NAME}, 180 мм — 2{NB}шт." in quoted["text"]
    assert f"есть варианты: {NAME}" in quoted["text"]
    await master.taps("🔎 KL-5000")
    await master.sees("выберите нужный")


async def test_a_variation_is_watched(world: World, disc: dict[str, str]):
    master = await world.master()
    await master.says("KL-5115")
    await master.sees(f"{NAME}, 115 мм")
    await master.taps("🔔 Сообщить, если подешевеет")
    await world.rests()
    await master.says("/watches")
    await master.sees(f"{NAME}, 115 мм")
    await world.shop.sells(disc["115"], price="100")
    await world.rests()
    world.clock.skip(EVERY.total_seconds())
    assert (await world.calls("housekeeping", b"")).is_success
    await master.sees("Подешевело")


async def test_a_variation_is_returned(world: World, disc: dict[str, str]):
    master = await world.master()
    await master.says("KL-5125")
    await master.sees(f"{NAME}, 125 мм")
    await master.puts_into_cart()
    await master.opens_cart()
    await master.checks_out(CASH)
    number = await master.confirms()
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await master.says(f"/track {number}")
    await master.sees("↩️ Вернуть товар")
    await master.taps("↩️ Вернуть товар")
    await master.sees("Что возвращаем?")
    await master.taps("Дальше")
    await master.sees("Что случилось?")
    await master.taps("Брак")
    await master.sees("Пришлите фото товара")
    await master.sends_photos([snapshot(9)])
    await master.sees("Принято: 1.")
    await master.taps("Готово")
    await master.sees("Проверьте возврат")
    await master.taps("✅ Оформить возврат")
    assert number_in(await master.sees("зарегистрирован."))
    (made,) = await world.shop.returns(number)
    assert made["items"] == {disc["125"]: 1}


async def test_variations_of_one_name_are_told_apart_in_an_order(world: World, disc: dict[str, str]):
    assert disc
    master = await world.master()
    await master.says("KL-5100 2 шт\nKL-5200 3 шт")
    await master.sees("нашли 2 из 2")
    await master.taps(await master.button("В корзину всё"))
    await master.sees("🛒 В корзине")
    await master.opens_cart()
    await master.checks_out(CASH)
    number = await master.confirms()
    await master.says(f"/track {number}")
    tracked = (await master.sees(f"Заказ №{NB}{number}"))["text"]
    for size, count in (("100 мм", 2), ("200 мм", 3)):
        assert f"{NAME}, {size} — {count}{NB}шт." in tracked
    await world.shop.moves(number, status="SHIPPED")
    await master.sees("Курьер уже в пути")
    await master.says(f"/track {number}")
    await master.sees("↩️ Вернуть товар")
    await master.taps("↩️ Вернуть товар")
    await master.sees("Что возвращаем?")
    for size in ("100 мм", "200 мм"):
        assert size in await master.button(f"{NAME}, {size}")


async def test_the_only_variation_opens_at_once(world: World):
    parent = await _adds(world, name="Стусло особое", articles=["DP-70000"], price=1)
    await _adds(world, parent=parent, name="Стусло особое", trait="190 мм", articles=["DP-70190"], price=500)
    master = await world.master()
    await master.says("DP-70000")
    await master.sees("Стусло особое, 190 мм")


async def test_what_has_no_variations_left_is_not_sold(world: World):
    parent = await _adds(world, name="Стусло снятое", articles=["DS-80000"], price=1)
    await _adds(world, parent=parent, name="Стусло снятое", trait="190 мм", price=500, active=False)
    master = await world.master()
    await master.says("DS-80000")
    await master.sees("Стусло снятое сейчас не продаётся")


@pytest.mark.parametrize("state", ["missing", "huge", "webp"])
async def test_a_picture_that_is_odd_costs_no_card(world: World, state: str):
    product = await _adds(world, name=f"Рубанок {state}", articles=[f"RUB-{state}-7"], price=700, picture=state)
    master = await world.master()
    await master.says(f"/start p_{product}")
    await master.sees(f"Рубанок {state}")
    await master.puts_into_cart()


@pytest.mark.parametrize(
    "state",
    [{"active": False}, {"active_to": "2020-01-01T00:00:00+00:00"}, {"active_from": "2050-01-01T00:00:00+00:00"}],
)
async def test_what_is_not_sold_today_is_told_so(world: World, state: dict[str, object]):
    product = await _adds(world, name="Рубанок снятый", price=700, stock={"1": 3}, **state)
    master = await world.master()
    await master.says(f"/start p_{product}")
    await master.sees("Этого товара в каталоге больше нет")


async def test_what_lies_in_no_section_is_found(world: World):
    await _adds(world, name="Рубанок бездомный", articles=["RB-90001"], price=700, section=0)
    master = await world.master()
    await master.says("RB90001")
    await master.sees("Рубанок бездомный")
    await master.puts_into_cart()


async def test_what_the_shop_says_may_stand_in_is_shown_for_what_is_not_there(world: World):
    gone, here = [await _adds(world, name=name, price=500, section=306) for name in ("Рейсмус старый", "Рейсмус новый")]
    other = await _adds(world, name="Долото кованое", articles=["DL-1"], price=300, stock={"1": 4})
    await world.shop.sells(here, stock={"1": 2})
    await world.shop.sells(gone, analogues=[other, gone])
    master = await world.master()
    await master.says("рейсмус старый 2 шт\nдолото кованое 1 шт")
    await master.sees("📋 Ваш список")
    await master.taps("🔁 Вместо: Рейсмус старый")
    shown = await master.sees("Вместо «Рейсмус старый» есть в наличии:")
    assert "1. Долото кованое" in shown["text"]
    assert "Рейсмус новый" not in shown["text"], "the shop's own choice"
    await world.shop.sells(other, stock={"1": 0})
    await master.taps("🔁 Вместо: Рейсмус старый")
    await master.sees("1. Рейсмус новый")


async def test_what_may_stand_in_may_come_in_variations(world: World):
    gone = await _adds(world, name="Шерхебель старый", price=500, section=306)
    sizes = await _adds(world, name="Шерхебель сменный", price=1)
    await _adds(world, parent=sizes, name="Шерхебель сменный", trait="30 мм", price=400, stock={"1": 1})
    await _adds(world, parent=sizes, name="Шерхебель сменный", trait="40 мм", price=450, stock={"1": 1})
    await world.shop.sells(gone, analogues=[sizes])
    master = await world.master()
    await master.says("шерхебель старый 2 шт\nкруг отрезной 125 1 шт")
    await master.sees("📋 Ваш список")
    await master.taps("🔁 Вместо: Шерхебель старый")
    shown = await master.sees("Вместо «Шерхебель старый» подойдёт:")
    assert "1. Шерхебель сменный\n   есть варианты" in shown["text"]
    await master.taps("1")
    await master.sees("выберите нужный")


@pytest.mark.usefixtures("disc")
async def test_a_barcode_leads_to_the_good_that_the_shop_keeps_its_number_of(world: World):
    await _adds(world, name="Стамеска плоская", articles=["ST-1"], price=300, stock={"1": 4}, ean="4607123456781")
    one, other = await world.master(), await world.master()
    await one.sends_photos([label("4607123456781")])
    await one.sees("Стамеска плоская")
    await one.button(f"В корзину · 300{NB}₽")
    await other.says("04607123456781")
    await other.sees("Стамеска плоская")
    await other.button(f"В корзину · 300{NB}₽")


async def test_a_barcode_of_a_variation_opens_that_very_one(world: World):
    parent = await _adds(world, name="Долото сменное", articles=["DS-1"], price=1)
    for size, ean in (("10 мм", "4607123456798"), ("20 мм", "4607123456804")):
        await _adds(world, parent=parent, name="Долото сменное", trait=size, price=300, stock={"1": 4}, ean=ean)
    master = await world.master()
    await master.sends_photos([label("4607123456804")])
    await master.sees("Долото сменное, 20 мм")
    await master.button(f"В корзину · 300{NB}₽")
    await master.taps("Другие варианты")
    await master.sees("выберите нужный")


async def test_a_list_finds_goods_by_their_barcodes(world: World):
    parent = await _adds(world, name="Киянка сменная", articles=["KS-1"], price=1)
    for size, ean in (("200 г", "4607123456910"), ("400 г", "4607123456927")):
        await _adds(world, parent=parent, name="Киянка сменная", trait=size, price=300, stock={"1": 9}, ean=ean)
    await _adds(world, name="Кернер прямой", articles=["KR-1"], price=200, stock={"1": 9}, ean="96385081")
    master = await world.master()
    await master.says("4607123456927 2 шт\n96385081 — 3 шт\nкиянка сменная, штрихкод 4607123456910 — 1 шт")
    quoted = (await master.sees("нашли 3 из 3"))["text"]
    for line in ("Киянка сменная, 400 г — 2", "Кернер прямой — 3", "Киянка сменная, 200 г — 1"):
        assert f"{line}{NB}шт." in quoted


async def test_what_goes_with_a_product_is_one_tap_from_its_card(world: World):
    chisel = await _adds(world, name="Зубило к отбойнику", articles=["ZB-1"], price=300, stock={"1": 4})
    sizes = await _adds(world, name="Пика к отбойнику", price=1)
    await _adds(world, parent=sizes, name="Пика к отбойнику", trait="400 мм", price=400, stock={"1": 1})
    gone = await _adds(world, name="Лопата к отбойнику", price=500, active=False)
    hammer = await _adds(world, name="Отбойник большой", articles=["OB-1"], price=9000, stock={"1": 1})
    await world.shop.sells(hammer, accessories=[gone, sizes, chisel, hammer, "999999"])
    master = await world.master()
    await master.says("OB-1")
    await master.sees("Отбойник большой")
    await master.taps("🧰 Принадлежности")
    shown = (await master.sees("К товару «Отбойник большой» подходит:"))["text"]
    assert "1. Пика к отбойнику\n   есть варианты" in shown
    assert "2. Зубило к отбойнику" in shown
    assert "Лопата" not in shown
    await master.taps("2")
    await master.sees(f"300{NB}₽")
    await world.shop.sells(hammer, accessories=[gone])
    await master.says("OB-1")
    await master.sees("Отбойник большой")
    await master.taps("🧰 Принадлежности")
    await master.sees("Принадлежностей к товару «Отбойник большой» сейчас нет.")
