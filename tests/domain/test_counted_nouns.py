from decimal import Decimal

import pytest

from shared.domain.pasted_lists.counted_nouns import read_line
from shared.domain.pasted_lists.reading import read


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2 шуруповёрта и 3 круга отрезных 125", {"шуруповёрта": 2, "круга отрезных 125": 3}),
        ("нужны 2 болгарки и 10 дисков по металлу", {"болгарки": 2, "дисков по металлу": 10}),
        ("дайте 5 кругов 125 плюс 2 дрели и 22 сверла 6", {"кругов 125": 5, "дрели": 2, "сверла 6": 22}),
        (
            "3 шуруповёрта\n2 болгарки\n5 отрезных кругов 125",
            {"шуруповёрта": 3, "болгарки": 2, "отрезных кругов 125": 5},
        ),
        ("3 перфоратора\n1 болгарка\n12 бит PH2", {"перфоратора": 3, "болгарка": 1, "бит PH2": 12}),
        ("2 шуруповёрта\nDF333DWYE 3 шт", {"шуруповёрта": 2, "DF333DWYE": 3}),
    ],
)
def test_a_count_before_a_noun_is_read(text: str, wanted: dict[str, int]):
    pasted = read(text)
    assert pasted is not None
    assert {line.text: line.quantity for line in pasted.lines} == wanted
    assert not any(line.options for line in pasted.lines)


@pytest.mark.parametrize(
    "text",
    [
        "6 бур\n8 бур",
        "10 диск, 12 диск",
        "12 вольт\n18 вольт",
        "сверло 5 и 6 мм",
        "5 кругов 125",
        "125 круг отрезной\n230 круг отрезной",
        "3 фазный двигатель\n4 полюсный автомат",
        "14 шурупа\n15 дюбеля",
        "3 фазы автомат\n3 жилы кабель",
        "10 метров шланга\n2 метра кабеля",
        "6 граней бита\n3 тонны домкрат",
    ],
)
def test_a_size_before_a_noun_is_no_count(text: str):
    assert read(text) is None


def test_what_may_be_either_is_asked():
    assert read_line("4 шайба").options == (Decimal(1), Decimal(4))


def test_counts_that_run_like_rows_are_asked():
    pasted = read("1 шуруповёрт\n2 болгарки")
    assert pasted is not None
    assert [line.options for line in pasted.lines] == [(), (Decimal(1), Decimal(2))]
