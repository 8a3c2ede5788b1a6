"""What a list's fields hold, and what the first reading of a filter makes of a value for each kind.

Every filter is read twice on a real portal: REST knows the fields and their types (`view`), then the list's own way of
asking the database knows the operations (`iblock_filter`, `orm_filter`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from infra.local.portal.native.reading import php_int

Row = Mapping[str, Any]
"""A row as Python has it: int, str, Decimal, datetime, None, dict, list."""

_LEADING_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,15}(?:\.[0-9]{1,6})?)")
_VIEW_KEY = re.compile(r"!?\+?(?:>=|>|<=|<|@|=%|%=|%|\?|\*=|\*%|\*|=)?")


class Kind(Enum):
    """What a field holds."""

    INT = "int"
    FLOAT = "float"
    TEXT = "text"
    FLAG = "flag"
    MOMENT = "moment"
    PROPERTY = "property"
    PROPERTIES = "properties"
    """A property with many values: its condition must be a list."""


Fields = Mapping[str, Kind]


@dataclass(frozen=True)
class Condition:
    """What a filter asks of one field; `holds` says whether a value is as asked.

    The two are apart so that a list may look at one field of thousands of goods without a row for each.
    """

    field: str
    holds: Callable[[Any], bool]

    def __call__(self, row: Row) -> bool:
        """Say whether a row is as asked."""
        return self.holds(row.get(self.field))


def fields(*, ints: str = "", floats: str = "", texts: str = "", flags: str = "", moments: str = "") -> dict[str, Kind]:
    """Return the fields of a list; names of one kind stand in one text."""
    named = {Kind.INT: ints, Kind.FLOAT: floats, Kind.TEXT: texts, Kind.FLAG: flags, Kind.MOMENT: moments}
    return {name: kind for kind, names in named.items() for name in names.split()}


def view_field(key: str) -> str:
    """Return the field a filter's key names as REST reads it; operations it does not know stay part of the name."""
    found = _VIEW_KEY.match(key)
    return key[found.end() :] if found else key


def many(value: object) -> list[Any] | None:
    """Return the values of a list or of PHP's map, None for a single value."""
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else None


def is_indexed(value: object) -> bool:
    """Say whether PHP has an array without names there."""
    return isinstance(value, list) or (isinstance(value, Mapping) and all(str(key).isdecimal() for key in value))


def asked_ids(wanted: Mapping[str, Any], field: str) -> list[str] | None:
    """Return the ids a filter narrows a list to, in the order of ids, None when it does not."""
    value = next((wanted[key] for key in (field, f"={field}") if key in wanted), None)
    if value is None:
        return None
    values = many(as_ints(value))
    return [str(one) for one in (sorted(values) if values is not None else [php_int(value)])]


def php_float(value: object) -> Decimal:
    """Return what `floatval` makes of a value: the number it begins with, else 0; any array is 1."""
    if many(value) is not None:
        return Decimal(1)
    found = _LEADING_NUMBER.match(str(value))
    return Decimal(found[1]) if found else Decimal(int(value is True))


def as_ints(value: object) -> object:
    """Return what REST makes of a value for an INT field; a list without a number above zero becomes 1."""
    values = many(value)
    if values is None:
        return php_int(value)
    return [number for one in values if (number := php_int(one)) > 0] or 1


def read_moment(text: object) -> datetime | None:
    """Return an ISO moment (UTC when it names no zone), or None."""
    try:
        # An unescaped «+» of the offset arrives as a space.
        moment = datetime.fromisoformat(str(text).strip().replace(" ", "+"))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
