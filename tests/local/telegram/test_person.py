"""The test client, and through it the whole simulator over sockets."""

from collections.abc import AsyncIterator

import pytest

from infra.local.telegram.person import NotSeenError
from tests.local.telegram.bench import MASTER, picture
from tests.local.telegram.town import Town, town


@pytest.fixture
async def shop() -> AsyncIterator[Town]:
    async with town() as running:
        yield running


async def test_a_story(shop: Town):
    master = shop.person(MASTER)
    await master.says("/start inv_a1b2")
    await master.sees("Здравствуйте")
    await master.taps("Поделиться телефоном")
    await master.sees("Записали телефон +7912")
    await master.says("шуруповёрт")
    await master.sees("1 товар")
    card = await master.sees("Makita")
    assert card["photo"]
    assert await master.opens("💳 Оплатить") == "https://pay.example/5121"
    await master.taps("В корзину")
    await master.sees("🛒 В корзине · 1 шт.")
    await master.sees_toast("В корзине: 1 шт.")
    await master.taps_old("more", card["id"])
    await master.sees("15\u00a0980 ₽")
    await master.taps("🔗 Артикул")
    await master.settles()
    assert "2 шт." in await master.buttons()
    words = await master.transcript()
    assert "мастер: шуруповёрт" in words
    assert "[фото, правок: 2]" in words


async def test_what_is_old_is_not_seen_again(shop: Town):
    master = shop.person(MASTER)
    await master.says("/start")
    await master.sees("Здравствуйте")
    await master.says("дрель")
    with pytest.raises(NotSeenError, match="мастер: /start"):
        await master.sees("Здравствуйте", within=0.2)
    await master.still_sees("Здравствуйте")
    with pytest.raises(NotSeenError, match="nowhere"):
        await master.still_sees("Прощайте")


async def test_an_album(shop: Town):
    master = shop.person(MASTER)
    await master.says("/start")
    answer = await master.sends_photos([picture("red"), picture("blue")], caption="Скол")
    view = await master.settles()
    photos = [message for message in view["messages"] if message["photo"]]
    assert [message["id"] for message in photos] == answer["message_ids"]
    assert [message["caption"] for message in photos] == ["Скол", ""]
    assert [message["reaction"] for message in photos] == ["👍", "👍"]


async def test_inline(shop: Town):
    master = shop.person(MASTER)
    await master.says("/start")
    answer = await master.types_inline("makita")
    assert answer["results"][0]["title"] == "Шуруповёрт: makita"


async def test_a_missing_button_names_those_there_are(shop: Town):
    master = shop.person(MASTER)
    await master.says("дрель")
    await master.sees("Makita")
    with pytest.raises(NotSeenError, match="В корзину"):
        await master.taps("Купить")
    with pytest.raises(NotSeenError, match="not a link"):
        await master.opens("В корзину")


async def test_location_blocking_and_groups(shop: Town):
    master = shop.person(MASTER)
    await master.says("/start")
    await master.shares_location(55.75, 37.61)
    await master.shares_venue(55.75, 37.61, "Склад", "Мира, 2")
    assert "мастер [место]" in await master.transcript()
    with pytest.raises(NotSeenError, match="latitude"):
        await master._acts("messages", venue={"title": "нигде"})
    await master.shares_contact(phone_number="+79990001122")
    await master.sees("+79990001122")
    assert (await master.blocks_bot())["update_id"]
    assert (await master.settles())["user"]["blocked"]
    with pytest.raises(NotSeenError, match="blocked"):
        await master.says("ау")
    await master.unblocks_bot()
    await master.says("ау")
    await master.sees("1 товар")
