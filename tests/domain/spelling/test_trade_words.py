"""The trade's words, and the order of what they find."""

from __future__ import annotations

import pytest

from shared.domain.catalogue import Product
from shared.domain.spelling import loose, ranking
from shared.domain.spelling.trade_words import TradeWords, is_line, package_words

WORDS = TradeWords().with_lines(["болгарка = ушм  # one thing", "турбинка, пила болгарка > ушм = болгарка"])


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("болгарки", (1, ("болгарка", "ушм"))),
        ("УШМ", (1, ("ушм", "болгарка"))),
        ("турбинку", (1, ("ушм", "болгарка"))),
        ("пила болгарка метабо", (2, ("ушм", "болгарка"))),
        ("пила", (0, ())),
    ],
)
def test_what_is_asked_for_a_phrase(said: str, asked: tuple[int, tuple[str, ...]]) -> None:
    length, meant = WORDS.at(said.split())
    assert (length, tuple(meant)) == asked


def test_a_shops_own_words_come_first() -> None:
    own = package_words().with_lines(["болгарка > шлифмашинка угловая"])
    assert own.at(["болгарка"])[1][0] == "шлифмашинка угловая"
    assert set(package_words().at(["болгарка"])[1]) < set(own.at(["болгарка"])[1])


@pytest.mark.parametrize(
    ("text", "right"), [("шурик > шуруповёрт", True), ("a = b", True), ("шурик", False), ("", False)]
)
def test_what_a_line_is(text: str, *, right: bool) -> None:
    assert is_line(text) is right


def test_every_line_of_the_package_is_one() -> None:
    assert package_words().at(["шурик"]) == (1, ("шуруповерт",))
    assert len(package_words().meanings) > 200


def test_a_long_query_is_bounded() -> None:
    assert len(loose.spellings("диск " * 40, package_words())) <= loose.MOST


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("бита 50", "Бита PH2 50 мм"),
        ("круг 125х1,0", "Круг отрезной 125×1,0×22 мм"),
        ("круг 125x1.6", "Круг отрезной 125×1,6×22 мм"),
        ("битум", "Мастика битумная 50 кг"),
        ("MB-50", "Мастика битумная 50 кг"),
    ],
)
def test_the_likeliest_comes_first(query: str, first: str) -> None:
    names = ["Мастика битумная 50 кг", "Круг отрезной 125×1,6×22 мм", "Круг отрезной 125×1,0×22 мм", "Бита PH2 50 мм"]
    goods = [Product(str(number), name, f"{'MB' if number == 0 else 'X'}-50") for number, name in enumerate(names)]
    assert ranking.ranked(query, goods, package_words())[0].name == first
