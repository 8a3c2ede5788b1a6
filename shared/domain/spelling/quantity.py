"""«бита ph2 10 шт»: how many pieces are wanted is no part of what is looked for."""

from __future__ import annotations

import re
from typing import Final

UNIT: Final = r"(?:шт(?:ук[аиу]?)?|штук|уп(?:ак(?:овк[аиу]|овок)?)?|компл(?:ект(?:а|ов)?)?|пар[аыу]?)\b\.?"
"""What goods are counted in, as a part of a pattern that takes no notice of case."""

_COUNTED: Final = re.compile(rf"(?<![\w.,/-])(?P<count>\d{{1,4}})\s*{UNIT}(?!\w)", re.IGNORECASE)
_TIMES: Final = re.compile(r"(?<!\S)[xх×*]\s?(?P<count>\d{1,4})(?!\S)", re.IGNORECASE)
_WISH: Final = re.compile(
    r"(?<!\w)(?:нуж(?:ен|на|но|ны)|надо|хочу|куп(?:ить|лю)|есть ли|почём|почем|сколько стоит|"
    r"пожалуйста|цена на|найди(?:те)?)(?!\w)",
    re.IGNORECASE,
)


def without_quantity(query: str) -> str:
    """Return the query without the words that say how much is wanted; the query itself when nothing else is left."""
    bare = query
    for words in (_COUNTED, _TIMES, _WISH):
        bare = words.sub(" ", bare)
    if bare == query:
        return query
    return " ".join(bare.split()).strip(" ,;—–?") or query
