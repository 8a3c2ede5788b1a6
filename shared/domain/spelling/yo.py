"""«ё» and «е»: masters leave the dots out, some catalogues do not, and not every database takes them for one letter."""

from __future__ import annotations

import re
from typing import Final

_WITH_DOTS: Final = (
    "шуруповёрт винтовёрт гайковёрт отвёртк развёртк свёрл щётк щёточн тёрк счётчик ёмкост ёрш гравёр разъём подъём "
    "съёмник съёмн объём надёжн крепёж заклёпк заклёпочн гвоздодёр маслёнк шпаклёвк плёнк верёвк вёдр чёрн жёлт "
    "зелён тёмн тёпл лёгк жёстк твёрд трёх четырёх удлинён утеплён усилён клёпк приём колёс клеёнк бечёвк щёлоч"
)
"""Beginnings and middles of words of the trade, as they are spelled with dots."""

_STEMS: Final = {stem.replace("ё", "е"): stem for stem in _WITH_DOTS.split()}
_KNOWN: Final = re.compile("|".join(sorted(_STEMS, key=len, reverse=True)), re.IGNORECASE)


def without_yo(text: str) -> str:
    """Return the text with «е» for «ё»."""
    return text.replace("ё", "е").replace("Ё", "Е")


def with_yo(text: str) -> str:
    """Return the text with the dots where a word of the trade has them; the case of letters is kept."""
    return _KNOWN.sub(_dotted, text)


def _dotted(found: re.Match[str]) -> str:
    typed = found[0]
    dotted = _STEMS[typed.casefold()]
    return "".join(
        (new.upper() if old.isupper() else new) if new == "ё" else old for old, new in zip(typed, dotted, strict=True)
    )
