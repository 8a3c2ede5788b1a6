"""Fields: tolerant in form, strict in meaning."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from shared.bitrix import fields
from shared.bitrix.errors import BadAnswer
from shared.domain import ids


@pytest.mark.parametrize("name", ["ORDER_ID", "order_id", "orderId", "OrderID"])
def test_a_field_is_found_in_any_casing(name: str) -> None:
    assert fields.find({name: 5}, "ORDER_ID") == 5
    assert fields.has({name: None}, "orderId")


def test_the_first_name_that_has_a_value_wins() -> None:
    assert fields.find({"SKU": None, "CODE": "c", "ARTICLE": "a"}, "SKU", "ARTICLE", "CODE") == "a"
    assert fields.find({"ID": 1, "id": 2}, "id") == 1
    assert fields.find({}, "ID") is None
    assert not fields.has({}, "ID")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, []),
        ([], []),
        ({}, []),
        ("", []),
        (False, []),
        ([{"ID": 1}, {"ID": 2}], [{"ID": 1}, {"ID": 2}]),
        ({"7": {"ID": 1}, "8": {"ID": 2}}, [{"ID": 1}, {"ID": 2}]),
        ({"ID": 1, "SUM": 5}, [{"ID": 1, "SUM": 5}]),
    ],
)
def test_rows_in_every_shape(value: Any, expected: list[Any]) -> None:
    assert list(fields.rows(value, "PAYMENT")) == expected


@pytest.mark.parametrize("value", [7, "text", [1], True])
def test_rows_that_are_none(value: Any) -> None:
    with pytest.raises(BadAnswer, match="PAYMENT"):
        fields.rows(value, "PAYMENT")


@pytest.mark.parametrize(("value", "expected"), [(5, "5"), ("5", "5"), (" a-1 ", "a-1"), ("x" * 64, "x" * 64)])
def test_ids(value: Any, expected: str) -> None:
    assert ids.clean_id(value) == expected
    assert fields.need_id({"ID": value}, "ID") == expected


@pytest.mark.parametrize("value", [None, True, "", "a/b", "../x", "x" * 65, "a b", 1.5, [], {}, "-1", -1, "__x__"])
def test_what_is_no_id(value: Any) -> None:
    assert ids.clean_id(value) is None
    with pytest.raises(BadAnswer, match="ORDER_ID is missing or is no id"):
        fields.need_id({"ORDER_ID": value}, "ORDER_ID")


@pytest.mark.parametrize(
    ("value", "expected"), [(5, 5), ("5.50", "5.50"), ("5,5", "5.5"), (" 7 ", 7), (Decimal("0.1"), "0.1"), (0, 0)]
)
def test_amounts(value: Any, expected: Any) -> None:
    assert fields.need_amount({"PRICE": value}, "PRICE") == Decimal(expected)


@pytest.mark.parametrize(
    "value", [None, "", "free", True, [], {}, Decimal("NaN"), Decimal("Infinity"), "1e999999999", -1, "-0.01", 10**13]
)
def test_what_is_no_amount(value: Any) -> None:
    with pytest.raises(BadAnswer, match="PRICE is"):
        fields.need_amount({"PRICE": value}, "PRICE")


@pytest.mark.parametrize(("value", "expected"), [("RUB", "RUB"), ("rub", "RUB"), (" BYN ", "BYN")])
def test_currencies(value: str, expected: str) -> None:
    assert fields.need_currency({"currency": value}) == expected


@pytest.mark.parametrize("value", [None, "", "RU", "РУБ", 643, []])
def test_what_is_no_currency(value: Any) -> None:
    with pytest.raises(BadAnswer, match="CURRENCY"):
        fields.need_currency({"CURRENCY": value})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Y", True),
        ("y", True),
        (True, True),
        (1, True),
        ("1", True),
        ("N", False),
        (False, False),
        (0, False),
        ("", False),
    ],
)
def test_flags(value: Any, expected: bool) -> None:
    assert fields.flag(value, "PAID") is expected


@pytest.mark.parametrize("value", [None, "maybe", 2, []])
def test_what_is_no_flag(value: Any) -> None:
    with pytest.raises(BadAnswer, match="PAID"):
        fields.flag(value, "PAID")


def test_texts() -> None:
    assert fields.text({"NAME": " Дрель "}, "NAME") == "Дрель"
    assert fields.text({"NAME": 5}, "NAME") == "5"
    odd: list[Any] = [None, True, [], {}]
    assert [fields.text({"NAME": value}, "NAME") for value in odd] == [""] * 4
    assert fields.need_text({"name": "x"}, "NAME") == "x"
    with pytest.raises(BadAnswer, match="NAME is missing"):
        fields.need_text({"NAME": " "}, "NAME")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-09-01T12:30:00+03:00", datetime(2026, 9, 1, 12, 30, tzinfo=timezone(timedelta(hours=3)))),
        ("2026-09-01T12:30:00Z", datetime(2026, 9, 1, 12, 30, tzinfo=UTC)),
        ("2026-09-01T12:30:00", None),
        ("01.09.2026", None),
        ("", None),
        (None, None),
    ],
)
def test_moments(value: Any, expected: datetime | None) -> None:
    assert fields.moment({"DATE_INSERT": value}, "DATE_INSERT") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-09-01", date(2026, 9, 1)),
        ("2026-09-01T23:30:00+03:00", date(2026, 9, 1)),
        ("1.9.2026", date(2026, 9, 1)),
        ("01.09.2026 12:00:00", date(2026, 9, 1)),
        ("31.02.2026", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_days(value: Any, expected: date | None) -> None:
    assert fields.day({"ETA": value}, "ETA") == expected


@pytest.mark.parametrize("url", ["https://pay.example/5?a=b", "HTTP://pay.example", " http://pay.example/x "])
def test_web_addresses(url: str) -> None:
    assert fields.web_address(url) == url.strip()


@pytest.mark.parametrize(
    "url", [None, 5, "", "javascript:alert(1)", "tg://resolve", "https://", "https:///x", "https://a b", "x https://a"]
)
def test_what_is_no_web_address(url: Any) -> None:
    assert fields.web_address(url) is None


def test_an_object_that_is_none() -> None:
    assert fields.need_row({"a": 1}, "result") == {"a": 1}
    with pytest.raises(BadAnswer, match="result must be an object"):
        fields.need_row([], "result")
