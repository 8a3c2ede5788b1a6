"""The values a store accepts: one set of rules for every adapter, so all refuse the same things in the same words.

The rules are Firestore's own (shared/store/README.md, «Firestore»; the limits were tried on the official emulator) plus
ours: no Decimal and no naive datetimes, because neither comes back as it went in. Values are copied on the way, so what
a caller does with its data later changes nothing, and enum members or special datetimes come out as the plain type they
are made of.

Messages name the field, never the value: data may hold a phone number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from shared.store.port import Create, Delete, Key, Put, Write

MAX_WRITES = 500
"""Writes in one commit."""
MAX_DATA_BYTES = 1_000_000
"""Size of one document's data; Firestore's own limit of 1 MiB counts the name and our own fields as well."""
MAX_DEPTH = 18
"""Maps and lists inside each other, `data` itself included; Firestore stops at 20 for the whole document."""
MAX_NAME_BYTES = 1500
"""Length of an id or a field name in UTF-8."""

_RESERVED = re.compile(r"\A__.*__\Z", re.DOTALL)
_INT64 = 2**63


def utc(moment: datetime, name: str) -> datetime:
    """Return an aware datetime as a plain one in UTC; ValueError for a naive one, TypeError for anything else."""
    if not isinstance(moment, datetime):
        raise TypeError(f"{name}: a datetime is wanted, not {type(moment).__name__}")
    if moment.utcoffset() is None:
        raise ValueError(f"{name}: a naive datetime cannot be stored")
    there = moment.astimezone(UTC)
    return datetime.combine(there.date(), there.time(), tzinfo=UTC)


def check_key(key: Key) -> None:
    """Raise ValueError for a key that Firestore would not take as collection id and document id."""
    _check_name("collection", key.collection)
    _check_name("id", key.id)


def check_due(collection: str, before: datetime, limit: int) -> datetime:
    """Check the arguments of a due query; return `before` in UTC."""
    check_page(collection, limit)
    return utc(before, "before")


def check_page(collection: str, limit: int) -> None:
    """Check the arguments of a look through a collection."""
    _check_name("collection", collection)
    if limit < 1:
        raise ValueError("limit must be at least 1")


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deep copy of a document's data in plain types.

    TypeError for a type that cannot be stored, ValueError for a value that breaks a limit; both name the field.
    """
    if not isinstance(data, Mapping):
        raise TypeError(f"data: a map is wanted, not {type(data).__name__}")
    copy, size = _map(data, (None, "data"), 1)
    if size > MAX_DATA_BYTES:
        raise ValueError(f"data: {size} bytes are more than a document may hold ({MAX_DATA_BYTES})")
    return copy


