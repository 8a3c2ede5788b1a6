"""Counts before what they count, in words: «2 шуруповёрта», «10 бит PH2», «5 отрезных кругов 125». Pure.

A number before a noun may be a size as well («10 бур», «4 шайба»). Grammar tells them apart: after a count the noun
stands in the genitive, after a size it does not. Where the ending could be either, it is asked.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from shared.domain.pasted_lists.counts import read_count
from shared.domain.pasted_lists.lines import ReadLine, asked
from shared.domain.pasted_lists.unit_words import NO_UNIT, PACKED
from shared.domain.quantities import ONE

_COUNTED: Final = re.compile(
    r"(?P<count>[1-9]\d{0,2})\s+(?P<what>(?:[а-яё-]+(?:ых|их)\s+){0,2}(?P<noun>[а-яё-]{3,})(?!\S).*)", re.IGNORECASE
)
_MANY: Final = re.compile(
    r".*(?:ов|ев|ей|[её]к)|бит|пил|св[её]рл|ламп|щ[её]ток|полотен|шайб|фрез|труб|муфт|скоб|петель|лент|шин|"
    r"(?:корон|голов|насад|розет|вил|перчат|втул|задвиж|отв[её]рт|рулет|лопат|кист|сет|клемм?)(?:ок|ей)",
    re.IGNORECASE,
)
"""The genitive plural, where it is not also a nominative: «кругов», «щёток», not «бур»."""
_FEW_SURELY: Final = re.compile(r".*[ыи]", re.IGNORECASE)
_FEW_PERHAPS: Final = re.compile(r".*[ая]", re.IGNORECASE)
_FEMININE: Final = re.compile(
    r".*ка|шайба|бита|пила|муфта|лампа|фреза|труба|скоба|петля|лента|шина|пена|смола|струбцина|линза|клемма",
    re.IGNORECASE,
)
"""What ends like a genitive and may be the nominative of a feminine noun."""
_SIZE: Final = re.compile(
    r"(?:санти|милли)?метр(?:а|ов)?|кило(?:грамм)?(?:а|ов)?|киловатт(?:а|ов)?|вольт(?:а|ов)|тонн[аы]?|рубл(?:я|ей)|"
    r"фаз[аы]?|жил[аы]?|гран(?:и|ей)|сло(?:я|[её]в)|класса|звен(?:а|ьев)|этаж(?:а|ей)|ряд(?:а|ов)|крыла|кромки|"
    r"рода|год(?:а|ов)?|дн(?:я|ей)",
    re.IGNORECASE,
)
"""What is in the genitive behind a number and describes goods, or measures them: «3 фазы», «10 метров шланга»."""


def read_line(line: str) -> ReadLine:
    """Return what a line says, by signs and units, else by the grammar of a number and a noun."""
    read = read_count(line)
    if read.said:
        return read
    return _counted(line) or read


def _counted(line: str) -> ReadLine | None:
    found = _COUNTED.fullmatch(line)
    if found is None or any(words.fullmatch(found["noun"]) for words in (NO_UNIT, PACKED, _SIZE)):
        return None
    count, noun, what = Decimal(found["count"]), found["noun"], found["what"]
    if _is_few(count):
        if _FEW_SURELY.fullmatch(noun) or (_FEW_PERHAPS.fullmatch(noun) and not _FEMININE.fullmatch(noun)):
            return ReadLine(what, count, said=True, first=True)
        return asked(what, (ONE, count)) if _FEW_PERHAPS.fullmatch(noun) else None
    if count == ONE or _MANY.fullmatch(noun):
        return ReadLine(what, count, said=True, first=True)
    return None


def _is_few(count: Decimal) -> bool:
    """Whether a noun stands in the genitive singular behind it: 2 to 4, 22, 103, not 12."""
    tens, ones = divmod(int(count) % 100, 10)
    return tens != 1 and 2 <= ones <= 4  # noqa: PLR2004 - the rule of the language
