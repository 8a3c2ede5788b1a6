"""The rows of a sheet: which column holds what, by its name or by evidence, and what each row wants. Pure.

Evidence, the strongest first: a cell that names its unit; a column of units beside one of numbers; price × count = sum;
kopecks and currencies; numbers that an order does not take; running numbers. What is left is asked, never chosen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Final

from shared.domain import barcodes
from shared.domain.pasted_lists import evidence, headers, numbers
from shared.domain.pasted_lists.chatter import without_chatter
from shared.domain.pasted_lists.headers import Role
from shared.domain.pasted_lists.lines import LONGEST_LINE, ReadLine, asked, is_article, names_something
from shared.domain.pasted_lists.numbers import CellNumber
from shared.domain.pasted_lists.signs import without_quotes
from shared.domain.quantities import MOST, ONE
from shared.domain.spelling import articles

_BARS: Final = re.compile(r"\s?\|\s?")
_SPACES: Final = re.compile(r" {3,}")
_FEW: Final = 2
_HEAD: Final = 50
"""Rows of a sheet among which the names of its columns are looked for."""

_CODE: Final = re.compile(r"\d{4,}")

Row = Sequence[str]


def cells_of(line: str) -> list[str] | None:
    """Return the cells of a line, empty ones too; None when it is no row of a sheet."""
    if "\t" in line:
        parts = line.split("\t")
    elif line.count("|") >= _FEW:
        parts = _BARS.split(line.strip().strip("|").strip())
    elif ";" in line.rstrip("; "):
        parts = line.split(";")
    elif _is_of_commas(line):
        parts = line.split(",")
    elif _SPACES.search(line.strip()):
        parts = _SPACES.split(line.strip())
    else:
        return None
    return [without_quotes(part) for part in parts]


def _is_of_commas(line: str) -> bool:
    """Tell whether commas part cells: at least three, a number or the names of columns among them."""
    cells = line.strip().split(",")
    if len(cells) <= _FEW or any(cell.startswith(" ") for cell in cells):
        return False
    plain = [without_quotes(cell) for cell in cells]
    # «A,B,2,5» may as well be two and a half.
    split = any(one.isdigit() and other.isdigit() for one, other in pairwise(plain))
    return headers.roles_of(plain) is not None or (is_article(plain[0]) and not split and plain[-1].isdigit())


def read_rows(rows: Sequence[Row]) -> list[ReadLine]:
    """Return what rows that follow one another want; those that want nothing are left out."""
    at = next((number for number, row in enumerate(rows[:_FEW]) if headers.roles_of(row)), None)
    if at is not None:
        roles = headers.roles_of(rows[at]) or ()
        if _names_counts(rows[at]):
            return _named(roles, [row for row in rows[at + 1 :] if not _is_total(row)])
    goods = [row for row in rows if headers.roles_of(row) is None and not _is_total(row)]
    lines: list[ReadLine] = []
    for _, group in groupby(goods, key=len):
        lines += _by_evidence(list(group))
    return lines


def without_letterhead(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the rows from the names of the columns on, or from the first with two cells, and articles above it."""
    named = next((at for at, row in enumerate(rows[:_HEAD]) if _names_counts(row)), None)
    if named is not None:
        return rows[named:]
    first = next((at for at, row in enumerate(rows) if sum(map(bool, row)) >= _FEW), len(rows))
    return [row for at, row in enumerate(rows) if at >= first or any(map(is_article, row))]


def _names_counts(row: Row) -> bool:
    return any(role in {Role.COUNT, Role.WANTED} for role in headers.roles_of(row) or ())


def _is_total(row: Row) -> bool:
    said = [cell for cell in row if cell]
    words = [cell for cell in said if numbers.of_cell(cell) is None]
    return not said or (bool(words) and not any(without_chatter(word) for word in words))


def _named(roles: Sequence[Role], rows: Sequence[Row]) -> list[ReadLine]:
    """Read rows by the names of their columns; in a form where most counts are empty, only what has one is wanted."""
    wanted = [number for number, role in enumerate(roles) if role is Role.WANTED]
    columns = wanted or [number for number, role in enumerate(roles) if role is Role.COUNT]
    unit = next((number for number, role in enumerate(roles) if role is Role.UNIT), None)
    empty = [row for row in rows if not any(_cell(row, number) for number in columns)]
    kept = [row for row in rows if row not in empty] if 2 * len(empty) > len(rows) else rows
    lines = []
    for row in kept:
        text = _text(row, roles)
        if text:
            unit_cell = "" if unit is None else _cell(row, unit)
            lines.append(_with_counts(text, [_cell(row, number) for number in columns], unit_cell))
    return lines


def _cell(row: Row, number: int) -> str:
    return row[number] if number < len(row) else ""


