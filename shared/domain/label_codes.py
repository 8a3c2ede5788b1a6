"""What the codes of one label may ask for: numbers of goods, and articles inside longer texts. Pure.

Nothing is chosen here between several: the catalogue has one of them, or the master is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from shared.domain import barcodes
from shared.domain.spelling.articles import is_article

MOST: Final = 6
"""Texts that are looked for at once: a request to the portal has room for them in every dialect."""

_LONGEST: Final = 300
_WORD: Final = 24
"""Signs of an article inside something longer: keys of payments and of links have more."""

_WHOLE: Final = re.compile(r"(?=.{3})[\w./+-]{1,40}(?: [\w./+-]{1,20}){0,3}")
"""What a label of a shelf may hold and nothing else: an article."""

_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_PAGE: Final = re.compile(r"\.(?:html?|php|aspx?)$", re.IGNORECASE)
_ELEMENT: Final = re.compile(r"\(([0-9]{2,4})\)([^()]*)")
"""A part of a GS1 code as it is written for people, which is how codes are read: `(01)04607123456781(21)…`."""

_MARKED: Final = re.compile(r"\x1d?01([0-9]{14})")
"""How the code of a marked good («Честный знак») begins as it is sent by other readers."""

_PHONE: Final = re.compile(r"\+?[78]9[0-9]{9}")
"""A person's, as on a business card or in the address of a chat."""

_FIELDS: Final = re.compile(r"[;|,&\r\n\t\x1d\x1e]+")
_KEY_APART: Final = re.compile(r" ([:=])")
_AROUND: Final = "\"'«»()[]{}<>#№.,"
_GOODS: Final = frozenset({"01", "02"})
_PARTS: Final = frozenset({"240", "241"})
"""GS1's parts with the number of a good, and with what its maker or buyer calls it; a serial number (21) is none."""

_NUMBER_KEYS: Final = frozenset({"ean", "gtin", "upc", "barcode", "штрихкод"})
_ARTICLE_KEYS: Final = frozenset(
    {"art", "article", "articleno", "artno", "artnr", "artikel", "pn", "mpn", "part", "partno", "partnumber", "sku"}
    | {"ref", "cat", "catno", "item", "itemno", "code", "model"}
    | {"арт", "артикул", "код", "модель", "каталожныйномер"}
)


def candidates(codes: Sequence[str]) -> tuple[str, ...]:
    """Return what to look for of the codes of one picture, at most `MOST`: numbers of goods first, then articles."""
    said = [one for code in codes for one in _said(code.strip()[:_LONGEST]) if not _PHONE.fullmatch(one)]
    return tuple(sorted(dict.fromkeys(said), key=lambda one: not barcodes.is_ean(one))[:MOST])


def _said(code: str) -> Iterator[str]:
    parts = _of_gs1(code)
    if parts is not None:
        yield from parts
        return
    for address in _ADDRESS.findall(code):
        yield from _of_address(address)
    yield from _of_text(_ADDRESS.sub(" ", code).strip())


def _of_gs1(code: str) -> Sequence[str] | None:
    """Return the number of a good and its maker's name for it; None where the code is none of GS1's."""
    elements = _ELEMENT.findall(code) if code.startswith("(") else []
    if not elements:
        marked = _MARKED.match(code)
        return [marked[1].removeprefix("0")] if marked and barcodes.is_ean(marked[1]) else None
    goods = [value.removeprefix("0") for kind, value in elements if kind in _GOODS and barcodes.is_ean(value)]
    return [*goods, *(value for kind, value in elements if kind in _PARTS and _WHOLE.fullmatch(value))]


def _of_address(text: str) -> Sequence[str]:
    """Return the article at the end of a page's address or in its question, and the number of GS1's own addresses."""
    try:
        address = urlsplit(text)
        asked = parse_qsl(address.query, max_num_fields=20)
    except ValueError:
        return ()
    named = [one for key, value in asked for one in _of_field(key, value)]
    return [*named, *_of_path(address)]


def _of_path(address: SplitResult) -> Sequence[str]:
    parts = [unquote(part) for part in address.path.split("/") if part]
    for kind, value in pairwise(parts):
        if kind in _GOODS and barcodes.is_ean(value):
            return [value.removeprefix("0")]
    return next((found for part in reversed(parts) if (found := _of_last(_PAGE.sub("", part)))), [])


def _of_last(part: str) -> list[str]:
    """Return a part of a path as an article, and without the words before it: «makita-df333dwye»."""
    pieces = part.split("-")
    first = next((place for place, piece in enumerate(pieces) if any(map(str.isdigit, piece))), 0)
    return [one for one in dict.fromkeys([part, "-".join(pieces[first:])]) if _is_code(one)]


def _of_text(text: str) -> Iterator[str]:
    """Yield what the keys of a label name; of a text without any, the whole and its words that are articles.

    A text with keys of other things has nothing to look for: a payment, a person, the key of a net.
    """
    pairs = list(_pairs(text))
    for key, value in pairs:
        yield from _of_field(key, value)
    if all(not key for key, _ in pairs):
        yield from _of_words(text)


def _of_field(key: str, value: str) -> Sequence[str]:
    if _letters(key) in _NUMBER_KEYS:
        return [value] if barcodes.is_ean(value) else []
    return list(_of_words(value)) if _letters(key) in _ARTICLE_KEYS else []


def _of_words(text: str) -> Iterator[str]:
    if _WHOLE.fullmatch(text):
        yield text
    yield from (word for word in (one.strip(_AROUND) for one in _FIELDS.sub(" ", text).split()) if _is_code(word))


def _is_code(word: str) -> bool:
    return len(word) <= _WORD and is_article(word)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Yield keys with their values: `ART:6178-4B40 SN=1`, `Part No: 6178`, `Арт. 6178`; "" is what has no key."""
    for part in _FIELDS.split(text):
        key, words = "", list[str]()
        for word in _KEY_APART.sub(r"\1", part).split():
            name, value = _key_in(word)
            if name is None:
                words.append(word)
                continue
            before = words[-1] if words else key
            if _letters(before + name) in _ARTICLE_KEYS and not any(map(str.isdigit, before)):
                name = before + name
                key, words = (key, words[:-1]) if words else ("", [])
            yield key, _joined(words)
            key, words = name, [value] if value else []
        yield key, _joined(words)


def _key_in(word: str) -> tuple[str | None, str]:
    """Return the key that a word begins with, None without one, and the rest of the word."""
    found = re.search("[:=]", word)
    if found is not None:
        return word[: found.start()] or "?", word[found.end() :]
    return (word, "") if _letters(word) in _ARTICLE_KEYS and not any(map(str.isdigit, word)) else (None, "")


def _joined(words: Sequence[str]) -> str:
    return " ".join(words).strip(_AROUND)


def _letters(key: str) -> str:
    return "".join(char for char in key.casefold() if char.isalpha())
