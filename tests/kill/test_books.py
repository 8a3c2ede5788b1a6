"""The books show what went wrong: each kind of error is seen as what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.kill.books import Made, News, Said, Waits, Wanted, messages, orders, share

WISH = Wanted("Тверь, 1", "9001", {"1005": 2}, "1")
MADE = Made("5121", "Тверь, 1", "9001", {"1005": 2}, "1")
OTHER = replace(WISH, address="Тверь, 2"), replace(MADE, id="5122", address="Тверь, 2")


def test_what_was_wanted_and_made_is_in_balance():
    book = orders([WISH, OTHER[0]], [MADE, OTHER[1]])
    assert book.balanced
    assert book.lines()[0] == "orders wanted 2, made 2"


@pytest.mark.parametrize(
    ("made", "wrong"),
    [
        ([], "lost"),
        ([MADE, replace(MADE, id="5122")], "double"),
        ([replace(MADE, goods={"1005": 4})], "wrong"),
        ([replace(MADE, buyer="9002")], "wrong"),
        ([replace(MADE, pay_system="2")], "wrong"),
        ([MADE, OTHER[1]], "unwanted"),
    ],
)
def test_each_error_is_what_it_is(made: list[Made], wrong: str):
    book = orders([WISH], made)
    assert not book.balanced
    assert [name for name in ("lost", "double", "wrong", "unwanted") if getattr(book, name)] == [wrong]


def test_news_are_counted_by_chat_and_words():
    wanted = [News(7, ("№ 1", "Оплата")), News(7, ("№ 1", "Курьер")), News(8, ("№ 2", "Оплата")), News(8, ("№ 3",))]
    said = [Said(7, "№ 1 Оплата"), Said(7, "№ 1 Курьер", "9:00"), Said(7, "№ 1 Курьер", "9:01"), Said(7, "№ 2 Оплата")]
    book = messages(wanted, [*said, *[Said(8, "№ 3")] * 3])
    assert (book.wanted, dict(book.times)) == (4, {1: 1, 2: 1, 0: 1, 3: 1})
    assert book.lines()[0] == "news wanted 4: once 1, twice 1, three times or more 1, never 1"
    assert book.odd[0] == "2 times in 7: № 1 Курьер ['9:00', '9:01']"


def test_shares_are_by_nearest_rank():
    assert [share([30.0, 10.0, 20.0], part) for part in (0.1, 0.5, 0.95)] == [10.0, 20.0, 30.0]


def test_waits_are_told_by_kind():
    waits = Waits()
    for seconds in (1.0, 3.0, 200.0):
        waits.add("search", seconds)
    assert waits.lines() == ["search: 3, p50 3 s, p95 200 s, longest 200 s"]
