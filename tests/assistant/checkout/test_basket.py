"""Whose turn it is at a buyer's basket, and what lies in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import baskets
from shared.domain.baskets import Basket
from shared.domain.catalogue import Product
from shared.domain.orders import LineItem
from tests.assistant.samples import BIT, BIT_LINE, BUYER, CART, DRILL_LINE, line
from tests.assistant.stage import Stage

EMPTY = Basket(BUYER)


def test_everything_goes_into_an_empty_basket() -> None:
    assert EMPTY.missing(CART.lines) == [LineItem("7", 1), LineItem("8", 10)]


@pytest.mark.parametrize(
    ("left", "missing"),
    [
        ({"7": 1}, [LineItem("8", 10)]),
        ({"8": 4}, [LineItem("7", 1), LineItem("8", 6)]),
        ({"7": 1, "8": 10}, []),
        ({"7": 2}, None),  # more than is wanted cannot be taken out
        ({"9": 1}, None),  # nobody ordered that
        ({"9": 0}, [LineItem("7", 1), LineItem("8", 10)]),
    ],
)
def test_what_was_left_in_it_is_not_put_in_again(left: dict[str, int], missing: list[LineItem] | None) -> None:
    assert Basket(BUYER, left=left).missing(CART.lines) == missing


def test_an_unclear_basket_takes_nothing() -> None:
    assert Basket(BUYER, unclear=True).missing(CART.lines) is None


PIECES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 9))


@given(wanted=PIECES, left=PIECES)
def test_left_and_missing_make_exactly_what_is_wanted(wanted: dict[str, int], left: dict[str, int]) -> None:
    lines = [line(Product(id_, "Товар"), count, "1") for id_, count in wanted.items()]
    missing = Basket(BUYER, left=left).missing(lines)
    fits = all(pieces <= wanted.get(id_, 0) for id_, pieces in left.items())
    assert (missing is not None) is fits
    if missing is not None:
        added = {item.product_id: item.quantity for item in missing}
        assert all(pieces > 0 for pieces in added.values())
        assert {id_: left.get(id_, 0) + added.get(id_, 0) for id_ in wanted} == wanted


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


def test_filled_and_emptied() -> None:
    full = EMPTY.filled([DRILL_LINE, BIT_LINE])
    assert full.left == {"7": 1, "8": 10}
    assert full.missing([line(BIT, 12, "45"), DRILL_LINE]) == [LineItem("8", 2)]
    assert full.filled([]) == EMPTY


async def test_a_basket_comes_back_as_it_was_saved(stage: Stage) -> None:
    basket = EMPTY.taken("a").queued({"checkout": "b", "lines": [{"n": 1}]}).filled(CART.lines)
    await stage.save(baskets.key(BUYER), basket.save)
    assert await baskets.load(stage.unit(), BUYER) == basket


async def test_nothing_known_is_empty_and_free(stage: Stage) -> None:
    assert await baskets.load(stage.unit(), BUYER) == EMPTY
