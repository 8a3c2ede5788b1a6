"""From a pasted list to its quote, from the quote to the cart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.assistant import texts
from shared.assistant.bitrix_backend import SentFile
from shared.assistant.lists.buttons import AddList, AddListAgain, FindLine
from shared.assistant.lists.sent_files import FETCHING
from shared.assistant.navigation import SearchMore, StartCheckout
from shared.domain import carts, own_words
from shared.domain.cart_lines import CartLine
from shared.domain.carts import MOST_LINES, Cart
from shared.domain.catalogue import Product, ProductPage
from shared.domain.pasted_lists import quoted, reading
from shared.domain.pasted_lists.file_trouble import MOST_BYTES, FileTrouble
from shared.domain.pasted_lists.quoted import QuotedItem, QuotedList
from shared.domain.pasted_lists.reading import PastedList, WantedLine
from shared.pipeline.commit_result import BUG
from shared.pipeline.jobs import Job, Lane
from shared.pipeline.outcomes import Refusal
from shared.store.collections import JOBS, MASTERS, PASTED_LISTS
from tests.assistant.samples import BIT, BIT_OFFER, CART, DRILL, DRILL_OFFER, OFFERS, SAW, SAW_OFFER, USER
from tests.assistant.stage import SCREEN, Seen, Stage

PASTED = "DF333DWYE x 3\nбита ph2 — 10 шт\nнет-такого × 2"
NOTHING = ProductPage((), 0)
NB = "\u00a0"
FILE = {"file_id": "B", "file_unique_id": "b"}
PICTURE = {**FILE, "width": 9, "height": 9}


async def _asked(stage: Stage, text: str = PASTED) -> Job:
    return (await stage.write(text)).job


@pytest.mark.parametrize("content", [{"photo": [PICTURE]}, {"document": FILE}])
async def test_a_list_under_a_picture_or_a_file_is_read(stage: Stage, content: dict[str, Any]) -> None:
    under = (await stage.write(caption=PASTED, **content)).job
    typed = (await stage.write(PASTED)).job
    assert (under.kind, under.payload["lines"]) == (typed.kind, typed.payload["lines"])


async def _quoted(stage: Stage, text: str = PASTED) -> Seen:
    found = await stage.answer(await _asked(stage, text), [{"DF333DWYE": [DRILL]}, ProductPage((BIT,), 1), NOTHING])
    return await stage.answer(found.job, OFFERS)


async def _keep(stage: Stage, *goods: QuotedItem, unclear: Sequence[str] = ()) -> None:
    await stage.save(quoted.key("l1"), QuotedList("l1", goods, tuple(unclear)).save)


async def _cart(stage: Stage) -> dict[str, Decimal]:
    return {line.product_id: line.quantity for line in (await carts.load(stage.unit(), USER)).lines}


async def test_a_list_is_asked_for_in_one_request(stage: Stage) -> None:
    seen = await stage.write(PASTED)
    assert seen.typing
    assert (seen.job.kind, seen.job.lane, seen.due) == ("find_list", Lane.READ, {seen.job.id: stage.clock()})
    commands = stage.kinds["find_list"].plan(seen.job).commands.values()
    assert [command.params["filter"]["q"] for command in commands] == ["DF333DWYE", "бита ph2", "нет-такого"]


async def test_a_shops_own_words_are_asked_with_a_lists_names(stage: Stage) -> None:
    await stage.save(own_words.key(), lambda unit: own_words.save(unit, ["квач > кисть плоская", "хлопок > ветошь"]))
    seen = await stage.write("DF333DWYE x 3\nквач — 2 шт")
    assert seen.job.payload["own"] == ["квач > кисть плоская"]
    commands = stage.kinds["find_list"].plan(seen.job).commands.values()
    assert [command.params["filter"]["q"] for command in commands] == ["DF333DWYE", "квач", "кисть плоск"]
    found = await stage.answer(seen.job, [{"DF333DWYE": [DRILL]}, NOTHING, ProductPage((BIT,), 1)])
    quote = (await stage.answer(found.job, OFFERS)).screen
    assert f"квач, 2{NB}шт. — это {BIT.name}?" in quote.text
    assert f"2{NB}шт. · {BIT.name}" in quote.labels


async def test_what_was_found_is_quoted_and_the_rest_named(stage: Stage) -> None:
    seen = await _quoted(stage)
    text = seen.screen.text
    assert text.startswith(
        "📋 <b>Ваш список</b> — нашли 2 из 3\n\n1. Шуруповёрт Makita DF333DWYE — 3\u00a0шт. × 7\u00a0990"
    )
    assert "   в наличии\n2. Бита PH2 50 мм — 10\u00a0шт. × 45\u00a0₽\n   в наличии" in text
    assert "Итого: <b>24\u00a0420\u00a0₽</b>" in text
    assert f"Не нашли:\n· нет-такого, 2{NB}шт." in text
    adding = [f"В корзину всё · 2{NB}поз.", f"⚡ Заказать сразу · 2{NB}поз."]
    assert seen.screen.labels == [*adding, "🛒 Корзина", "🔎 нет-такого", texts.saved.SAVE, "🔎 Искать ещё"]


async def test_prices_and_stock_are_in_no_record(stage: Stage) -> None:
    await _quoted(stage)
    (record,) = [record for key, record in stage.store._documents.items() if key.collection == PASTED_LISTS.name]
    assert "7990" not in str(record.data)
    assert "RUB" not in str(record.data)


async def test_all_of_it_goes_into_the_cart_once_however_often_it_is_tapped(stage: Stage) -> None:
    data = (await _quoted(stage)).screen.data("В корзину всё")
    seen = await stage.tap(data)
    assert seen.toasts == [texts.lists.adding()]
    again = await stage.tap(data)
    assert (again.toasts, again.jobs) == ([texts.lists.adding()], [])
    added = await stage.answer(seen.job, OFFERS)
    assert await _cart(stage) == {"7": 3, "8": 10}
    assert (added.screen.method, added.screen.params["message_id"]) == ("editMessageReplyMarkup", SCREEN)
    in_cart = f"🛒 В корзине · 2{NB}поз."
    assert added.screen.labels == ["Оформить заказ", in_cart, "🔎 нет-такого", texts.saved.SAVE, "🔎 Искать ещё"]
    late = await stage.tap(data)
    assert (late.toasts, late.jobs) == ([texts.lists.all_added()], [])
    assert await _cart(stage) == {"7": 3, "8": 10}


async def test_the_price_in_the_cart_is_that_of_the_tap(stage: Stage) -> None:
    seen = await stage.tap((await _quoted(stage)).screen.data("В корзину всё"))
    (command,) = stage.kinds["add_list"].plan(seen.job).commands.values()
    assert set(command.params["cmd"]) == {"sku_7", "sku_8"}
    await stage.answer(seen.job, {**OFFERS, "7": replace(DRILL_OFFER, price=Decimal(8100))})
    assert (await carts.load(stage.unit(), USER)).lines[0].price == Decimal(8100)


async def test_what_does_not_fit_is_named_and_can_be_added_later(stage: Stage) -> None:
    full = Cart(
        tuple(CartLine(f"x{number}", "Товар", "", Decimal(1), "RUB", Decimal(1)) for number in range(MOST_LINES - 1))
    )
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, full))
    await _keep(stage, QuotedItem(DRILL, Decimal(1)), QuotedItem(BIT, Decimal(2)))
    seen = await stage.answer((await stage.tap(AddList(list="l1"))).job, OFFERS)
    buttons, told = seen.screens
    assert buttons.labels[:2] == [f"В корзину остальное · 1{NB}поз.", f"🛒 В корзине · 1{NB}поз."]
    assert told.text == texts.lists.no_room(MOST_LINES, [BIT.name])
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, Cart()))
    await stage.answer((await stage.tap(buttons.data("В корзину остальное"))).job, OFFERS)
    assert await _cart(stage) == {"8": 2}


async def test_what_is_gone_meanwhile_is_named(stage: Stage) -> None:
    await _keep(stage, QuotedItem(DRILL, Decimal(1)), QuotedItem(replace(SAW, on_order=False), Decimal(2)))
    seen = await stage.answer((await stage.tap(AddList(list="l1"))).job, {"7": DRILL_OFFER, "9": SAW_OFFER})
    assert seen.screens[1].text.startswith("Этого уже нет")
    assert "Зубр" in seen.screens[1].text
    assert await _cart(stage) == {"7": 1}


async def test_a_tap_that_came_to_nothing_leaves_the_quote_as_it_is(stage: Stage) -> None:
    await _keep(stage, QuotedItem(DRILL, Decimal(1)))
    seen = await stage.refuse((await stage.tap(AddList(list="l1"))).job)
    assert (seen.screen.method, seen.screen.text) == ("sendMessage", texts.trouble.portal_silent())
    assert await _cart(stage) == {}
    assert (await stage.tap(AddList(list="l1"))).job.kind == "add_list", "he may try again"


async def test_he_tries_again_where_he_is_told_that_it_came_to_nothing(stage: Stage) -> None:
    await _keep(stage, QuotedItem(DRILL, Decimal(1)))
    told = await stage.refuse((await stage.tap(AddList(list="l1"))).job)
    again = told.screen.data(texts.labels.TRY_AGAIN)
    below = SCREEN + 5
    failed = await stage.refuse((await stage.tap(again, message_id=below)).job)
    assert (failed.screen.text, failed.screen.params["message_id"]) == (texts.trouble.portal_silent(), below)
    assert failed.screen.data(texts.labels.TRY_AGAIN) == again
    added = await stage.answer((await stage.tap(again, message_id=below)).job, OFFERS)
    assert await _cart(stage) == {"7": 1}
    buttons, said = added.screens
    assert (buttons.params["message_id"], buttons.labels[:2]) == (
        SCREEN,
        ["Оформить заказ", f"🛒 В корзине · 1{NB}поз."],
    )
    assert (said.params["message_id"], said.text) == (below, f"Теперь список в корзине: 1{NB}позиция.")
    late = await stage.tap(again, message_id=below)
    assert (late.toasts, late.jobs, late.screen.text) == ([texts.lists.all_added()], [], said.text)
    assert await _cart(stage) == {"7": 1}


async def test_what_did_not_fit_is_told_where_the_trouble_was(stage: Stage) -> None:
    await _keep(stage, QuotedItem(DRILL, Decimal(1)), QuotedItem(SAW, Decimal(2)))
    seen = await stage.answer(
        (await stage.tap(AddListAgain(list="l1", message=SCREEN), message_id=99)).job, {"9": SAW_OFFER}
    )
    assert [(one.params["message_id"], one.text[:13]) for one in seen.screens] == [(SCREEN, ""), (99, "Этого уже нет")]


async def test_an_answer_for_a_list_that_ended_adds_nothing(stage: Stage) -> None:
    await _keep(stage, QuotedItem(DRILL, Decimal(1)))
    job = (await stage.tap(AddList(list="l1"))).job
    stage.clock.advance(hours=24)
    assert (await stage.answer(job, OFFERS)).calls == []
    assert await _cart(stage) == {}


@pytest.mark.parametrize(
    "data",
    [
        AddList(list="l9"),
        AddListAgain(list="l9", message=7),
        FindLine(list="l9", line=0),
        FindLine(list="l1", line=5),
    ],
)
async def test_a_button_of_an_old_list_leads_to_a_fresh_screen(stage: Stage, data: Any) -> None:
    await _keep(stage, QuotedItem(DRILL, Decimal(1)), unclear=["бита"])
    seen = await stage.tap(data)
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.screen.text.startswith("Иван, что ищем?")


async def test_a_line_that_is_not_clear_is_searched_for_below(stage: Stage) -> None:
    await _keep(stage, unclear=["бита", "шурповерт"])
    seen = await stage.tap(FindLine(list="l1", line=1))
    assert (seen.toasts, seen.typing, seen.job.kind) == ([None], True, "find")
    assert (seen.job.payload["query"], seen.job.payload["message_id"]) == ("шурповерт", None)


async def test_two_products_of_an_article_are_shown_to_choose_from(stage: Stage) -> None:
    seen = await stage.answer(await _asked(stage, "DF333DWYE x 2"), [{"DF333DWYE": [DRILL, BIT]}])
    assert f"· DF333DWYE, 2{NB}шт. — 2{NB}товара: Шуруповёрт Makita DF333DWYE; Бита PH2 50 мм" in seen.screen.text
    assert seen.jobs == [], "there is nothing to quote"
    choice = [f"2{NB}шт. · {product.name}" for product in (DRILL, BIT)]
    ways = ["🔎 DF333DWYE", "📂 Каталог", "💬 Спросить менеджера", "🔎 Искать ещё"]
    assert seen.screen.labels == [*choice, *ways]


async def test_what_no_article_is_searched_by_name_before_it_is_missed(stage: Stage) -> None:
    again = await stage.answer(await _asked(stage, "DF333DWYE x 2\nбита x 1"), [{}, ProductPage((BIT,), 1)])
    assert again.job.kind == "find_list"
    commands = stage.kinds["find_list"].plan(again.job).commands.values()
    assert [command.params["filter"]["q"] for command in commands] == ["DF 333 DWYE", "DF3 WYE", "DF YE"]
    asked = await stage.answer(again.job, [ProductPage((DRILL,), 1)])
    quote = stage.kinds["quote_list"].plan(asked.job)
    assert set(next(iter(quote.commands.values())).params["cmd"]) == {"sku_7", "sku_8"}


async def test_a_list_of_which_only_unsold_goods_were_found(stage: Stage) -> None:
    found = await stage.answer(await _asked(stage), [{"DF333DWYE": [DRILL]}, NOTHING, NOTHING])
    seen = await stage.answer(found.job, {})
    assert "1. Шуруповёрт Makita DF333DWYE — сейчас не продаётся" in seen.screen.text
    assert "Итого" not in seen.screen.text
    assert "В корзину" not in str(seen.screen.labels)


async def test_a_quote_of_fifty_lines_names_what_it_left_out(stage: Stage) -> None:
    typed = "\n".join(f"AB{number:03}Z x 1000" for number in range(53))
    job = await _asked(stage, typed)
    found = {f"AB{number:03}Z": [Product(str(number), f"Шуруповёрт {number} " * 5)] for number in range(50)}
    seen = await stage.answer(job, [found])
    offers = {str(number): replace(BIT_OFFER, product_id=str(number)) for number in range(50)}
    text = (await stage.answer(seen.job, offers)).screen.text
    assert "нашли 50 из 50" in text
    shown = text.count(" × ")
    assert 25 < shown < 50
    assert f"…и ещё {50 - shown}{NB}" in text
    assert texts.lists.too_long(50, 3) in text
    assert texts.lists.capped(Decimal(999)) in text
    assert "Итого: <b>2\u00a0247\u00a0750\u00a0₽</b>" in text, "of all, also of what is not shown"


async def test_two_names_of_one_product_that_want_more_than_an_order_takes_are_capped_aloud(stage: Stage) -> None:
    job = await _asked(stage, "DF333DWYE x 600\nGA5030 x 600")
    found = await stage.answer(job, [{"DF333DWYE": [BIT], "GA5030": [BIT]}])
    shown = (await stage.answer(found.job, OFFERS)).screen
    assert texts.lists.capped(Decimal(999)) in shown.text


async def test_a_list_that_failed_says_so(stage: Stage) -> None:
    assert (await stage.refuse(await _asked(stage))).screen.text == texts.trouble.portal_silent()


async def test_in_a_talk_with_the_manager_a_list_is_a_message(stage: Stage) -> None:
    await stage.write("/support")
    assert (await stage.write(PASTED)).jobs == []
    await stage.tap(SearchMore())
    assert (await stage.write(PASTED)).job.kind == "find_list"


async def test_where_an_address_is_asked_for_a_list_is_an_address(stage: Stage) -> None:
    await stage.save(carts.key(USER), lambda unit: carts.save(unit, USER, CART))
    await stage.tap(StartCheckout())
    assert (await stage.write(PASTED)).jobs == []


@pytest.mark.parametrize("text", ["бита ph2", "шуруповёрт\nmakita", "DF333DWYE"])
async def test_what_only_resembles_a_list_is_searched_for(stage: Stage, text: str) -> None:
    assert (await stage.write(text)).job.kind == "find"


SHEET = {**FILE, "file_name": "Заказ.XLSX", "file_size": 9000}
WANTED = PastedList((WantedLine("DF333DWYE", Decimal(3)),), sheet="Заказ")


async def test_a_file_is_asked_of_telegram_and_goes_the_way_of_a_pasted_list(stage: Stage) -> None:
    seen = await stage.write(document=SHEET)
    assert seen.typing
    assert (seen.job.kind, seen.job.lane, seen.job.share) == ("read_list_file", Lane.FILE, "b.xlsx")
    asked = stage.kinds["read_list_file"].plan(seen.job)
    assert isinstance(asked, SentFile)
    assert (asked.file_id, asked.until) == ("B", stage.clock() + FETCHING)
    assert asked.read("DF333DWYE x 3\nHR2470 - 1 шт".encode()) == reading.read("DF333DWYE x 3\nHR2470 - 1 шт")
    found = await stage.answer(seen.job, WANTED)
    assert found.job.kind == "find_list"
    priced = await stage.answer(found.job, [{"DF333DWYE": [DRILL]}])
    shown = await stage.answer(priced.job, OFFERS)
    assert "Взяли лист «Заказ», остальные листы не смотрели." in shown.screen.text


async def test_what_is_written_under_a_file_is_quoted_too_if_it_is_a_list(stage: Stage) -> None:
    seen = await stage.write(document=SHEET, caption=PASTED)
    assert sorted(job.kind for job in seen.jobs) == ["find_list", "read_list_file"]
    seen = await stage.write(document=SHEET, caption="Это на завтра")
    assert seen.job.kind == "read_list_file"


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ({"file_size": MOST_BYTES + 1}, FileTrouble.TOO_LARGE),
        ({"file_name": "Счёт.pdf", "mime_type": "application/pdf"}, FileTrouble.OTHER),
    ],
)
async def test_a_file_that_cannot_be_a_list_is_not_asked_for(
    stage: Stage, document: dict[str, Any], why: FileTrouble
) -> None:
    seen = await stage.write(document=SHEET | document)
    assert (seen.jobs, seen.screen.text) == ([], texts.lists.unread_file(why))


async def test_a_picture_sent_as_a_file_is_no_list(stage: Stage) -> None:
    seen = await stage.write(document={**FILE, "file_name": "x.jpg", "mime_type": "image/jpeg"})
    assert seen.screen.text == texts.onboarding.not_text()


async def test_of_a_file_that_is_no_list_nothing_is_kept(stage: Stage) -> None:
    seen = await stage.write(document=SHEET)
    said = await stage.answer(seen.job, FileTrouble.MACRO)
    assert (said.jobs, said.screen.text) == ([], texts.lists.unread_file(FileTrouble.MACRO))
    assert {key.collection for key in stage.store._documents} == {JOBS.name, MASTERS.name}


@pytest.mark.parametrize(("code", "why"), [("FILE_GONE", FileTrouble.NOT_GIVEN), ("FILE_SLOW", FileTrouble.TOO_LONG)])
async def test_a_file_that_did_not_come_is_said(stage: Stage, code: str, why: FileTrouble) -> None:
    seen = await stage.write(document=SHEET)
    said = await stage.refuse(seen.job, Refusal(code))
    assert said.screen.text == texts.lists.unread_file(why)
    again = await stage.write(document=SHEET)
    assert (await stage.refuse(again.job, BUG)).screens[0].text == texts.trouble.portal_silent()
