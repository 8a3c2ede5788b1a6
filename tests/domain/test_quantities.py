"""Quantities: whole steps, limits, symbols, and how records hold them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain import quantities

STEPS = st.sampled_from([Decimal(text) for text in ("1", "0.5", "0.1", "0.25", "10", "12", "0.3", "1000")])
QUANTITIES = st.decimals(min_value=0, max_value=2000, places=3, allow_nan=False)


@pytest.mark.parametrize(
    ("quantity", "step", "sold"),
    [
        ("2.5", "0.5", "2.5"),
        ("2.6", "0.5", "3"),
        ("2.5", "1", "3"),
        ("3", "10", "10"),
        ("0", "0.5", "0.5"),
        ("-4", "1", "1"),
        ("5000", "1", "999"),
        ("5000", "10", "990"),
        ("5000", "0.5", "999"),
        ("1", "1000", "1000"),
        ("1E+999999", "0.5", "999"),
        ("1E-999999", "0.5", "0.5"),
    ],
)
def test_what_is_ordered_is_whole_steps_within_the_limits(quantity, step, sold) -> None:
    assert quantities.sold(Decimal(quantity), Decimal(step)) == Decimal(sold)


@given(QUANTITIES, STEPS)
def test_an_ordered_quantity_stays_what_it_is(quantity: Decimal, step: Decimal) -> None:
    once = quantities.sold(quantity, step)
    assert once % step == 0
    assert quantities.sold(once, step) == once
    assert step <= once <= max(step, quantities.MOST)


@given(QUANTITIES)
def test_a_record_gives_back_what_it_was_given(quantity: Decimal) -> None:
    assert quantities.from_data(quantities.as_data(quantity)) == quantity


def test_a_whole_quantity_is_an_int_in_records_as_before() -> None:
    assert quantities.as_data(Decimal("10.00")) == 10
    assert isinstance(quantities.as_data(Decimal("10.00")), int)
    assert quantities.as_data(Decimal("2.5")) == "2.5"


@pytest.mark.parametrize(("quantity", "text"), [("10", "10"), ("1E+2", "100"), ("2.50", "2.5"), ("0.125", "0.125")])
def test_buttons_hold_plain_digits(quantity, text) -> None:
    assert quantities.written(Decimal(quantity)) == text


@pytest.mark.parametrize(
    ("unit", "shown"),
    [("шт", "шт."), ("шт.", "шт."), ("уп", "уп."), ("м", "м"), ("кг", "кг"), ("", "шт."), ("  пог.  м ", "пог. м")],
)
def test_words_cut_short_end_in_a_full_stop_and_measures_do_not(unit, shown) -> None:
    assert quantities.symbol(unit) == shown


@pytest.mark.parametrize(
    ("quantity", "unit", "step"),
    [
        ("3", "шт.", "1"),
        ("2.5", "м", "0.5"),
        ("3", "м", "0.5"),
        ("2.25", "м", "0.25"),
        ("2.3", "кг", "0.1"),
        ("2.5", "шт.", "0.5"),
    ],
)
def test_a_part_is_taken_in_steps_the_whole_is_made_of(quantity, unit, step) -> None:
    assert quantities.step_of(Decimal(quantity), unit) == Decimal(step)
    assert Decimal(quantity) % quantities.step_of(Decimal(quantity), unit) == 0
