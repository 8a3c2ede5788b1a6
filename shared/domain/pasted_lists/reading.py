"""The reading of a pasted list: which texts are one, and what it wants. Pure.

A line says what is wanted and how many of it: «DF333DWYE x 3», «бита ph2 — 10 шт», «2 шт перчатки», columns of a
spreadsheet. A size is no quantity: «саморез 3,5 x 35», «сверло 6 - 8» and «диск 125» say none. Metres, kilograms and
litres are a quantity behind an article or a dash only: «VVG-3-2,5 2,5 м», «кабель ВВГ — 10 м», but not «рулетка 5 м».
Most texts are searches and stay so: a list has several lines, and at least half of them say how many or are articles; a
single line is one only when it is an article and a count that cannot be a part of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from shared.domain.quantities import MOST, ONE
from shared.domain.searches import normalise
from shared.domain.spelling import articles
from shared.domain.spelling.words import UNIT

MOST_LINES: Final = 50
"""Lines of a list: as many articles as one request to the portal takes."""

_BULLET: Final = re.compile(r"(?:[-–—•·*]|\d{1,2}[.)])\s+")
_SIGN: Final = r"(?:\s[xх×*]\s?|\s[-–—]\s?|\s?=\s?)"
_COUNT: Final = r"(?P<count>\d{1,9})"
_PART: Final = r"(?P<count>\d{1,9}[.,]\d{1,3})"
_ANY: Final = r"(?P<count>\d{1,9}(?:[.,]\d{1,3})?)"
_MEASURE: Final = r"(?P<measure>м(?:етр(?:а|ов)?)?|кг|килограмм(?:а|ов)?|л(?:итр(?:а|ов)?)?)\b\.?"
_BEFORE: Final = rf"(?P<what>.*\S)(?P<sign>{_SIGN}|[\s:])"
_MEASURED: Final = re.compile(rf"{_BEFORE}{_ANY}\s?{_MEASURE}(?!\w)", re.IGNORECASE)
_MEASURE_FIRST: Final = re.compile(rf"{_ANY}\s?{_MEASURE}\s?[-–—:]?\s(?P<what>\D.*)", re.IGNORECASE)
_IN_PARTS: Final = re.compile(rf"{_BEFORE}{_PART}\s?{UNIT}(?!\w)", re.IGNORECASE)
_COUNTED: Final = re.compile(rf"(?P<what>.*\S)(?P<sign>{_SIGN}|[\s,:]){_COUNT}\s?{UNIT}(?!\w)", re.IGNORECASE)
_SIGNED: Final = re.compile(rf"(?P<what>.*\S)(?P<sign>{_SIGN}){_COUNT}", re.IGNORECASE)
_FIRST: Final = re.compile(rf"{_COUNT}\s?(?:{UNIT}\s?[-–—:]?|[xх×*])\s(?P<what>\D.*)", re.IGNORECASE)
_APART: Final = re.compile(rf"(?P<what>\S+)[\s,:]\s?{_COUNT}")
_WHOLE: Final = re.compile(rf"{_COUNT}\s?(?:{UNIT})?", re.IGNORECASE)
_CELL: Final = re.compile(rf"{_ANY}\s?(?:{UNIT}|{_MEASURE})", re.IGNORECASE)
_DASH: Final = re.compile(r"(?:\s[-–—]|=)\s*$")
_COMMA: Final = re.compile(r"(?<=\d),(?=\d)")
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
    """A line of the list: what was typed, and how much of it, above 0 and to `MOST`.

    `measure` is «м», «кг» or «л» where he wrote it; "" for a count.
    """

    text: str
    quantity: Decimal
    measure: str = ""


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
    count: Decimal = ONE
    counted: bool = False
    clear: bool = False
    measure: str = ""

    @property
    def is_article(self) -> bool:
        return is_article(self.text)


def read(text: str) -> PastedList | None:
    """Return the list that a text is; None when it is a search."""
    typed = [line.strip() for line in text.splitlines() if line.strip()]
    lines = [line for line in map(_line, typed) if line is not None and line.count > 0]
    if not _is_list(lines, alone=len(typed) == 1):
        return None
    taken = _merged(lines[:MOST_LINES])
    wanted = tuple(WantedLine(line.text, min(line.count, MOST), line.measure) for line in taken)
    return PastedList(wanted, max(len(lines) - MOST_LINES, 0), any(line.count > MOST for line in taken))


def is_article(text: str) -> bool:
    """Tell whether a line names an article; in one like «VVG-3-2,5» a comma parts digits."""
    return articles.is_article(_COMMA.sub(".", text))


def _number(found: re.Match[str]) -> Decimal:
    return Decimal(found["count"].replace(",", "."))


def _measure(found: re.Match[str]) -> str:
    """Return the symbol of the measure that was written, "" where there is none."""
    word = (found.groupdict().get("measure") or "").casefold()
    return next((symbol for symbol in ("м", "кг", "л") if word.startswith(symbol[0])), "")


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
    count = _WHOLE.fullmatch(cells[-1]) or _CELL.fullmatch(cells[-1]) if len(cells) > 1 else None
    named = cells[:-1] if count else cells
    text = normalise(named[0] if is_article(named[0]) else " ".join(named))
    if _CHATTER.fullmatch(text) or not articles.squashed(text):
        return None
    if count is None or not _names(text):
        return _ReadLine(text)
    return _ReadLine(text, _number(count), counted=True, clear=True, measure=_measure(count))


def _counted(line: str) -> _ReadLine | None:
    """Return the line with its count, when it says one."""
    return _measured(line) or _in_pieces(line)


def _measured(line: str) -> _ReadLine | None:
    """Return the line with its metres, kilograms or litres, or with a part of a piece."""
    for pattern in (_MEASURED, _MEASURE_FIRST, _IN_PARTS):
        found = pattern.fullmatch(line)
        if found is None:
            continue
        text = found["what"].rstrip(" ,:;—–-=")
        before = line[: found.start("count")]
        apart = is_article(text) or _DASH.search(before) is not None
        if _names(text) and (apart or pattern is _IN_PARTS):
            return _ReadLine(text, _number(found), counted=True, clear=True, measure=_measure(found))
    return None


def _in_pieces(line: str) -> _ReadLine | None:
    for pattern in (_COUNTED, _SIGNED, _FIRST):
        found = pattern.fullmatch(line)
        if found is None:
            continue
        text = found["what"].rstrip(" ,:;—–-=")
        unit = pattern is not _SIGNED
        sign = found.groupdict().get("sign") or ""
        if _names(text) and (unit or is_article(text) or not _SIZE.fullmatch(text)):
            clear = unit or " " not in text or _TIMES.search(sign) is not None
            return _ReadLine(text, _number(found), counted=True, clear=clear)
    found = _APART.fullmatch(line)
    if found is not None and is_article(found["what"].rstrip(",:")):
        return _ReadLine(found["what"].rstrip(",:"), _number(found), counted=True)
    return None


def _names(text: str) -> bool:
    """Tell whether there is anything to look for: «18 В» is a size."""
    return bool(_NAMED.search(text)) or is_article(text)


def _merged(lines: Sequence[_ReadLine]) -> list[_ReadLine]:
    """Return the lines with what is wanted twice in one."""
    merged: dict[str, _ReadLine] = {}
    for line in lines:
        key = articles.squashed(line.text)
        known = merged.get(key)
        merged[key] = line if known is None else replace(known, count=known.count + line.count)
    return list(merged.values())
