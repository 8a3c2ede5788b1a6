"""The reading of a pasted text: whether it is a list, and what its lines want. Pure.

A line says what is wanted and how many of it, in words (`counts`), in columns (`columns`), or several goods on one line
(`splitting`). Most texts are searches and stay so: a list has several lines or goods, and at least half of them say how
many, may say it or are articles. Where none says it surely, each of three lines or more must be one that may. A single
line is a list only when it is an article and a count that cannot be a part of it.

No count is guessed: what cannot be read surely has `options`, and is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Final

from shared.domain.pasted_lists import columns, numbers, signs
from shared.domain.pasted_lists.chatter import without_chatter
from shared.domain.pasted_lists.counted_nouns import read_line
from shared.domain.pasted_lists.lines import LONGEST_LINE, ReadLine, asked, is_article, unless_unusual
from shared.domain.pasted_lists.splitting import goods_on
from shared.domain.pasted_lists.stamps import without_stamp
from shared.domain.quantities import MOST, ONE
from shared.domain.spelling import articles

MOST_LINES: Final = 50
"""Lines of a list: as many articles as one request to the portal takes."""

MOST_SIGNS: Final = 20_000
"""Signs that are looked at; Telegram's messages have 4,096."""

__all__ = ["LONGEST_LINE", "MOST_LINES", "PastedList", "WantedLine", "is_article", "read"]

_MANY_ROWS: Final = 3
_MANY_LINES: Final = 3
"""Lines that each end in a number, which may be their count: an address has two such, and so have two sizes."""


@dataclass(frozen=True)
class WantedLine:
    """A line of the list: what was typed, and how much of it, above 0 and to `MOST`.

    `measure` is «м», «кг» or «л» where he wrote it; "" for a count. `options`: the count must be asked, and these are
    the answers that the line allows; `quantity` is the first of them. `pieces`: he named pieces or packs.
    """

    text: str
    quantity: Decimal
    measure: str = ""
    options: tuple[Decimal, ...] = ()
    pieces: bool = False


@dataclass(frozen=True)
class PastedList:
    """A list. `left_out` counts the lines beyond the first 50; `capped`: more was wanted than an order takes.

    `unread` counts the lines that are too long to say one thing. `sheet`: which one of a workbook's it is.
    """

    lines: tuple[WantedLine, ...]
    left_out: int = 0
    capped: bool = False
    unread: int = 0
    sheet: str = ""


def read(text: str) -> PastedList | None:
    """Return the list that a text is; None when it is a search."""
    plain = map(without_stamp, signs.plain_text(text[:MOST_SIGNS]).split("\n"))
    typed = [line for line in plain if line.strip()]
    short = [line for line in typed if len(line) <= LONGEST_LINE or _has_parts(line)]
    lines, alone = _lines(short)
    return _pasted(lines, alone=alone, unread=len(typed) - len(short))


def read_sheet(rows: Sequence[Sequence[str]]) -> PastedList | None:
    """Return the list that the cells of a sheet are, whatever stands above it; None when they are none."""
    plain = [[_cell(cell) for cell in row] for row in rows]
    used = [number for number in range(max(map(len, plain), default=0)) if any(_has(row, number) for row in plain)]
    table = [[row[number] if number < len(row) else "" for number in used] for row in plain]
    if len(used) == 1:
        return read("\n".join(cell for row in table for cell in row))
    return _pasted(columns.read_rows(columns.without_letterhead(table)), alone=False)


def _cell(cell: str) -> str:
    return signs.without_quotes(signs.plain_text(cell))[:LONGEST_LINE]


def _has(row: Sequence[str], number: int) -> bool:
    return number < len(row) and row[number] != ""


def _pasted(lines: Sequence[ReadLine], *, alone: bool, unread: int = 0) -> PastedList | None:
    lines = [line for line in lines if line.count > 0]
    if not _is_list(lines, alone=alone):
        return None
    taken = _merged(map(unless_unusual, _settled(lines)[:MOST_LINES]))
    wanted = tuple(
        WantedLine(line.text, min(line.count, MOST), line.measure, line.options, line.pieces) for line in taken
    )
    capped = any(line.count > MOST for line in taken)
    return PastedList(wanted, max(len(lines) - MOST_LINES, 0), capped, unread)


