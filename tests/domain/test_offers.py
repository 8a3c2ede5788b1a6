"""What a product costs, by how many are bought."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from shared.domain.offers import Offer, PriceRange, Stock

FEW = PriceRange(Decimal(1), Decimal(9), Decimal(100))
MANY = PriceRange(Decimal(10), None, Decimal(90))


def offer(price: str = "100", *, step: str = "1", ranges: Sequence[PriceRange] = ()) -> Offer:
    return Offer("1", Decimal(price), "RUB", step=Decimal(step), ranges=ranges)


def test_is_in_whole_pieces_unless_said_otherwise() -> None:
    plain = Offer("1", Decimal(100), "RUB", (Stock("Центр", Decimal(2)), Stock("Юг", Decimal("0.5"))))
    assert (plain.unit, plain.step, plain.ranges, plain.foreign) == ("шт.", Decimal(1), (), False)
    assert plain.available == Decimal("2.5")


def test_costs_the_same_however_many_are_bought() -> None:
    assert [offer().price_for(Decimal(count)) for count in (1, 999)] == [Decimal(100)] * 2


@pytest.mark.parametrize(
    ("quantity", "price"),
    [("0.5", None), ("1", "100"), ("9", "100"), ("9.5", None), ("10", "90"), ("999", "90")],
)
def test_costs_what_the_range_with_the_quantity_says(quantity: str, price: str | None) -> None:
    found = offer(ranges=(FEW, MANY)).price_for(Decimal(quantity))
    assert found == (None if price is None else Decimal(price))


@pytest.mark.parametrize(
    ("step", "ranges", "least"),
    [
        ("0.5", (), "0.5"),
        ("0.5", (FEW, MANY), "1.0"),
        ("10", (FEW, MANY), "10"),
        ("4", (MANY,), "12"),
        ("10", (FEW,), None),
    ],
)
def test_fewest_are_the_first_whole_steps_that_have_a_price(
    step: str, ranges: Sequence[PriceRange], least: str | None
) -> None:
    assert offer(step=step, ranges=ranges).least == (None if least is None else Decimal(least))


@pytest.mark.parametrize(("price", "on_request"), [("0", True), ("0.00", True), ("0.01", False)])
def test_of_price_nought_is_on_request(price: str, on_request: bool) -> None:
    assert offer(price).on_request is on_request
