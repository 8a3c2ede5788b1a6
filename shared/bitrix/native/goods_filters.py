"""What goods are looked for by: words of the name, whole articles, articles that are parted in another way. Pure.

What each operation finds is the information block's own rule: shared/bitrix/README.md, «Searching».
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shared.bitrix.articles import patterns
from shared.bitrix.native.blocks import Block
from shared.domain.spelling.lookalikes import in_either_alphabet

WILD = re.compile("[%_]")
"""What stands for any letters in the words of `?`, and cannot be escaped there."""
_QUOTES = re.compile("[\"']+")
"""What makes phrases in the language of `?`, and is written in many ways in names: left out."""
_OPERATORS = re.compile(r"[&+|~()]")
"""Signs of that language which are letters inside a phrase."""
SEVERAL = 2
"""Words that need an «and» between them."""


def words_of(query: str) -> list[str]:
    """Return the words that a name is asked for by."""
    return _QUOTES.sub(" ", query).split()


def name_filter(query: str) -> dict[str, Any]:
    """Return the filter for names that hold all the words, in any order and with others between them.

    `?name` is the only «and» of words an information block has; `=%name`, which the documentation offers, is dropped. A
    single word goes as `%name`, in which nothing is an operator. Marks that could be of either alphabet are asked for
    in both: a list of values means «any of them».
    """
    spelt = in_either_alphabet(query)
    if len(words_of(query)) < SEVERAL:
        return part_of_name(spelt)
    return {"?name": _one_or_all(list(dict.fromkeys(map(_phrases, spelt))))}


def part_of_name(parts: Sequence[str]) -> dict[str, Any]:
    """Return the filter for names that hold any of these, in which nothing is an operator."""
    return {"%name": _one_or_all(parts)}


def _phrases(query: str) -> str:
    return " ".join(f'"{word}"' if _OPERATORS.search(word) else word for word in words_of(query))


def _one_or_all(values: Sequence[str]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)


def article_filter(block: Block, articles: Iterable[str]) -> dict[str, list[str]]:
    """Return the filter for goods with one of the articles: the whole of it, `%` and `_` being letters.

    A property with many values takes a list only, one with a single value a list too; without `=` it is a pattern.
    """
    spelt = [one for article in articles for one in in_either_alphabet(article)]
    return {f"={block.article}": list(dict.fromkeys(spelt))}


def near_filter(block: Block, articles: Iterable[str]) -> Mapping[str, list[str]] | None:
    """Return the filter for articles of the same letters and digits, however they are parted; None where none may be.

    A pattern finds more than is meant, so what it finds is to be sieved, and nothing follows from a row that is odd.
    """
    asked = [pattern for article in articles for pattern in patterns(article)]
    return {block.article: list(dict.fromkeys(asked))} if asked else None
