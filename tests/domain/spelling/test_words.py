"""Each way to write a query differently, by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.spelling import articles, brands, layout, lookalikes, translit, words, yo

RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
LETTERS = st.text("абвгдеёжзийклмнопрстуфхцчшщъыьэюя ABCDEHKMOPTXYqwertyuiop0123456789-./")

# The keyboard's other layout.


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"),
        ("вуцфде", "dewalt"),
        ("вуцфде дрель", "dewalt дрель"),
        ("makita lhtkm", "makita дрель"),
        ("kj,pbr", "лобзик"),
        ("iehegjd`hn", "шуруповёрт"),
        ("RHEU", "КРУГ"),
        ("ва333вцну", "df333dwye"),
        ("пык", "пык"),
        ("gsr-гср", "gsr-гср"),
        ("гср", "uch"),
        ("дрель перчатки шуруповёрт", "дрель перчатки шуруповёрт"),
        ("makita hammer bosch DF333DWYE", "makita hammer bosch DF333DWYE"),
        ("550.1.0.40 75/12/4", "550.1.0.40 75/12/4"),
        ("№5", "№5"),
    ],
)
def test_words_of_the_other_layout(typed: str, meant: str) -> None:
    assert layout.as_meant(typed) == meant


@given(st.text())
def test_switching_twice_changes_nothing(text: str) -> None:
    assert layout.switched(layout.switched(text)) == text


@given(LETTERS)
def test_what_was_meant_is_meant(text: str) -> None:
    once = layout.as_meant(text)
    assert layout.as_meant(once) == once


# Letters that look alike.


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("СВ-325", "CB-325"),
        ("щётки DСD771", "щётки DCD771"),
        ("дpель", "дрель"),
        ("ДШЛ-121-2", "ДШЛ-121-2"),
        ("сон", "сон"),
        ("ДcR", "ДcR"),
    ],
)
def test_articles_get_one_alphabet(typed: str, meant: str) -> None:
    got = lookalikes.in_one_alphabet(typed)
    assert (got, [char.isascii() for char in got]) == (meant, [char.isascii() for char in meant])


@given(LETTERS)
def test_one_alphabet_is_enough(text: str) -> None:
    once = lookalikes.in_one_alphabet(text)
    assert lookalikes.in_one_alphabet(once) == once
    assert lookalikes.latin(once) == lookalikes.latin(" ".join(text.split())), "nothing but alphabets changes"


# ё and е.


@pytest.mark.parametrize(
    ("typed", "dotted"),
    [
        ("шуруповерт", "шуруповёрт"),
        ("Дрель-шуруповерт", "Дрель-шуруповёрт"),
        ("ЩЕТКИ и сверла", "ЩЁТКИ и свёрла"),
        ("трёхфазный счетчик", "трёхфазный счётчик"),
        ("перфоратор", "перфоратор"),
    ],
)
def test_dots_where_the_trade_has_them(typed: str, dotted: str) -> None:
    assert yo.with_yo(typed) == dotted


@given(LETTERS)
def test_dots_are_all_that_changes(text: str) -> None:
    assert yo.without_yo(yo.with_yo(text)) == yo.without_yo(text)
    assert yo.with_yo(yo.with_yo(text)) == yo.with_yo(text)
    assert "ё" not in yo.without_yo(text)


# Brands.


@pytest.mark.parametrize(
    ("typed", "catalogued"),
    [
        ("шуруповёрт макита", "шуруповёрт Makita"),
        ("БОШ gsr", "Bosch gsr"),
        ("дрель девольт", "дрель DeWalt"),
        ("дрель де вольт", "дрель DeWalt"),
        ("де", "де"),
        ("блэк энд деккер дрель", "Black & Decker дрель"),
        ("блэк деккер", "Black & Decker"),
        ("блэк энд", "блэк энд"),
        ("interskol vihr", "Интерскол Вихрь"),
        ("бита и макита", "бита и Makita"),
        ("", ""),
    ],
)
def test_brands_as_the_catalogue_has_them(typed: str, catalogued: str) -> None:
    assert brands.as_catalogued(typed) == catalogued


@given(st.lists(st.sampled_from(["макита", "де", "вольт", "walt", "и", "блэк", "деккер", "бита", "DeWalt", "&"])))
def test_a_catalogued_brand_stays(words: list[str]) -> None:
    once = brands.as_catalogued(" ".join(words))
    assert brands.as_catalogued(once) == once


def test_a_brand_is_known_by_its_own_name() -> None:
    assert brands.is_brand("MAKITA")
    assert not brands.is_brand("макита")


# Articles.


@pytest.mark.parametrize(
    ("query", "is_one"),
    [
        ("DF333DWYE", True),
        ("DF-333 DWYE", True),
        ("0 601 9G8 000", True),
        ("1973935", True),
        ("550.1.0.40", True),
        ("ДШЛ-121-2", True),
        ("бита ph2", False),
        ("круг 125", False),
        ("18 В", False),
        ("dewalt dcd771", False),
        ("makita", False),
        ("5×8×16", False),
        ("", False),
    ],
)
def test_what_reads_as_an_article(query: str, is_one: bool) -> None:
    assert articles.is_article(query) is is_one


@pytest.mark.parametrize(
    ("article", "joined", "parted"),
    [
        ("DF-333 DWYE", "DF333DWYE", "DF 333 DWYE"),
        ("06 01.9G8-000", "06019G8000", "06 01 9 G 8 000"),
        ("1973935", "1973935", "197393 5"),
        ("197393-5", "1973935", "197393 5"),
    ],
)
def test_articles_without_signs(article: str, joined: str, parted: str) -> None:
    assert (articles.joined(article), articles.parted(article)) == (joined, parted)


@given(LETTERS)
def test_the_same_article_however_it_is_parted(text: str) -> None:
    wanted = articles.squashed(text)
    assert articles.squashed(wanted) == wanted
    assert articles.squashed(articles.joined(text)) == wanted
    assert articles.squashed(articles.parted(text)) == wanted
    assert articles.squashed(lookalikes.latin(text)) == wanted


# Endings, other alphabets, quantities.


@pytest.mark.parametrize(
    ("typed", "stems"),
    [
        ("дрели", "дрел"),
        ("круги отрезные", "круг отрезн"),
        ("перчатки рабочие", "перчатк рабоч"),
        ("бита пила", "бита пила"),
        ("ключей makita DF-333", "ключ makita DF-333"),
        ("ыми", "ыми"),
    ],
)
def test_endings_go_where_enough_is_left(typed: str, stems: str) -> None:
    assert words.stems(typed) == stems


@given(st.text(RUSSIAN, max_size=20))
def test_a_stem_begins_the_word(word: str) -> None:
    stem = words.stems(word)
    assert word.startswith(stem)
    assert stem == word or len(stem) >= words.SHORTEST_STEM


@pytest.mark.parametrize(
    ("typed", "spelled"),
    [
        ("shurupovert", "шуруповерт"),
        ("Shchetka", "щетка"),
        ("дрель", "drel"),
        ("щётка", "schetka"),
        ("Makita ph2 gsr", "Makita ph2 gsr"),
    ],
)
def test_the_other_alphabet(typed: str, spelled: str) -> None:
    assert translit.transliterated(typed) == spelled


@given(st.text(RUSSIAN, min_size=1, max_size=20))
def test_every_russian_letter_has_a_latin_spelling(word: str) -> None:
    assert translit.transliterated(word).isascii()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("бита ph2 10 шт", "бита ph2"),
        ("бита ph2 10шт.", "бита ph2"),
        ("бита х5", "бита"),
        ("бита × 5", "бита"),
        ("нужна дрель, 2 штуки", "дрель"),
        ("2 пары перчаток", "перчаток"),
        ("круг 125 5 упаковок", "круг 125"),
        ("почём дрель?", "дрель"),
        ("Добрый день! Нужны диски 125 10 шт", "диски 125"),
        ("Срочно дрель", "дрель"),
        ("цена DF333DWYE", "DF333DWYE"),
        ("DF333DWYE стоимость и наличие?", "DF333DWYE и"),
        ("арт. 06019G8000 остаток", "06019G8000"),
        ("артикул", "артикул"),
        ("10 шт", "10 шт"),
        ("щётка 5х8х16 мм", "щётка 5х8х16 мм"),
        ("аккумулятор 18 В", "аккумулятор 18 В"),
        ("уп-105", "уп-105"),
        ("75/12/4 шт", "75/12/4 шт"),
        ("пара", "пара"),
        (",bnf", ",bnf"),
        ("<bnf", "<bnf"),
        ("<b>HR2470</b>", "HR2470"),
        ('<a href="x">дрель</a><br>18 В', "дрель 18 В"),
        ("<HR2470> ‹бита›", "HR2470 бита"),
        ("<b>", "<b>"),
        ("&lt;b&gt;HR2470&lt;/b&gt;", "HR2470"),
        ("&quot;Makita&quot; DF333", '"Makita" DF333'),
        ("Black&Decker &copy", "Black&Decker &copy"),
    ],
)
def test_how_many_is_no_part_of_what(typed: str, kept: str) -> None:
    assert words.without_quantity(typed) == kept


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("бита ph2 10 шт", 10),
        ("бита х5", 5),
        ("2 пары перчаток", 2),
        ("10 шт", None),
        ("дрель", None),
        ("5 шт х2", None),
    ],
)
def test_what_is_taken_off_is_how_many(typed: str, count: int | None) -> None:
    assert words.quantity_in(typed) == count


@given(LETTERS.filter(str.strip))
def test_something_is_always_left(text: str) -> None:
    assert words.without_quantity(text).strip()
