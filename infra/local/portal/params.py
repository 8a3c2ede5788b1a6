"""Reading the parameters of a call with their types checked; a refusal always names the parameter.

Values arrive as JSON gave them or as form strings, so numbers may be digits in a string, and lists may be objects with
the keys "0", "1"… (how PHP clients send them).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from infra.local.portal.errors import missing, mistyped, out_of_range

MAX_NUMBER = 1_000_000

_DIGITS = re.compile(r"[0-9]{1,18}")


class Params:
    """A level of nested parameters; `prefix` is the name of the level, as `fields[PAYMENT][0]`."""

    def __init__(self, values: Mapping[str, Any], prefix: str = "") -> None:
        self._values = values
        self._prefix = prefix

    def name(self, key: str) -> str:
        """Return the full name of one of this level's parameters."""
        return f"{self._prefix}[{key}]" if self._prefix else key

    def has(self, key: str) -> bool:
        """Say whether a parameter is given; null counts as absent."""
        return self._values.get(key) is not None

    def names(self) -> list[str]:
        """Return the names given at this level."""
        return list(self._values)

    def raw(self, key: str) -> object:
        """Return a parameter as it came, or None."""
        return self._values.get(key)

    def replacing(self, key: str, value: object) -> Params:
        """Return the same level with another value for one parameter."""
        return Params({**self._values, key: value}, self._prefix)

    def _get(self, key: str) -> object:
        if not self.has(key):
            raise missing(self.name(key))
        return self._values[key]

    def text(self, key: str, *, blank: bool = False) -> str:
        """Return a string; `blank` allows an empty one."""
        value = self._get(key)
        if not isinstance(value, str):
            raise mistyped(self.name(key), "string")
        if not blank and not value.strip():
            raise missing(self.name(key))
        return value

    def optional_text(self, key: str) -> str:
        """Return a string, or an empty one when it is not given."""
        return self.text(key, blank=True) if self.has(key) else ""

    def id(self, key: str) -> str:
        """Return an identifier: digits, as an int or in a string."""
        return as_id(self._get(key), self.name(key))

    def integer(self, key: str) -> int:
        """Return a whole number not below zero."""
        return int(self.id(key))

    def flag(self, key: str) -> bool:
        """Return a yes or no; absent is no."""
        value = self._values.get(key)
        if value in (None, False, "", "0", "N", "false"):
            return False
        if value in (True, "1", "Y", "true"):
            return True
        raise mistyped(self.name(key), "bool")

    def positive(self, key: str) -> Decimal:
        """Return a number above zero."""
        value = self._get(key)
        name = self.name(key)
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise mistyped(name, "number")
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            raise mistyped(name, "number") from None
        if not number.is_finite() or not 0 < number <= MAX_NUMBER:
            raise out_of_range(name, f"must be above 0 and not over {MAX_NUMBER}")
        return number

    def whole(self, key: str) -> int:
        """Return a whole number above zero."""
        number = self.positive(key)
        if number != number.to_integral_value():
            raise mistyped(self.name(key), "int")
        return int(number)

    def section(self, key: str) -> Params:
        """Return a nested level."""
        return self._level(self._get(key), self.name(key))

    def optional_section(self, key: str) -> Params:
        """Return a nested level, an empty one when it is not given."""
        return self.section(key) if self.has(key) else Params({}, self.name(key))

    def _level(self, value: object, name: str) -> Params:
        if not isinstance(value, Mapping):
            raise mistyped(name, "array")
        return Params(value, name)

    def values(self, key: str) -> list[object]:
        """Return a list, as it came."""
        value = self._get(key)
        if isinstance(value, list):
            return value
        if isinstance(value, Mapping) and all(_DIGITS.fullmatch(str(index)) for index in value):
            return list(value.values())
        raise mistyped(self.name(key), "array")

    def entries(self, key: str) -> list[tuple[str, object]]:
        """Return a non-empty object or list as keys and values; a list's keys are its indices."""
        value = self._get(key)
        if isinstance(value, list):
            value = dict(enumerate(value))
        if not isinstance(value, Mapping):
            raise mistyped(self.name(key), "array")
        if not value:
            raise missing(self.name(key))
        return [(str(name), item) for name, item in value.items()]

    def id_values(self, key: str) -> list[str]:
        """Return identifiers given as one value or as a list."""
        value = self._get(key)
        if isinstance(value, list | Mapping):
            return [as_id(item, f"{self.name(key)}[{index}]") for index, item in enumerate(self.values(key))]
        return [as_id(value, self.name(key))]

    def sections(self, key: str) -> list[Params]:
        """Return a list of nested levels; an empty list counts as missing."""
        values = self.values(key)
        if not values:
            raise missing(self.name(key))
        return [self._level(value, f"{self.name(key)}[{index}]") for index, value in enumerate(values)]

    def texts(self, key: str) -> list[str]:
        """Return a list of strings, possibly empty."""
        texts = []
        for index, value in enumerate(self.values(key)):
            if not isinstance(value, str):
                raise mistyped(f"{self.name(key)}[{index}]", "string")
            texts.append(value)
        return texts


def as_id(value: object, name: str) -> str:
    """Return an identifier as a string without leading zeros, or refuse it by the parameter's name."""
    if isinstance(value, bool) or not isinstance(value, int | str) or not _DIGITS.fullmatch(str(value)):
        raise mistyped(name, "int")
    return str(int(value))
