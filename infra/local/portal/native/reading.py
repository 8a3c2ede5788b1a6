"""Reading parameters the way the portal's PHP does: leniently, and without a word about what it does not know."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from infra.local.portal.errors import RestError, missing
from infra.local.portal.params import Params

_LEADING_INT = re.compile(r"\s*([+-]?[0-9]{1,18})")
_NUMBER = re.compile(r"\s*[+-]?[0-9]{1,15}(\.[0-9]{1,6})?\s*")


def php_int(value: object) -> int:
    """Return what `(int)` makes of a value: leading digits, else 0. So a reference left as text is 0."""
    if isinstance(value, bool | int | float):
        return int(value)
    match = _LEADING_INT.match(value) if isinstance(value, str) else None
    return int(match[1]) if match else 0


def number(value: object) -> Decimal | None:
    """Return a number given as JSON or as text, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or not _NUMBER.fullmatch(str(value)):
        return None
    return Decimal(str(value).strip())


def section(params: Params, name: str) -> Mapping[str, Any]:
    """Return a nested level, an empty one when it is absent or not nested (`[]` is PHP's empty map)."""
    value = params.raw(name)
    return value if isinstance(value, Mapping) else {}


def names_of(params: Params, name: str) -> set[str]:
    """Return a list of names, empty when it is absent."""
    value = params.raw(name)
    if isinstance(value, Mapping):
        value = list(value.values())
    return {str(one) for one in value} if isinstance(value, list) else set()


def fields_of(params: Params) -> Params:
    """Return `fields`. Raises `RestError` 100 when it is missing."""
    fields = section(params, "fields")
    if not fields:
        raise missing("fields")
    return Params(fields, "fields")


def require(fields: Params, *names: str) -> None:
    """Raise `RestError` 0 «Required fields» for those that are not given."""
    absent = [name for name in names if not fields.has(name) or fields.raw(name) == ""]
    if absent:
        raise RestError(0, f"Required fields: {', '.join(absent)}")


def object_id(params: Params, name: str = "id") -> int:
    """Return the id a method is called with. Raises `RestError` 100 when it is missing."""
    if not params.has(name) or params.raw(name) == "":
        raise missing(name)
    return php_int(params.raw(name))


def text_of(fields: Params, name: str, default: str = "") -> str:
    """Return a field as text."""
    value = fields.raw(name)
    return default if value is None or isinstance(value, list | Mapping) else str(value)


def flag_of(fields: Params, name: str) -> bool:
    """Return a `Y`/`N` field."""
    return str(fields.raw(name)).upper() == "Y"


def yes(value: bool) -> str:  # noqa: FBT001 - the portal's spelling of a flag
    """Return a flag as the portal writes it."""
    return "Y" if value else "N"
