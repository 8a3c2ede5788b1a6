"""What an unknown word may mean: the nearest word of names that hold a piece of it."""

from __future__ import annotations

import pytest

from shared.domain.spelling import meanings
from shared.domain.spelling.trade_words import is_line, package_words

NAMES = ["Генератор бензиновый 2,2 кВт Зубр", "Гайковёрт ударный Makita", "Круг лепестковый КЛТ 125 мм"]


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("хренатор", "хренатор > генератор"),
        ("хренатор зубр", "хренатор > генератор"),
        ("Лепестковуха 125", "лепестковуха > лепестковый"),
        ("гайковёртище", "гайковёртище > гайковёрт"),
        ("зюмбель", ""),
        ("шуруповёрт", ""),
        ("квач", ""),
        ("хренатор зюмбель", ""),
        ("DF333DWYE", ""),
        ("", ""),
    ],
)
def test_the_nearest_word_of_the_names_is_the_guess(query: str, line: str) -> None:
    assert meanings.likely(query, NAMES, package_words()) == line
    assert not line or is_line(line)


def test_without_names_nothing_is_guessed() -> None:
    assert meanings.likely("хренатор", [], package_words()) == ""


def test_a_few_pieces_of_the_unknown_word_are_asked_for() -> None:
    assert meanings.questions("хренатор зубр", package_words()) == ["хрен", "атор"]
    assert meanings.questions("шуруповёрт зубр", package_words()) == []
