"""Makes a portal's words safe to show: no keys, no tokens, no addresses, nothing of what the request said.

A portal's `error_description` is worth reading («Required fields: fields[price]») but may echo the request: a master's
address, a phone, the webhook key. So everything that was in the request is cut out of it, word by word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

GAP = "…"
_READ_AT_MOST = 2_000
_SHOW_AT_MOST = 200
_SHORTEST_WORD = 3

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESSES = re.compile(r"\b[a-z][a-z0-9+.-]*://\S+|/rest/\S*", re.IGNORECASE)
_NUMBERS = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_TOKENS = re.compile(r"[A-Za-z0-9_.-]*\d[A-Za-z0-9_.-]*")
_TOKEN_LENGTH = 16
_WORD = re.compile(r"\w+")
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def said_words(values: Iterable[object]) -> frozenset[str]:
    """Return the words of everything a request said (nested dicts and lists; keys are not values)."""
    return frozenset(
        word for leaf in _leaves(values) for word in _WORD.findall(str(leaf).casefold()) if len(word) >= _SHORTEST_WORD
    )


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def safe_text(text: str, words: frozenset[str] = frozenset(), secrets: Sequence[str] = ()) -> str:
    """Return one short line of `text` without secrets, addresses, long numbers, tokens and the given words."""
    line = _CONTROLS.sub(" ", text[:_READ_AT_MOST])
    for secret in secrets:
        line = re.sub(re.escape(secret), GAP, line, flags=re.IGNORECASE)
    line = _ADDRESSES.sub(GAP, line)
    line = _NUMBERS.sub(GAP, line)
    line = _TOKENS.sub(lambda found: GAP if len(found[0]) >= _TOKEN_LENGTH else found[0], line)
    line = _WORD.sub(lambda found: GAP if found[0].casefold() in words else found[0], line)
    line = re.sub(rf"{GAP}(?:[\s\W]*{GAP})+", GAP, line)
    return " ".join(line.split())[:_SHOW_AT_MOST]


def safe_code(code: str, secrets: Sequence[str] = ()) -> str:
    """Return the code when it looks like one, else a word that says it does not."""
    has_secret = any(secret.casefold() in code.casefold() for secret in secrets)
    like_token = len(code) >= _TOKEN_LENGTH and not code.isdigit() and any(char.isdigit() for char in code)
    return code if _CODE.fullmatch(code) and not has_secret and not like_token else "unreadable_code"
