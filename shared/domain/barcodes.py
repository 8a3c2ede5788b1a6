"""Barcodes of goods: which is an EAN, and how catalogues write it. Pure."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_EAN: Final = 13


def is_ean(text: str) -> bool:
    """Tell whether a text is a number of a good with its check digit right: EAN-8, UPC, EAN-13 or of 14 digits."""
    return bool(_DIGITS.fullmatch(text)) and _checks(text)


def _checks(digits: str) -> bool:
    weighed = (int(digit) * (1 if place % 2 == 0 else 3) for place, digit in enumerate(reversed(digits)))
    return sum(weighed) % 10 == 0


def spellings(ean: str) -> tuple[str, ...]:
    """Return the number as catalogues may have it: zeros before it make no other one."""
    bare = ean.lstrip("0")
    padded = [bare.zfill(length) for length in (8, 12, _EAN, 14) if len(bare) <= length]
    return tuple(dict.fromkeys([ean, *padded]))
