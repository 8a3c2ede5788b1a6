"""Russian typed in Latin letters and the other way round: «shurupovert», «вера» for a brand that no table knows."""

from __future__ import annotations

import re
from typing import Final

from shared.domain.spelling.brands import is_brand
from shared.domain.spelling.words import each_word, is_cyrillic

_SOUNDS: Final = {
    "shch": "щ", "sch": "щ", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ju": "ю", "ya": "я",
    "ja": "я", "yo": "ё", "jo": "ё", "iy": "ий", "yy": "ый",
    "a": "а", "b": "б", "v": "в", "w": "в", "g": "г", "d": "д", "e": "е", "z": "з", "i": "и", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "r": "р", "s": "с", "t": "т", "u": "у", "f": "ф", "h": "х",
    "c": "к", "q": "к", "x": "кс", "y": "ы",
}  # fmt: skip
_LETTERS: Final = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        ("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f",
         "h", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya"),
        strict=True,
    )
)  # fmt: skip
_SOUND: Final = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_LATIN_WORD: Final = re.compile(r"[a-z]{4,}", re.IGNORECASE)


def transliterated(query: str) -> str:
    """Return the query with each word of one alphabet spelled in the other, in lower case; others stay."""
    return each_word(query, _word)


def letters(text: str) -> str:
    """Return the text with a Latin letter or two for each Russian one, in lower case; digits and signs stay."""
    return "".join(_LETTERS.get(letter, letter) for letter in text.casefold())


def _word(word: str) -> str:
    if is_brand(word):
        return word
    if is_cyrillic(word):
        return letters(word)
    if _LATIN_WORD.fullmatch(word):
        return _SOUND.sub(lambda found: _SOUNDS[found[0]], word.casefold())
    return word
