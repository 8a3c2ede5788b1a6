"""What all list methods share: select, filter, order, pages of 50 (shared/bitrix/README.md, «Answers», «Searching»).

What the portal does not know is dropped without a word: fields of `select`, keys of `filter` (so a misspelt one lets
every row through), fields of `order`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from infra.local.portal.dialect import Reply
from infra.local.portal.native.filters import Condition, Row, read_condition, split_key
from infra.local.portal.native.reading import names_of, php_int, section
from infra.local.portal.params import Params
from infra.local.portal.timing import iso

PAGE = 50
NO_COUNT = -1


@dataclass(frozen=True)
class Listing:
    """How one list method answers: its fields, and the wrapper inside `result` (empty: a bare array).

    `upper` says that its parameters are called SELECT, FILTER, ORDER. A row may have more than `fields`: a key of
    `filter` is known when it is a field.
    """

    wrapper: str
    fields: frozenset[str]
    upper: bool = False

    def reply(self, params: Params, rows: Iterable[Row]) -> Reply:
        """Answer with one page of the rows."""
        conditions = self._conditions(params)
        found = [row for row in rows if all(condition.passes(row) for condition in conditions)]
        for field, direction in reversed(list(self._section(params, "order").items())):
            if field in self.fields:
                found.sort(key=lambda row: _sort_key(row.get(field)), reverse=str(direction).upper() == "DESC")
        start = php_int(params.raw("start"))
        counted = start != NO_COUNT
        first = max(0, start) // PAGE * PAGE
        page = self._select(params, found[first : first + PAGE])
        return Reply(
            {self.wrapper: page} if self.wrapper else page,
            total=len(found) if counted else None,
            next=first + PAGE if counted and first + PAGE < len(found) else None,
        )

    def _section(self, params: Params, name: str) -> Mapping[str, Any]:
        return section(params, name.upper() if self.upper else name)

    def _conditions(self, params: Params) -> list[Condition]:
        wanted = self._section(params, "filter").items()
        return [read_condition(key, value) for key, value in wanted if split_key(key)[1] in self.fields]

    def _select(self, params: Params, rows: Sequence[Row]) -> list[dict[str, Any]]:
        names = names_of(params, "SELECT" if self.upper else "select")
        everything = not names or "*" in names
        return [{name: render(row[name]) for name in row if everything or name in names} for row in rows]


def _sort_key(value: object) -> tuple[bool, Any]:
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
