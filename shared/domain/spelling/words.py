"""What the modules beside ask of a single word of a query."""

from __future__ import annotations

import re
from collections.abc import Callable

_CYRILLIC = re.compile(r"[а-яё]+", re.IGNORECASE)


def is_cyrillic(word: str) -> bool:
    """Tell whether the word is of Russian letters only."""
    return _CYRILLIC.fullmatch(word) is not None


def has_digit(word: str) -> bool:
    """Tell whether the word is rather an article or a size than a word."""
    return any(char.isdigit() for char in word)


def each_word(text: str, change: Callable[[str], str]) -> str:
    """Return the text with every word changed; words are parted by one space, what nothing is left of is gone."""
    return " ".join(filter(None, map(change, text.split())))
