from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.telegram.phones import parse_phone, phone


@pytest.mark.parametrize(
    "text",
    [
        "+79123456789",
        "79123456789",
        "89123456789",
        "9123456789",
        "8 (912) 345-67-89",
        "+7 912 345 67 89",
        "+7\u00a0(912)\u00a0345\u201367\u201389",
        "8.912.345.67.89",
        "\u202a+7 912 345\u201167\u201189\u202c",
        " 8-912-345-67-89 ",
    ],
)
def test_a_russian_number_however_it_is_written(text: str) -> None:
    assert parse_phone(text) == "+79123456789"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("8 (4822) 34-56-78", "+74822345678"),
        ("8 800 200-00-00", "+78002000000"),
        ("8002000000", "+78002000000"),
        ("+7 701 123 45 67", "+77011234567"),
        ("8 701 123 45 67", "+77011234567"),
        ("+375 29 123-45-67", "+375291234567"),
        ("+86 138 0013 8000", "+8613800138000"),
    ],
)
def test_other_numbers(text: str, number: str) -> None:
    assert parse_phone(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "позвоните мне",
        "912345678",
        "+7 912 345-67-8",
        "8 912 345-67-890",
        "375291234567",
        "+0 123 456 78 90",
        "+8 912 345-67-89",
        "7011234567",
        "+7912345678x",
        "٩١٢٣٤٥٦٧٨٩",
        "++79123456789",
        "+1234567",
        "+1234567890123456",
    ],
)
def test_what_is_no_phone(text: str) -> None:
    assert parse_phone(text) is None


def test_display() -> None:
    assert phone("+79123456789") == "+7 912 345-67-89"
    assert phone("+375291234567") == "+375291234567"


@given(st.integers(min_value=3 * 10**9, max_value=10**10 - 1))
def test_what_is_shown_can_be_typed_in(national: int) -> None:
    number = f"+7{national}"
    known = parse_phone(number)
    assert known is None or parse_phone(phone(known)) == number
