"""Russian endings: who writes «дрели» means the catalogue's «Дрель». A search by a part of a word needs the stem."""

from __future__ import annotations

import re
from typing import Final

from shared.domain.spelling.words import each_word, is_cyrillic

SHORTEST: Final = 4
"""Letters that must be left: shorter stems are in too many words («бит» is in «битум»)."""

_ENDING: Final = re.compile(
    r"(?:ыми|ими|ами|ями|ого|его|ому|ему|ый|ий|ой|ая|яя|ое|ее|ые|ие|ым|им|ых|их|ую|юю|ам|ям|ах|ях|ов|ев|ей|ом|ем|"
    r"[аяоеёыиую])$",
    re.IGNORECASE,
)


def stems(query: str) -> str:
    """Return the query with the endings of its Russian words cut off where enough is left."""
    return each_word(query, _stem)


def _stem(word: str) -> str:
    if not is_cyrillic(word):
        return word
    cut = _ENDING.sub("", word)
    return cut if len(cut) >= SHORTEST else word
