"""Whether what no store holds can be ordered."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bitrix.descriptions import on_order


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, True),
        ({"canBuyZero": "Y", "quantityTrace": "Y"}, True),
        ({"canBuyZero": "D", "quantityTrace": "D"}, True),
        ({"canBuyZero": "N", "quantityTrace": "N"}, True),
        ({"canBuyZero": "N", "quantityTrace": "Y"}, False),
        ({"canBuyZero": "N"}, False),
        ({"CAN_BUY_ZERO": "n"}, False),
        ({"canBuyZero": None}, True),
    ],
)
def test_what_is_in_no_store(row: dict[str, Any], expected: bool) -> None:
    assert on_order(row) is expected
