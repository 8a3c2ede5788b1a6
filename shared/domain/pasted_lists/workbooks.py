"""The sheets of an `.xlsx` workbook as texts, read within bounds; formulas are never run. Pure.

What is unpacked is bounded before anything is parsed (`workbook_parts`). The rest of a hostile workbook is an error of
openpyxl's, of any kind, and then the file is broken: its calls stand behind a fence, and nothing of ours does.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple, TypeAlias

from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from shared.domain.pasted_lists.file_trouble import LONGEST_CELL, MOST_CELLS, MOST_ROWS, FileTrouble, FileTroubleError
from shared.domain.pasted_lists.sheet import Sheet
from shared.domain.pasted_lists.workbook_parts import MOST_UNPACKED, opened

MOST_WHOLE: Final = {
    "sharedstrings.xml": 4 * 2**20, "styles.xml": 2**20, "workbook.xml": 2**20, "[content_types].xml": 2**20
}  # fmt: skip
"""Bytes of the parts that openpyxl turns into objects before it reads a cell."""

MOST_PARTS: Final = 1000
MOST_SHEETS: Final = 5
MOST_SEEN: Final = 2 * MOST_ROWS
"""Rows of a sheet that are looked at, empty ones too."""

UNKNOWN: Final = "?"
"""Stands for what a formula gives, where the file was saved without it: it is asked, never taken for an empty cell."""

_SheetCell: TypeAlias = ReadOnlyCell | EmptyCell

_PARSED: Final = (".xml", ".rels")
_WHOLE_DIGITS: Final = re.compile(r"0{2,20}")
_DECIMALS: Final = re.compile(r"0[.,](0{2})(?!\d)")
_LARGEST: Final = 1e300
"""No sheet shows such a number; one without an end is written as 1e999."""
_MONEY: Final = re.compile(r"₽|руб|\[\$|р\.", re.IGNORECASE)


class _Cell(NamedTuple):
    """What a cell holds, its type as the file has it, and how a number is shown."""

    value: object
    type: str
    shown_as: str


_Row: TypeAlias = Sequence[_Cell]


def sheets(content: bytes) -> Sequence[Sheet]:
    """Return the visible sheets that have anything in them, the one that lies open first.

    Raises FileTroubleError, and MemoryError: a workbook is read where that harms nobody.
    """
    _check(content)
    # Of what openpyxl has to say of odd workbooks nothing is of use to anybody.
    warnings.filterwarnings("ignore", module=r"openpyxl\.")
    return _sheets(content)


@contextmanager
def _fence() -> Iterator[None]:
    """Let only openpyxl work inside: whatever it raises, the file is broken."""
    try:
        yield
    except (FileTroubleError, MemoryError):
        raise
    except Exception as error:
        raise FileTroubleError(FileTrouble.BROKEN) from error


def _check(content: bytes) -> None:
    """Look at the archive's list of parts. Raises FileTroubleError."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise FileTroubleError(FileTrouble.BROKEN) from None
    names = {part.filename.lower() for part in parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileTroubleError(FileTrouble.MACRO)
    if any(part.flag_bits & 1 for part in parts):
        raise FileTroubleError(FileTrouble.ENCRYPTED)
    if "xl/workbook.bin" in names:
        raise FileTroubleError(FileTrouble.OLD)
    if not any(name.endswith("workbook.xml") for name in names):
        raise FileTroubleError(FileTrouble.OTHER)
    sizes = {part.filename.lower(): part.file_size for part in parts if part.filename.lower().endswith(_PARSED)}
    whole = any(size > MOST_WHOLE.get(name.rpartition("/")[2], size) for name, size in sizes.items())
    if whole or len(parts) > MOST_PARTS or sum(sizes.values()) > MOST_UNPACKED:
        raise FileTroubleError(FileTrouble.TOO_LONG)


def _sheets(content: bytes) -> list[Sheet]:
    with _fence():
        values = opened(content, data_only=True)
        formulas = opened(content, data_only=False)
        shown = [sheet for sheet in values.worksheets if sheet.sheet_state == "visible"]
        first = sorted(shown, key=lambda sheet: sheet is not values.active)[:MOST_SHEETS]
        pairs = [(sheet.title, sheet, formulas[sheet.title]) for sheet in first]
    read = [Sheet(name, _rows(_seen(sheet), _seen(meant))) for name, sheet, meant in pairs]
    return [sheet for sheet in read if sheet.rows]


def _seen(sheet: ReadOnlyWorksheet) -> Iterator[_Row]:
    """Yield the rows of a sheet, and one more than may be looked at."""
    with _fence():
        # What the sheet says of its own size is no bound, and may be wrong.
        sheet.reset_dimensions()
        rows = iter(sheet.iter_rows(max_row=MOST_SEEN + 1, max_col=MOST_CELLS))
    while True:
        with _fence():
            row = next(rows, None)
            cells = None if row is None else [_taken(cell) for cell in row]
        if cells is None:
            return
        yield cells


def _taken(cell: _SheetCell) -> _Cell:
    """Take out of a cell what is looked at. To be called inside the fence."""
    value = cell.value
    kind = "" if isinstance(cell, EmptyCell) else cell.data_type
    return _Cell(value, kind, (cell.number_format or "") if isinstance(value, int | float) else "")


def _rows(values: Iterator[_Row], formulas: Iterator[_Row]) -> list[list[str]]:
    rows: list[list[str]] = []
    for number, (row, meant) in enumerate(zip(values, formulas, strict=False), 1):
        cells = [_cell(*pair) for pair in zip(row, meant, strict=False)]
        rows += [cells] if any(cells) else []
        if number > MOST_SEEN or len(rows) > MOST_ROWS:
            raise FileTroubleError(FileTrouble.TOO_LONG)
    return rows


def _cell(cell: _Cell, meant: _Cell) -> str:
    """Return a cell as it is shown."""
    value = cell.value
    if value is None or cell.type == "e":
        return UNKNOWN if meant.type == "f" else ""
    if isinstance(value, bool):
        return ""
    if isinstance(value, int | float):
        return _number(value, cell.shown_as)
    if isinstance(value, dt.datetime | dt.date):
        return f"{value:%d.%m.%Y}"
    # One text may stand in sixty thousand cells.
    return " ".join(str(value)[:LONGEST_CELL].split())


def _number(value: float, shown_as: str) -> str:
    """Return a number as its format shows it, as far as that is evidence: zeros before it, kopecks, roubles."""
    if not -_LARGEST < value < _LARGEST:
        return UNKNOWN
    if _WHOLE_DIGITS.fullmatch(shown_as) and value == int(value):
        return f"{int(value):0{len(shown_as)}d}"
    if _DECIMALS.search(shown_as):
        return f"{value:.2f} ₽" if _MONEY.search(shown_as) else f"{value:.2f}"
    plain = f"{value:.15g}"
    plain = f"{value:.0f}" if "e" in plain and value == int(value) else plain
    return f"{plain} ₽" if _MONEY.search(shown_as) else plain