def _has_parts(line: str) -> bool:
    return any(len(part) <= LONGEST_LINE for part in line.replace(";", ",").replace("\t", ",").split(","))


def _lines(typed: Sequence[str]) -> tuple[list[ReadLine], bool]:
    """Return what the lines want, and whether one line alone does: then it must be the clearer."""
    lines: list[ReadLine] = []
    said = 0
    typed = _with_counts_below(typed)
    for is_row, group in groupby(map(_row_or_line, typed), key=lambda each: isinstance(each, list)):
        block = list(group)
        if is_row:
            # What stands above a sheet and is no article is its title.
            lines = [line for line in lines if line.said or line.is_article]
            lines += columns.read_rows([each for each in block if isinstance(each, list)])
            said += len(block)
            continue
        for line in block:
            several = _in_words(str(line))
            said += max(len(several), 1)
            lines += several
    return lines, said <= 1


def _with_counts_below(typed: Sequence[str]) -> list[str]:
    """Return the lines with a count that has a line of its own put behind the line above."""
    joined: list[str] = []
    for line in typed:
        above = joined[-1].strip() if joined else ""
        if _is_count(line) and above and not _is_count(above) and not _says_how_many(above):
            joined[-1] = f"{above} — {line.strip()}"
        else:
            joined.append(line)
    return joined


def _is_count(line: str) -> bool:
    read = numbers.of_cell(line.strip())
    return read is not None and not read.money


def _says_how_many(line: str) -> bool:
    return columns.cells_of(line) is not None or read_line(_plain(line)).said


def _row_or_line(line: str) -> list[str] | str:
    cells = columns.cells_of(line)
    return line if cells is None or (";" in line and "\t" not in line and goods_on(_plain(line))) else cells


def _plain(line: str) -> str:
    return without_chatter(signs.without_bullet(signs.without_quotes(line)))


def _in_words(line: str) -> Sequence[ReadLine]:
    bare = _plain(line)
    if not articles.squashed(bare):
        return ()
    several = goods_on(bare)
    if several or len(bare) > LONGEST_LINE:
        return several
    return [read_line(bare)]


def _is_list(lines: Sequence[ReadLine], *, alone: bool) -> bool:
    if alone:
        return any(line.alone for line in lines)
    counted = sum(line.said for line in lines)
    plain = sum(line.is_article and not line.said for line in lines)
    perhaps = sum(bool(line.options) and not line.said and not line.is_article for line in lines)
    several = plain >= 2 or len(lines) == perhaps >= _MANY_LINES  # noqa: PLR2004 - several articles are a list
    return (counted >= 1 or several) and 2 * (counted + plain + perhaps) >= len(lines)


def _settled(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Return the lines with counts before goods told from numbers of rows: those run 1, 2, 3."""
    lines = _without_rows(lines)
    first = [line for line in lines if line.first]
    runs = [line.count for line in first] == [Decimal(number) for number in range(1, len(first) + 1)]
    if not runs or len(first) != len(lines) or len(first) == 1:
        return list(lines)
    if len(first) >= _MANY_ROWS:
        return [replace(line, count=ONE) for line in lines]
    return [asked(line.text, (ONE, line.count)) if line.count != ONE else line for line in lines]


def _without_rows(lines: Sequence[ReadLine]) -> list[ReadLine]:
    """Return the lines without the numbers of rows; a number before an article that is none may be its count."""
    rows = [line.row for line in lines]
    if rows == [Decimal(number) for number in range(1, len(rows) + 1)]:
        return [replace(line, row=None) for line in lines]
    return [
        line if line.row is None else asked(line.text, [*(line.options or (line.count,)), line.row]) for line in lines
    ]


def _merged(lines: Iterable[ReadLine]) -> list[ReadLine]:
    """Return the lines with what is wanted twice in one; metres are not added to pieces, nor what must be asked."""
    merged: dict[tuple[str, str], ReadLine] = {}
    for number, line in enumerate(lines):
        key = (f"\n{number}" if line.options else articles.squashed(line.text), line.measure)
        known = merged.get(key, replace(line, count=Decimal(0)))
        merged[key] = replace(known, count=known.count + line.count, pieces=known.pieces or line.pieces)
    return list(merged.values())
