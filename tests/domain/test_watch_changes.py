"""What the portal's price and stock mean for a watch."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.domain.watch_changes import BackInStock, Cheaper, LeftShop, compare
from shared.domain.watches import Watch, WatchAim
from tests.assistant.samples import DRILL, DRILL_OFFER, offer, watch

FOR_STOCK = watch(DRILL, WatchAim.STOCK)
FOR_PRICE = watch(DRILL, WatchAim.PRICE, "7990")
EMPTY = offer(DRILL, "5000", ("Тверь", "0"))


def test_what_is_back_in_stock_is_told_and_over() -> None:
    assert compare(FOR_STOCK, DRILL_OFFER) == (None, BackInStock(FOR_STOCK, DRILL_OFFER))


def test_what_is_still_out_of_stock_is_waited_for_whatever_it_costs() -> None:
    assert compare(FOR_STOCK, EMPTY) == (FOR_STOCK, None)


@pytest.mark.parametrize("price", ["7989.99", "1"])
def test_any_visible_fall_is_told_and_the_watch_goes_on_from_there(price: str) -> None:
    now = offer(DRILL, price)
    assert compare(FOR_PRICE, now) == (replace(FOR_PRICE, price=Decimal(price)), Cheaper(FOR_PRICE, now))


@pytest.mark.parametrize("price", ["7990", "7989.996", "7990.00", "9000"])
def test_the_same_or_a_higher_price_is_no_news_and_no_new_baseline(price: str) -> None:
    assert compare(FOR_PRICE, offer(DRILL, price)) == (FOR_PRICE, None)


def test_a_price_that_rose_and_fell_back_is_no_news() -> None:
    kept: Watch | None = FOR_PRICE
    for price in ("9000", "7990"):
        assert kept is not None
        kept, news = compare(kept, offer(DRILL, price))
        assert news is None


def test_a_price_on_request_is_no_fall_and_no_new_baseline() -> None:
    assert compare(FOR_PRICE, offer(DRILL, "0")) == (FOR_PRICE, None)


def test_prices_in_another_currency_are_not_compared() -> None:
    dollars = replace(DRILL_OFFER, price=Decimal(99), currency="USD")
    assert compare(FOR_PRICE, dollars) == (replace(FOR_PRICE, price=Decimal(99), currency="USD"), None)


@pytest.mark.parametrize("known", [FOR_STOCK, FOR_PRICE])
def test_who_is_missing_twice_is_gone(known: Watch) -> None:
    once, news = compare(known, None)
    assert (once, news) == (replace(known, missing=True), None)
    assert once is not None
    assert compare(once, None) == (None, LeftShop(once))


@pytest.mark.parametrize("known", [FOR_STOCK, FOR_PRICE])
def test_who_was_missing_once_is_forgiven(known: Watch) -> None:
    assert compare(replace(known, missing=True), offer(DRILL)) == (known, None)
