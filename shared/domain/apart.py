"""The cut of names that stand below each other, so that they can still be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import takewhile

from shared.domain.text import shorten

_HEAD = 8
"""Characters of the common beginning that stay, so that one sees what it is at all."""


def apart(names: Sequence[str], room: int) -> list[str]:
    """Return each name in at most `room` characters; of names that would look alike what differs is kept.

    «Круг отрезной по металлу Луга 125×1,0 мм» and «… 125×1,6 мм» become «Круг отрезной по… 125×1,0 мм».
    """
    short = [shorten(name, room) for name in names]
    alike = {name for name, times in Counter(short).items() if times > 1}
    told = []
    for name, cut in zip(names, short, strict=True):
        same = [other for other, as_cut in zip(names, short, strict=True) if as_cut == cut]
        told.append(_middle_cut(name, _common_words(same), room) if cut in alike and len(set(same)) > 1 else cut)
    return told


def _common_words(names: Sequence[str]) -> int:
    shared = takewhile(lambda words: len(set(words)) == 1, zip(*(name.split() for name in names), strict=False))
    return len(list(shared))


def _middle_cut(name: str, common: int, room: int) -> str:
    words = name.split()
    tail = " ".join(words[common:]) or words[-1]
    tail = shorten(tail, room - _HEAD - 2)
    return f"{shorten(' '.join(words[:common]), room - len(tail) - 1)} {tail}"
