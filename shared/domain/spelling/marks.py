"""Marks of a kind of which a thing has one: PH1 is no PH2, SDS-max no SDS-plus, М8 no М10, 3/8" no 1/2". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from shared.domain.spelling import translit
from shared.domain.spelling.lookalikes import latin

Mark = tuple[str, str]
"""A kind of marks, and which one of it."""

_MARK: Final = r"(?<![^\W_])(?P<kind>{kind})(?P<values>\d+(?:[.,]\d+)?(?:/\d+)*)"
_TYPED: Final = re.compile(_MARK.format(kind=r"[^\W\d_]{1,3}-?|(?:ph|pz|sl|tx|пх|пз)\s"), re.IGNORECASE)
"""What is typed apart may be a word and a number: «бур 8», «на 10»; of bits it is a mark."""
_NAMED: Final = re.compile(_MARK.format(kind=r"[^\W\d_]{1,3}[\s-]?"), re.IGNORECASE)
_SHANK: Final = re.compile(r"(?:sds|сдс)[\s-]*(?P<plus>\+|plus|плюс)?(?P<max>max|макс|мах)?", re.IGNORECASE)
_INCHES: Final = re.compile(r"(?<![\w/.,])(?:\d[\s.-])?(?:1[135]|[13579])/(?:16|[248])(?![\d/])")


def contradicts(query: str, name: str) -> bool:
    """Tell whether a name has a mark of a kind that the query names, and none of those it names."""
    wanted = _typed(query)
    known = _named(name) if wanted else frozenset()
    both = {kind for kind, _ in wanted} & {kind for kind, _ in known}
    return any(not any(mark[0] == kind for mark in wanted & known) for kind in both)


@lru_cache(maxsize=64)
def _typed(query: str) -> frozenset[Mark]:
    """Return the marks of a query, a Russian one by its looks and by its sound: «пх2» is PH2."""
    spelt = (latin(query.casefold()), translit.letters(query))
    return frozenset(mark for text in (*spelt, query) for mark in _marks(_TYPED, text))


@lru_cache(maxsize=4096)
def _named(name: str) -> frozenset[Mark]:
    return frozenset(mark for text in (latin(name.casefold()), name) for mark in _marks(_NAMED, text))


def _marks(pattern: re.Pattern[str], text: str) -> Iterator[Mark]:
    for found in pattern.finditer(text):
        for value in found["values"].split("/"):
            yield found["kind"].strip(" -").casefold(), value.replace(",", ".")
    for found in _SHANK.finditer(text):
        yield from (("sds", which) for which in ("plus", "max") if found[which])
    for found in _INCHES.finditer(text):
        yield "inch", " ".join(re.split(r"[\s.-]", found[0]))
