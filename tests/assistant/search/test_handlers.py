"""Texts are searches; buttons turn pages, open cards, change quantities."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.assistant import texts
from shared.assistant.navigation import Idle, SearchMore, ShowCard
from shared.assistant.search.buttons import AskQuantity, SetQuantity, ShowPage
from shared.domain import order_records, searches
from shared.domain.catalogue import Product, ProductPage
from shared.domain.searches import CachedPage
from shared.domain.spelling.variants import QueryVariant
from shared.pipeline.jobs import Lane
from tests.assistant.samples import BIT, BIT_OFFER, DRILL, DRILL_DETAILS, MASTER, OTHER, USER, known_order, search
from tests.assistant.stage import SCREEN, Stage

WAY = QueryVariant("бита")
HOME = "Иван, что ищем?"
PRODUCTS = [Product(str(number), f"Товар {number}") for number in range(1, 24)]


async def _remember(stage: Stage, *products: Product, total: int = 23) -> None:
    await stage.save(searches._search_key("s1"), search(*products, total=total).save)


async def test_a_text_is_a_search(stage: Stage) -> None:
    seen = await stage.write("  шуруповёрт \n makita ")
    assert seen.typing
    assert (seen.job.kind, seen.job.lane) == ("find", Lane.READ)
    payload = dict(seen.job.payload)
    assert len(payload.pop("search")) == 10
    assert payload.pop("ways")[0] == {"query": "шуруповёрт makita", "told": "", "article": ""}
    assert (payload.pop("last"), payload.pop("section")) == (False, "")
    assert payload == {"chat_id": USER, "message_id": None, "query": "шуруповёрт makita", "page": 0, "start": 0}
    assert seen.due == {seen.job.id: stage.clock()}, "the master waits: at once"


@pytest.mark.parametrize("text", ["x", " \u00a0 ", "7", "🔧🔧🔧", "%_%", "\u200b\u200b\u200b"])
async def test_a_query_that_is_too_short_costs_nothing(stage: Stage, text: str) -> None:
    seen = await stage.write(text)
    assert seen.screen.text == texts.search.too_short()
    assert seen.jobs == []


async def test_with_hints_of_the_last_minute_only_the_prices_are_asked(stage: Stage) -> None:
    await stage.put(lambda unit: searches.cache(unit, "бита", 0, CachedPage(WAY, ProductPage(PRODUCTS, 23))))
    seen = await stage.write("Бита")
    assert seen.job.kind == "page_offers"
    assert [item["id"] for item in seen.job.payload["products"]] == ["1", "2", "3", "4", "5"]
    kept = await searches.load_search(stage.unit(), seen.job.payload["search"])
    assert kept is not None
    assert (kept.query, kept.total, list(kept.products)) == ("Бита", 23, ["1", "2", "3", "4", "5"])


async def test_hints_that_nothing_was_found_answer_at_once(stage: Stage) -> None:
    await stage.put(lambda unit: searches.cache(unit, "бита", 0, CachedPage()))
    seen = await stage.write("бита")
    assert "ничего нет" in seen.screen.text
    assert seen.jobs == []


async def test_a_page_turns_in_the_same_message(stage: Stage) -> None:
    await _remember(stage, DRILL)
    seen = await stage.tap(ShowPage(search="s1", page=2))
    assert seen.toasts == [None]
    assert seen.job.kind == "find"
    assert seen.job.payload == {
        "chat_id": USER,
        "message_id": SCREEN,
        "search": "s1",
        "query": "шуруповёрт",
        "page": 2,
        "start": 0,
        "ways": [{"query": "шуруповёрт", "told": "", "article": ""}],
        "last": True,
        "section": "",
    }


@pytest.mark.parametrize(("page", "shown"), [(99, 4), (-7, 0), (4, 4)])
async def test_a_page_that_is_not_there_is_the_nearest(stage: Stage, page: int, shown: int) -> None:
    await _remember(stage, DRILL)
    assert (await stage.tap(ShowPage(search="s1", page=page))).job.payload["page"] == shown


@pytest.mark.parametrize(("page", "start"), [(9, 0), (10, 50), (19, 50), (20, 100)])
async def test_far_pages_are_in_another_part_of_the_portals_list(stage: Stage, page: int, start: int) -> None:
    await _remember(stage, DRILL, total=500)
    assert (await stage.tap(ShowPage(search="s1", page=page))).job.payload["start"] == start


async def test_a_page_with_hints_shows_the_right_five(stage: Stage) -> None:
    await _remember(stage, *PRODUCTS[:5])
    await stage.put(lambda unit: searches.cache(unit, "шуруповёрт", 0, CachedPage(WAY, ProductPage(PRODUCTS, 23))))
    seen = await stage.tap(ShowPage(search="s1", page=4))
    assert [item["id"] for item in seen.job.payload["products"]] == ["21", "22", "23"]
    kept = await searches.load_search(stage.unit(), "s1")
    assert kept is not None
    assert list(kept.products) == ["1", "2", "3", "4", "5", "21", "22", "23"], "the first page's buttons still work"


async def test_a_card_opens_below_the_list(stage: Stage) -> None:
    await _remember(stage, DRILL, BIT)
    seen = await stage.tap(ShowCard(search="s1", product="7"))
    assert (seen.toasts, seen.typing) == ([None], True)
    assert seen.job.kind == "card"
    assert seen.job.payload["message_id"] is None
    assert (seen.job.payload["search"], seen.job.payload["product"]) == ("s1", "7")


async def test_a_search_that_is_too_old_leads_to_a_fresh_screen(stage: Stage) -> None:
    await _remember(stage, DRILL)
    stage.clock.advance(hours=24)
    seen = await stage.tap(ShowPage(search="s1", page=1))
    assert seen.toasts == [texts.trouble.stale_button()]
    assert seen.screen.text.startswith(HOME)
    assert seen.jobs == []


async def test_a_card_of_an_old_list_opens_all_the_same(stage: Stage) -> None:
    seen = await stage.tap(ShowCard(search="s1", product="7"))
    shown = await stage.answer(seen.job, [DRILL_DETAILS, {"7": BIT_OFFER}])
    assert shown.job.kind == "card_picture"
    kept = await searches.load_search(stage.unit(), "s1")
    assert kept is not None
    assert kept.products == {"7": DRILL}, "the card's buttons know the product"
    turned = await stage.tap(ShowPage(search="s1", page=1))
    assert turned.toasts == [texts.trouble.stale_button()], "but the list's query is gone"


@pytest.mark.parametrize(
    ("count", "less", "shown", "more"), [(1, 1, 1, 2), (5, 4, 5, 6), (99, 98, 99, 99), (0, 1, 1, 2), (500, 98, 99, 99)]
)
async def test_quantities_change_on_the_buttons_only(
    stage: Stage, count: int, less: int, shown: int, more: int
) -> None:
    await _remember(stage, DRILL)
    data = SetQuantity(search="s1", product="7", quantity=Decimal(count), price=Decimal(7990), currency="RUB")
    seen = await stage.tap(data)
    assert seen.screen.method == "editMessageReplyMarkup"
    assert seen.screen.params["message_id"] == SCREEN
    minus, pieces, plus, add, at_once, _ = seen.screen.buttons
    assert minus["callback_data"] == f"q1:s1:7:{less}:7990:RUB"
    assert pieces["text"] == f"{shown}\u00a0шт."
    assert plus["callback_data"] == f"q1:s1:7:{more}:7990:RUB"
    assert pieces["callback_data"] == f"q2:s1:7:{shown}:7990:RUB"
    assert add["callback_data"] == f"a1:s1:7:{shown}:7990:RUB"
    assert at_once["callback_data"] == f"j1:s1:7:{shown}:7990:RUB"
    assert seen.jobs == []


async def test_a_number_counts_as_the_quantity_for_a_while_only(stage: Stage) -> None:
    await _remember(stage, DRILL)
    asking = AskQuantity(search="s1", product="7", quantity=Decimal(1), price=Decimal(7990), currency="RUB")
    seen = await stage.tap(asking)
    offered = [f"{count}\u00a0шт." for count in (5, 10, 20, 50)]
    assert seen.screen.labels[:5] == [*offered, "‹ Назад"]
    assert "37\u00a0шт. × 7\u00a0990\u00a0₽" in (await stage.write("37 шт")).screen.text
    await stage.tap(asking)
    assert (await stage.write("5121")).job.kind == "find", "more than a card lets choose"
    stage.clock.advance(minutes=11)
    assert (await stage.write("37")).job.kind == "find"


async def test_what_hangs_on_no_quantity_stays_below(stage: Stage) -> None:
    await _remember(stage, DRILL)
    wanted = SetQuantity(search="s1", product="7", quantity=Decimal(2), price=Decimal(7990), currency="RUB")
    rows = [["1", "x1"], ["2", "x1"], ["🖼 Ещё фото · 2", "v1:7"], ["🛒 Корзина", "b1:1"]]
    shown = {"inline_keyboard": [[{"text": text, "callback_data": data}] for text, data in rows]}
    chat = {"id": USER, "type": "private"}
    message = {"message_id": SCREEN, "date": 1, "chat": chat, "text": "Карточка", "reply_markup": shown}
    seen = await stage.tap(wanted, message=message)
    assert seen.screen.labels[-2:] == ["🖼 Ещё фото · 2", "🛒 Корзина"]
    old = await stage.tap(wanted, message={"message_id": SCREEN, "date": 0, "chat": chat})
    assert old.screen.labels[-1] == "🛒 Корзина"


async def test_search_more_asks_for_a_text(stage: Stage) -> None:
    assert (await stage.tap(SearchMore())).screen.text == texts.search.search_again()


async def test_a_button_that_only_says_something_says_nothing_more(stage: Stage) -> None:
    seen = await stage.tap(Idle())
    assert (seen.toasts, seen.screens, seen.jobs) == ([None], [], [])


async def test_search_more_ends_a_talk_with_the_manager(stage: Stage) -> None:
    await stage.write("/support")
    await stage.tap(SearchMore())
    assert (await stage.write("дрель")).job.kind == "find"


async def test_the_number_of_an_order_opens_it_and_can_be_searched_for(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, replace(known_order(), account_number="88")))
    seen = await stage.write("88")
    assert (seen.job.kind, seen.job.payload["order"]) == ("show_order", "5121")
    assert (seen.screen.text, seen.screen.labels) == (texts.search.order_not_article(), ["🔎 88"])
    searched = (await stage.tap(seen.screen.data("🔎 88"))).job
    assert (searched.kind, searched.payload["query"]) == ("find", "88")


@pytest.mark.parametrize("text", ["Привет!", "Добрый день", "здравствуйте, коллеги", "доброго времени суток"])
async def test_a_greeting_is_no_query(stage: Stage, text: str) -> None:
    seen = await stage.write(text)
    assert (seen.screen.text, seen.jobs) == (texts.onboarding.welcome_back(MASTER.name), [])


@pytest.mark.parametrize("text", ["привет дрель", "hi-end", "день"])
async def test_what_only_begins_like_a_greeting_is_searched_for(stage: Stage, text: str) -> None:
    assert (await stage.write(text)).job.kind == "find"


@pytest.mark.parametrize("text", ["где заказ 88?", "заказ № 5121", "где мой заказ?", "отменить заказ 88"])
async def test_an_order_is_asked_for_in_words(stage: Stage, text: str) -> None:
    await stage.put(lambda unit: order_records.remember(unit, replace(known_order(), account_number="88")))
    seen = await stage.write(text)
    assert (seen.job.kind, seen.job.payload["order"]) == ("show_order", "5121")
    assert seen.screens == []


async def test_digits_that_are_no_order_of_his_are_a_search(stage: Stage) -> None:
    await stage.put(lambda unit: order_records.remember(unit, known_order(user_id=OTHER)))
    seen = await stage.write("5121")
    assert (seen.job.kind, seen.job.payload["query"]) == ("find", "5121")
    told = await stage.write("где заказ 5121?")
    assert (told.screen.text, told.jobs) == (texts.orders.no_orders(), [])
