"""The commands of a `batch`: `method?query` strings and references to earlier results."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.local.portal.encoding import parse_query
from infra.local.portal.errors import mistyped
from infra.local.portal.params import Params

_REFERENCE = re.compile(r"\$(result|error|total|next|time)((?:\[[^\[\]]+\])+)")
_UNRESOLVED = object()

Maps = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Command:
    """One command of a batch, its parameters not yet resolved."""

    key: str
    method: str
    params: Mapping[str, Any]


def read_command(key: str, text: str) -> Command:
    """Read `method?query`."""
    method, _, query = text.strip().partition("?")
    return Command(key, method_name(method), parse_query(query))


def method_name(text: str) -> str:
    """Return a method's name as it is looked up: lower case, without `.json`."""
    return text.strip().strip("/").lower().removesuffix(".json")


def read_commands(params: Params) -> list[Command]:
    """Return the commands of a batch in their order; raises `RestError` naming what is wrong with `cmd`."""
    return [read_command(key, text) for key, text in command_texts(params)]


def command_texts(params: Params) -> Iterator[tuple[str, str]]:
    """Return the keys and texts of `cmd`, which may be an object or an array."""
    for key, value in params.entries("cmd"):
        if not isinstance(value, str):
            raise mistyped(f"cmd[{key}]", "string")
        yield key, value


def resolve(value: object, maps: Maps) -> object:
    """Put earlier results in place of their references.

    A value that is nothing but a reference takes the result's type; one whose command gave nothing stays as it is
    written, and one that leads nowhere inside an answer becomes what was reached last, as a real portal passes it on.
    """
    if isinstance(value, Mapping):
        return {key: resolve(item, maps) for key, item in value.items()}
    if isinstance(value, list):
        return [resolve(item, maps) for item in value]
    if not isinstance(value, str):
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole is not None:
        found = _find(whole, maps)
        return value if found is _UNRESOLVED else found
    return _REFERENCE.sub(lambda match: _as_text(_find(match, maps), match[0]), value)


def _find(match: re.Match[str], maps: Maps) -> object:
    key, *steps = re.findall(r"\[([^\[\]]+)\]", match[2])
    node: object = maps.get(match[1], {}).get(key, _UNRESOLVED)
    for step in steps:
        if isinstance(node, Mapping) and step in node:
            node = node[step]
        elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            break
    return node


def _as_text(found: object, written: str) -> str:
    if found is _UNRESOLVED or isinstance(found, Mapping | list):
        return written
    return str(found)
