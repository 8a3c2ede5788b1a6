"""Mistyped words, against the names that hold pieces of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.portal.catalogue import build_catalogue
from shared.domain.catalogue import Product, ProductPage
from shared.domain.spelling.typos import MOST_WORDS, corrected, known_answer, pieces
from shared.domain.spelling.variants import QueryVariant

CATALOGUE = build_catalogue()
DRIVER = Product("1", "Шуруповёрт Makita DF333DWYE", "DF333DWYE")
BATTERY = Product("2", "Аккумулятор для шуруповёрта Makita", "197393-5")
DRILL = Product("3", "Дрель ударная Bosch", "GSB")


def shop(query: str) -> ProductPage:
    """Answer as the simulated shop does."""
    found = [Product(item.id, item.name, item.article) for item in CATALOGUE.search(query)]
    return ProductPage(found[:50], len(found))


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("шурповерт", ["шур", "пов", "ерт"]),
        ("перчтки", ["пер", "чтк"]),
        ("дрелль", ["дре", "лль"]),
        ("пилла", ["пил", "илл"]),
        ("бита ph2", ["бит", "ита"]),
        ("Тверь, ул. Советская, 10", ["Сов", "етск", "Тве", "ерь"]),
        ("DF-333 DWE", ["DF33", "3DWE"]),
        ("болгаркa", ["бол", "гарк"]),
        ("макитта", ["Mak", "ita"]),
        ("ph2 18", ["ph2", "218"]),
        ("№№", []),
    ],
)
def test_pieces_of_the_longer_words(query: str, asked: list[str]) -> None:
    assert pieces(query) == asked


@given(st.text(max_size=80))
def test_few_pieces_and_none_too_short(query: str) -> None:
    asked = pieces(query)
    assert len(asked) <= 3 * MOST_WORDS
    assert all(len(piece) >= 3 for piece in asked)


@given(st.sampled_from(["шуруповёрт", "перфоратор", "болгарка", "рубанок", "лобзики"]), st.data())
def test_one_slip_leaves_a_piece_whole(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from(["", "щ", word[place] * 2]))
    mistyped = word[:place] + letter + word[place + 1 :]
    assert any(piece in word for piece in pieces(mistyped))


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("шурповерт", "шуруповёрт"),
        ("шуруповрет", "шуруповёрт"),
        ("перфаратор", "перфоратор"),
        ("перфоратр макита", "перфоратор Makita"),
        ("шуропаверт макитта", "шуруповёрт Makita"),
        ("болгарака бош", "болгарка Bosch"),
        ("круг атрезной 125", "круг отрезной 125"),
        ("DF333DWE", "DF333DWYE"),
        ("герметк", "герметик"),
        ("пилла", "пила"),
        ("абракадабра дрель", "дрель"),
        ("абракадабра", None),
        ("Тверь, ул. Советская, 10", None),
        ("ыпрст", None),
        ("шуруповёрт", None),
    ],
)
def test_what_was_meant_in_the_simulated_shop(query: str, meant: str | None) -> None:
    answers = {piece: shop(piece) for piece in pieces(query)}
    way = corrected(query, answers)
    assert (way and way.told) == meant
    if way is not None:
        known = known_answer(way, answers)
        assert known is not None
        assert known.total == shop(way.query).total > 0


def test_the_frequent_word_is_shown_in_its_own_form() -> None:
    answers = {"шур": ProductPage((BATTERY, DRIVER, DRIVER), 3)}
    assert corrected("шурповерты", answers) == QueryVariant("шуруповёрт", told="шуруповёрт")


def test_a_beginning_is_enough() -> None:
    answers = {"дре": ProductPage((DRILL,), 1)}
    assert corrected("удар дреь", answers) == QueryVariant("удар дрель", told="удар дрель")


def test_an_answer_of_several_pages_is_not_all_there_is() -> None:
    way = QueryVariant("шуруповёрт", told="шуруповёрт")
    assert known_answer(way, {"шур": ProductPage((DRIVER,), 60)}) is None
    assert known_answer(way, {"дре": ProductPage((DRILL,), 1)}) is None, "not a piece of it"
    assert known_answer(way, {"ерт": ProductPage((), 0)}) is None, "dots may be the reason"
    assert known_answer(way, {"шур": ProductPage((BATTERY, DRIVER), 2)}) == ProductPage((DRIVER, BATTERY), 2)
