"""Filters of list methods: a prefix that says how to compare, then a field.

Values are compared as the database would: text without case, numbers by value, moments as moments.

See shared/bitrix/README.md, «Searching», «Finding an order by its key».
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from infra.local.portal.catalogue.model import normalise
from infra.local.portal.native.reading import number

Row = Mapping[str, Any]
"""A row as Python has it: int, str, Decimal, datetime, None, dict, list."""

_PREFIXES = (">=", "<=", "!=%", "!%=", "=%", "%=", "!@", "!=", "!%", "!", ">", "<", "=", "%", "@")


def split_key(key: str) -> tuple[str, str]:
    """Return the prefix and the field of a filter's key."""
    prefix = next((known for known in _PREFIXES if key.startswith(known)), "")
    return prefix, key.removeprefix(prefix)


class Wanted:
    """The value of a filter, one or a list, in every type it may be compared in; read once for all rows."""

    def __init__(self, value: object) -> None:
        if isinstance(value, Mapping):
            value = list(value.values())
        values = value if isinstance(value, list) else [value]
        self.blank = any(one is None or one == "" for one in values)
        self.texts = [normalise(str(one)) for one in values]
        self.numbers = [amount for one in values if (amount := number(one)) is not None]
        self.moments = [moment for one in values if (moment := read_moment(one)) is not None]
        self._known = frozenset[object]((*self.texts, *self.numbers, *self.moments))

    def has(self, value: object) -> bool:
        """Say whether a row's value is among those wanted; blank and absent are the same."""
        if value is None or value == "":
            return self.blank
        return _comparable(value) in self._known

    def like(self, value: object) -> Any:  # noqa: ANN401 - of the type of `value`
        """Return the first value wanted in the type of a row's value; None when it makes no sense there."""
        if isinstance(value, datetime):
            same: list[Any] = list(self.moments)
        else:
            same = list(self.texts) if isinstance(value, str) else list(self.numbers)
        return next(iter(same), None)


@dataclass(frozen=True)
class Condition:
    """One entry of a filter."""

    field: str
    wanted: Wanted
    compare: Callable[[object, Wanted], bool]
    negative: bool

    def passes(self, row: Row) -> bool:
        """Say whether a row passes."""
        value = row.get(self.field)
        if isinstance(value, Mapping):
            value = value.get("value")  # a property filters by its value
        return self.compare(value, self.wanted) is not self.negative


def read_condition(key: str, wanted: object) -> Condition:
    """Read one entry of a filter."""
    prefix, field = split_key(key)
    return Condition(field, Wanted(wanted), _COMPARISONS[prefix.removeprefix("!")], prefix.startswith("!"))


def _equal(value: object, wanted: Wanted) -> bool:
    return wanted.has(value)


def _contains(value: object, wanted: Wanted) -> bool:
    text = _text(value)
    return any(part in text for part in wanted.texts)


def _fits(value: object, wanted: Wanted) -> bool:
    text = _text(value)
    patterns = (".*".join(re.escape(part) for part in pattern.split("%")) for pattern in wanted.texts)
    return any(re.fullmatch(pattern, text, re.DOTALL) is not None for pattern in patterns)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[object, Wanted], bool]:
    def passes(value: object, wanted: Wanted) -> bool:
        other = wanted.like(value)
        return value is not None and other is not None and bool(compare(_comparable(value), other))

    return passes


_COMPARISONS: Mapping[str, Callable[[object, Wanted], bool]] = {
    "": _equal,
    "=": _equal,
    "@": _equal,
    "%": _contains,
    "=%": _fits,
    "%=": _fits,
    ">": _ordered(lambda a, b: a > b),
    ">=": _ordered(lambda a, b: a >= b),
    "<": _ordered(lambda a, b: a < b),
    "<=": _ordered(lambda a, b: a <= b),
}


def _comparable(value: object) -> object:
    return value if isinstance(value, datetime | int | Decimal) else normalise(str(value))


def read_moment(text: object) -> datetime | None:
    """Return an ISO moment (UTC when it names no zone), or None."""
    try:
        moment = datetime.fromisoformat(
            str(text).replace(" ", "+")
        )  # an unescaped «+» of the offset arrives as a space
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(value: object) -> str:
    return "" if value is None else normalise(str(value))
