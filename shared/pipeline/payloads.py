"""The codec of job payloads: frozen dataclasses to the plain data a record holds, and back.

| field's type | stored as |
|---|---|
| `str`, `int`, `bool`, `None`, aware `datetime` | itself |
| `Decimal` | text: a store has no decimals; with `shared.domain.stored_fields.COUNT`, a whole one as an int |
| `StrEnum` | its value |
| `tuple[X, ...]` | list |
| dataclass | map; with `FLAT`, its fields among those of the class that holds it |

Jobs are read by the version before and by the version after the one that stored them (72 h). So a field that is not
known is passed over, and one that is missing takes its default; whoever adds a field gives it one. A value of another
type than the field's is refused: the job is kept for people, as after a bug.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache
from types import MappingProxyType, NoneType, UnionType
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar, cast, get_args, get_origin, get_type_hints

from shared.domain import quantities, stored_fields
from shared.store.collections import screen_name

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")

FLAT: Final[Mapping[str, bool]] = MappingProxyType({"flat": True})
"""Metadata of a field whose own fields are stored beside the others."""

UNLESS_DEFAULT: Final = stored_fields.UNLESS_DEFAULT
"""Metadata of a field that is stored only when it says something."""


def stored_as(name: str) -> Mapping[str, str]:
    """Return the metadata of a field that is stored under another name, one that Python keeps for itself, say."""
    return MappingProxyType({"stored_as": name})


class PayloadError(ValueError):
    """Stored data does not fit the payload's class. The text names the field, never the value: it may be a phone."""


@dataclass(frozen=True)
class Payload:
    """Base of what a kind of job needs; a subclass per kind, a frozen dataclass."""

    def as_data(self) -> dict[str, Any]:
        """Return the plain data for `Job.payload`."""
        return encode(self)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Read what `as_data` wrote, in this version or another. Raises `PayloadError`."""
        return decode(cls, data)


def chat_of(data: Mapping[str, Any]) -> int | None:
    """Return the chat that waits for the answer to a job with this payload, if one does."""
    return data.get("chat_id")


def screen_of(data: Mapping[str, Any]) -> str | None:
    """Return the name of the message that the answer to a job with this payload is written over, if there is one."""
    chat, message = chat_of(data), data.get("message_id")
    return None if chat is None or message is None else screen_name(chat, message)


def encode(record: DataclassInstance) -> dict[str, Any]:
    """Return a dataclass as plain data. TypeError for a value of no type that is stored."""
    data: dict[str, Any] = {}
    for each in _fields(type(record)):
        value = getattr(record, each.name)
        if "flat" in each.metadata:
            data |= encode(value)
        elif "unless_default" not in each.metadata or value != each.default:
            data[_name(each)] = quantities.as_data(value) if "count" in each.metadata else _encoded(value)
    return data


def decode(kind: type[T], data: Mapping[str, Any], path: str = "payload") -> T:
    """Read plain data as a dataclass of this kind. `path` names the data in errors. Raises `PayloadError`."""
    if not isinstance(data, Mapping):
        raise PayloadError(f"{path}: a map is wanted, not {type(data).__name__}")
    hints = _hints(cast("Hashable", kind))
    values: dict[str, Any] = {}
    for each in _fields(cast("Hashable", kind)):
        name, hint = _name(each), hints[each.name]
        if "flat" in each.metadata:
            values[each.name] = decode(hint, data, path)
        elif name in data:
            values[each.name] = _decoded(hint, data[name], f"{path}.{name}")
        elif each.default is MISSING and each.default_factory is MISSING:
            raise PayloadError(f"{path}.{name}: missing")
    return kind(**values)


def _name(each: Field[Any]) -> str:
    return str(each.metadata.get("stored_as", each.name))


@cache
def _fields(kind: Hashable) -> tuple[Field[Any], ...]:
    """Return a dataclass's fields, which `fields` looks for anew each time: a permit reads a hundred payloads."""
    return fields(cast("type[DataclassInstance]", kind))


@cache
def _hints(kind: Hashable) -> Mapping[str, Any]:
    return get_type_hints(kind)


_AS_THEY_ARE = frozenset({str, int, bool, datetime})
"""Most fields are of one of these, and of that very type: there is nothing to do for them."""


def _encoded(value: Any) -> Any:  # noqa: ANN401 - any stored type
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, str | int | datetime):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_encoded(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        return encode(value)
    raise TypeError(f"a payload cannot hold a {type(value).__name__}")


def _decoded(hint: Any, value: Any, path: str) -> Any:  # noqa: ANN401 - any stored type
    if type(value) is hint and hint in _AS_THEY_ARE:
        return value
    if isinstance(hint, UnionType):
        return None if value is None else _decoded(_not_none(hint), value, path)
    if get_origin(hint) is tuple:
        return _items(get_args(hint)[0], value, path)
    if is_dataclass(hint) and isinstance(hint, type):
        return decode(hint, value, path)
    if hint is Decimal or issubclass(hint, StrEnum):
        return _from_text(hint, value, path)
    # To Python True is an int as well.
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise PayloadError(f"{path}: {hint.__name__} is wanted, not {type(value).__name__}")
    return value


@cache
def _not_none(hint: UnionType) -> Any:  # noqa: ANN401 - a type, or a generic one
    (wanted,) = (each for each in get_args(hint) if each is not NoneType)
    return wanted


def _items(hint: Any, value: Any, path: str) -> tuple[Any, ...]:  # noqa: ANN401 - any stored type
    if not isinstance(value, list | tuple):
        raise PayloadError(f"{path}: a list is wanted, not {type(value).__name__}")
    return tuple(_decoded(hint, item, f"{path}[{index}]") for index, item in enumerate(value))


def _from_text(kind: type[Decimal | StrEnum], value: Any, path: str) -> Decimal | StrEnum:  # noqa: ANN401 - any stored type
    if kind is Decimal and type(value) is int:
        return Decimal(value)
    if not isinstance(value, str):
        raise PayloadError(f"{path}: text is wanted, not {type(value).__name__}")
    try:
        return kind(value)
    except (ValueError, InvalidOperation):
        # The original error quotes the value.
        raise PayloadError(f"{path}: no {kind.__name__}") from None
