"""The words of a query: their letters, their Russian endings, and those that only say how many pieces are wanted.

Who writes «дрели» means the catalogue's «Дрель», and a search by a part of a word needs the stem. «бита ph2 10 шт» says
how many are wanted, which is no part of what is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from shared.domain.spelling.tags import without_tags

_CYRILLIC: Final = re.compile(r"[а-яё]+", re.IGNORECASE)

SHORTEST_STEM: Final = 4
"""Letters of a stem at least: shorter ones are in too many words («бит» is in «битум»)."""

_LITTLE_WORDS: Final = """
на для по под от из и с со в во к до за или шт см мм м л кг г вт в а ач квт вольт ватт мл бар нм
пара штука штуки метр метра метров литр литров кило мне нам вас у не
"""
LITTLE: Final = frozenset(_LITTLE_WORDS.split())
"""Words that names have in other forms, or not at all."""

_ENDING: Final = re.compile(
    r"(?:ыми|ими|ами|ями|ого|его|ому|ему|ый|ий|ой|ая|яя|ое|ее|ые|ие|ым|им|ых|их|ую|юю|ам|ям|ах|ях|ов|ев|ей|ом|ем|"
    r"[аяоеёыиую])$",
    re.IGNORECASE,
)

UNIT: Final = r"(?:шт(?:ук[аиу]?)?|штук|уп(?:ак(?:овк[аиу]|овок)?)?|компл(?:ект(?:а|ов)?)?|пар[аыу]?)\b\.?"
"""What goods are counted in, as a part of a pattern that takes no notice of case."""

_COUNTED: Final = re.compile(rf"(?<![\w.,/-])(?P<count>\d{{1,4}})\s*{UNIT}(?!\w)", re.IGNORECASE)
_TIMES: Final = re.compile(r"(?<!\S)[xх×*]\s?(?P<count>\d{1,4})(?!\S)", re.IGNORECASE)
_WISH: Final = re.compile(
    r"(?<!\w)(?:добр(?:ый|ое)\s(?:день|утро|вечер)|здравствуйте|привет|срочно|"
    r"нуж(?:ен|на|но|ны)|надо|хочу|куп(?:ить|лю)|есть ли|почём|почем|сколько стоит|"
    r"пожалуйста|цена(?: на)?|стоимость|в наличии|наличие|остат(?:ок|ки)|найди(?:те)?|артикул|арт\.?)(?!\w)",
    re.IGNORECASE,
)


def is_cyrillic(word: str) -> bool:
    """Tell whether the word is of Russian letters only."""
    return _CYRILLIC.fullmatch(word) is not None


def has_digit(word: str) -> bool:
    """Tell whether the word is rather an article or a size than a word."""
    return any(char.isdigit() for char in word)


def each_word(text: str, change: Callable[[str], str]) -> str:
    """Return the text with every word changed; words are parted by one space, what nothing is left of is gone."""
    return " ".join(filter(None, map(change, text.split())))


def stems(query: str) -> str:
    """Return the query with the endings of its Russian words cut off where enough is left."""
    return each_word(query, stem)


def stem(word: str, shortest: int = SHORTEST_STEM) -> str:
    """Return a Russian word without its ending, where so many letters are left; any other word as it is."""
    if not is_cyrillic(word):
        return word
    cut = _ENDING.sub("", word)
    return cut if len(cut) >= shortest else word


def quantity_in(query: str) -> int | None:
    """Return the count that `without_quantity` takes off, where it is one; None for none and for several."""
    counts = {int(found["count"]) for words in (_COUNTED, _TIMES) for found in words.finditer(query)}
    return counts.pop() if len(counts) == 1 and without_quantity(query) != query else None


_ARTICLE_AND_COUNT: Final = re.compile(r"(?P<article>(?=\S*[A-Za-z\d])\S{5,40})\s+(?P<count>[1-9]\d{0,2})")


def article_and_count(query: str) -> tuple[str, int] | None:
    """Return «SD-SAN-W 3» as the article and the count that it may be; None for what does not read so.

    The number may belong to the article: this counts only where the whole finds nothing.
    """
    found = _ARTICLE_AND_COUNT.fullmatch(query.strip())
    return (found["article"], int(found["count"])) if found else None


def without_quantity(query: str) -> str:
    """Return the query without tags and the words that say how much is wanted; the query if nothing else is left."""
    bare = without_tags(query)
    for words in (_COUNTED, _TIMES, _WISH):
        bare = words.sub(" ", bare)
    if bare == query:
        return query
    return " ".join(bare.split()).strip(" ,;—–?!") or query
