"""Counts that are said without a number: «пару», «десяток», «упаковку». The master says which. Pure."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from shared.domain.pasted_lists.lines import TRIM, ReadLine, asked
from shared.domain.quantities import ONE

_MANY: Final = {
    "деся": (Decimal(10), ONE), "дюжи": (Decimal(12), ONE), "пар": (Decimal(2), ONE), "неск": (Decimal(2), Decimal(3)),
    "мног": (ONE, Decimal(10)), "сотн": (Decimal(100), ONE), "полдес": (Decimal(5), ONE), "полд": (Decimal(6), ONE),
    "полс": (Decimal(50), ONE), "": (ONE, Decimal(2)),
}  # fmt: skip
"""What words without a number may mean, by how they begin, packs last; the master says which."""
_VAGUE: Final = re.compile(
    r"(?P<what>.*?\S)[\s,–—-]{1,3}(?P<word>десяток|дюжин[ау]|пар[ау]|несколько|много|комплект|упаковк[ау]|пачк[ау]|"
    r"коробк[ау]|сотн[яюи]|полдесятка|полдюжины|полсотни)(?:\sшт\w{0,4})?\.?",
    re.IGNORECASE,
)


def read(line: str) -> ReadLine | None:
    """Return the line with what its last word may mean, to be asked; None where it says no such count."""
    found = _VAGUE.fullmatch(line)
    if found is None:
        return None
    word = found["word"].casefold()
    counts = next(counts for beginning, counts in _MANY.items() if word.startswith(beginning))
    return asked(found["what"].rstrip(TRIM), counts)
