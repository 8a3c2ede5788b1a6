"""The codec of job payloads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import pytest

from shared.pipeline.payloads import FLAT, UNLESS_DEFAULT, Payload, PayloadError, chat_of, encode, stored_as

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Place:
    chat_id: int
    note: str = field(default="", metadata=UNLESS_DEFAULT)


@dataclass(frozen=True)
class Good:
    name: str
    price: Decimal


@dataclass(frozen=True)
class Sample(Payload):
    place: Place = field(metadata=FLAT)
    goods: tuple[Good, ...]
    at: datetime
    colour: Colour | None
    attempt: int = field(metadata=stored_as("try"))
    sure: bool = False
    words: tuple[str, ...] = ("a",)


SAMPLE = Sample(Place(7), (Good("Бита", Decimal("9.90")),), NOW, Colour.RED, 2, sure=True)
DATA = {
    "chat_id": 7,
    "goods": [{"name": "Бита", "price": "9.90"}],
    "at": NOW,
    "colour": "red",
    "try": 2,
    "sure": True,
    "words": ["a"],
}


def test_a_payload_is_plain_data() -> None:
    assert SAMPLE.as_data() == DATA
    assert type(SAMPLE.as_data()["colour"]) is str
    assert Sample.from_data(DATA) == SAMPLE
    assert encode(Place(7, "там")) == {"chat_id": 7, "note": "там"}


def test_what_a_newer_version_added_is_passed_over() -> None:
    goods = [{"name": "Бита", "price": "9.90", "colour": "red"}]
    assert Sample.from_data({**DATA, "mood": {"good": True}, "goods": goods}) == SAMPLE


def test_what_an_older_version_did_not_know_takes_its_default() -> None:
    old = {name: value for name, value in DATA.items() if name not in ("sure", "words")}
    assert Sample.from_data(old) == Sample(Place(7), SAMPLE.goods, NOW, Colour.RED, 2)


@pytest.mark.parametrize("name", ["chat_id", "goods", "at", "colour", "try"])
def test_a_field_without_a_default_must_be_there(name: str) -> None:
    with pytest.raises(PayloadError, match=rf"^payload\.{name}: missing$"):
        Sample.from_data({key: value for key, value in DATA.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        ("chat_id", "7", "chat_id"),
        ("chat_id", True, "chat_id"),
        ("chat_id", None, "chat_id"),
        ("try", 2.0, "try"),
        ("sure", 1, "sure"),
        ("at", "2027-03-01T12:00:00+00:00", "at"),
        ("colour", "green", "colour"),
        ("colour", 1, "colour"),
        ("goods", "Бита", "goods"),
        ("goods", ["Бита"], r"goods\[0\]"),
        ("goods", [{"name": 5, "price": "1"}], r"goods\[0\]\.name"),
        ("goods", [{"name": "Бита", "price": 9.9}], r"goods\[0\]\.price"),
        ("goods", [{"name": "Бита", "price": "secret"}], r"goods\[0\]\.price"),
        ("words", [None], r"words\[0\]"),
    ],
)
def test_a_value_of_another_type_is_refused_by_name_only(name: str, value: Any, path: str) -> None:
    with pytest.raises(PayloadError, match=rf"^payload\.{path}: ") as caught:
        Sample.from_data({**DATA, name: value})
    assert "secret" not in str(caught.value)


def test_what_is_no_map_is_refused() -> None:
    with pytest.raises(PayloadError, match="a map is wanted"):
        Sample.from_data(["chat_id"])  # type: ignore[arg-type]


def test_a_value_of_no_stored_type_is_not_written() -> None:
    @dataclass(frozen=True)
    class Odd(Payload):
        share: float

    with pytest.raises(TypeError, match="float"):
        Odd(0.5).as_data()


def test_who_waits_is_read_from_any_payload() -> None:
    assert (chat_of(DATA), chat_of({"order": "5"})) == (7, None)
