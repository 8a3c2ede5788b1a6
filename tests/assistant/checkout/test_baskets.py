"""Whose turn it is at a buyer's basket, and what lies in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import baskets
from shared.domain.baskets import Basket
from shared.domain.orders import lacking
from tests.assistant.samples import BIT, BUYER, CART, DRILL_LINE, line
from tests.assistant.stage import Stage
from tests.support.quantities import decimals

EMPTY = Basket(BUYER)


@pytest.mark.parametrize(
    ("left", "missing"),
    [
        ({}, {"7": 1, "8": 10}),
        ({"7": 1}, {"8": 10}),
        ({"8": 4}, {"7": 1, "8": 6}),
        ({"7": 1, "8": 10}, {}),
        ({"7": 2}, None),  # more than is wanted cannot be taken out
        ({"9": 1}, None),  # nobody ordered that
        ({"9": 0}, {"7": 1, "8": 10}),
    ],
)
def test_what_was_left_in_it_is_not_put_in_again(left: dict[str, int], missing: dict[str, int] | None) -> None:
    assert lacking(decimals({"7": 1, "8": 10}), decimals(left)) == missing
    assert Basket(BUYER, left=decimals(left)).may_become(CART.lines) is (missing is not None)


def test_an_unclear_basket_takes_nothing() -> None:
    assert not Basket(BUYER, unclear=True).may_become(CART.lines)


PIECES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9))


@given(wanted=PIECES, left=PIECES)
def test_left_and_missing_make_exactly_what_is_wanted(wanted: dict[str, int], left: dict[str, int]) -> None:
    missing = lacking(decimals(wanted), decimals(left))
    fits = all(pieces <= wanted.get(id_, 0) for id_, pieces in left.items())
    assert (missing is not None) is fits
    if missing is not None:
        assert all(pieces > 0 for pieces in missing.values())
        assert {id_: left.get(id_, 0) + missing.get(id_, 0) for id_ in wanted} == wanted


def test_one_at_a_time_first_come_first_served() -> None:
    assert EMPTY.is_free_for("a")
    held = EMPTY.taken("a")
    assert held.is_free_for("a")
    assert not held.is_free_for("b")
    waiting = held.queued({"checkout": "b"}).queued({"checkout": "c"})
    free, following = waiting.released(unclear=False)
    assert following == {"checkout": "b"}
    assert free.is_free_for("c")
    free, following = free.released(unclear=False)
    assert following == {"checkout": "c"}
    assert free.released(unclear=False) == (EMPTY, None)


def test_what_is_unclear_stays_unclear() -> None:
    doubtful, _ = EMPTY.taken("a").released(unclear=True)
    assert doubtful.unclear
    again, _ = doubtful.taken("b").released(unclear=False)
    assert again.unclear


def test_what_lies_in_it_is_noted() -> None:
    full = EMPTY.holding(decimals({"7": 1, "8": 10}))
    assert full.left == {"7": 1, "8": 10}
    assert full.may_become([line(BIT, 12, "45"), DRILL_LINE])
    assert not full.may_become([DRILL_LINE])
    assert full.holding({}) == EMPTY


async def test_a_basket_comes_back_as_it_was_saved(stage: Stage) -> None:
    basket = EMPTY.taken("a").queued({"checkout": "b", "lines": [{"n": 1}]}).holding(decimals({"7": 1}))
    await stage.save(baskets.key(BUYER), basket.save)
    assert await baskets.load(stage.unit(), BUYER) == basket


async def test_nothing_known_is_empty_and_free(stage: Stage) -> None:
    assert await baskets.load(stage.unit(), BUYER) == EMPTY
