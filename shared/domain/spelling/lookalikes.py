"""Letters that look alike in both alphabets: a «С» for a C inside an article, which only a database sees."""

from __future__ import annotations

from typing import Final

from shared.domain.spelling.words import each_word, has_digit

_CYRILLIC: Final = "АВЕКМНОРСТУХавекмнорстух"
_LATIN: Final = "ABEKMHOPCTYXabekmhopctyx"
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC: Final = str.maketrans(_LATIN, _CYRILLIC)


def latin(text: str) -> str:
    """Return the text with Latin letters for those that look alike."""
    return text.translate(_TO_LATIN)


def is_ambiguous(char: str) -> bool:
    """Tell whether a letter looks the same in both alphabets."""
    return char in _CYRILLIC or char in _LATIN


def in_one_alphabet(query: str) -> str:
    """Return the query with words of two alphabets, and articles that can be Latin as a whole, in one."""
    return each_word(query, _in_one_alphabet)


def in_either_alphabet(query: str) -> tuple[str, ...]:
    """Return the query as typed, then with its marks all Latin and all Cyrillic, where all their letters look alike."""
    return tuple(dict.fromkeys([query, each_word(query, _as_latin), each_word(query, _as_cyrillic)]))


def _as_latin(word: str) -> str:
    changed = latin(word)
    return changed if has_digit(word) and changed.isascii() else word


def _as_cyrillic(word: str) -> str:
    changed = word.translate(_TO_CYRILLIC)
    return changed if has_digit(word) and not any("a" <= char <= "z" for char in changed.casefold()) else word


def _in_one_alphabet(word: str) -> str:
    mixed = any("a" <= char <= "z" for char in word.casefold()) and not word.isascii()
    if not mixed and not has_digit(word):
        return word
    as_latin = latin(word)
    if as_latin.isascii():
        return as_latin
    as_cyrillic = word.translate(_TO_CYRILLIC)
    return as_cyrillic if mixed and not any("a" <= char <= "z" for char in as_cyrillic.casefold()) else word
