"""Barcodes of goods: which is an EAN, and how catalogues write it. Pure."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_AMONG_WORDS: Final = re.compile(
    r"(?:(?<!\w)(?:штрих-?код|ш/к|ean|gtin|upc|barcode)\s?[:№-]?\s?)?(?<![\w.,/-])(?P<ean>[0-9]{12,14})(?![\w/-]|[.,]\d)",
    re.IGNORECASE,
)
"""Eight digits beside words are as well a shop's own code."""
_EAN: Final = 13


def is_ean(text: str) -> bool:
    """Tell whether a text is a number of a good with its check digit right: EAN-8, UPC, EAN-13 or of 14 digits."""
    return bool(_DIGITS.fullmatch(text)) and _checks(text)


def _checks(digits: str) -> bool:
    weighed = (int(digit) * (1 if place % 2 == 0 else 3) for place, digit in enumerate(reversed(digits)))
    return sum(weighed) % 10 == 0


def parted(text: str) -> tuple[str, str]:
    """Return the number of a good that stands in a text, and the words beside it; "" where there is none of either."""
    if is_ean(text):
        return text, ""
    found = next((one for one in _AMONG_WORDS.finditer(text) if is_ean(one["ean"])), None)
    if found is None:
        return "", text
    rest = f"{text[: found.start()].rstrip(' (,;:')} {text[found.end() :].lstrip(' ),;:')}".strip()
    return found["ean"], rest if any(map(str.isalnum, rest)) else ""


def spellings(ean: str) -> tuple[str, ...]:
    """Return the number as catalogues may have it: zeros before it make no other one."""
    bare = ean.lstrip("0")
    padded = [bare.zfill(length) for length in (8, 12, _EAN, 14) if len(bare) <= length]
    return tuple(dict.fromkeys([ean, *padded]))
