"""What differs in an order's goods."""

from __future__ import annotations

from decimal import Decimal

from shared.domain.order_edits import LineEdit, edits
from shared.domain.orders import OrderLine


def _row(quantity: int, price: int, unit: str = "шт.", product: str = "7") -> OrderLine:
    return OrderLine(product, "Кабель", Decimal(quantity), Decimal(price), unit)


def test_a_change_in_the_second_row_of_a_product_is_told() -> None:
    before = [_row(1, 100), _row(5, 90)]
    assert edits(before, before) == []
    assert edits(before, [_row(1, 100), _row(5, 80)]) == [LineEdit(_row(5, 90), _row(5, 80))]
    assert edits(before, [_row(5, 90), _row(2, 100)]) == [LineEdit(_row(1, 100), _row(2, 100))]


def test_rows_in_two_units_are_not_one() -> None:
    before = [_row(10, 90, "м"), _row(2, 900, "бухта")]
    after = [_row(10, 90, "м"), _row(3, 900, "бухта")]
    assert edits(before, after) == [LineEdit(before[1], after[1])]


def test_a_row_that_is_gone_is_told_last() -> None:
    before = [_row(1, 100), _row(5, 90), _row(1, 10, product="8")]
    after = [_row(1, 100), _row(2, 10, product="8")]
    assert edits(before, after) == [LineEdit(before[2], after[1]), LineEdit(before[1], None)]


def test_rows_at_one_price_are_their_quantities_together() -> None:
    assert edits([_row(3, 100)], [_row(1, 100), _row(2, 100)]) == []
