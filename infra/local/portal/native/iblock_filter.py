"""Filters of lists of information blocks: goods, variations, sections (`CIBlock::MkOperationFilter`, `FilterCreateEx`).

What this way of asking does not know is dropped without a word, whatever the documentation says of `=%name` or `@id`:
the whole catalogue comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from operator import eq, ge, gt, le, lt
from typing import Any

from infra.local.portal.catalogue.model import normalise
from infra.local.portal.native.field_kinds import (
    Condition,
    Fields,
    Kind,
    as_ints,
    is_indexed,
    many,
    php_float,
    read_moment,
    view_field,
)
from infra.local.portal.native.text_matching import of_operation

Passes = Callable[[Any], bool]

OPERATIONS = ("!=", "!%", ">=", "<=", "*=", "*%", "=", "%", "?", ">", "<", "!", "*", "")
"""What both readings know; the last one is a bare field. REST takes `><price` for a field «<price»."""
LENIENT = ("=%", "%=", "!=%", "!%=")
"""What the documentation has beside them and no portal does: only for a bot that still asks so."""

_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {">": gt, ">=": ge, "<": lt, "<=": le}
_SKIPPED = ("", None)
_MANY = (list, dict)
_PASS_MOST = frozenset({"iblockId", "active"})


def conditions(wanted: Mapping[str, Any], known: Fields, extra: Sequence[str] = ()) -> Iterator[Condition]:
    """Read a filter, what passes few rows first; `extra` are operations this portal knows on top."""
    for key, value in sorted(wanted.items(), key=lambda pair: pair[0] in _PASS_MOST):
        field = view_field(key)
        operation = key.removesuffix(field)
        if field in known and operation in (*OPERATIONS, *extra):
            condition = _condition(field, known[field], operation, value)
            if condition is not None:
                yield condition


def _condition(field: str, kind: Kind, operation: str, value: object) -> Condition | None:
    """Return the condition on one field, None where the portal drops it."""
    negative = operation.startswith("!")
    tests = list(_tests(kind, operation.removeprefix("!"), value))
    if not tests:
        return None

    def holds(held: object) -> bool:
        # Most fields have one plain value, and a large catalogue has thousands of rows.
        for one in _values(held) if isinstance(held, _MANY) else (held,):
            for test in tests:
                if test(one):
                    return not negative
        return negative

    return Condition(field, holds)


def _values(value: object) -> list[Any]:
    """Return what a row has in a field, one of many for a property with many values."""
    rows = value if isinstance(value, list) else [value]
    return [row.get("value") if isinstance(row, dict) else row for row in rows] or [None]


def _tests(kind: Kind, operation: str, value: object) -> Iterator[Passes]:
    if kind is Kind.PROPERTIES and not is_indexed(value):
        return
    if kind in (Kind.INT, Kind.FLOAT):
        yield from _number_tests(operation, as_ints(value) if kind is Kind.INT else php_float(value))
        return
    values = many(value)
    for one in [value] if values is None else values:
        test = _moment_test(operation, one) if kind is Kind.MOMENT else _text_test(kind, operation, one)
        if test is not None:
            yield test


def _number_tests(operation: str, value: object) -> Iterator[Passes]:
    """Compare numbers; what is meant for texts means «equal» here."""
    values = many(value)
    for one in [value] if values is None else values:
        yield _number_test(_ORDERED.get(operation, eq), Decimal(str(one)))


def _number_test(compare: Callable[[Any, Any], bool], number: Decimal) -> Passes:
    # Two whole numbers are compared as such: decimals take several times as long, and each of the goods has an id.
    exact = int(number) if number == number.to_integral_value() else number
    return lambda row: row is not None and compare(row if isinstance(row, int) else Decimal(row), exact)


def _moment_test(operation: str, value: object) -> Passes | None:
    moment = read_moment(value)
    if moment is None:
        return None
    compare: Callable[[Any, Any], bool] = _ORDERED.get(operation, eq)
    return lambda row: isinstance(row, datetime) and compare(row, moment)


def _text_test(kind: Kind, operation: str, value: object) -> Passes | None:
    if value is False:
        return lambda row: row is None or row == ""
    if value in _SKIPPED or many(value) is not None:
        return None
    text = str(int(value)) if isinstance(value, bool) else str(value)
    if operation in _ORDERED:
        compare, other = _ORDERED[operation], normalise(text)
        return lambda row: row is not None and compare(normalise(str(row)), other)
    test = of_operation("=" if kind is Kind.FLAG and not operation else operation, text)
    return None if test is None else lambda row: row is not None and test(str(row))
