"""The count that a line of words says: «DF333DWYE x3», «бита ph2 — 10 шт», «2 шт перчатки», «HR2470 по 2». Pure.

A unit is a count whatever stands before it; a sign is one where the word before it is no size: «саморез 3,5 x 35» and
«сверло 6 - 8» say none. Metres, kilograms and litres count behind an article or a dash only: «VVG-3-2,5 2,5 м», «кабель
ВВГ — 10 м»; «рулетка 5 м» is asked. A bare number counts behind an article; elsewhere it may be a size, and is asked,
as is one before a word that may be a unit nobody here knows.

A line has at most 200 signs and each pattern one place where its beginning ends, so it looks at a line at most once for
each of its signs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from shared.domain.pasted_lists import unit_words, vague_counts
from shared.domain.pasted_lists.lines import (
    TRIM,
    UNUSUAL,
    ReadLine,
    asked,
    ends_in_article,
    is_article,
    is_mark,
    names_something,
)
from shared.domain.pasted_lists.numbers import MEASURE, NUMBER, UNITS, measure_of, number
from shared.domain.pasted_lists.prices import without_prices
from shared.domain.quantities import MOST, ONE

_FLAGS: Final = re.IGNORECASE
_COUNT: Final = rf"(?P<count>{NUMBER})"
_WHAT: Final = r"(?P<what>.*?\S)"
_LEAD: Final = r"(?:[xх×*]\s?)?(?:по\s)?(?:кол(?:-?во|ичество)\.?\s?[:=–—-]?\s?)?"
_BEHIND: Final = rf"(?:\s?[×*=:,;–—(\[_~-]\s?|\s[xх]\s?|\s){_LEAD}"
_END: Final = r"[.)\],;!?]*"

_UNIT_LAST: Final = re.compile(rf"{_WHAT}(?P<sign>{_BEHIND}){_COUNT}\s?{UNITS}(?!\w){_END}", _FLAGS)
_RANGE_LAST: Final = re.compile(rf"{_WHAT}\s(?P<one>\d{{1,3}})[-–—](?P<other>\d{{1,3}})\s?{UNITS}(?!\w){_END}", _FLAGS)
_MEASURE_LAST: Final = re.compile(rf"{_WHAT}(?P<sign>{_BEHIND}){_COUNT}\s?{MEASURE}{_END}", _FLAGS)
_UNIT_BEFORE: Final = re.compile(
    rf"{_WHAT}[\s,;:–—-]\s?(?:{UNITS}|кол(?:-?во|ичество))\s?[:=–—-]?\s?{_COUNT}{_END}", _FLAGS
)
_SIGN_LAST: Final = re.compile(
    rf"{_WHAT}(?P<sign>\s?[×*=:]\s?|\s[xх]\s?|(?<=[A-ZА-Я0-9])x|\s[-–—]\s?|\sпо\s|\s?[(\[][xх×]?){_COUNT}{_END}", _FLAGS
)
_UNIT_FIRST: Final = re.compile(rf"(?:[xх×]\s?)?{_COUNT}\s?{UNITS}\s?[-–—:]?\s?(?P<what>\S.*)", _FLAGS)
_MEASURE_FIRST: Final = re.compile(rf"{_COUNT}\s?{MEASURE}\s?[-–—:]?\s(?P<what>\D.*)", _FLAGS)
_SIGN_FIRST: Final = re.compile(rf"(?:{_COUNT}\s?[xх×*]\s|[xх×]\s?(?P<other>\d{{1,9}})\s)(?P<what>\D.*)", _FLAGS)
_BARE_FIRST: Final = re.compile(rf"{_COUNT}\s(?:[-–—]\s)?(?P<what>\D.*)", _FLAGS)
_UNIT_INSIDE: Final = re.compile(rf"{_WHAT}(?P<sign>{_BEHIND}){_COUNT}\s?{UNITS}[.)\]]*(?P<more>[\s,;(/].*)", _FLAGS)
_TIMES: Final = re.compile(
    rf"{_WHAT}\s(?P<one>{NUMBER})\s?[xх×*]\s?(?P<other>{NUMBER})(?:\s?=\s?(?P<sum>{NUMBER}))?", _FLAGS
)
_BARE_LAST: Final = re.compile(r"(?P<what>.*?\S)(?P<numbers>(?:[\s,]\s?\d{1,9}(?:[.,]\d{1,3})?){1,4})")
_WORD_LAST: Final = re.compile(r"(?P<what>.*\S)\s(?P<count>\d{1,3})\s(?P<word>[а-яё]{3,14})\.?", _FLAGS)
_SENTENCE_END: Final = re.compile(r"(?<=\d)[\s.!,;—]+$")
_REMARK: Final = re.compile(r"(?P<what>.*\S)\s?\([^()\d]*\)")
_WORDS: Final = {
    "один": 1, "одна": 1, "одну": 1, "два": 2, "две": 2, "три": 3, "четыре": 4, "пять": 5, "шесть": 6, "семь": 7,
    "восемь": 8, "девять": 9, "десять": 10, "пару": 2,
}  # fmt: skip
_IN_WORDS: Final = re.compile(rf"(?<!\w)(?P<word>{'|'.join(_WORDS)})\s(?={UNITS})", _FLAGS)

_SIZE: Final = re.compile(r"(?:.*\s)?[\d.,/]+")
_THREAD: Final = re.compile(r"(?:.*\s)?[MМ]\d{1,2}", _FLAGS)
_SIZES: Final = re.compile(r"\s?[xх×*]\s?", _FLAGS)
_DASH: Final = re.compile(r"\s?[-–—=]\s?")
_PARTED: Final = re.compile(r"[\s,]+")
_DECIMAL_SIZE: Final = re.compile(r"\S+-\d{1,2},\d{1,2}")
"""«VVG-3-2,5»: an article whose last size is a decimal, or five of one that ends before the comma."""
_CHECK_DIGIT: Final = re.compile(r"\d{6} \d")
_ROW_BEFORE: Final = re.compile(r"(?P<row>\d{1,3})\s(?P<what>\D.*)")


def read_count(line: str) -> ReadLine:
    """Return what a line wants, and how many of it as far as it says."""
    bare, doubtful = without_prices(_SENTENCE_END.sub("", line))
    if (remark := _REMARK.fullmatch(bare)) is not None:
        bare = remark["what"]
    bare = _IN_WORDS.sub(lambda found: f"{_WORDS[found['word'].casefold()]} ", bare)
    for way in _WAYS:
        if (read := way(bare)) is not None:
            return _without_row(replace(read, pieces=way in _OF_PIECES))
    if doubtful is not None and is_article(bare):
        return asked(bare, [doubtful, ONE])
    return vague_counts.read(bare) or ReadLine(bare)


def _without_row(line: ReadLine) -> ReadLine:
    """Return a line with the number before its article apart: it counts rows, or wants so many."""
    found = _ROW_BEFORE.fullmatch(line.text)
    if found is None or not line.said or not (is_article(found["what"]) or is_article(found["what"].split(" ")[0])):
        return line
    return replace(line, text=found["what"], row=number(found["row"]))


def _said(text: str, count: str, measure: str = "", *, sure: bool = True, alone: bool = False) -> ReadLine | None:
    """Return a line with its count, if there is anything to look for."""
    what = without_prices(text)[0].rstrip(TRIM)
    if not names_something(what) and not is_mark(what):
        return None
    return ReadLine(what, number(count), measure, said=True, sure=sure, alone=alone or _is_code(what))


def _is_code(text: str) -> bool:
    return is_article(text) or is_mark(text)


def _unit_last(line: str) -> ReadLine | None:
    found = _UNIT_LAST.fullmatch(line)
    if found is None:
        return None
    groups = found["count"].split(" ")
    apart = len(groups) > 1 and not groups[-1].startswith("0") and _SIZE.fullmatch(f"{found['what']} {groups[0]}")
    if apart and not found["sign"].strip():
        # «сверло 6 100 шт»: 6 is a size, or 6 100 are wanted.
        return asked(f"{found['what']} {groups[0]}", [number(groups[-1]), MOST])
    if found["sign"] == "-" and "-" in found["what"]:
        # «WB-PH2-50 шт»: 50 pieces, or the article and no number.
        return asked(f"{found['what']}-{found['count']}", [ONE, number(found["count"])])
    return _said(found["what"], found["count"])


def _range_last(line: str) -> ReadLine | None:
    """Read «1-2 шт», which leaves the choice."""
    found = _RANGE_LAST.fullmatch(line)
    return asked(found["what"].rstrip(TRIM), [number(found["one"]), number(found["other"])]) if found else None


def _measure_last(line: str) -> ReadLine | None:
    found = _MEASURE_LAST.fullmatch(line)
    if found is None:
        return None
    text = found["what"].rstrip(TRIM)
    dash = (_DASH.fullmatch(found["sign"]) is not None and " " in found["sign"]) or "=" in found["sign"]
    if not is_article(text) and not ends_in_article(text) and not dash:
        return None
    return _said(text, found["count"], measure_of(found["measure"]), alone=is_article(text))


def _unit_before(line: str) -> ReadLine | None:
    found = _UNIT_BEFORE.fullmatch(line)
    if found is None or _SIZE.fullmatch(found["what"]):
        return None
    return _said(found["what"], found["count"])


def _times(line: str) -> ReadLine | None:
    """Read a count and a price that are multiplied; which is which may have to be asked."""
    found = _TIMES.fullmatch(line)
    if found is None:
        return None
    one, other = number(found["one"]), number(found["other"])
    proven = found["sum"] is not None and one * other == number(found["sum"])
    if not proven and not ends_in_article(found["what"]):
        return None
    counts = [count for count in (one, other) if count <= MOST and count == count.to_integral_value()]
    if len(counts) == 1:
        return _said(found["what"], str(counts[0]), alone=True)
    return asked(found["what"].rstrip(TRIM), counts)


def _sign_last(line: str) -> ReadLine | None:
    found = _SIGN_LAST.fullmatch(line)
    if found is None:
        return None
    text, sign = found["what"].rstrip(TRIM), found["sign"]
    times = _SIZES.fullmatch(sign) is not None
    if _THREAD.fullmatch(text) and times:
        return _size(line, found["count"])
    if _SIZE.fullmatch(text) and not is_article(text):
        return None if times else _size(line, found["count"])
    clear = times or "(" in sign or "[" in sign or "=" in sign or " " not in text
    read = _said(text, found["count"])
    return read and _alone(read, clear and read.alone)


def _size(line: str, count: str) -> ReadLine:
    """Return a line whose last number may be a size or the count."""
    if number(count) == ONE:
        return ReadLine(line)
    options = asked(line, [ONE, number(count)]).options
    return ReadLine(line, options=options)


def _alone(line: ReadLine, alone: bool) -> ReadLine:  # noqa: FBT001 - a field's new value
    return replace(line, alone=alone)


def _unit_first(line: str) -> ReadLine | None:
    found = _UNIT_FIRST.fullmatch(line)
    return _said(found["what"], found["count"]) if found else None


def _measure_first(line: str) -> ReadLine | None:
    found = _MEASURE_FIRST.fullmatch(line)
    if found is None or not is_article(found["what"]):
        return None
    return _said(found["what"], found["count"], measure_of(found["measure"]))


def _sign_first(line: str) -> ReadLine | None:
    found = _SIGN_FIRST.fullmatch(line)
    return _said(found["what"], found["count"] or found["other"]) if found else None


def _unit_inside(line: str) -> ReadLine | None:
    """Read a count with words behind it; a bare number there may be the count instead, as of «10 шт. 2»."""
    found = _UNIT_INSIDE.fullmatch(line)
    if found is None or found["sign"] == "-":
        return None
    last = _BARE_LAST.fullmatch(line)
    if last is not None:
        return asked(last["what"], [number(last["numbers"].strip(" ,").split(" ")[-1]), number(found["count"])])
    more = found["more"].strip(" ,;()")
    text = found["what"] if _is_code(found["what"]) or ends_in_article(found["what"]) else f"{found['what']} {more}"
    return _said(text, found["count"])


def _bare_last(line: str) -> ReadLine | None:
    """Read a number behind an article as its count; behind other words it may be a size."""
    found = _BARE_LAST.fullmatch(line)
    if found is None:
        return None
    text = found["what"].rstrip(TRIM)
    numbers = [number(each) for each in _PARTED.split(found["numbers"]) if each]
    comma = "," in found["numbers"]
    if _DECIMAL_SIZE.fullmatch(line):
        return _size(line, str(numbers[-1]))
    if _CHECK_DIGIT.fullmatch(line):
        return ReadLine(line, options=asked(line, [ONE, numbers[0]]).options)
    if (is_mark(text) and is_article(text)) or ends_in_article(text):
        return _of_numbers(text, numbers)
    if is_article(text):
        return asked(text, [numbers[-1]]) if not comma and " " in text else _said(text, str(numbers[-1]), sure=False)
    return _size(line, str(numbers[-1])) if names_something(text) and numbers[-1] <= UNUSUAL else None


def _of_numbers(text: str, numbers: Sequence[Decimal]) -> ReadLine | None:
    counts = [count for count in numbers if count <= MOST]
    if len(counts) == 1:
        alone = is_mark(text) and not text.isdigit()
        read = _said(text, str(counts[0]), sure=False)
        return read and _alone(read, alone)
    return asked(text, counts)


def _bare_first(line: str) -> ReadLine | None:
    found = _BARE_FIRST.fullmatch(line)
    if found is None or not (is_article(found["what"]) or ends_in_article(found["what"])):
        return None
    count = number(found["count"])
    if count > MOST:
        return None
    return ReadLine(found["what"], count, said=True, alone=is_article(found["what"]), first=True)


def _length_last(line: str) -> ReadLine | None:
    """Read «рулетка 5 м» and «кабель ВВГ 15 м»: how long it is, or how much of it is wanted."""
    found = _MEASURE_LAST.fullmatch(line)
    if found is None or measure_of(found["measure"]) != "м" or found["sign"].strip():
        return None
    return _size(line, found["count"]) if names_something(found["what"].rstrip(TRIM)) else None


def _word_last(line: str) -> ReadLine | None:
    """Read «проволока 5 мотков», whose last word may be what is counted: then it is in no name of a product."""
    found = _WORD_LAST.fullmatch(line)
    if found is None or unit_words.NO_UNIT.fullmatch(found["word"]):
        return None
    text = found["what"].rstrip(TRIM)
    if not names_something(text):
        return None
    packed = unit_words.PACKED.fullmatch(found["word"])
    return asked(text, [number(found["count"]), ONE]) if packed else _size(line, found["count"])


_WAYS: Final[Sequence[Callable[[str], ReadLine | None]]] = (
    _range_last, _unit_last, _measure_last, _unit_before, _times, _sign_last, _unit_first, _measure_first, _sign_first,
    _unit_inside, _bare_last, _bare_first, _length_last, _word_last,
)  # fmt: skip
"""The ways to say a count, the surest first."""

_OF_PIECES: Final = frozenset({_range_last, _unit_last, _unit_first, _unit_inside})
"""Those that name what is counted."""
