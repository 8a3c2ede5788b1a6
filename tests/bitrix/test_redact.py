"""A portal's words made safe."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.redact import GAP, safe_code, safe_text, said_words

PARAMS = {"fields": {"PROPERTY_VALUES": {"ADDRESS": "Тверь, ул. Мира 5", "PHONE": "+7 999 123-45-67"}, "N": [1243]}}


def test_words_of_nested_values_and_not_of_keys() -> None:
    assert said_words([PARAMS]) == {"тверь", "мира", "999", "123", "1243"}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Required fields: fields[price]", "Required fields: fields[price]"),
        ("bad address ТВЕРЬ, ул. Мира 5!", f"bad address {GAP}, ул. {GAP} 5!"),
        ("see https://masters.example/rest/1/abc/x for more", f"see {GAP} for more"),
        ("path /rest/1/abc/x is wrong", f"path {GAP} is wrong"),
        ("token a1b2c3d4e5f6a7b8c9 expired", f"token {GAP} expired"),
        ("ERROR_BATCH_LENGTH_EXCEEDED", "ERROR_BATCH_LENGTH_EXCEEDED"),
        ("phone +7 (999) 123-45-67 is bad", f"phone {GAP} is bad"),
        ("two\nlines\x1b[31m", "two lines [31m"),
        ("key TOPSECRET, topsecret", f"key {GAP}"),
    ],
)
def test_what_is_cut_out(said: str, shown: str) -> None:
    assert safe_text(said, said_words([PARAMS]), ["topSecret"]) == shown


def test_it_is_one_short_line() -> None:
    assert len(safe_text("word " * 10_000)) <= 200


@given(st.text(max_size=300), st.from_regex(r"[a-z0-9]{8,20}", fullmatch=True))
def test_a_secret_never_comes_through(noise: str, secret: str) -> None:
    assert secret not in safe_text(f"{noise}{secret}{noise}", frozenset(), [secret])


@pytest.mark.parametrize("code", ["ERROR_CORE", "200540400001", "a.b-c", "0"])
def test_codes_that_look_like_codes_stay(code: str) -> None:
    assert safe_code(code) == code


@pytest.mark.parametrize(
    "code", ["", "two words", "x" * 65, "https://a/b", "has_K3YK3Y_inside", "0a1b2c3d4e5f.access-token", "ошибка"]
)
def test_other_codes_are_not_repeated(code: str) -> None:
    assert safe_code(code, ["k3yk3y"]) == "unreadable_code"
