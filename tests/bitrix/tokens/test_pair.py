"""What the vault keeps, and what the version record says."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.tokens import BadPair, TokenPair, decode
from shared.bitrix.tokens.version_record import GRACE, VersionRecord, first, version_record_of
from shared.store.values import plain
from tests.support.clock import START

PAIR = TokenPair("access", "refresh", START, "masters.bitrix24.ru", "0f00e1", "catalog,sale")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(access=TEXT, refresh=TEXT, endpoint=st.text(max_size=9), life=st.integers(0, 10**9))
def test_a_pair_comes_back_as_it_went(access: str, refresh: str, endpoint: str, life: int) -> None:
    pair = TokenPair(access, refresh, START + timedelta(seconds=life), endpoint)
    assert decode(pair.encode()) == pair


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", "JSON"),
        (b"[]", "JSON"),
        (b"{}", "expires_at"),
        (b'{"expires_at": "soon"}', "expires_at"),
        (b'{"expires_at": "2026-11-23T09:00:00"}', "expires_at"),
        (b'{"expires_at": "2026-11-23T09:00:00Z"}', "access"),
        (b'{"expires_at": "2026-11-23T09:00:00Z", "access": "a", "refresh": 7}', "refresh"),
        (b'{"expires_at": "2026-11-23T09:00:00Z", "access": "a", "refresh": "b", "scope": 7}', "scope"),
    ],
)
def test_what_is_no_pair(data: bytes, field: str) -> None:
    with pytest.raises(BadPair, match=field):
        decode(data)


def test_an_operator_may_write_the_least() -> None:
    """The shape of the OAuth server's answer."""
    kept = {"access": "a", "refresh": "b", "expires_at": "2026-11-23T12:00:00+03:00"}
    assert decode(json.dumps(kept).encode()) == TokenPair("a", "b", START)


def test_the_tokens_are_in_no_text() -> None:
    shown = f"{PAIR!r} {PAIR}"
    assert "masters.bitrix24.ru" in shown
    assert "access" not in shown
    assert "refresh" not in shown


@pytest.mark.parametrize(
    ("at", "stale", "usable"),
    [
        (START - timedelta(seconds=1), "", True),
        (START, "", False),
        (START - timedelta(seconds=1), "access", False),
        (START - timedelta(seconds=1), "другой", True),
    ],
)
def test_usable(at: datetime, stale: str, usable: bool) -> None:
    assert PAIR.is_usable(at, stale) is usable


NUMBERS = st.lists(st.integers(1, 5), min_size=1, max_size=30)


@given(steps=NUMBERS)
def test_every_number_is_either_present_or_retired_once(steps: list[int]) -> None:
    record = first("1", START, START)
    number = 1
    for step in steps:
        number += step
        record = record.without_orphan(str(number - step + 1), START).moved(str(number), START, START)
    gone = [one.version for one in record.retired]
    assert sorted([*gone, record.version], key=int) == [str(one) for one in range(1, number + 1)]
    assert record.generation == len(steps) + 1
    assert version_record_of(plain(record.data())) == record


def test_a_secret_made_anew_counts_from_one() -> None:
    record = first("40", START, START).moved("1", START, START)
    assert (record.version, record.retired) == ("1", ())


def test_a_secret_made_anew_does_not_lose_its_present_version() -> None:
    record = first("1", START, START).moved("3", START, START).moved("1", START, START)
    assert [one.version for one in record.retired] == ["2"]
    assert [one.version for one in record.moved("2", START, START).retired] == ["1"]


def test_the_present_version_is_never_an_orphan() -> None:
    record = first("4", START, START)
    assert record.without_orphan("4", START) == record


def test_destroying() -> None:
    record = first("1", START, START).moved("3", START, START)
    assert record.overdue(START + GRACE - timedelta(seconds=1)) == ()
    assert record.overdue(START + GRACE) == ("1", "2")
    assert [one.version for one in record.without(frozenset({"1"})).retired] == ["2"]


@pytest.mark.parametrize(
    ("used", "was_used", "needs_mark"),
    [(None, False, True), (-1, False, True), (0, True, False), (299, True, False), (-301, False, True)],
)
def test_use(used: int | None, was_used: bool, needs_mark: bool) -> None:
    at = None if used is None else START + timedelta(seconds=used)
    record = VersionRecord("1", START, 1, issued_at=START, last_used_at=at)
    assert record.was_used() is was_used
    assert record.needs_mark(START + timedelta(seconds=299)) is needs_mark
    assert record.used(START).was_used()


def test_a_refusal_is_taken_at_its_word_for_ten_minutes() -> None:
    record = first("1", START, START).refused("invalid_grant", START)
    again = record.refused("invalid_client", START + timedelta(minutes=10))
    assert record.is_refused(START + timedelta(seconds=599))
    assert not record.is_refused(START + timedelta(seconds=600))
    assert (again.failed_since, again.failure) == (START, "invalid_client")
    assert not first("1", START, START).is_refused(START)
