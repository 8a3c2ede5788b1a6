"""What one line of a list says, before it is known whether the text is a list. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from shared.domain.quantities import MOST, ONE
from shared.domain.spelling import articles
from shared.domain.spelling.words import has_digit

UNUSUAL: Final = Decimal(100)
"""A larger count that nothing says surely is asked back."""

LONGEST_LINE: Final = 200
"""Signs of what one line says of one thing; a longer one is not read, and that is said."""

MOST_OPTIONS: Final = 3

TRIM: Final = " ,:;—–-=×*([~_"
"""Signs between what is wanted and its count, on either side."""

_COMMA: Final = re.compile(r"(?<=\d),(?=\d)")
_NAMED: Final = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class ReadLine:
    """A line. `said`: it says how many; `sure`: by a unit, a sign or the name of a column.

    `options`: it must be asked, and these are the counts that the line itself allows. `alone`: so clear that a line
    alone is a list. `first`: the count stands before what it counts, where the number of a row might. `row`: another
    number stands before what is counted. `pieces`: he named pieces, packs or the like as what he counts.
    """

    text: str
    count: Decimal = ONE
    measure: str = ""
    said: bool = False
    sure: bool = False
    alone: bool = False
    first: bool = False
    row: Decimal | None = None
    options: tuple[Decimal, ...] = ()
    pieces: bool = False

    @property
    def is_article(self) -> bool:
        """Whether it names an article."""
        return is_article(self.text)


def is_article(text: str) -> bool:
    """Tell whether a text names an article; in one like «VVG-3-2,5» a comma parts digits."""
    return articles.is_article(_COMMA.sub(".", text))


def is_mark(text: str) -> bool:
    """Tell whether a text is one word with digits, such as a catalogue's mark: «T25», «М8», «4329»."""
    return " " not in text and has_digit(text) and len(articles.squashed(text)) > 1


def ends_in_article(text: str) -> bool:
    """Tell whether the last word is an article of letters and digits."""
    last = text.rpartition(" ")[2]
    return is_article(last) and not last.isdigit()


def names_something(text: str) -> bool:
    """Tell whether there is anything to look for: «18 В» is a size."""
    return bool(_NAMED.search(text)) or is_article(text)


def possible(counts: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Return the counts that can be answers: what an order takes, each once, and 1 where there is none such."""
    kept = tuple(dict.fromkeys(count for count in counts if 0 < count <= MOST))
    return kept[:MOST_OPTIONS] or (ONE,)


def asked(text: str, counts: Iterable[Decimal], measure: str = "") -> ReadLine:
    """Return a line whose count must be asked; the first of them stands for it meanwhile."""
    options = possible(counts)
    alone = is_article(text) and " " not in text
    return ReadLine(text, options[0], measure, said=True, alone=alone, options=options)


def unless_unusual(line: ReadLine) -> ReadLine:
    """Return the line, asked back if nothing says its large count surely."""
    if line.sure or line.options or line.count <= UNUSUAL:
        return line
    return replace(asked(line.text, [line.count], line.measure), pieces=line.pieces)
