"""From a query to names: in which spellings the portal is asked, and what is guessed when nothing was found."""

from __future__ import annotations

import pytest

from shared.assistant import texts
from shared.bitrix.errors import PortalFailed
from shared.domain import searches
from shared.domain.catalogue import Product, ProductPage
from shared.pipeline.jobs import Job, Lane
from shared.store.collections import SEARCH_CACHE
from tests.assistant.samples import BIT, DRILL, OFFERS, USER, search
from tests.assistant.stage import SCREEN, Seen, Stage

PRODUCTS = [Product(str(number), f"Товар {number}") for number in range(1, 51)]
NOTHING = ProductPage((), 0)


def asked(stage: Stage, job: Job) -> list[str]:
    """Return the queries of the job's commands."""
    return [command.params["filter"]["q"] for command in stage.kinds[job.kind].plan(job).commands.values()]


async def answers(stage: Stage, job: Job, **found: ProductPage) -> Seen:
    """Answer every query of the job: with what is given for it, else with nothing."""
    return await stage.answer(job, [found.get(query, NOTHING) for query in asked(stage, job)])


async def _find(stage: Stage, found: ProductPage, query: str = "шуруповёрт") -> Seen:
    job = (await stage.write(query)).job
    return await stage.answer(job, [found, *[NOTHING] * (len(job.payload["ways"]) - 1)])


async def test_the_portal_is_asked_in_all_likely_spellings_at_once(stage: Stage) -> None:
    job = (await stage.write("шуруповерт макита")).job
    operation = stage.kinds["find"].plan(job)
    assert {command.method for command in operation.commands.values()} == {"catalog.product.list"}
    assert asked(stage, job) == ["шуруповерт макита", "шуруповёрт Makita", "шуруповерт Makita"]
    assert operation.weight == 3


async def test_names_are_followed_by_the_question_for_prices(stage: Stage) -> None:
    seen = await _find(stage, ProductPage(PRODUCTS, 50))
    assert seen.calls == []
    assert (seen.job.kind, seen.job.lane) == ("page_offers", Lane.READ)


async def test_the_list_says_what_was_typed_when_another_spelling_found_it(stage: Stage) -> None:
    job = (await stage.write("шуруповерт макита")).job
    seen = await answers(stage, job, **{"шуруповёрт Makita": ProductPage([DRILL], 1)})
    shown = await stage.answer(seen.job, OFFERS)
    assert shown.screen.text.startswith("🔎 «шуруповерт макита» — 1\u00a0товар\n")


async def test_a_guess_is_told(stage: Stage) -> None:
    job = (await stage.write(",bnf")).job
    seen = await answers(stage, job, бита=ProductPage([BIT], 1))
    shown = await stage.answer(seen.job, OFFERS)
    assert shown.screen.text.startswith(texts.search.found_instead(",bnf", "бита", 1))
    again = await stage.answer((await stage.write(",bnf")).job, OFFERS)
    assert again.screen.text == shown.screen.text, "the hints know the guess"


async def test_an_error_of_another_spelling_hurts_nobody(stage: Stage) -> None:
    job = (await stage.write("дрели")).job
    seen = await stage.answer(job, [ProductPage([DRILL], 1), PortalFailed("HTTP 500")])
    assert seen.job.kind == "page_offers"


async def test_names_are_remembered_for_a_minute(stage: Stage) -> None:
    await _find(stage, ProductPage(PRODUCTS, 50))
    assert (await stage.write("ШУРУПОВЁРТ")).job.kind == "page_offers"
    stage.clock.advance(seconds=60)
    assert (await stage.write("шуруповёрт")).job.kind == "find"


@pytest.mark.parametrize("typed", ["DF333DWYE", "df-333 dwye"])
async def test_the_only_product_with_the_article_opens_at_once(stage: Stage, typed: str) -> None:
    seen = await _find(stage, ProductPage([DRILL], 1), typed)
    assert (seen.job.kind, seen.job.payload["product"]) == ("card", DRILL.id)
    assert await searches.load_search(stage.unit(), seen.job.payload["search"]) is not None


async def test_one_of_several_with_the_article_comes_first(stage: Stage) -> None:
    seen = await _find(stage, ProductPage([BIT, DRILL], 2), "DF333DWYE")
    assert [item["id"] for item in seen.job.payload["products"]] == ["7", "8"]


# When nothing was found.


async def _guess(stage: Stage, query: str) -> Job:
    job = (await stage.write(query)).job
    seen = await answers(stage, job)
    assert (seen.calls, seen.job.kind) == ([], "guess")
    return seen.job


async def test_a_mistyped_word_is_asked_for_in_pieces(stage: Stage) -> None:
    job = await _guess(stage, "чурбапак")
    assert asked(stage, job) == ["churbapak", "чурб", "апак"]


async def test_a_word_of_the_trade_is_mended_without_names(stage: Stage) -> None:
    job = await _guess(stage, "шурповерт")
    assert asked(stage, job)[0] == "шуруповёрт"
    seen = await answers(stage, job, шуруповёрт=ProductPage([DRILL], 1))
    shown = await stage.answer(seen.job, OFFERS)
    assert shown.screen.text.startswith(texts.search.found_instead("шурповерт", "шуруповёрт", 1))


