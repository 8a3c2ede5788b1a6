"""From names to a list with prices, from a tap to a card with its picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.bitrix_backend import PictureDownload
from shared.assistant.chat_view import PICTURE, ChatTarget
from shared.assistant.navigation import ShowCard
from shared.assistant.search import pages
from shared.assistant.search.buttons import ShowPictures
from shared.assistant.search.cards import card_by_id, picture_key
from shared.domain import searches
from shared.domain.catalogue import Product, ProductDetails, ProductPage
from shared.domain.offers import Offer
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.store.collections import SEARCHES
from tests.assistant.samples import BIT, DRILL, DRILL_DETAILS, OFFERS, PICTURE_URL, SAW, USER, search
from tests.assistant.stage import Stage

PRODUCTS = [Product(str(number), f"Товар {number}") for number in range(1, 51)]
SECRET_URL = "https://p.bitrix24.ru/rest/1/abcdef123456/catalog.product.download?id=7"


def _job(*products: Product) -> Job:
    return pages.page_job(ChatTarget(USER), "s1", 0, products)


async def _asked(stage: Stage, job: Job) -> Job:
    """Have the job wanted, and its search kept."""
    await stage.save(searches._search_key("s1"), search(DRILL, BIT).save)
    await stage.save(job.key, lambda unit: unit.put(job.key, job.as_data(), due_at=unit.now))
    return job


async def test_prices_of_a_page_are_one_command(stage: Stage) -> None:
    (command,) = stage.kinds["page_offers"].plan(_job(*PRODUCTS[:5])).commands.values()
    assert command.method == "crm.product.batch"
    assert set(command.params["cmd"]) == {"sku_1", "sku_2", "sku_3", "sku_4", "sku_5"}


async def test_the_list_with_its_prices(stage: Stage) -> None:
    seen = await stage.answer(await _asked(stage, _job(DRILL, BIT)), OFFERS)
    assert seen.screen.method == "sendMessage"
    assert seen.screen.text.startswith("🔎 «шуруповёрт» — 2\u00a0товара\n\n1. Шуруповёрт")
    assert seen.screen.labels[:2] == ["1", "2"]
    opened = await stage.tap(seen.screen.data("2"))
    assert opened.job.payload["product"] == BIT.id


async def test_prices_for_a_search_that_ended_are_shown_to_nobody(stage: Stage) -> None:
    job = await _asked(stage, _job(DRILL))
    stage.clock.advance(hours=24)
    assert (await stage.answer(job, OFFERS)).calls == []


# Cards.


async def _open(stage: Stage, product: Product = DRILL) -> Job:
    return (await stage.tap(ShowCard(search="s1", product=product.id))).job


def _card(details: ProductDetails = DRILL_DETAILS, offers: Mapping[str, Offer] = OFFERS) -> list[object]:
    return [details, offers]


async def test_a_card_asks_for_words_price_and_stock_at_once(stage: Stage) -> None:
    words, price = stage.kinds["card"].plan(await _open(stage)).commands.values()
    assert words.params["filter"] == {"q": "", "ID": 7}
    assert set(price.params["cmd"]) == {"sku_7"}


async def test_a_card_says_a_few_words_about_the_product(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage), _card(replace(DRILL_DETAILS, product=replace(DRILL, picture=None))))
    assert "Аккумуляторный, 12 В" in seen.screen.text


async def test_a_card_opens_by_the_products_id_alone(stage: Stage) -> None:
    job = card_by_id(ChatTarget(USER, 5), "8")
    await stage.save(job.key, lambda unit: unit.put(job.key, job.as_data(), due_at=unit.now))
    seen = await stage.answer(job, _card(ProductDetails(BIT)))
    assert seen.screen.method == "sendMessage"
    added = await stage.tap(seen.screen.data("В корзину"))
    assert added.toasts == [texts.cart.in_cart(Decimal(1), "шт.")]


@pytest.mark.parametrize(
    ("query", "name", "pieces"),
    [("бита 10 шт", BIT.name, 10), ("бита 10 шт", "Бита PH2, 10 шт.", 1), ("бита", "Бита PH2, 10 шт.", 1)],
)
async def test_a_card_begins_with_the_count_that_was_searched_for(
    stage: Stage, query: str, name: str, pieces: int
) -> None:
    known = search(BIT, total=1, query=query)
    await stage.save(SEARCHES.key(known.id), known.save)
    job = card_by_id(ChatTarget(USER, 5), "8", "s1")
    await stage.save(job.key, lambda unit: unit.put(job.key, job.as_data(), due_at=unit.now))
    seen = await stage.answer(job, _card(ProductDetails(replace(BIT, name=name, picture=None))))
    added = await stage.tap(seen.screen.data("В корзину"))
    assert added.toasts == [texts.cart.in_cart(Decimal(pieces), "шт.")]


NOT_FOUND = Refusal("not_found", "there is no such product")


async def test_a_product_that_is_not_in_the_catalogue(stage: Stage) -> None:
    job = card_by_id(ChatTarget(USER, 5), "8")
    await stage.save(job.key, lambda unit: unit.put(job.key, job.as_data(), due_at=unit.now))
    assert (await stage.refuse(job, NOT_FOUND)).screen.text == texts.search.no_such_product()


async def test_a_listed_product_that_left_the_catalogue_is_named(stage: Stage) -> None:
    job = await _open(stage)
    await stage.save(searches._search_key("s1"), search(DRILL, BIT).save)
    assert (await stage.refuse(job, NOT_FOUND)).screen.text == texts.search.not_sold(DRILL)


async def test_a_card_that_failed_says_so(stage: Stage) -> None:
    seen = await stage.refuse(await _open(stage))
    assert seen.screen.text == texts.trouble.portal_silent()


async def test_a_pictures_address_with_a_key_is_stored_nowhere(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage), _card(ProductDetails(replace(DRILL, picture=SECRET_URL))))
    assert seen.screen.method == "sendMessage"
    assert "abcdef123456" not in repr(stage.store._documents)


async def test_a_product_without_a_picture_is_a_text(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage, BIT), _card(ProductDetails(BIT)))
    assert seen.screen.method == "sendMessage"
    assert seen.screen.text.startswith("<b>Бита PH2 50 мм</b>")
    assert seen.jobs == []


async def test_a_product_that_left_the_shop(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage, SAW), _card(ProductDetails(SAW)))
    assert "сейчас не продаётся" in seen.screen.text
    assert seen.screen.buttons


async def test_a_picture_that_telegram_knows(stage: Stage) -> None:
    await stage.save(picture_key(PICTURE_URL), lambda unit: unit.put(picture_key(PICTURE_URL), {"file_id": "AgAC"}))
    seen = await stage.answer(await _open(stage), _card())
    assert (seen.screen.method, seen.screen.params["photo"]) == ("sendPhoto", "AgAC")
    # Should it be refused, whoever sends it has to know what to forget.
    assert [call.tag for call in seen.calls] == [f"pictures/{picture_key(PICTURE_URL).id}"]
    assert seen.jobs == []


async def test_a_picture_seen_for_the_first_time_is_fetched(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage), _card())
    assert seen.calls == []
    assert (seen.job.kind, seen.job.lane) == ("card_picture", Lane.FILE)
    kind = stage.kinds["card_picture"]
    assert kind.plan(seen.job) == PictureDownload(PICTURE_URL)
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
    seen = await stage.answer(await _open(stage), _card())
    await stage.answer(seen.job, b"\xff\xd8jpeg-bytes")
    assert "jpeg-bytes" not in repr(stage.store._documents)


@pytest.mark.parametrize("reason", [Refusal("picture_refused"), Refusal("auth_failed", operators=True)])
async def test_a_picture_that_failed_leaves_the_card(stage: Stage, reason: Refusal) -> None:
    seen = await stage.answer(await _open(stage), _card())
    shown = await stage.refuse(seen.job, reason)
    card, *rest = shown.screens
    assert card.method == "sendMessage"
    assert card.text.startswith("<b>Шуруповёрт Makita")
    adding, watching = "В корзину · 7\u00a0990\u00a0₽", "🔔 Сообщить, если подешевеет"
    assert card.labels == ["−", "1\u00a0шт.", "+", adding, "⚡ Заказать сразу", watching, "🛒 Корзина"]
    assert len(rest) == reason.operators


async def test_a_ready_card_may_have_no_buttons(stage: Stage) -> None:
    payload = {"chat_id": USER, "message_id": None, "url": PICTURE_URL, "text": "Бита", "keyboard": None}
    job = Job("card_picture", Lane.FILE, payload)
    await stage.save(job.key, lambda unit: unit.put(job.key, job.as_data(), due_at=unit.now))
    assert (await stage.answer(job, b"jpeg")).screen.buttons == []


def test_a_pictures_key_does_not_tell_its_address() -> None:
    assert picture_key(SECRET_URL).id != picture_key(PICTURE_URL).id
    assert "abcdef" not in picture_key(SECRET_URL).id


# More pictures.

MORE = replace(DRILL_DETAILS, pictures=("/upload/2.jpg", SECRET_URL, "/upload/3.jpg"))


async def test_a_card_leads_to_the_other_pictures(stage: Stage) -> None:
    await stage.save(picture_key(PICTURE_URL), lambda unit: unit.put(picture_key(PICTURE_URL), {"file_id": "AgAC"}))
    seen = await stage.answer(await _open(stage), _card(MORE))
    job = (await stage.tap(seen.screen.data("🖼 Ещё фото · 2"))).job
    (command,) = stage.kinds["more_pictures"].plan(job).commands.values()
    assert command.params["filter"] == {"q": "", "ID": 7}
    await stage.save(
        picture_key("/upload/2.jpg"), lambda unit: unit.put(picture_key("/upload/2.jpg"), {"file_id": "B"})
    )
    shown = await stage.answer(job, MORE)
    assert (shown.screen.params["photo"], shown.screen.text) == ("B", f"{DRILL.name}\nФото 2 из 3")
    assert (shown.job.kind, shown.job.payload["url"]) == ("card_picture", "/upload/3.jpg")
    fetched = await stage.answer(shown.job, b"jpeg")
    assert fetched.screen.text == f"{DRILL.name}\nФото 3 из 3"
    back = await stage.tap(fetched.screen.data("‹ К товару"))
    assert (back.job.kind, back.job.payload["product"]) == ("card", DRILL.id)
    assert back.job.payload["search"], "a card needs a search that its buttons name"
    assert "abcdef123456" not in repr(stage.store._documents)


@pytest.mark.parametrize("pictures", [(), (SECRET_URL,)])
async def test_pictures_that_are_gone_lead_back_to_the_card(stage: Stage, pictures: tuple[str, ...]) -> None:
    job = (await stage.tap(ShowPictures(product=DRILL.id))).job
    seen = await stage.answer(job, replace(MORE, pictures=pictures))
    assert seen.screen.text == texts.search.no_more_pictures(DRILL)
    assert seen.screen.labels == ["‹ К товару"]


async def test_pictures_of_a_product_that_is_gone(stage: Stage) -> None:
    job = (await stage.tap(ShowPictures(product=DRILL.id))).job
    seen = await stage.refuse(job, Refusal("not_found", "there is no such product"))
    assert seen.screen.text == texts.search.no_such_product()


async def test_a_card_with_one_picture_has_no_button_for_more(stage: Stage) -> None:
    await stage.save(picture_key(PICTURE_URL), lambda unit: unit.put(picture_key(PICTURE_URL), {"file_id": "AgAC"}))
    seen = await stage.answer(await _open(stage), _card())
    assert not [label for label in seen.screen.labels if "фото" in label]


# Variations.

DISC = Product("20", "Круг отрезной", "KO-5", has_variations=True)
SIZES = [Product(str(number), f"Круг отрезной, {number} мм") for number in range(100, 107)]


def _choice(sizes: Sequence[Product], total: int) -> list[object]:
    return _card(ProductDetails(DISC, variations=ProductPage(sizes, total)), {})


async def test_a_product_with_variations_is_a_choice(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage, DISC), _choice(SIZES, 7))
    assert [item["id"] for item in seen.job.payload["products"]] == ["100", "101", "102", "103", "104"]
    shown = await stage.answer(seen.job, {})
    assert shown.screen.text.startswith("<b>Круг отрезной</b>\n7\u00a0вариантов — выберите нужный.")
    assert shown.screen.labels[:5] == ["1", "2", "3", "4", "5"]
    near = await stage.tap(shown.screen.data("›"))
    assert [item["id"] for item in near.job.payload["products"]] == ["105", "106"], "the hints are at hand"
    opened = await stage.tap(shown.screen.data("2"))
    assert opened.job.payload["product"] == "101"


async def test_further_variations_are_asked_for(stage: Stage) -> None:
    sizes = [Product(str(number), f"Круг {number}") for number in range(50)]
    seen = await stage.answer(await _open(stage, DISC), _choice(sizes, 60))
    shown = await stage.answer(seen.job, {})
    job = (await stage.tap(shown.screen.data("‹"))).job
    assert (job.kind, job.payload["parent"], job.payload["start"]) == ("find", "20", 50)
    last = ProductDetails(DISC, variations=ProductPage(sizes[:10], 60))
    further = await stage.answer(job, [last])
    assert [item["id"] for item in further.job.payload["products"]] == ["5", "6", "7", "8", "9"]


async def test_the_only_variation_opens_at_once(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage, DISC), _choice([BIT], 1))
    assert (seen.job.kind, seen.job.payload["product"], seen.calls) == ("card", BIT.id, [])


async def test_what_has_no_variations_left(stage: Stage) -> None:
    seen = await stage.answer(await _open(stage, DISC), _choice([], 0))
    assert seen.screen.text == texts.search.not_sold(DISC)


async def test_what_has_variations_is_not_asked_for_prices(stage: Stage) -> None:
    (command,) = stage.kinds["page_offers"].plan(_job(DISC, BIT)).commands.values()
    assert set(command.params["cmd"]) == {f"sku_{BIT.id}"}
