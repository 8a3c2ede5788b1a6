"""How the portal's database compares texts: without case, «ё» as «е», by patterns, parts and words.

Each function turns what is asked into a test of one text, so that a list reads its filter once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from infra.local.portal.catalogue.model import normalise

Test = Callable[[str], bool]
"""Says whether a text fits; the text is what a row has."""

_QUOTED = (re.compile(r'"([^"]*)"'), re.compile(r"'([^']*)'"))
_PHRASE = re.compile("\0([0-9]+)\0")
_TOKEN = re.compile(r"[&+|~()]|[^\s&+|~()]+")
_WORD = re.compile(r"\w+")
_WILD = re.compile("[%_]")


# More than a catalogue of a hundred thousand goods has names and articles: a list walks through all of them, and a
# smaller cache has forgotten each when it comes round again.
@lru_cache(maxsize=500_000)
def _plain(text: str) -> str:
    return normalise(text)


def equals(wanted: str) -> Test:
    """Return a test for the very text."""
    same = _plain(wanted)
    return lambda text: _plain(text) == same


def contains(part: str) -> Test:
    """Return a test for a part; `%` and `_` in it are letters like any other."""
    inside = _plain(part)
    return lambda text: inside in _plain(text)


def like(pattern: str) -> Test:
    """Return a test for a pattern of LIKE: `%` is any text, `_` any letter, and nothing escapes them."""
    part = pattern[1:-1]
    if not _WILD.search(pattern):
        return equals(pattern)
    if pattern == f"%{part}%" and not _WILD.search(part):
        return contains(part)  # nearly all patterns are such, and to look for a part is faster than to try a pattern
    wild = {"%": ".*", "_": "."}
    made = re.compile("".join(wild.get(char) or re.escape(char) for char in _plain(pattern)), re.DOTALL)
    return lambda text: made.fullmatch(_plain(text)) is not None


def has_all(words: Iterable[str]) -> Test:
    """Return a test for all the words, each anywhere in the text."""
    return _all_of([contains(word) for word in words])


def _all_of(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda text: all(test(text) for test in tests)


def _any_of(tests: Sequence[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda text: any(test(text) for test in tests)


def of_operation(operation: str, text: str) -> Test | None:
    """Return the test of an operation; None for what the portal cannot read: it then drops the condition."""
    if operation == "?":
        return word_logic(text)
    if operation == "*%":
        words = _WORD.findall(text)
        return has_all(words) if words else None
    if operation == "%":
        return contains(text)
    return equals(text) if operation == "=" else like(text)


def word_logic(query: str) -> Test | None:
    """Return the test of `?` (CFilterQuery): words apart by spaces must all be there.

    `&` and `+` are «and», `|` is «or», `~` is «not», quotes keep a phrase together, parentheses group. `%` and `_` stay
    wild in a word. None for what the portal cannot read: it then drops the condition.
    """
    phrases: list[str] = []

    def cut(found: re.Match[str]) -> str:
        phrases.append(found[1])
        return f" \0{len(phrases) - 1}\0 " if found[1].strip() else " "

    for quoted in _QUOTED:
        query = quoted.sub(cut, query)
    pieces = [_PHRASE.sub(lambda found: phrases[int(found[1])], piece) for piece in _TOKEN.findall(query)]
    try:
        return _WordLogic([_AND if piece == "+" else piece for piece in pieces]).whole()
    except (IndexError, ValueError):
        return None


_AND, _OR, _NOT, _OPEN, _CLOSE = "&|~()"


class _WordLogic:
    """Reads tokens from left to right; «and» binds closer than «or», as in SQL."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._next = 0

    def whole(self) -> Test:
        """Return the test of all tokens. Raises ValueError or IndexError when they make no sense."""
        self._trim()
        test = self._any()
        if self._next != len(self._tokens):
            raise ValueError("something is left over")
        return test

    def _trim(self) -> None:
        """Leave out operators that have nothing beside them, as the portal does."""
        while self._tokens and self._tokens[0] in (_AND, _OR):
            del self._tokens[0]
        while self._tokens and self._tokens[-1] in (_AND, _OR, _NOT):
            del self._tokens[-1]

    def _here(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else _CLOSE

    def _any(self) -> Test:
        tests = [self._all()]
        while self._here() == _OR:
            self._next += 1
            tests.append(self._all())
        return _any_of(tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._here() not in (_OR, _CLOSE):
            self._next += self._here() == _AND
            tests.append(self._one())
        return _all_of(tests)

    def _one(self) -> Test:
        token = self._tokens[self._next]
        self._next += 1
        if token == _NOT:
            test = self._one()
            return lambda text: not test(text)
        if token == _OPEN:
            return self._group()
        if token in (_AND, _OR, _CLOSE):
            raise ValueError("an operator stands where a word should")
        return like(f"%{token}%")

    def _group(self) -> Test:
        inner = self._any()
        if self._next >= len(self._tokens):
            raise ValueError("a parenthesis is open")
        self._next += 1
        return inner
