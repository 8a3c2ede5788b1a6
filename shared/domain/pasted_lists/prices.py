"""The prices that stand behind goods: «7990 руб», «по 7 990 ₽», «x 7990 = 15980 руб». Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from shared.domain.pasted_lists.numbers import CURRENCY, GROUPED, number

_MONEY: Final = rf"(?P<amount>{GROUPED}(?:[.,]\d{{1,2}})?|\d{{1,9}}(?:[.,]\d{{1,2}})?)\s?{CURRENCY}(?!\w)"
_AFTER: Final = r"(?:\s?(?:/|за)\s?(?:шт|штуку|м|кг|уп|ед)\b\.?)?"
_BEFORE: Final = r"(?:\s?[-–—=*xх×@/,(:]\s?|\s)(?:(?:по цене|цена|цене|по|на сумму|сумма|итого|всего)\s?:?\s)?"
_BEHIND: Final = re.compile(rf"(?P<rest>.*?\S){_BEFORE}{_MONEY}{_AFTER}[).]*", re.IGNORECASE)
_INSIDE: Final = re.compile(rf"(?P<rest>.*?\S)\s(?:по\s)?{_MONEY}{_AFTER}(?P<more>[\s,].*)", re.IGNORECASE)

_MOST_PRICES: Final = 3
"""Of one line: the price, the sum, an older price."""


def without_prices(line: str) -> tuple[str, Decimal | None]:
    """Return the line without the prices in it, and a number that may be a count before thousands or a part of them.

    «DF333DWYE 2 990 руб» is 2 for 990 roubles, or one for 2 990.
    """
    doubtful: Decimal | None = None
    for _ in range(_MOST_PRICES):
        found = _BEHIND.fullmatch(line) or _INSIDE.fullmatch(line)
        if found is None:
            break
        first, _, more = found["amount"].partition(" ")
        doubtful = number(first) if more else None
        line = f"{found['rest'].rstrip(' =')}{found.groupdict().get('more') or ''}"
    return line, doubtful
