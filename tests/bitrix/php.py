"""How PHP reads a query string (`parse_str`) and how Bitrix splits a batch's line.

Written from the PHP manual, not from our encoder, so that it can judge it.
"""

import re
from typing import Any


def urldecode(text: str) -> str:
    raw = text.replace("+", " ").encode()
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), raw).decode()


def parse_str(query: str) -> dict[str, Any]:
    """`a[b][0]=x&a[c]=y` → nested dicts; every leaf is a string, as in PHP."""
    parsed: dict[str, Any] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        path = _path(urldecode(name))
        place = parsed
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = urldecode(value)
    return parsed


def _path(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    if not bracket:
        return [name]
    assert rest.endswith("]"), name
    return [head.replace(".", "_").replace(" ", "_"), *rest[:-1].split("][")]


def parse_line(line: str) -> tuple[str, dict[str, Any]]:
    """`method?query` → method and parameters; like `parse_url`, anything after «#» would be lost."""
    method, _, query = line.partition("#")[0].partition("?")
    return method, parse_str(query)