async def test_the_nearest_word_is_shown_without_another_question(stage: Stage) -> None:
    job = await _guess(stage, "шурповерт")
    seen = await answers(stage, job, шур=ProductPage([DRILL], 1))
    shown = await stage.answer(seen.job, OFFERS)
    assert shown.screen.text.startswith(texts.search.found_instead("шурповерт", "шуруповёрт", 1))


async def test_names_cost_two_requests_even_where_a_piece_is_in_more_than_a_page(stage: Stage) -> None:
    job = await _guess(stage, "шурповерт")
    seen = await answers(stage, job, шур=ProductPage([DRILL], 70))
    assert seen.job.kind == "page_offers"


async def test_a_query_is_asked_without_one_of_its_words_too(stage: Stage) -> None:
    job = await _guess(stage, "шланг рессора")
    seen = await answers(stage, job, рессор=ProductPage([BIT], 1))
    shown = await stage.answer(seen.job, OFFERS)
    assert shown.screen.text.startswith(texts.search.found_instead("шланг рессора", "рессора", 1))


async def test_another_alphabet_is_tried_too(stage: Stage) -> None:
    job = await _guess(stage, "drel")
    seen = await answers(stage, job, дрел=ProductPage([DRILL], 1))
    shown = await stage.answer(seen.job, OFFERS)
    assert shown.screen.text.startswith(texts.search.found_instead("drel", "дрел", 1))


async def test_nothing_found(stage: Stage) -> None:
    seen = await answers(stage, await _guess(stage, "абракадабра"))
    assert seen.screen.text == texts.search.nothing_found("абракадабра")
    assert seen.jobs == []
    again = await stage.write("абракадабра")
    assert (again.jobs, again.screen.text) == ([], seen.screen.text), "for a minute"


async def test_words_that_are_there_but_never_together(stage: Stage) -> None:
    job = await _guess(stage, "бита дрель абвгд")
    seen = await answers(stage, job, бит=ProductPage([BIT], 1), дре=ProductPage([Product("3", "Дрель")], 1))
    assert seen.screen.text == texts.search.nothing_found("бита дрель абвгд")


async def test_an_article_is_the_last_word_to_be_left_out(stage: Stage) -> None:
    job = await _guess(stage, "нужно 5 шуруповертов DF333DWYE")
    others = {"5 шуруповёрт": ProductPage(PRODUCTS[:4], 4), "шуруповёрт DF333DWYE": ProductPage([DRILL], 1)}
    shown = await stage.answer((await answers(stage, job, **others)).job, OFFERS)
    assert shown.screen.text.startswith(
        texts.search.found_instead("нужно 5 шуруповертов DF333DWYE", "шуруповертов DF333DWYE", 1)
    )


async def test_what_cannot_be_guessed_at_costs_no_question(stage: Stage) -> None:
    seen = await answers(stage, (await stage.write("xx")).job)
    assert seen.screen.text == texts.search.nothing_found("xx")
    assert seen.jobs == []


# Pages.


async def test_another_page_is_shown_in_place(stage: Stage) -> None:
    listed = await stage.answer((await _find(stage, ProductPage(PRODUCTS, 120))).job, {})
    turned = await stage.tap(listed.screen.data("›"))
    seen = await stage.answer(turned.job, {})
    assert (seen.screen.method, seen.screen.params["message_id"]) == ("editMessageText", SCREEN)
    assert "6. Товар 6" in seen.screen.text
    assert "2 из 24" in seen.screen.labels


async def test_a_page_beyond_the_hints_is_found_and_its_search_kept(stage: Stage) -> None:
    listed = await stage.answer((await _find(stage, ProductPage(PRODUCTS, 120))).job, {})
    turned = await stage.tap(listed.screen.data("‹"))
    assert (turned.job.kind, turned.job.payload["page"], turned.job.payload["start"]) == ("find", 23, 100)
    last = [Product(str(number), f"Товар {number}") for number in range(101, 121)]
    shown = await stage.answer((await stage.answer(turned.job, [ProductPage(last, 120)])).job, {})
    assert "116. Товар 116" in shown.screen.text
    search_id = shown.screen.data("116").split(":")[1]
    kept = await searches.load_search(stage.unit(), search_id)
    assert kept is not None
    assert {"1", "5", "116", "120"} <= kept.products.keys()


async def test_a_search_that_ended_meanwhile_is_begun_anew(stage: Stage) -> None:
    await stage.save(searches._search_key("s1"), search(DRILL, total=23).save)
    job = (await stage.tap("p1:s1:0")).job
    stage.clock.advance(hours=24)
    seen = await stage.answer(job, [ProductPage([BIT], 1)])
    assert seen.job.payload["search"] == "s1"
    assert await searches.load_search(stage.unit(), "s1") == search(BIT, total=1).of(USER)


async def test_a_list_that_became_shorter(stage: Stage) -> None:
    await stage.save(searches._search_key("s1"), search(DRILL, total=23).save)
    seen = await stage.answer((await stage.tap("p1:s1:4")).job, [ProductPage([BIT], 1)])
    assert seen.screen.text == texts.search.nothing_found("шуруповёрт")


@pytest.mark.parametrize("query", ["шуруповёрт", "шурповерт"])
async def test_a_search_that_failed_says_so(stage: Stage, query: str) -> None:
    seen = await stage.refuse((await stage.write(query)).job)
    assert seen.screen.text == texts.trouble.portal_silent()
    assert seen.screen.buttons
    assert not [key for key in stage.store._documents if key.collection == SEARCH_CACHE.name]
