"""Several goods on one line: «DF333DWYE 2, HR2470 1», «DF333DWYE, HR2470 по 3 шт». Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.domain.pasted_lists.counted_nouns import read_line
from shared.domain.pasted_lists.lines import ReadLine, is_article
from shared.domain.pasted_lists.numbers import UNITS

_BETWEEN: Final = re.compile(r";|,(?!\d)|(?<=\d),(?=\d+\s?[^\W\d_]{2})|\s[+/]\s|\s(?:и|плюс)\s", re.IGNORECASE)
_COUNT: Final = re.compile(rf"\d{{1,3}}\s?{UNITS}", re.IGNORECASE)
_AFTER_UNIT: Final = re.compile(rf"(?P<count>\s\d{{1,3}}\s?{UNITS}\.?)\s(?P<next>\S{{1,40}})(?=\s)", re.IGNORECASE)
_SEVERAL: Final = 2
_EACH: Final = re.compile(r"(?<!\w)по\s(?:\d+\s?\w*\.?)$", re.IGNORECASE)


def goods_on(line: str) -> Sequence[ReadLine]:
    """Return what each part of a line wants; () when the line is about one thing.

    Parts are goods when each is an article or says how many, so that «круг отрезной, 125 мм» stays one.
    """
    parts = _with_their_counts([part.strip(" .") for part in _BETWEEN.split(_AFTER_UNIT.sub(_parted, line))])
    if len(parts) < _SEVERAL:
        return ()
    read: list[ReadLine] = []
    for part in parts:
        good = read_line(part)
        if not good.said and not is_article(good.text):
            return ()
        read.append(good)
    last = read[-1]
    if _EACH.search(line.rstrip(" .;")) and last.said and not any(each.said for each in read[:-1]):
        return [replace(last, text=each.text) for each in read]
    return read


def _with_their_counts(parts: Sequence[str]) -> list[str]:
    """Return the parts with a count that a comma cut off put back: «DF333DWYE, 2 шт.; HR2470, 1 шт.»."""
    joined: list[str] = []
    for part in filter(None, parts):
        above = joined[-1] if joined else ""
        if _COUNT.fullmatch(part) and above and not _COUNT.fullmatch(above) and not read_line(above).said:
            joined[-1] = f"{above} — {part}"
        else:
            joined.append(part)
    return joined


def _parted(found: re.Match[str]) -> str:
    """Return a count with its unit, parted from the article behind it: «DF333DWYE 2 шт HR2470 3 шт»."""
    return f"{found['count']}; {found['next']}" if is_article(found["next"]) else found[0]
