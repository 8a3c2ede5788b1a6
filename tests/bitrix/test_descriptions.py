"""Descriptions become plain text."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bitrix.descriptions import LONGEST, description


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>Дрель <b>ударная</b></p><p>650&nbsp;Вт</p>", "Дрель ударная\n650\u00a0Вт"),
        ("Мощность<br>650 Вт<br/>13 мм", "Мощность\n650 Вт\n13 мм"),
        ("<ul><li>кейс</li><li> </li>\n<li>патрон</li></ul>", "• кейс\n• патрон"),
        ("Цена &lt; 100 &amp; скидка", "Цена < 100 & скидка"),
        ("диаметр <10 мм", "диаметр <10 мм"),
        ("до<script>alert(1)</script><style>p {}</style> после", "до после"),
        ("<script>никогда не закрыт", ""),
        ("</script>дрель", "дрель"),
        ("  много \t пробелов\n  и строк ", "много пробелов и строк"),
        ("<img src=x onerror=alert(1)>", ""),
        (None, ""),
        ([], ""),
    ],
)
def test_html_is_read_as_a_person_would(html: Any, words: str) -> None:
    assert description({"previewText": html}) == words


def test_the_short_text_comes_first() -> None:
    row = {"PREVIEW_TEXT": "коротко", "DETAIL_TEXT": "длинно"}
    assert description(row) == "коротко"
    assert description({**row, "PREVIEW_TEXT": "<p> </p>"}) == "длинно"
    assert description({}) == ""


def test_plain_text_keeps_its_lines_and_its_brackets() -> None:
    row = {"previewText": "вал <b>\r\n\r\nдлина  5", "previewTextType": "text"}
    assert description(row) == "вал <b>\nдлина 5"


def test_a_long_text_is_cut_between_words() -> None:
    found = description({"previewText": "слово, " * 1000})
    assert found.endswith("слово…")
    assert LONGEST - 10 < len(found) <= LONGEST
    assert description({"previewText": "а" * 9000}) == "а" * (LONGEST - 1) + "…"
    assert len(description({"previewText": "а" * LONGEST})) == LONGEST


def test_a_huge_text_is_not_read_to_its_end() -> None:
    assert description({"previewText": "<p>" * 100_000 + "конец"}) == ""
