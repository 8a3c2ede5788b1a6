"""Words typed with the keyboard in the other language: «ghbdtn» is «привет», «вуцфде» is «dewalt»."""

from __future__ import annotations

import re
from typing import Final

from shared.domain.spelling.brands import is_brand
from shared.domain.spelling.words import each_word, has_digit, is_cyrillic

_LATIN: Final = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>~"
_CYRILLIC: Final = "йцукенгшщзхъфывапролджэячсмитьбюёЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮЁ"
_OTHER: Final = str.maketrans(_LATIN + _CYRILLIC, _CYRILLIC + _LATIN)
_TO_LATIN: Final = str.maketrans(_CYRILLIC, _LATIN)

_VOWEL: Final = re.compile(r"[аеёиоуыэюя]", re.IGNORECASE)
_NEVER: Final = re.compile(
    r"^[ъьы]|[жшщч][ыэ]|[аеёиоуыэюя][ъь]|[ъь][ъьы]|й[аеёиоуыэюяъь]|[бвгджзйклмнпрстфхцчшщъь]{5}", re.IGNORECASE
)
"""What no Russian word of a catalogue has."""


def switched(text: str) -> str:
    """Return what the same keys give in the other layout. Doing it twice gives the text again."""
    return text.translate(_OTHER)


def as_meant(query: str) -> str:
    """Return the query with those words switched that make more sense so."""
    return each_word(query, _as_meant)


def _as_meant(word: str) -> str:
    other = switched(word)
    if is_cyrillic(other):
        return other if _reads_as_russian(other) and not is_brand(word) else word
    latin = word.translate(_TO_LATIN)
    if latin == word or not latin.isascii():
        return word
    slipped = has_digit(word) or is_brand(latin) or (is_cyrillic(word) and not _reads_as_russian(word))
    return latin if slipped else word


def _reads_as_russian(word: str) -> bool:
    return _VOWEL.search(word) is not None and _NEVER.search(word) is None
