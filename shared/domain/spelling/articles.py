"""Articles with and without dashes, dots and spaces: «DF 333 DWYE», «06 01 9G8-000», «1973935» for 197393-5."""

from __future__ import annotations

import re
from typing import Final

from shared.domain.spelling.lookalikes import in_either_alphabet, in_one_alphabet, latin
from shared.domain.spelling.words import has_digit

SHORTEST: Final = 5
"""Letters and digits of what is taken for an article: «18 В» is none."""

_SEPARATORS: Final = re.compile(r"[\s\u00a0.,\u2010-\u2015\u2212-]+")
_PART: Final = re.compile(r"[^\W\d_]+|\d+")
_SIGNS: Final = re.compile(r"[A-Z0-9ЁА-Я.,/\\_–—-]+", re.IGNORECASE)
_CHECK_DIGIT: Final = re.compile(r"(\d{6})[\s-]?(\d)")
"""A part of Makita: six digits, a dash, one more."""


def squashed(text: str) -> str:
    """Return only letters and digits, without case, dots and the difference of alphabets: equal here is one article."""
    plain = latin(text.casefold().replace("ё", "е"))
    return "".join(char for char in plain if char.isalnum())


def apart(text: str) -> list[str]:
    """Return the parts of an article between dashes, spaces, dots and commas, which catalogues put in as they like."""
    return [part for part in _SEPARATORS.split(text) if part]


def is_article(query: str) -> bool:
    """Tell whether the whole query reads as one article: digits, and no word that is rather a Russian one."""
    if not has_digit(query):
        return False
    shaped = all(_SIGNS.fullmatch(word) and (has_digit(word) or _is_mark(word)) for word in query.split())
    return shaped and len(squashed(query)) >= SHORTEST


def _is_mark(word: str) -> bool:
    return len(word) < SHORTEST and latin(word).isascii()


def joined(query: str) -> str:
    """Return the article without what parts it: «DF-333 DWYE» as «DF333DWYE»."""
    return "".join(char for char in query if char.isalnum())


def parted(query: str) -> str:
    """Return the article's parts as words: «GSR120LI» as «GSR 120 LI», «1973935» as «197393 5»."""
    parts = _PART.findall(query)
    return " ".join(_CHECK_DIGIT.sub(r"\1 \2", part) if _CHECK_DIGIT.fullmatch(part) else part for part in parts)


def spellings(query: str) -> list[str]:
    """Return the article as a catalogue may have it, for a look-up that takes the whole of it; as typed first."""
    typed = in_one_alphabet(query)
    tried = [*in_either_alphabet(query), typed, "-".join(typed.split()), joined(typed)]
    if _CHECK_DIGIT.fullmatch(typed):
        tried.append(_CHECK_DIGIT.sub(r"\1-\2", typed))
    return list(dict.fromkeys(tried))
