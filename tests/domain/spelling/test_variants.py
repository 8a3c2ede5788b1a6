"""Which ways a query is tried in, and which answer is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling.variants import MOST, QueryVariant, best, last_ways, ranked, ways

DRIVER = Product("1", "Шуруповёрт Makita DF333DWYE", "DF333DWYE")
BATTERY = Product("2", "Аккумулятор для шуруповёрта Makita", "197393-5")
BRUSH = Product("3", "Щётки угольные Makita CB-325", "194074-2")


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("дрель", ["дрель"]),
        ("дрели", ["дрели", "дрел"]),
        ("шуруповерт макита", ["шуруповерт макита", "шуруповёрт Makita", "шуруповерт Makita"]),
        ("бита ph2 10 шт", ["бита ph2", "бит ph2", "бит рн2", "бит ph 2"]),
        ("197393-5", ["197393-5", "1973935", "197393 5"]),
        ("СВ-325", ["СВ-325", "CB-325", "CB325", "CB 325", "CD-325"]),
        ("ghbdtn", ["ghbdtn", "привет"]),
        ("вуцфде", ["вуцфде", "вуцфд", "DeWalt"]),
    ],
)
def test_what_is_asked_at_first(query: str, asked: list[str]) -> None:
    assert [way.query for way in ways(query)] == asked


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("шурик зубр", "шуруповёрт Зубр"),
        ("диск 125х1,6", "круг 125 1"),
        ("саморезы для дерева 50мм", "саморез дерев 50"),
    ],
)
def test_the_words_of_the_trade_are_asked_for_too(query: str, asked: str) -> None:
    assert asked in [way.query for way in ways(query) if not way.told]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("shurupoverty", ["шуруповёрты", "шуруповёрт"]),
        ("ghjdjlf", ["гхйдйлф", "провод"]),
        ("вера 1", ["vera 1"]),
        ("DF333DWYE", []),
    ],
)
def test_what_is_asked_when_nothing_was_found(query: str, asked: list[str]) -> None:
    assert [way.query for way in last_ways(query)] == asked


def test_only_guesses_are_told() -> None:
    assert [way.told for way in ways("ghbdtn")] == ["", "привет"]
    assert {way.told for way in last_ways("shurupoverty")} == {"шуруповёрты"}


@given(st.text(max_size=60).filter(str.strip))
def test_few_ways_and_each_another(query: str) -> None:
    asked = [way.query.casefold() for way in (*ways(query), *last_ways(query))]
    assert len(set(asked)) == len(asked)
    assert 0 < len(ways(query)) <= MOST
    assert len(last_ways(query)) <= MOST
    assert all(asked)


def _found(*products: Product, total: int | None = None) -> ProductPage:
    return ProductPage(products, len(products) if total is None else total)


def test_the_way_of_the_quiet_answers_is_the_fullest() -> None:
    typed, stem, guess = QueryVariant("дрели"), QueryVariant("дрел"), QueryVariant("lhtkb", told="lhtkb")
    answers = [(typed, _found(BRUSH)), (stem, _found(DRIVER, BRUSH)), (guess, _found(DRIVER, total=99))]
    assert best("дрели", answers) == (stem, _found(DRIVER, BRUSH))


def test_what_the_quiet_ways_find_is_one_list_in_the_order_of_likeness() -> None:
    typed, other = QueryVariant("щетки макита"), QueryVariant("щётк Makita")
    answers = [(typed, _found(DRIVER)), (other, _found(BRUSH))]
    assert best("щетки макита", answers) == (typed, _found(BRUSH, DRIVER)), "the way is the earlier of equals"


def test_a_list_of_several_pages_keeps_its_length() -> None:
    many = [Product(str(number), f"Щётки {number}") for number in range(10, 60)]
    hit = best(
        "щётки CB-325", [(QueryVariant("щётк"), _found(*many, total=120)), (QueryVariant("щётк CB-325"), _found(BRUSH))]
    )
    assert hit is not None
    assert (hit[1].products[0], len(hit[1].products), hit[1].total) == (BRUSH, 50, 120)


def test_a_guess_counts_when_nothing_else_was_found() -> None:
    guess = QueryVariant("привет", told="привет")
    assert best("ghbdtn", [(QueryVariant("ghbdtn"), _found()), (guess, _found(BRUSH))]) == (guess, _found(BRUSH))
    assert best("ghbdtn", [(QueryVariant("ghbdtn"), _found()), (guess, _found())]) is None


def test_parts_of_an_article_count_only_together() -> None:
    way = QueryVariant("197393 5", article="1973935")
    other = Product("4", "Саморез 5×197393", "5-197393")
    assert way.narrow(_found(other, BATTERY, total=2)) == _found(BATTERY)
    assert best("1973935", [(way, _found(other))]) is None


def test_an_article_typed_with_cyrillic_letters_is_found_by_its_name() -> None:
    way = next(way for way in ways("СВ 325") if way.article)
    assert way.narrow(_found(BRUSH)) == _found(BRUSH)


def test_whose_article_it_is_comes_first_then_whose_name_begins_so() -> None:
    named = Product("5", "Держатель 197393-5", "X1")
    assert ranked("шуруповерты", [BATTERY, DRIVER]) == [DRIVER, BATTERY]
    assert ranked("1973935", [named, DRIVER, BATTERY]) == [BATTERY, named, DRIVER]
    assert ranked("бита", [BATTERY, DRIVER]) == [BATTERY, DRIVER]
    assert ranked("№", [BATTERY, DRIVER]) == [BATTERY, DRIVER]
