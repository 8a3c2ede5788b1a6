"""What searches leave behind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import searches
from shared.domain.catalogue import Product, ProductPage
from shared.domain.searches import QUERY_LIMIT, REMEMBERED, CachedPage, Search
from shared.domain.spelling.variants import QueryVariant
from shared.store.collections import SEARCH_CACHE
from tests.assistant.samples import BIT, DRILL, search
from tests.assistant.stage import Stage

FOUND = CachedPage(QueryVariant("бита", "бита"), ProductPage((DRILL, BIT), 23, 50))
NOTHING = CachedPage()


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("  бита \n\t PH2 ", "бита PH2"),
        ("Шуруповёрт", "Шуруповёрт"),
        ("\u00a0", ""),
        ("\u202eдрель\u202c \u200b", "дрель"),
        ("мастер 👨\u200d👩 ⚙\ufe0f", "мастер 👨\u200d👩 ⚙\ufe0f"),
        ("x" * 500, "x" * QUERY_LIMIT),
        ("x" * 199 + " yy", "x" * 199),
    ],
)
def test_a_query_without_what_does_not_matter(text: str, query: str) -> None:
    assert searches.normalise(text) == query


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = searches.normalise(text)
    assert searches.normalise(once) == once
    assert len(once) <= QUERY_LIMIT


async def _cache(stage: Stage, query: str, start: int, found: CachedPage) -> None:
    await stage.put(lambda unit: searches.cache(unit, query, start, found))


async def test_hints_serve_for_a_minute_and_no_longer(stage: Stage) -> None:
    await _cache(stage, "бита", 0, FOUND)
    stage.clock.advance(seconds=59.9)
    assert await searches.cached(stage.unit(), "бита", 0) == CachedPage(FOUND.way, ProductPage([DRILL, BIT], 23))
    stage.clock.advance(seconds=0.1)
    assert await searches.cached(stage.unit(), "бита", 0) is None


async def test_hints_are_of_one_query_and_one_part_of_its_list(stage: Stage) -> None:
    await _cache(stage, "Бита", 0, FOUND)
    assert await searches.cached(stage.unit(), "бИТА", 0) is not None
    assert await searches.cached(stage.unit(), "Бита", 50) is None
    assert await searches.cached(stage.unit(), "биты", 0) is None


async def test_newer_hints_replace_older_ones(stage: Stage) -> None:
    await _cache(stage, "бита", 0, FOUND)
    stage.clock.advance(seconds=30)
    await _cache(stage, "бита", 0, NOTHING)
    stage.clock.advance(seconds=45)
    assert await searches.cached(stage.unit(), "бита", 0) == CachedPage(None, ProductPage([], 0))


async def test_hints_hold_names_and_never_price_or_stock(stage: Stage) -> None:
    await _cache(stage, "бита", 0, FOUND)
    (record,) = [record for key, record in stage.store._documents.items() if key.collection == SEARCH_CACHE.name]
    assert record.data.keys() == {"products", "total", "way"}
    assert all(item.keys() == {"id", "name", "article", "picture", "on_order"} for item in record.data["products"])


@pytest.mark.parametrize(
    "url",
    [
        "https://p.bitrix24.ru/rest/1/abcdef123456/catalog.product.download?fields=1",
        "/rest/12/s3cr3tkey/download/?id=7",
        "https://p.bitrix24.ru/rest/catalog.product.download?auth=0123456789abcdef",
        "/rest/download?x=1&token=abcdef0123456789",
    ],
)
def test_a_picture_address_with_a_key_is_not_stored(url: str) -> None:
    found = searches.storable(CachedPage(FOUND.way, ProductPage([replace(DRILL, picture=url), BIT], 23)))
    assert found == CachedPage(FOUND.way, ProductPage([replace(DRILL, picture=None), BIT], 23))


def test_other_picture_addresses_are() -> None:
    assert searches.storable(FOUND).found.products == [DRILL, BIT]


@given(st.lists(st.lists(st.integers(0, 400), max_size=60), max_size=12))
def test_the_latest_products_are_remembered_and_not_more(pages: list[list[int]]) -> None:
    known = Search("s1", "бита")
    for page in pages:
        known = known.remember([Product(str(number), f"Товар {number}") for number in page])
        assert len(known.products) <= REMEMBERED
        assert {str(number) for number in page} <= known.products.keys()
        assert all(id_ == product.id for id_, product in known.products.items())


def test_a_product_met_again_is_known_by_its_newest_name() -> None:
    known = search(DRILL).remember([replace(DRILL, name="Новое имя")])
    assert known.products["7"].name == "Новое имя"


async def test_a_search_is_kept_for_a_day(stage: Stage) -> None:
    kept = search(DRILL, BIT, total=23)
    await stage.save(searches._search_key("s1"), kept.save)
    stage.clock.advance(hours=23, minutes=59)
    assert await searches.load_search(stage.unit(), "s1") == kept
    stage.clock.advance(minutes=1)
    assert await searches.load_search(stage.unit(), "s1") is None


def test_a_new_search_has_an_id_of_its_own_that_fits_into_a_button() -> None:
    first, second = searches.new_search("бита"), searches.new_search("бита")
    assert first.id != second.id
    assert len(first.id) == 10
