"""Files that masters send as a list: `.xlsx`, `.csv`, `.txt`, read within bounds, or in one word why not. Pure.

What a file is its bytes say, not its name; the name's ending only parts `.csv` from `.txt`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.domain.pasted_lists import reading
from shared.domain.pasted_lists.file_trouble import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_CELLS,
    MOST_ROWS,
    FileTrouble,
    FileTroubleError,
)
from shared.domain.pasted_lists.reading import PastedList
from shared.domain.pasted_lists.sheet import Sheet, SheetsReader

Cells = Sequence[Sequence[str]]

_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_NO_TEXT: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SEPARATORS: Final = ";\t,"
_SAID: Final = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)


def read(content: bytes, ending: str, sheets: SheetsReader) -> PastedList | FileTrouble:
    """Return the list that a file is, or why it is none; `sheets` reads a workbook."""
    try:
        return _read(content, ending, sheets)
    except FileTroubleError as error:
        return error.trouble


def _read(content: bytes, ending: str, sheets: SheetsReader) -> PastedList | FileTrouble:
    if len(content) > MOST_BYTES:
        return FileTrouble.TOO_LARGE
    if content.startswith(_COMPOUND):
        return FileTrouble.ENCRYPTED if _LOCKED in content else FileTrouble.OLD
    if content.startswith(_ZIP):
        return _of_sheets(sheets(content))
    text = _text(content)
    if ending == "csv":
        return reading.read_sheet(_rows(text)) or FileTrouble.NO_LIST
    if len(text) > reading.MOST_SIGNS:
        return FileTrouble.TOO_LONG
    return reading.read(text) or FileTrouble.NO_LIST


def _of_sheets(sheets: Sequence[Sheet]) -> PastedList | FileTrouble:
    """Return the list of the first sheet that has one, by its name where another sheet has something too."""
    for sheet in sheets:
        pasted = reading.read_sheet(sheet.rows)
        if pasted is not None:
            return replace(pasted, sheet=sheet.name) if len(sheets) > 1 else pasted
    return FileTrouble.NO_LIST


def _text(content: bytes) -> str:
    """Return the text as it was written: by its mark, else as UTF-8, else as Windows wrote Russian."""
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
    known = next((name for mark, name in marks.items() if content.startswith(mark)), None)
    try:
        text = content.decode(known or "utf-8")
    except UnicodeDecodeError:
        text = content.decode(known or "cp1251", errors="replace")
    if _NO_TEXT.search(text):
        raise FileTroubleError(FileTrouble.OTHER)
    return text


def _rows(text: str) -> Cells:
    said = _SAID.match(text)
    body = text[said.end() :] if said else text
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(body, newline=""), delimiter=said[1] if said else _separator(body)):
            cells = [cell[:LONGEST_CELL] for cell in row[:MOST_CELLS]]
            rows += [cells] if any(cell.strip() for cell in cells) else []
            if len(rows) > MOST_ROWS:
                raise FileTroubleError(FileTrouble.TOO_LONG)
    except csv.Error:
        raise FileTroubleError(FileTrouble.BROKEN) from None
    return rows


def _separator(text: str) -> str:
    """Return what parts the cells: the first sign that half of the lines have."""
    lines = [line for line in text[: reading.MOST_SIGNS].splitlines() if line.strip()]
    return next((sign for sign in _SEPARATORS if 2 * sum(sign in line for line in lines) >= len(lines)), ";")
