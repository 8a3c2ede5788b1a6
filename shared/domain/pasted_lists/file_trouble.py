"""Why a file that was sent as a list is not read, and the bounds it is read within. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

MOST_BYTES: Final = 5 * 2**20
"""Of a file; a sheet of two thousand rows has a tenth of it."""

MOST_ROWS: Final = 2000
"""Rows of one sheet with anything in them: a price list that is ordered from, of which 50 lines are taken."""

MOST_CELLS: Final = 30
"""Cells of a row; what stands behind them is not looked at."""

LONGEST_CELL: Final = 400
"""Signs of a cell that are looked at, spaces among them; of what is left a line takes 200."""


class FileTrouble(StrEnum):
    """Why a file is not read."""

    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    ENCRYPTED = "encrypted"
    MACRO = "macro"
    OLD = "old"
    OTHER = "other"
    BROKEN = "broken"
    NO_LIST = "no_list"
    NOT_GIVEN = "not_given"


class FileTroubleError(Exception):
    """A file is not read, for this reason."""

    def __init__(self, trouble: FileTrouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble
