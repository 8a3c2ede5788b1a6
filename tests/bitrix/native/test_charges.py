"""What an order costs at a real portal, part by part."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.bitrix.native.charges import delivery_in, prices_in


def test_the_prices_of_an_orders_lines() -> None:
    lines = [{"productId": 7, "price": Decimal("7590.5")}, {"productId": "8", "price": "45"}]
    assert prices_in({"basketItems": lines}) == {"7": Decimal("7590.5"), "8": Decimal(45)}


@pytest.mark.parametrize("odd", [{}, {"productId": 9}, {"productId": 9, "price": "free"}, {"price": 3}, "x", None])
def test_a_line_that_makes_no_sense_costs_itself_only(odd: object) -> None:
    assert prices_in({"basketItems": [odd, {"productId": 7, "price": 5}]}) == {"7": Decimal(5)}


@pytest.mark.parametrize(
    ("shipments", "price"),
    [
        ([{"priceDelivery": 350}, {"priceDelivery": "0.5"}], Decimal("350.5")),
        ([{"priceDelivery": None}, {}], 0),
        ([{"priceDelivery": "free"}, {"priceDelivery": 10}], 10),
        (None, 0),
        ([], 0),
        ("odd", 0),
    ],
)
def test_the_price_of_bringing_it(shipments: object, price: Decimal) -> None:
    assert delivery_in({"shipments": shipments}) == price