def copied(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of data that `plain` made: nothing in it needs to be checked again."""
    return {name: _again(item) if type(item) in _NESTED else item for name, item in data.items()}


_NESTED = frozenset({dict, list})


def _again(item: Any) -> Any:  # noqa: ANN401 - a map or a list, of anything
    if isinstance(item, dict):
        return copied(item)
    return [_again(element) if type(element) in _NESTED else element for element in item]


def prepared(writes: Sequence[Write]) -> list[Write]:
    """Return the writes of one commit checked and copied: plain data, times in UTC, every document written once."""
    if len(writes) > MAX_WRITES:
        raise ValueError(f"{len(writes)} writes are more than one commit takes ({MAX_WRITES})")
    ready = [_prepared(write) for write in writes]
    if len({write.key for write in ready}) < len(ready):
        raise ValueError("a commit writes each document once")
    return ready


def _prepared(write: Write) -> Write:
    check_key(write.key)
    if isinstance(write, Delete):
        return write
    try:
        return _with_plain_fields(write)
    except (TypeError, ValueError) as error:
        error.add_note(f"document {write.key.collection}/{write.key.id}")
        raise


def _with_plain_fields(write: Create | Put) -> Create | Put:
    return replace(
        write,
        data=plain(write.data),
        expires_at=None if write.expires_at is None else utc(write.expires_at, "expires_at"),
        due_at=None if write.due_at is None else utc(write.due_at, "due_at"),
    )


def _check_name(what: str, name: str) -> None:
    if not isinstance(name, str):
        raise TypeError(f"{what}: a str is wanted, not {type(name).__name__}")
    if not name or "/" in name or name in {".", ".."} or _RESERVED.match(name):
        raise ValueError(f"{what}: {name!r} is not a document name")
    if _utf8_bytes(name, (None, what)) > MAX_NAME_BYTES:
        raise ValueError(f"{what}: longer than {MAX_NAME_BYTES} bytes")


_Path = tuple["_Path | None", str | int]
"""Where a value stands: the place of what it is in, and its name or number there. Written out in errors only."""


def _place(path: _Path) -> str:
    around, name = path
    if around is None:
        return str(name)
    return f"{_place(around)}[{name}]" if isinstance(name, int) else f"{_place(around)}.{name}"


# Every copier returns the copy and its size as Firestore counts it, roughly: this is a guard, not an invoice.


def _value(value: Any, path: _Path, depth: int) -> tuple[Any, int]:  # noqa: ANN401 - any type may come
    copier = _COPIERS.get(type(value)) or _copier_of_base(value, path)
    return copier(value, path, depth)


def _copier_of_base(value: Any, path: _Path) -> Callable[[Any, _Path, int], tuple[Any, int]]:  # noqa: ANN401 - as above
    for kind, copier in _COPIERS.items():
        if isinstance(value, kind):
            return copier
    raise TypeError(f"{_place(path)}: {type(value).__name__} cannot be stored")


def _map(value: Mapping[str, Any], path: _Path, depth: int) -> tuple[dict[str, Any], int]:
    _check_depth(path, depth)
    copy: dict[str, Any] = {}
    total = 0
    for name, item in value.items():
        total += _field_name_bytes(name, path)
        copy[name], size = _value(item, (path, name), depth + 1)
        total += size
    return copy, total


def _list(value: list[Any], path: _Path, depth: int) -> tuple[list[Any], int]:
    _check_depth(path, depth)
    copy: list[Any] = []
    total = 0
    for index, item in enumerate(value):
        where = (path, index)
        if isinstance(item, list):
            raise TypeError(f"{_place(where)}: a list directly inside a list cannot be stored")
        element, size = _value(item, where, depth + 1)
        copy.append(element)
        total += size
    return copy, total


def _int(value: int, path: _Path, _depth: int) -> tuple[int, int]:
    if not -_INT64 <= value < _INT64:
        raise ValueError(f"{_place(path)}: an integer beyond 64 bits cannot be stored")
    return int(value), 8


def _str(value: str, path: _Path, _depth: int) -> tuple[str, int]:
    return str.__str__(value), _utf8_bytes(value, path) + 1


def _datetime(value: datetime, path: _Path, _depth: int) -> tuple[datetime, int]:
    return utc(value, _place(path)), 8


_COPIERS: dict[type, Callable[[Any, _Path, int], tuple[Any, int]]] = {
    type(None): lambda value, _path, _depth: (value, 1),
    bool: lambda value, _path, _depth: (value, 1),
    int: _int,
    float: lambda value, _path, _depth: (float(value), 8),
    str: _str,
    bytes: lambda value, _path, _depth: (bytes(value), len(value)),
    datetime: _datetime,
    dict: _map,
    list: _list,
}
"""How each storable type is copied; bool stands before int because True is an int as well."""


def _field_name_bytes(name: Any, path: _Path) -> int:  # noqa: ANN401 - a key may be anything until it is checked
    if not isinstance(name, str):
        raise TypeError(f"{_place(path)}: a field name must be a str, not {type(name).__name__}")
    if not name or (name[0] == "_" and _RESERVED.match(name)):
        raise ValueError(f"{_place(path)}: {name!r} is not a field name")
    size = _utf8_bytes(name, path)
    if size > MAX_NAME_BYTES:
        raise ValueError(f"{_place(path)}: a field name is longer than {MAX_NAME_BYTES} bytes")
    return size + 1


def _check_depth(path: _Path, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise ValueError(f"{_place(path)[:200]}: more than {MAX_DEPTH} maps and lists inside each other")


def _utf8_bytes(text: str, path: _Path) -> int:
    if text.isascii():
        return len(text)
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        # The original error quotes the text.
        raise ValueError(f"{_place(path)}: not valid Unicode text") from None
