"""The trade's words: what masters call a thing, and what catalogues do («болгарка» is УШМ is «углошлифмашина»).

The words are data, `trade_words.txt`, whose first lines say how a line of it is read; a shop's own lines, which
operators add, come before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from shared.domain.spelling import yo
from shared.domain.spelling.words import LITTLE, stem, without_quantity

LONGEST_PHRASE: Final = 3
"""Words of a phrase that means one thing."""

_PATH: Final = Path(__file__).with_name("trade_words.txt")
_LETTERS: Final = re.compile(r"[^\W\d_]{3,}")
_WORD: Final = re.compile(r"[^\s]+")
_Phrase = tuple[str, ...]


@dataclass(frozen=True)
class TradeWords:
    """Groups of phrases, each phrase by the stems of its words, with the phrases that may stand for it.

    `vocabulary` are all their words in full.
    """

    meanings: Mapping[_Phrase, Sequence[str]] = field(default_factory=dict)
    vocabulary: frozenset[str] = frozenset()

    def has(self, word: str) -> bool:
        """Tell whether a word is one of a group."""
        return folded(word) in self._stems

    @cached_property
    def _stems(self) -> frozenset[str]:
        return frozenset(map(folded, self.vocabulary))

    def at(self, words: Sequence[str]) -> tuple[int, Sequence[str]]:
        """Return how many of the first words are a known phrase, and what to ask instead; 0 where there is none."""
        for length in range(min(LONGEST_PHRASE, len(words)), 0, -1):
            known = self.meanings.get(tuple(map(folded, words[:length])))
            if known is not None:
                return length, known
        return 0, ()

    def says_of(self, text: str) -> bool:
        """Tell whether a text has a known word or phrase."""
        words = without_quantity(text).split()
        return any(self.at(words[place:])[0] for place in range(len(words)))

    def with_lines(self, lines: Sequence[str]) -> TradeWords:
        """Return the words with these lines too, which count more."""
        meanings: dict[_Phrase, Sequence[str]] = {**self.meanings}
        for phrase, asked in _read(lines).items():
            known = meanings.get(phrase, ())
            meanings[phrase] = tuple(dict.fromkeys([*asked, *known]))
        return TradeWords(meanings, self.vocabulary | _words_in(lines))


def folded(word: str) -> str:
    """Return the form in which words are compared: its stem, without case and dots."""
    return yo.without_yo(stem(word.casefold(), 3))


@lru_cache(maxsize=1)
def package_words() -> TradeWords:
    """Return the words that come with the bot; they are read once."""
    lines = _PATH.read_text(encoding="utf-8").splitlines()
    return TradeWords(_read(lines), _words_in(lines))


def _words_in(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(word for line in lines for word in _LETTERS.findall(line.partition("#")[0].casefold()))


def _read(lines: Iterable[str]) -> dict[_Phrase, Sequence[str]]:
    meanings: dict[_Phrase, list[str]] = {}
    for line in lines:
        for phrase, asked in _group(line.partition("#")[0]):
            known = meanings.setdefault(phrase, [])
            known += [one for one in asked if one not in known]
    return {phrase: tuple(asked) for phrase, asked in meanings.items()}


def _group(line: str) -> Iterator[tuple[_Phrase, Sequence[str]]]:
    """Yield each phrase of a line with what is asked for it; a phrase that goods are called is asked itself first."""
    said, parts, called = line.rpartition(">")
    names = _phrases(re.split("[=,]" if not parts else "=", called))
    for name in names:
        if len(names) > 1 and not parts:
            yield _key(name), [name, *(other for other in names if other != name)]
    for name in _phrases(said.split(",")):
        yield _key(name), names


def _phrases(parts: Iterable[str]) -> list[str]:
    return [" ".join(_WORD.findall(part.casefold())) for part in parts if part.strip()]


def _key(phrase: str) -> _Phrase:
    words = phrase.split()
    return tuple(map(folded, [word for word in words if word not in LITTLE] or words))[:LONGEST_PHRASE]


def is_line(text: str) -> bool:
    """Tell whether a text is a line of the trade's words."""
    return any(asked for _, asked in _group(text))
