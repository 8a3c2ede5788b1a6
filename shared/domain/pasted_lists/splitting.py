"""Several goods on one line: «DF333DWYE 2, HR2470 1», «DF333DWYE, HR2470 по 3 шт». Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.domain.pasted_lists.counted_nouns import read_line
from shared.domain.pasted_lists.lines import ReadLine, is_article

_BETWEEN: Final = re.compile(r";|,(?!\d)|(?<=\d),(?=\d+\s?[^\W\d_]{2})|\s[+/]\s|\s(?:и|плюс)\s", re.IGNORECASE)
_SEVERAL: Final = 2
_EACH: Final = re.compile(r"(?<!\w)по\s(?:\d+\s?\w*\.?)$", re.IGNORECASE)


def goods_on(line: str) -> Sequence[ReadLine]:
    """Return what each part of a line wants; () when the line is about one thing.

    Parts are goods when each is an article or says how many, so that «круг отрезной, 125 мм» stays one.
    """
    parts = [part.strip(" .") for part in _BETWEEN.split(line)]
    parts = [part for part in parts if part]
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
