"""The evidence of a sheet's numbers: which column counts, where no name of a column says so. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, permutations
from typing import Final

from shared.domain.pasted_lists.lines import UNUSUAL
from shared.domain.pasted_lists.numbers import CellNumber
from shared.domain.quantities import MOST, ONE

Column = Sequence[CellNumber | None]

_MANY: Final = 3
"""Rows whose numbers run from 1, after which they are numbers of rows even where nothing else counts."""

_MOST_COLUMNS: Final = 8
"""Of numbers, among which a product is looked for."""


@dataclass(frozen=True)
class Table:
    """The columns of numbers by their place, and the places of the columns that name units."""

    columns: Mapping[int, Column]
    units: tuple[int, ...] = ()


@dataclass(frozen=True)
class RowCounts:
    """What a row's count may be: one value, several that must be asked, or none that can be. `unsaid`: no count.

    `pieces`: a cell names pieces as what it counts.
    """

    values: tuple[Decimal, ...] = ()
    measure: str = ""
    doubtful: bool = False
    unsaid: bool = False
    pieces: bool = False

    @property
    def missing(self) -> bool:
        """Whether the row says nothing where others say how many."""
        return not self.values and not self.unsaid


@dataclass(frozen=True)
class Counts:
    """The columns that may count. `sure`: a unit or a product says so; `rows`: numbers of rows that may be counts."""

    columns: tuple[Column, ...]
    sure: bool = False
    rows: bool = False
    doubtful: bool = False

    def of_row(self, position: int) -> RowCounts:
        """Return what they say of a row."""
        cells = [column[position] for column in self.columns]
        said = [cell for cell in cells if cell is not None]
        if not self.columns:
            return RowCounts(unsaid=True)
        values = tuple(dict.fromkeys([*([ONE] if self.rows else []), *(cell.value for cell in said)]))
        measure = next((cell.measure for cell in said if cell.measure), "")
        pieces = any(cell.counted and not cell.measure for cell in said)
        return RowCounts(values, measure, self.doubtful, pieces=pieces)


def counts(table: Table) -> Counts:
    """Return the columns that may count what is wanted; none when nothing says how many."""
    counted = [column for column in table.columns.values() if any(cell and cell.counted for cell in column)]
    if counted:
        return Counts(tuple(counted), sure=True)
    left = dict(table.columns)
    first = min(left, default=None)
    if first == 0 and _runs(left[0]):
        numbered = left.pop(0)
        if not left:
            return _numbers_of_rows(numbered)
    elif len(left) > 1 and first == 0 and len(left[0]) >= _MANY and _follow(left[0]):
        del left[0]
    if not left:
        return Counts(())
    return _beside_unit(left, table.units) or _of_product(left) or _of_prices(left)


def _values(column: Column) -> list[Decimal]:
    return [cell.value for cell in column if cell is not None]


def _follow(column: Column) -> bool:
    values = _values(column)
    return len(values) == len(column) and all(two == one + 1 for one, two in pairwise(values))


def _runs(column: Column) -> bool:
    """Tell whether the numbers run 1, 2, 3 from the first row on."""
    return _follow(column) and _values(column)[0] == ONE


def _numbers_of_rows(column: Column) -> Counts:
    return Counts(()) if len(column) >= _MANY or len(column) == 1 else Counts((column,), rows=True)


def _beside_unit(left: Mapping[int, Column], units: Sequence[int]) -> Counts | None:
    """Return the column beside the one of units: before it, as «2 шт» is said, or behind it."""
    beside = [left[number + way] for number in units[:1] for way in (-1, 1) if number + way in left]
    plain = [column for column in beside if not _is_money(column)]
    return Counts((plain[0],), sure=True) if plain else None


def _is_money(column: Column) -> bool:
    return any(cell is not None and cell.money for cell in column)


def _of_product(left: Mapping[int, Column]) -> Counts | None:
    """Return the factors of price × count = sum that may be the count, if such columns are there."""
    places = list(left)[:_MOST_COLUMNS]
    for one, other, total in permutations(places, 3):
        if one > other or not _multiply(left[one], left[other], left[total]):
            continue
        factors = [left[place] for place in (one, other)]
        may = [column for column in factors if not _is_money(column) and max(_values(column)) <= MOST]
        return Counts(tuple(may or factors), sure=len(may) == 1)
    return None


def _multiply(one: Column, other: Column, total: Column) -> bool:
    rows = [row for row in zip(one, other, total, strict=True) if all(row)]
    return bool(rows) and all(a and b and c and a.value * b.value == c.value for a, b, c in rows)


def _of_prices(left: Mapping[int, Column]) -> Counts:
    """Return what is left when prices and numbers that no order takes are out; a lone price is doubtful."""
    columns = list(left.values())
    plain = [column for column in columns if not _is_money(column)]
    kept = [column for column in plain if max(_values(column)) <= MOST]
    if kept:
        return Counts(tuple(kept))
    if len(columns) == 1 and not any(cell and cell.currency for cell in columns[0]):
        values = _values(columns[0])
        whole = all(value == value.to_integral_value() and value <= UNUSUAL for value in values)
        return Counts((columns[0],), doubtful=not whole)
    if len(plain) == 1 and len(columns) > 1:
        return Counts((plain[0],), doubtful=True)
    return Counts(()) if not plain else Counts(tuple(plain), doubtful=True)
