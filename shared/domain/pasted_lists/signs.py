"""The signs of a pasted text: what cannot be seen, quotation marks, bullets and emoji, made plain. Pure.

Every pattern here is a class of signs with a bounded tail, so a text is gone through once.
"""

from __future__ import annotations

import re
from typing import Final

from shared.domain.spelling.tags import without_tags

_UNSEEN: Final = re.compile(r"[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe0f\ufeff]")
_KEYCAP: Final = re.compile(r"([0-9])\u20e3")
_TEN: Final = "\U0001f51f"
_BULLET: Final = re.compile(r"(?:[^\w\s()\[\]№#+.,;:/\\'\"«»„“<–—-]\s?|[-–—<]\s)+")
_ROW: Final = re.compile(r"(?:№\s?\d{1,3}[.):]?|\d{1,3}[.)]|\(\d{1,3}\))\s(?=\S)")
_LEADER: Final = re.compile(r"[→➔⇒]|[-=]>|\.{3,}|…+|_{2,}")
_KEYCAP_ROW: Final = re.compile(r"(?:[0-9]\ufe0f?\u20e3){1,2}\s?")
_QUOTES: Final = str.maketrans(dict.fromkeys('«»„“”"', ""))
_GROUPED: Final = re.compile(r"(?<![\w.,-])\d{1,3}(?:[\u2009\u202f'’]\d{3})+(?!\d)")
_NOT_DIGIT: Final = re.compile(r"\D")


def plain_text(text: str) -> str:
    """Return the text without signs that cannot be seen and tags, with plain digits; ends of lines and tabs stay.

    Signs of direction are among those: right-to-left text is read in the order of its letters.
    """
    numbered = "\n".join(_without_keycap(line) for line in without_tags(text).splitlines())
    digits = _KEYCAP.sub(r"\1", _UNSEEN.sub("", numbered)).replace(_TEN, "10")
    plain = _GROUPED.sub(lambda found: _NOT_DIGIT.sub("", found[0]), digits).replace("\u00a0", " ")
    return _LEADER.sub(" — ", plain)


def _without_keycap(line: str) -> str:
    """Return the line with a number in a box at its beginning as that of a row: «1️⃣ DF333DWYE»."""
    bare = line.lstrip("\ufeff\u200b \t")
    found = _KEYCAP_ROW.match(bare)
    return f"{_NOT_DIGIT.sub('', found[0])}) {bare[found.end() :]}" if found else line


def without_bullet(line: str) -> str:
    """Return a line without the marks and the row's number before it."""
    bare = line[found.end() :] if (found := _BULLET.match(line)) else line
    return bare[found.end() :] if (found := _ROW.match(bare)) else bare


def without_quotes(text: str) -> str:
    """Return the text without quotation marks."""
    return " ".join(text.translate(_QUOTES).split())