def _text(row: Row, roles: Sequence[Role]) -> str:
    """Return what a row wants: its article, else the number of its barcode and its name, what there is of them."""
    said: dict[Role, str] = {}
    for number, cell in enumerate(row[: len(roles)]):
        if cell and (roles[number] is not Role.BARCODE or barcodes.is_ean(cell)):
            said.setdefault(roles[number], cell)
    named = said.get(Role.ARTICLE) or " ".join(said[role] for role in (Role.BARCODE, Role.NAME) if role in said)
    if named:
        return named
    others = [cell for number, cell in enumerate(row[: len(roles)]) if roles[number] is Role.OTHER]
    return next((cell for cell in others if cell and numbers.of_cell(cell) is None), "")


def _with_counts(text: str, cells: Sequence[str], unit: str) -> ReadLine:
    """Return a line with what the columns of counts say of it; asked when that is nothing, or two things."""
    read = [each for each in map(numbers.of_cell, cells) if each is not None]
    values = tuple(dict.fromkeys(each.value for each in read))
    measure = next((each.measure for each in read if each.measure), numbers.measure_in(unit))
    if len(values) != 1:
        return asked(text, values or (ONE, ONE + ONE), measure)
    pieces = not measure and (numbers.is_unit(unit) or any(each.counted for each in read))
    return ReadLine(text, values[0], measure, said=True, sure=True, alone=True, pieces=pieces)


def _names_units(column: Row) -> bool:
    return any(column) and all(numbers.is_unit(cell) for cell in column if cell)


def _counts(read: Sequence[CellNumber | None], column: Row) -> bool:
    """Tell whether a column holds numbers, all of it, or most of it and no article: what else is there is asked."""
    known = [each for each in read if each is not None]
    if len(known) == sum(map(bool, column)):
        return bool(known)
    small = all(each.value <= MOST for each in known)
    return small and 2 * len(known) >= len(column) and not any(map(is_article, column))


@dataclass(frozen=True)
class _Names:
    """Which columns name goods: `code` is one of digits, which is no count."""

    words: tuple[int, ...]
    code: int | None


def _by_evidence(rows: Sequence[Row]) -> list[ReadLine]:
    """Read rows of one width that no names of columns stand above."""
    columns = list(zip(*rows, strict=True)) if rows else []
    read = [[numbers.of_cell(cell) for cell in column] for column in columns]
    units = [number for number, column in enumerate(columns) if _names_units(column)]
    counting = [number for number, column in enumerate(read) if _counts(column, columns[number])]
    if len(counting) + len(units) == len(columns):
        counting = [number for number in counting if not any(map(names_something, columns[number]))]
    names = _names(columns, counting, units)
    table = evidence.Table({number: read[number] for number in counting if number != names.code}, tuple(units))
    found = evidence.counts(table)
    said = [(found.of_row(position), row) for position, row in enumerate(rows)]
    if 2 * sum(each.missing for each, _ in said) > len(rows):
        # A form: most of it is not wanted.
        said = [(each, row) for each, row in said if not each.missing]
    named = ((_named_in(row, names), each, row) for each, row in said)
    lines = [_line(text, each, [row[at] for at in units], sure=found.sure) for text, each, row in named if text]
    return [line for line in lines if line.count > 0]


def _names(columns: Sequence[Row], counting: Sequence[int], units: Sequence[int]) -> _Names:
    words = tuple(number for number in range(len(columns)) if number not in counting and number not in units)
    has_articles = any(is_article(cell) and not cell.isdigit() for number in words for cell in columns[number])
    first = counting[0] if counting else None
    before = first is not None and (not words or first < words[0])
    code = before and not has_articles and all(_CODE.fullmatch(cell) for cell in columns[first or 0])
    return _Names(words, first if code else None)


def _named_in(row: Row, names: _Names) -> str:
    if names.code is not None:
        return row[names.code]
    said = [row[number] for number in names.words if row[number]]
    article = next((cell for cell in said if is_article(cell)), None)
    text = article or " ".join(said)[:LONGEST_LINE]
    return text if articles.squashed(text) else ""


def _line(text: str, found: evidence.RowCounts, units: Sequence[str], *, sure: bool) -> ReadLine:
    if found.unsaid:
        return ReadLine(text)
    measure = found.measure or next(map(numbers.measure_in, units), "")
    if len(found.values) != 1 or found.doubtful:
        return asked(text, found.values or (ONE, ONE + ONE), measure)
    (count,) = found.values
    pieces = not measure and (found.pieces or any(map(numbers.is_unit, units)))
    line = ReadLine(text, count, measure, said=True, sure=sure, alone=True, pieces=pieces)
    return line if count <= MOST or sure else asked(text, [])
