"""What all list methods share: select, filter, order, pages of 50.

How a filter is read and what becomes of what the portal does not know is the family's matter (`families`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from infra.local.portal.dialect import Reply
from infra.local.portal.errors import RestError
from infra.local.portal.native.families import Family
from infra.local.portal.native.field_kinds import Fields, Row
from infra.local.portal.native.options import NativeOptions
from infra.local.portal.native.reading import names_of, php_int, section
from infra.local.portal.params import Params
from infra.local.portal.timing import iso

T = TypeVar("T")
Finish = Callable[[Row], dict[str, Any]]
ValueOf = Callable[[str], Callable[[T], Any]]

PAGE = 50
NO_COUNT = -1
_EMPTY: tuple[object, ...] = (0, "", "0")


@dataclass(frozen=True)
class Listing:
    """How one list method answers: its fields, and the wrapper inside `result` (empty: a bare array).

    A row may have more than `fields`: a key of `filter` is known when it is a field. `core` holds the list to the
    core's own rules where a portal of the documentation would be more generous (`NativeOptions.core_rules`).
    """

    wrapper: str
    fields: Fields
    family: Family
    core: bool = False

    def under(self, native: NativeOptions) -> Listing:
        """Return the list as this portal has it."""
        return replace(self, core=native.core_rules)

    def reply(self, params: Params, rows: Iterable[Row], finish: Finish = dict) -> Reply:
        """Answer with one page of the rows; `finish` adds to those of the page what is dear to make.

        Raises `RestError` for what the family refuses.
        """
        return self.reply_of(params, rows, _of_row, finish)

    def reply_of(
        self, params: Params, things: Iterable[T], value_of: ValueOf[T], finish: Callable[[T], dict[str, Any]]
    ) -> Reply:
        """Answer with one page of things of which only those of the page need a row, which `finish` writes.

        `value_of` tells how a field is read of a thing: what a filter or an order looks at. Raises as `reply` does.
        """
        read = self.family.read if self.core or self.family.lenient is None else self.family.lenient
        conditions = list(read(self._section(params, "filter"), self.fields))
        found = list(things)
        for condition in conditions:
            value, holds = value_of(condition.field), condition.holds
            found = [one for one in found if holds(value(one))]
        self._sort(params, found, value_of)
        if not self.family.paged:
            counted = Reply(None, total=None if self.family.upper else len(found))
            return self._answer(params, map(finish, found), counted)
        start = php_int(params.raw("start"))
        first = max(0, start) // PAGE * PAGE
        if self.core and self.family.wraps and first >= len(found):
            first = 0
        counted = Reply(
            None,
            total=len(found) if start != NO_COUNT else None,
            next=first + PAGE if start != NO_COUNT and first + PAGE < len(found) else None,
        )
        return self._answer(params, map(finish, found[first : first + PAGE]), counted)

    def _answer(self, params: Params, rows: Iterable[Row], reply: Reply) -> Reply:
        page = self._select(params, rows)
        return replace(reply, result={self.wrapper: page} if self.wrapper else page)

    def _section(self, params: Params, name: str) -> Mapping[str, Any]:
        return section(params, self._spelt(name))

    def _spelt(self, name: str) -> str:
        return name.upper() if self.family.upper else name

    def _sort(self, params: Params, found: list[T], value_of: ValueOf[T]) -> None:
        wanted = self._section(params, "order")
        self._only_known(wanted, "order")
        for field, direction in reversed(list(wanted.items())):
            if field in self.fields:
                value = value_of(field)
                found.sort(key=lambda one: _sort_key(value(one)), reverse=str(direction).upper() == "DESC")

    def _select(self, params: Params, rows: Iterable[Row]) -> list[dict[str, Any]]:
        names = names_of(params, self._spelt("select"))
        self._only_known(names, "select")
        everything = not names or "*" in names
        return [{name: self.render(row[name]) for name in row if everything or name in names} for row in rows]

    def _only_known(self, names: Iterable[str], what: str) -> None:
        unknown = [name for name in names if name not in self.fields]
        if unknown and what in self.family.closed:
            raise RestError(self.family.closed[what], f"{', '.join(unknown)} not allowed for {what}")

    def whole(self, row: Row) -> dict[str, Any]:
        """Return one row alone, as the list's method `get` has it."""
        return {name: self.render(value) for name, value in row.items()}

    def render(self, value: Any) -> Any:  # noqa: ANN401 - any value of a row
        """Return a value as JSON has it; nothing and zero look alike where the family makes them so."""
        shown = render(value)
        return None if self.core and self.family.null_for_empty and shown in _EMPTY else shown


def _of_row(field: str) -> Callable[[Row], Any]:
    return lambda row: row.get(field)


def _sort_key(value: object) -> tuple[bool, Any]:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, Mapping):
        value = value.get("value")
    return (value is not None, "" if value is None else value)


def render(value: Any) -> Any:  # noqa: ANN401 - any value of a row
    """Return a value as JSON has it: numbers as numbers, moments with the portal's offset."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, Mapping):
        return {key: render(item) for key, item in value.items()}
    if isinstance(value, list):
        return [render(item) for item in value]
    return value
