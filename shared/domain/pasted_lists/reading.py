"""The reading of a pasted list: which texts are one, and what it wants. Pure.

A line says what is wanted and how many of it: «DF333DWYE x 3», «бита ph2 — 10 шт», «2 шт перчатки», columns of a
spreadsheet. A size is no quantity: «саморез 3,5 x 35», «сверло 6 - 8» and «диск 125» say none. Most texts are searches
and stay so: a list has several lines, and at least half of them say how many or are articles; a single line is one only
when it is an article and a count that cannot be a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from shared.domain.carts import MOST_PIECES
from shared.domain.searches import normalise
from shared.domain.spelling import articles
from shared.domain.spelling.words import UNIT

MOST_LINES: Final = 50
"""Lines of a list: as many articles as one request to the portal takes."""

_BULLET: Final = re.compile(r"(?:[-–—•·*]|\d{1,2}[.)])\s+")
_SIGN: Final = r"(?:\s[xх×*]\s?|\s[-–—]\s?|\s?=\s?)"
_COUNT: Final = r"(?P<count>\d{1,9})"
_COUNTED: Final = re.compile(rf"(?P<what>.*\S)(?P<sign>{_SIGN}|[\s,:]){_COUNT}\s?{UNIT}(?!\w)", re.IGNORECASE)
_SIGNED: Final = re.compile(rf"(?P<what>.*\S)(?P<sign>{_SIGN}){_COUNT}", re.IGNORECASE)
_FIRST: Final = re.compile(rf"{_COUNT}\s?(?:{UNIT}\s?[-–—:]?|[xх×*])\s(?P<what>\D.*)", re.IGNORECASE)
_APART: Final = re.compile(rf"(?P<what>\S+)[\s,:]\s?{_COUNT}")
_WHOLE: Final = re.compile(rf"{_COUNT}\s?(?:{UNIT})?", re.IGNORECASE)
_TIMES: Final = re.compile(r"[xх×*]", re.IGNORECASE)
_SIZE: Final = re.compile(r"(?:.*\s)?[\d.,/]+")
_NAMED: Final = re.compile(r"[^\W\d_]{2}")
_CHATTER: Final = re.compile(
    r"(?:здравствуйте|привет|добр(?:ый|ое|ой)\s(?:день|утро|вечер)|спасибо|артикул|наименование|название)\b.*|.*:",
    re.IGNORECASE,
)
"""Lines that want nothing: greetings, headings, the names of columns."""


@dataclass(frozen=True)
class WantedLine:
    """A line of the list: what was typed, and how many pieces, 1 to `MOST_PIECES`."""

    text: str
    quantity: int


@dataclass(frozen=True)
class PastedList:
    """A list. `left_out` counts the lines beyond the first 50; `capped`: more was wanted than an order takes."""

    lines: tuple[WantedLine, ...]
    left_out: int = 0
    capped: bool = False


@dataclass(frozen=True)
class _ReadLine:
    """What a line says; `counted`: it says how many; `clear`: so clearly that a line alone is a list."""

    text: str
    count: int = 1
    counted: bool = False
    clear: bool = False

    @property
    def is_article(self) -> bool:
        return articles.is_article(self.text)


def read(text: str) -> PastedList | None:
    """Return the list that a text is; None when it is a search."""
    typed = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in map(_line, typed) if line is not None and line.count > 0]
    if not _is_list(lines, alone=len(typed) == 1):
        return None
    taken = _merged(lines[:MOST_LINES])
    wanted = tuple(WantedLine(line.text, min(line.count, MOST_PIECES)) for line in taken)
    return PastedList(wanted, max(len(lines) - MOST_LINES, 0), any(line.count > MOST_PIECES for line in taken))


def _is_list(lines: Sequence[_ReadLine], *, alone: bool) -> bool:
    if alone:
        return any(line.is_article and line.clear for line in lines)
    counted = sum(line.counted for line in lines)
    plain = sum(line.is_article and not line.counted for line in lines)
    enough = counted >= 1 or plain >= 2  # noqa: PLR2004 - several articles are a list
    return enough and 2 * (counted + plain) >= len(lines)


def _line(typed: str) -> _ReadLine | None:
    """Read a line; None when it wants nothing."""
    if "\t" in typed or ";" in typed:
        return _columns([part.strip() for part in re.split(r"[\t;]", typed) if part.strip()])
    plain = normalise(typed)
    bare = _BULLET.sub("", plain, count=1) if _BULLET.match(plain) else plain
    if _CHATTER.fullmatch(bare) or not articles.squashed(bare):
        return None
    return _counted(bare) or _ReadLine(bare)


def _columns(cells: Sequence[str]) -> _ReadLine | None:
    """Read a line of a spreadsheet: an article or names first, a whole number last."""
    if not cells:
        return None
    count = _WHOLE.fullmatch(cells[-1]) if len(cells) > 1 else None
    named = cells[:-1] if count else cells
    text = normalise(named[0] if articles.is_article(named[0]) else " ".join(named))
    if _CHATTER.fullmatch(text) or not articles.squashed(text):
        return None
    if count is None or not _names(text):
        return _ReadLine(text)
    return _ReadLine(text, int(count["count"]), counted=True, clear=True)


def _counted(line: str) -> _ReadLine | None:
    """Return the line with its count, when it says one."""
    for pattern in (_COUNTED, _SIGNED, _FIRST):
        found = pattern.fullmatch(line)
        if found is None:
            continue
        text = found["what"].rstrip(" ,:;—–-=")
        unit = pattern is not _SIGNED
        sign = found.groupdict().get("sign") or ""
        if _names(text) and (unit or articles.is_article(text) or not _SIZE.fullmatch(text)):
            clear = unit or " " not in text or _TIMES.search(sign) is not None
            return _ReadLine(text, int(found["count"]), counted=True, clear=clear)
    found = _APART.fullmatch(line)
    if found is not None and articles.is_article(found["what"].rstrip(",:")):
        return _ReadLine(found["what"].rstrip(",:"), int(found["count"]), counted=True)
    return None


def _names(text: str) -> bool:
    """Tell whether there is anything to look for: «18 В» is a size."""
    return bool(_NAMED.search(text)) or articles.is_article(text)


def _merged(lines: Sequence[_ReadLine]) -> list[_ReadLine]:
    """Return the lines with what is wanted twice in one."""
    merged: dict[str, _ReadLine] = {}
    for line in lines:
        key = articles.squashed(line.text)
        known = merged.get(key)
        merged[key] = line if known is None else replace(known, count=known.count + line.count)
    return list(merged.values())
