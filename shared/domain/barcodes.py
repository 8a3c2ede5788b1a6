"""Barcodes of goods: which is an EAN, how catalogues write it, and which of several is looked for. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_DIGITS: Final = re.compile(r"[0-9]{8}|[0-9]{12,14}")
_MARKED: Final = re.compile(r"\x1d?01([0-9]{14})")
"""How the code of a marked good («Честный знак») begins: its number, of 14 digits."""

_ARTICLE: Final = re.compile(r"[\w./+-]{3,40}(?: [\w./+-]{1,20}){0,3}")
"""What a label of a shelf may hold besides: an article, no address of a page."""

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


def wanted(codes: Sequence[str]) -> str | None:
    """Return what to look for of the codes of one picture: the first number of a good, else what may be an article."""
    told = [_number(code.strip()) for code in codes]
    good = next((code for code in told if is_ean(code)), None)
    return good or next((code for code in told if _ARTICLE.fullmatch(code)), None)


def _number(code: str) -> str:
    """Return the number of a marked good as its label has it; another code as it is."""
    marked = _MARKED.match(code)
    if marked is None or not is_ean(marked[1]):
        return code
    return marked[1].removeprefix("0")
