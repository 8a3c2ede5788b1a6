"""Which texts are lists, and what they want."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.pasted_lists.reading import MOST_LINES, PastedList, WantedLine, read
from shared.domain.quantities import MOST
from shared.domain.spelling import articles


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("DF333DWYE x 3\nбита ph2 — 10 шт\nнет-такого × 2", [("DF333DWYE", 3), ("бита ph2", 10), ("нет-такого", 2)]),
        ("DF333DWYE x 3", [("DF333DWYE", 3)]),
        ("DF333DWYE х3", [("DF333DWYE", 3)]),
        ("DF333DWYE * 3", [("DF333DWYE", 3)]),
        ("DF333DWYE - 3", [("DF333DWYE", 3)]),
        ("DF 333 DWYE 3 шт.", [("DF 333 DWYE", 3)]),
        ("3 шт DF333DWYE", [("DF333DWYE", 3)]),
        ("DF333DWYE\t3", [("DF333DWYE", 3)]),
        ("DF333DWYE;3 шт", [("DF333DWYE", 3)]),
        ("DF333DWYE\nGSR120LI", [("DF333DWYE", 1), ("GSR120LI", 1)]),
        ("1. DF333DWYE — 3 шт.\n2) перчатки 10 пар", [("DF333DWYE", 3), ("перчатки", 10)]),
        ("- DF333DWYE 2\n• 197393-5, 4", [("DF333DWYE", 2), ("197393-5", 4)]),
        ("06019G8000,2\nDF333DWYE:4", [("06019G8000", 2), ("DF333DWYE", 4)]),
        ("бита ph2 = 4\nсверло 6 мм - 10", [("бита ph2", 4), ("сверло 6 мм", 10)]),
        ("2 x перчатки\n3 шт — WB-PH2-50", [("перчатки", 2), ("WB-PH2-50", 3)]),
        ("дрель - 2 шт\nпила", [("дрель", 2), ("пила", 1)]),
        ("Бита PH2 25 мм, 10 шт. — 2\nпила х 1", [("Бита PH2 25 мм, 10 шт.", 2), ("пила", 1)]),
        ("Артикул\tКол-во\nDF333DWYE\t3", [("DF333DWYE", 3)]),
        ("DF333DWYE\tШуруповёрт Makita\t3\nперчатки\t10\n\t", [("DF333DWYE", 3), ("перчатки", 10)]),
        ("Здравствуйте, нужно:\nDF333DWYE 2\n3 шт WB-PH2-50\nСпасибо", [("DF333DWYE", 2), ("WB-PH2-50", 3)]),
        ("DF333DWYE x 3\ndf-333 dwye 2 шт\nDF333DWYЕ", [("DF333DWYE", 6)]),
        ("DF333DWYE x 0\nбита x 5", [("бита", 5)]),
        ("DF333DWYE x 2\n?!…", [("DF333DWYE", 2)]),
        ("перчатки x 2\n18 В;3", [("перчатки", 2), ("18 В", 3)]),
        ("бита;3", [("бита", 3)]),
        ("<b>HR2470</b> 2 шт\n<i class='x'>бита</i> x 3", [("HR2470", 2), ("бита", 3)]),
        ("<HR2470> 2 шт\n‹бита› x 3", [("HR2470", 2), ("бита", 3)]),
        ("<li>HR2470 2 шт</li><li>бита x 3</li>", [("HR2470", 2), ("бита", 3)]),
        ("<tr><td>HR2470</td><td>2</td></tr><tr><td>GA5030</td> <td>3</td></tr>", [("HR2470", 2), ("GA5030", 3)]),
        ("HR2470 -> 2 шт\nбита => 3 шт", [("HR2470", 2), ("бита", 3)]),
        ("<bnf 2 шт\n> бита x 3\n< HR2470 x 3", [("<bnf", 2), ("бита", 3), ("HR2470", 3)]),
    ],
)
def test_a_list(text: str, wanted: list[tuple[str, int]]) -> None:
    assert _plain(text) == PastedList(tuple(WantedLine(what, Decimal(count)) for what, count in wanted))


def _plain(text: str) -> PastedList | None:
    """Return what a text is read as, whether or not it names pieces."""
    pasted = read(text)
    return pasted and replace(pasted, lines=tuple(replace(line, pieces=False) for line in pasted.lines))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?!…",
        "бита ph2",
        "бита ph2 10 шт",
        "перчатки 2 пары",
        "DF333DWYE",
        "df-333 dwye",
        "DF 333 - 4",
        "Бита PH2 25 мм, 10 шт.",
        "шуруповёрт\nmakita",
        "шуруповёрт makita\n18 В 2 А",
        "саморез 3,5 x 35\nдюбель 6 x 40",
        "сверло 6 - 8\nсверло 8",
        "сверло 6\nсверло 8",
        "круг 125 x 22",
        "WB-PH2-50\nбита",
        "бита x 3\nдрель\nпила\nкруг отрезной",
        "DF333DWYE x 0",
        "3\n4\n5",
        "3 x 4",
        ";\t;",
        "Нужно:\nпила",
        "Тверь, ул. Советская, 10\nкв. 5",
        "+7 900 123-45-67",
        "слово " * 600,
    ],
)
def test_a_search_stays_one(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "DF333DWYE x 3\nперчатки 5\nочки 2",
        "DF333DWYE x 3\nдиск отрезной 125 — 20\nперчатки 5\nчто-то непонятное",
        "перчатки 5 пар\nочки 2\nкаска\nреспиратор",
        "перчатки 5\nкруги 10\nочки 3",
        "Здравствуйте\nперчатки 5\nкруги 10\nочки 3",
        "сверло 6\nсверло 8\nсверло 10",
    ],
)
def test_lines_that_may_say_how_many_make_a_list_and_are_asked(text: str) -> None:
    pasted = read(text)
    assert pasted is not None
    assert all(line.options for line in pasted.lines if line.text[-1].isdigit())


@pytest.mark.parametrize("end", [".", "!", ",", ";", " ;", "..."])
def test_the_end_of_a_sentence_hides_no_count(end: str) -> None:
    pasted = read(f"HR2470 2{end}\nперчатки 5{end}\nGA5030 x3{end}")
    assert pasted is not None
    assert [(line.text.rstrip(".!,; "), int(line.quantity)) for line in pasted.lines][::2] == [
        ("HR2470", 2),
        ("GA5030", 3),
    ]
    assert [int(count) for count in pasted.lines[1].options] == [1, 5]


def test_signs_that_html_writes_in_words_part_nothing() -> None:
    pasted = read("Дрель &quot;Makita&quot; DF333DWYE 2 шт\nGA5030&nbsp;3 шт\nBlack&amp;Decker BDH 1 шт")
    assert pasted is not None
    assert [int(line.quantity) for line in pasted.lines] == [2, 3, 1]
    assert [line.text for line in pasted.lines][1:] == ["GA5030", "Black&Decker BDH"]


@pytest.mark.parametrize("text", ["Тверь\nул. Советская 10\nкв 5", "перчатки 5\nочки\nкаска", "перчатки 5\nочки 2"])
def test_few_lines_that_may_say_how_many_are_no_list(text: str) -> None:
    assert read(text) is None


def test_more_lines_than_one_request_takes() -> None:
    pasted = read("\n".join(f"АРТ{number:03}Z x 2" for number in range(63)))
    assert pasted is not None
    assert (len(pasted.lines), pasted.left_out, pasted.capped) == (MOST_LINES, 13, False)


def test_more_pieces_than_an_order_takes() -> None:
    assert read("DF333DWYE x 600\nDF333DWYE x 600") == PastedList((WantedLine("DF333DWYE", MOST),), capped=True)


_LINES = st.lists(
    st.one_of(
        st.text(max_size=40),
        st.builds(
            "{}{}{}{}".format,
            st.sampled_from(["DF333DWYE", "бита ph2", "197393-5", "саморез 3,5", "1)", ""]),
            st.sampled_from([" x ", "×", " — ", ";", "\t", " ", ":", " *"]),
            st.integers(-1, 10**12),
            st.sampled_from([" шт", "", ".", " пар"]),
        ),
    ),
    max_size=70,
)


@given(_LINES)
def test_whatever_is_pasted_the_quantities_can_be_ordered_and_nothing_is_wanted_twice(lines: list[str]) -> None:
    pasted = read("\n".join(lines))
    if pasted is not None:
        assert 0 < len(pasted.lines) <= MOST_LINES
        assert all(0 < line.quantity <= MOST for line in pasted.lines)
        keys = [(articles.squashed(line.text), line.measure) for line in pasted.lines if not line.options]
        assert all(text for text, _ in keys)
        assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("VVG-3-2,5 2,5 м", [("VVG-3-2,5", "2.5", "м")]),
        ("VVG-3-2,5 — 2.5 метра", [("VVG-3-2,5", "2.5", "м")]),
        ("VVG-3-2,5\t2,5 м", [("VVG-3-2,5", "2.5", "м")]),
        ("2,5 м VVG-3-2,5\nDF333DWYE x 2", [("VVG-3-2,5", "2.5", "м"), ("DF333DWYE", "2", "")]),
        ("кабель ВВГ 3х2,5 — 10 м\nпровод ПВС = 7,5 м.", [("кабель ВВГ 3х2,5", "10", "м"), ("провод ПВС", "7.5", "м")]),
        ("изолента 19 мм x 20 м\nбита ph2 - 2 шт", [("изолента 19 мм x 20 м", "1", ""), ("бита ph2", "2", "")]),
        ("клей EVA-1234 - 1,5 кг\nпила - 2", [("клей EVA-1234", "1.5", "кг"), ("пила", "2", "")]),
        ("масло 2T-10W40 = 3 л\nпила - 2", [("масло 2T-10W40", "3", "л"), ("пила", "2", "")]),
        ("припой ПОС-61 1,5 шт\nпила - 2", [("припой ПОС-61", "1.5", ""), ("пила", "2", "")]),
    ],
)
def test_metres_kilograms_and_litres(text: str, wanted: list[tuple[str, str, str]]) -> None:
    lines = [WantedLine(what, Decimal(count), measure) for what, count, measure in wanted]
    assert _plain(text) == PastedList(tuple(lines))


@pytest.mark.parametrize(
    ("line", "text", "options"),
    [
        ("рулетка 5 м", "рулетка 5 м", (1, 5)),
        ("Кабель ВВГ 3х2,5 15 м", "Кабель ВВГ 3х2,5 15 м", (1, 15)),
        ("проволока 5 мотков", "проволока", (5, 1)),
        ("краска 3 ведра", "краска", (3, 1)),
        ("леска 4 тележки", "леска 4 тележки", (1, 4)),
    ],
)
def test_a_length_and_an_unknown_unit_are_asked(line: str, text: str, options: tuple[int, ...]) -> None:
    pasted = read(f"{line}\nHR2470 x 1")
    assert pasted is not None
    assert (pasted.lines[0].text, pasted.lines[0].options) == (text, tuple(map(Decimal, options)))


@pytest.mark.parametrize(
    "line", ["дрель 18 вольт", "набор бит 32 предмета", "круг 125 отрезной", "изолента 20 метров x 5"]
)
def test_a_size_in_words_is_not_asked(line: str) -> None:
    pasted = read(f"{line}\nHR2470 x 1")
    assert pasted is not None
    assert pasted.lines[0].options == ()


@pytest.mark.parametrize(
    "line",
    ["Срочно DF333DWYE 2 шт", "Спасибо, DF333DWYE 2 шт", "Артикул: DF333DWYE 2 шт", "Срочно нужно: DF333DWYE 2 шт"],
)
def test_only_the_greeting_of_a_line_goes(line: str) -> None:
    pasted = read(f"{line}\nHR2470 x 1")
    assert pasted is not None
    assert [(each.text, each.quantity) for each in pasted.lines] == [("DF333DWYE", Decimal(2)), ("HR2470", Decimal(1))]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("DF333DWYE 3 шт\nHR2470 x 2", [True, False]),
        ("3 шт DF333DWYE\nHR2470 3 м", [True, False]),
        ("DF333DWYE\t3 шт\nHR2470\t2 м", [True, False]),
        ("DF333DWYE\t3\tшт\nHR2470\t2\tм", [True, False]),
        ("Артикул\tКол-во\tЕд\nDF333DWYE\t3\tшт\nHR2470\t2\tм", [True, False]),
    ],
)
def test_whether_pieces_are_named_is_known(text: str, pieces: list[bool]) -> None:
    pasted = read(text)
    assert pasted is not None
    assert [line.pieces for line in pasted.lines] == pieces


def test_metres_are_not_added_to_pieces() -> None:
    pasted = read("VVG-12 10 м\nVVG-12 5 шт\nVVG-12 2 м")
    assert pasted is not None
    assert [(line.quantity, line.measure) for line in pasted.lines] == [(Decimal(12), "м"), (Decimal(5), "")]


@pytest.mark.parametrize("text", ["рулетка 5 м", "шланг — 10 м", "масло 5 л", "удлинитель 3х1,5 10 м"])
def test_a_size_in_metres_stays_a_search(text: str) -> None:
    assert read(text) is None


def test_a_list_may_be_read_from_one_line_of_four_thousand_signs() -> None:
    pasted = read(", ".join(f"AB{number:03}Z {number % 7 + 1} шт" for number in range(260)))
    assert pasted is not None
    assert (len(pasted.lines), pasted.left_out) == (MOST_LINES, 210)


def test_what_is_too_long_to_say_one_thing_is_not_read_and_that_is_said() -> None:
    pasted = read("DF333DWYE x 2\nHR2470 x 1\n" + "очень " * 100)
    assert pasted is not None
    assert ([line.text for line in pasted.lines], pasted.unread) == (["DF333DWYE", "HR2470"], 1)


@pytest.mark.parametrize(
    "text",
    [
        *(
            sign * (4096 // len(sign))
            for sign in ("1", "1 ", "1;", "1,", "x ", "x*", "(", "\t", "|1", "1\t", " ", " ,", "нужно ")
        ),
        *(
            f"{part * (198 // len(part))}\n" * 20
            for part in ("x* ", "1 ", "1\t", "a1 шт ", "1 руб ", "1 000 ", "- ", "по 1 ", "1x1=", "1️⃣", "( ", "A1,")
        ),
        "\n".join(f"A{number:03}Z x 2" for number in range(500)),
        "דגם DF333DWYE 2 " * 250,
        "\u202edf333 3 шт\n" * 250,
    ],
)
def test_no_text_takes_long(text: str) -> None:
    """A line has 200 signs at most and a pattern begins once, so time grows with the text; measured: 50 ms."""
    began = time.process_time()
    read(text)
    assert time.process_time() - began < 0.4
