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
        ("бита ph2 10 шт", ["бита ph2"]),
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


def test_the_fullest_of_the_quiet_answers_is_taken() -> None:
    typed, stem, guess = QueryVariant("дрели"), QueryVariant("дрел"), QueryVariant("lhtkb", told="lhtkb")
    answers = [(typed, _found(BRUSH)), (stem, _found(DRIVER, BRUSH)), (guess, _found(DRIVER, total=99))]
    assert best(answers) == (stem, _found(DRIVER, BRUSH))
    assert best([(typed, _found(BRUSH)), (stem, _found(DRIVER))]) == (typed, _found(BRUSH)), "the earlier of equals"


def test_a_guess_counts_when_nothing_else_was_found() -> None:
    guess = QueryVariant("привет", told="привет")
    assert best([(QueryVariant("ghbdtn"), _found()), (guess, _found(BRUSH))]) == (guess, _found(BRUSH))
    assert best([(QueryVariant("ghbdtn"), _found()), (guess, _found())]) is None


def test_parts_of_an_article_count_only_together() -> None:
    way = QueryVariant("197393 5", article="1973935")
    other = Product("4", "Саморез 5×197393", "5-197393")
    assert way.narrow(_found(other, BATTERY, total=2)) == _found(BATTERY)
    assert best([(way, _found(other))]) is None


def test_an_article_typed_with_cyrillic_letters_is_found_by_its_name() -> None:
    way = next(way for way in ways("СВ 325") if way.article)
    assert way.narrow(_found(BRUSH)) == _found(BRUSH)


def test_whose_article_it_is_comes_first_then_whose_name_begins_so() -> None:
    named = Product("5", "Держатель 197393-5", "X1")
    assert ranked("шуруповерты", [BATTERY, DRIVER]) == [DRIVER, BATTERY]
    assert ranked("1973935", [named, DRIVER, BATTERY]) == [BATTERY, named, DRIVER]
    assert ranked("бита", [BATTERY, DRIVER]) == [BATTERY, DRIVER]
    assert ranked("№", [BATTERY, DRIVER]) == [BATTERY, DRIVER]
