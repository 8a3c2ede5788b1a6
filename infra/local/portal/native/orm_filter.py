"""Filters of the lists behind the ORM: prices, stock, orders and their parts (`CSQLWhere`).

All the documentation's operations work here. A field REST does not know is dropped; an operation it lets through and
the ORM does not know is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from operator import ge, gt, le, lt
from typing import Any

from infra.local.portal.catalogue.model import normalise
from infra.local.portal.errors import RestError
from infra.local.portal.native.field_kinds import (
    Condition,
    Fields,
    Kind,
    as_ints,
    many,
    php_float,
    read_moment,
    view_field,
)
from infra.local.portal.native.reading import php_int
from infra.local.portal.native.text_matching import of_operation

Passes = Callable[[Any], bool]

_EQUAL = ("=%", "%=", "=", "%", "")
_IN = "@"
_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le}
_PLAIN = ("><", ">=", "<=", "=%", "%=", "*=", "*%", "=", "%", "?", ">", "<", "@", "*", "")
OPERATIONS = (*_PLAIN, "!><", "!=%", "!%=", "!=", "!%", "!@", "!")


def conditions(wanted: Mapping[str, Any], known: Fields, *, typed: bool = True) -> Iterator[Condition]:
    """Read a filter. `typed`: REST turns numbers into numbers first (all but the sale module's own entities)."""
    for key, value in wanted.items():
        field = view_field(key)
        if field not in known:
            continue
        operation = key.removesuffix(field)
        if operation not in OPERATIONS:
            raise RestError(0, f"Unknown field definition `{key}` ({key})")
        condition = condition_of(field, known[field], operation, value, typed=typed)
        if condition is not None:
            yield condition


def condition_of(field: str, kind: Kind, operation: str, value: object, *, typed: bool = False) -> Condition | None:
    """Return the condition on one field; None where the portal drops it."""
    negative = operation.startswith("!")
    operation = operation.removeprefix("!")
    if kind is Kind.MOMENT:
        test = _moment(operation, value)
    elif kind in (Kind.INT, Kind.FLOAT):
        test = _number(operation, _as_number(kind, value, typed=typed), negative=negative)
    else:
        test = _text(operation, value)
    if test is None:
        return None
    # As in SQL a row without a value is neither equal nor different, except where the text is compared.
    blank = kind not in (Kind.INT, Kind.FLOAT, Kind.MOMENT)

    def holds(found: object) -> bool:
        if not negative:
            return test(found)
        return not test(found) and (blank or found is not None)

    return Condition(field, holds)


def _as_number(kind: Kind, value: object, *, typed: bool) -> object:
    if typed:
        return as_ints(value) if kind is Kind.INT else php_float(value)
    values = many(value)
    read = php_int if kind is Kind.INT else php_float
    return read(value) if values is None else [read(one) for one in values]


def _number(operation: str, value: object, *, negative: bool) -> Passes | None:
    values = many(value)
    numbers = [Decimal(str(one)) for one in ([value] if values is None else values)]
    if operation in _ORDERED:
        compare = _ORDERED[operation]
        return lambda row: bool(numbers) and row is not None and compare(Decimal(row), numbers[0])
    if operation == "><":
        return _between(numbers) if len(numbers) > 1 else None
    if operation == _IN and not numbers:
        raise RestError(0, "Mysql query error: (1064) You have an error in your SQL syntax")
    if operation not in (*_EQUAL, _IN):
        return None
    # A zero that is asked for is found where nothing was written, too.
    empty = Decimal(0) in numbers and operation != _IN
    return lambda row: empty and not negative if row is None else Decimal(row) in numbers


def _between(numbers: list[Decimal]) -> Passes:
    return lambda row: row is not None and numbers[0] <= Decimal(row) <= numbers[1]


def _moment(operation: str, value: object) -> Passes | None:
    values = many(value)
    moments = [moment for one in ([value] if values is None else values) if (moment := read_moment(one)) is not None]
    if not moments:
        return None
    if operation in _ORDERED:
        compare = _ORDERED[operation]
        return lambda row: isinstance(row, datetime) and compare(row, moments[0])
    return lambda row: row in moments


def _text(operation: str, value: object) -> Passes | None:
    values = many(value)
    texts = [_php_text(one) for one in ([value] if values is None else values)]
    if operation in _ORDERED:
        compare = _ORDERED[operation]
        return lambda row: bool(texts) and row is not None and compare(normalise(str(row)), normalise(texts[0]))
    if operation == "?" and (values is not None or not texts[0]):
        return None
    if values is None and not texts[0]:
        return lambda row: row is None or row == ""
    tests = [test for text in texts if (test := of_operation(_spelt(operation, text), text)) is not None]
    if operation in _READ and not tests:
        return None
    return lambda row: row is not None and any(test(str(row)) for test in tests)


def _php_text(value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)


_READ = ("?", "*", "*=", "*%")
"""Operations whose value may make no sense."""


def _spelt(operation: str, text: str) -> str:
    """Return the operation as `of_operation` calls it; digits alone are compared, not taken for a pattern."""
    if operation in ("*", "*="):
        return "*%"
    if operation == _IN or (operation in ("", "=%", "%=") and text.isdecimal()):
        return "="
    return operation
