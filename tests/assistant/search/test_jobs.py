"""From a query to a list with prices, from a tap to a card with its picture."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.assistant import texts
from shared.assistant.backend import Picture
from shared.assistant.buttons import ShowCard, ShowPage
from shared.assistant.desk import PICTURE
from shared.assistant.search import shelf
from shared.assistant.search.jobs import picture_key
from shared.bitrix.model import Found, Product
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refused
from tests.assistant.samples import BIT, BIT_OFFER, DRILL, DRILL_OFFER, OFFERS, PICTURE_URL, SAW, USER, search
from tests.assistant.stage import SCREEN, Seen, Stage

PRODUCTS = [Product(str(number), f"Товар {number}") for number in range(1, 51)]
SECRET_URL = "https://p.bitrix24.ru/rest/1/abcdef123456/catalog.product.download?id=7"


async def _find(stage: Stage, found: Found, query: str = "шуруповёрт") -> Seen:
    return await stage.answer((await stage.write(query)).job, found)


async def test_the_portal_is_asked_for_names(stage: Stage) -> None:
    job = (await stage.write("шуруповёрт")).job
    (command,) = stage.kinds["find"].plan(job).commands.values()
    assert command.method == "catalog.product.list"
    assert (command.params["filter"], command.params["start"]) == ({"q": "шуруповёрт"}, 0)


async def test_names_are_followed_by_the_question_for_prices(stage: Stage) -> None:
    seen = await _find(stage, Found(PRODUCTS, 50))
    assert seen.calls == []
    assert (seen.job.kind, seen.job.lane) == ("page_offers", Lane.READ)
    (command,) = stage.kinds["page_offers"].plan(seen.job).commands.values()
    assert command.method == "crm.product.batch"
    assert set(command.params["cmd"]) == {"sku_1", "sku_2", "sku_3", "sku_4", "sku_5"}


async def test_the_list_with_its_prices(stage: Stage) -> None:
    seen = await stage.answer((await _find(stage, Found([DRILL, BIT], 2))).job, OFFERS)
    assert seen.screen.method == "sendMessage"
    assert seen.screen.text.startswith("🔎 «шуруповёрт» — 2\u00a0товара\n\n1. Шуруповёрт")
    assert seen.screen.labels[:2] == ["1", "2"]
    opened = await stage.tap(seen.screen.data("2"))
    assert opened.job.payload["product"]["name"] == BIT.name


async def test_names_are_remembered_for_a_minute(stage: Stage) -> None:
    await _find(stage, Found(PRODUCTS, 50))
    assert (await stage.write("ШУРУПОВЁРТ")).job.kind == "page_offers"
    stage.clock.advance(seconds=60)
    assert (await stage.write("шуруповёрт")).job.kind == "find"


async def test_prices_are_asked_anew_every_time(stage: Stage) -> None:
    await stage.answer((await _find(stage, Found([DRILL], 1))).job, OFFERS)
    again = await stage.write("шуруповёрт")
    fresh = await stage.answer(again.job, {"7": replace(DRILL_OFFER, stocks=())})
    assert "под заказ" in fresh.screen.text


async def test_nothing_found(stage: Stage) -> None:
    seen = await _find(stage, Found((), 0), "шурповерт")
    assert seen.screen.text == texts.search.nothing_found("шурповерт")
    assert seen.jobs == []


async def test_another_page_is_shown_in_place(stage: Stage) -> None:
    listed = await stage.answer((await _find(stage, Found(PRODUCTS, 120))).job, {})
    turned = await stage.tap(listed.screen.data("›"))
    seen = await stage.answer(turned.job, {})
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert "6. Товар 6" in seen.screen.text
    assert "2 из 24" in seen.screen.labels


async def test_a_page_beyond_the_hints_is_found_and_its_search_kept(stage: Stage) -> None:
    listed = await stage.answer((await _find(stage, Found(PRODUCTS, 120))).job, {})
    turned = await stage.tap(listed.screen.data("‹"))
    assert (turned.job.kind, turned.job.payload["page"], turned.job.payload["start"]) == ("find", 23, 100)
    last = [Product(str(number), f"Товар {number}") for number in range(101, 121)]
    shown = await stage.answer((await stage.answer(turned.job, Found(last, 120))).job, {})
    assert "116. Товар 116" in shown.screen.text
    search_id = shown.screen.data("116").split(":")[1]
    kept = await shelf.load_search(stage.unit(), search_id)
    assert kept is not None
    assert {"1", "5", "116", "120"} <= kept.products.keys()


async def test_a_search_that_ended_meanwhile_is_begun_anew(stage: Stage) -> None:
    await stage.save(shelf._search_key("s1"), search(DRILL, total=23).save)
    job = (await stage.tap(ShowPage(search="s1", page=0))).job
    stage.clock.advance(hours=24)
    seen = await stage.answer(job, Found([BIT], 1))
    assert seen.job.payload["search"] == "s1"
    assert await shelf.load_search(stage.unit(), "s1") == search(BIT, total=1)


async def test_prices_for_a_search_that_ended_are_shown_to_nobody(stage: Stage) -> None:
    job = (await _find(stage, Found([DRILL], 1))).job
    stage.clock.advance(hours=24)
    assert (await stage.answer(job, OFFERS)).calls == []


async def test_addresses_with_a_key_are_stored_nowhere(stage: Stage) -> None:
    seen = await _find(stage, Found([replace(DRILL, picture=SECRET_URL)], 1))
    shown = await stage.answer(seen.job, OFFERS)
    opened = await stage.tap(shown.screen.data("1"))
    await stage.answer(opened.job, OFFERS)
    assert "abcdef123456" not in repr(stage.store._documents)


async def test_a_search_that_failed_says_so(stage: Stage) -> None:
    seen = await stage.refuse((await stage.write("шуруповёрт")).job)
    assert seen.screen.text == texts.trouble.portal_silent()
    assert seen.screen.buttons


# Cards.


async def _open(stage: Stage, product: Product = DRILL) -> Job:
    await stage.save(shelf._search_key("s1"), search(DRILL, BIT, product).save)
    return (await stage.tap(ShowCard(search="s1", product=product.id))).job


async def test_a_card_asks_for_its_product(stage: Stage) -> None:
    (command,) = stage.kinds["card"].plan(await _open(stage)).commands.values()
    assert set(command.params["cmd"]) == {"sku_7"}


async def test_a_product_without_a_picture_is_a_text(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage, BIT), {"8": BIT_OFFER})
    assert seen.screen.method == "sendMessage"
    assert seen.screen.text.startswith("<b>Бита PH2 50 мм</b>")
    assert seen.jobs == []


async def test_a_product_that_left_the_shop(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage, SAW), {})
    assert "сейчас не продаётся" in seen.screen.text
    assert seen.screen.buttons


async def test_a_picture_that_telegram_knows(stage: Stage) -> None:
    await stage.save(picture_key(PICTURE_URL), lambda unit: unit.put(picture_key(PICTURE_URL), {"file_id": "AgAC"}))
    seen = await stage.answer(await _open(stage), OFFERS)
    assert (seen.screen.method, seen.screen.params["photo"]) == ("sendPhoto", "AgAC")
    # Should it be refused, whoever sends it has to know what to forget.
    assert [call.tag for call in seen.calls] == [f"pictures/{picture_key(PICTURE_URL).id}"]
    assert seen.jobs == []


async def test_a_picture_seen_for_the_first_time_is_fetched(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage), OFFERS)
    assert seen.calls == []
    assert (seen.job.kind, seen.job.lane) == ("card_picture", Lane.FILE)
    kind = stage.kinds["card_picture"]
    assert kind.plan(seen.job) == Picture(PICTURE_URL)
    shown = await stage.answer(seen.job, b"jpeg")
    (call,) = shown.calls
    key = picture_key(PICTURE_URL)
    assert (call.method, call.params["photo"], call.tag) == ("sendPhoto", PICTURE, f"pictures/{key.id}")
    assert shown.screen.text.startswith("<b>Шуруповёрт Makita")
    assert shown.screen.labels[1] == "1\u00a0шт."
    assert call.params["chat_id"] == USER
    assert kind.attachments(seen.job, b"jpeg") == {"picture": b"jpeg"}
    assert kind.attachments(seen.job, None) == {}


async def test_bytes_are_never_stored(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage), OFFERS)
    await stage.answer(seen.job, b"\xff\xd8jpeg-bytes")
    assert "jpeg-bytes" not in repr(stage.store._documents)


@pytest.mark.parametrize("reason", [Refused("picture_refused"), Refused("auth_failed", operators=True)])
async def test_a_picture_that_failed_leaves_the_card(stage: Stage, reason: Refused) -> None:
    seen = await stage.answer(await _open(stage), OFFERS)
    shown = await stage.refuse(seen.job, reason)
    card, *rest = shown.screens
    assert card.method == "sendMessage"
    assert card.text.startswith("<b>Шуруповёрт Makita")
    assert card.labels == ["−", "1\u00a0шт.", "+", "В корзину · 7\u00a0990\u00a0₽", "🛒 Корзина"]
    assert len(rest) == reason.operators


async def test_a_ready_card_may_have_no_buttons(stage: Stage) -> None:
    payload = {"chat_id": USER, "message_id": None, "url": PICTURE_URL, "text": "Бита", "keyboard": None}
    job = Job("card_picture", Lane.FILE, payload)
    await stage.save(job.key, lambda unit: unit.put(job.key, job.as_data(), due_at=unit.now))
    assert (await stage.answer(job, b"jpeg")).screen.buttons == []


def test_a_pictures_key_does_not_tell_its_address() -> None:
    assert picture_key(SECRET_URL).id != picture_key(PICTURE_URL).id
    assert "abcdef" not in picture_key(SECRET_URL).id
