"""Texts: their lengths in UTF-16 units, as messengers count, and what in them means something elsewhere. Pure."""

from __future__ import annotations

import re
from typing import Final

NBSP: Final = "\u00a0"
ELLIPSIS: Final = "…"


def utf16_length(text: str) -> int:
    """Return the length as the Bot API counts it: most emoji are two (shared/telegram/README.md, «Sizes»)."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def shorten(text: str, limit: int) -> str:
    """Return `text`, or its beginning with «…», in at most `limit` UTF-16 units.

    It is cut between words, unless that would throw away more than half of what fits.
    """
    if utf16_length(text) <= limit:
        return text
    if limit < 1:
        return ""
    units = text.encode("utf-16-le", errors="surrogatepass")[: (limit - 1) * 2]
    # «ignore» drops half of a pair at the end.
    kept = units.decode("utf-16-le", errors="ignore")
    if not text[len(kept)].isspace():
        words = re.match(r".*\S(?=\s)", kept, re.DOTALL)
        if words and len(words.group()) * 2 >= len(kept):
            kept = words.group()
    return f"{kept.rstrip(' .,;:–—' + NBSP)}{ELLIPSIS}"


def without_bb_code(words: str) -> str:
    """Return words that are no BB code, whatever somebody typed: the CRM's comments are read as such."""
    return words.replace("[", "(").replace("]", ")")
