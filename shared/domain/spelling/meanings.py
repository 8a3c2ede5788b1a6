"""What an unknown word may mean, for people to confirm: the nearest word of names that hold a piece of it. Pure.

Nobody is searched for by it before that: what is near enough to be searched for at once is `typos`' matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from shared.domain.spelling import typos, yo
from shared.domain.spelling.trade_words import TradeWords
from shared.domain.spelling.words import LITTLE, is_cyrillic, without_quantity

SHORTEST: Final = 5
"""Letters of a word that is guessed at: a shorter one is near to too many."""

PIECES: Final = 3
"""Texts to ask names by for one query."""

_NEAR: Final = 0.65
"""Share of the letters that two words must have in common, in order."""

_WORD: Final = re.compile(r"[^\W\d_]+")


def unknown(query: str, words: TradeWords) -> str | None:
    """Return the only word of a query that the trade's words do not know; None where there is none, or are several."""
    typed = [word for word in _words(without_quantity(query)) if len(word) >= SHORTEST and not words.has(word)]
    return typed[0] if len(typed) == 1 else None


def questions(query: str, words: TradeWords) -> list[str]:
    """Return the pieces to ask names by; none where there is nothing to guess."""
    word = unknown(query, words)
    return typos.pieces(word)[:PIECES] if word else []


def likely(query: str, names: Iterable[str], words: TradeWords) -> str:
    """Return a line of the trade's words that would explain the query; "" where no name has a word near enough."""
    word = unknown(query, words)
    if word is None:
        return ""
    known = {yo.without_yo(one): one for name in names for one in _words(name) if len(one) >= SHORTEST}
    near = get_close_matches(yo.without_yo(word), known, n=1, cutoff=_NEAR)
    return f"{word} > {known[near[0]]}" if near else ""


def _words(text: str) -> list[str]:
    found = (word.casefold() for word in _WORD.findall(text))
    return [word for word in found if is_cyrillic(word) and word not in LITTLE]
