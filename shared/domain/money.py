"""Sums of money as they are reckoned and shown: to the kopeck. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")


def rounded(amount: Decimal) -> Decimal:
    """Return the amount to two decimals, half a kopeck up.

    A portal rounds the price of each line so, and adds up the rounded ones (shared/bitrix/CORE.md, «5. Catalogue»).
    """
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)
