"""The parts of an `.xlsx` archive, unpacked within bounds of what openpyxl makes of them. Pure.

What is paid for is not only bytes: every tag becomes an object, each sheet may name a part that others name as well,
and some patterns of openpyxl's take the square of what they look at. So a part is weighed each time it is opened,
whatever it is called.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.packaging.workbook import DefinedNameList
from openpyxl.reader.excel import ExcelReader

from shared.domain.pasted_lists.file_trouble import FileTrouble, FileTroubleError

MOST_UNPACKED: Final = 8 * 2**20
"""Bytes of all parts that may be parsed; four kilobytes for each row that is taken."""

MOST_TAGS: Final = 450_000
"""Tags of all parts: two thousand rows of twenty-five cells with words."""

LOOKS: Final = 2
"""How often openpyxl opens a sheet: for its size, which is not asked for, and for its rows."""

_NEVER: Final = (b"\x00", b"<!DOCTYPE", b"<!ENTITY")
"""What no program writes into a part: another encoding than UTF-8, entities of its own."""

_LONG_FORMAT: Final = re.compile(rb"formatCode\s*=\s*(?:\"[^\"]{2000}|'[^']{2000})")
"""A format beyond Excel's 255 signs: openpyxl looks at it with a pattern that takes the square of its length."""


class BoundedParts(zipfile.ZipFile):
    """An archive to read from. Raises FileTroubleError for what would take too much."""

    def __init__(self, content: bytes) -> None:
        super().__init__(io.BytesIO(content))
        self._bytes = LOOKS * MOST_UNPACKED
        self._tags = LOOKS * MOST_TAGS

    def open(self, name: str | zipfile.ZipInfo, *_: Any, **__: Any) -> IO[bytes]:  # noqa: ANN401 - it is only read
        """Return a part, unpacked. `zipfile` gives no more of it than the archive says it has."""
        self._bytes -= self.getinfo(name).file_size if isinstance(name, str) else name.file_size
        if self._bytes < 0:
            raise FileTroubleError(FileTrouble.TOO_LONG)
        with super().open(name) as part:
            content = part.read()
        tags = content.count(b"<")
        self._tags -= tags
        if tags > MOST_TAGS or self._tags < 0:
            raise FileTroubleError(FileTrouble.TOO_LONG)
        if any(sign in content for sign in _NEVER) or _LONG_FORMAT.search(content):
            raise FileTroubleError(FileTrouble.BROKEN)
        return io.BytesIO(content)


class _Reader(ExcelReader):  # type: ignore[misc] # openpyxl has no types
    def read_workbook(self) -> None:
        """Read all but the names of ranges: nobody asks for them, and their patterns take the square of a name."""
        super().read_workbook()
        self.parser.defined_names = DefinedNameList()


def opened(content: bytes, *, data_only: bool) -> Workbook:
    """Return a workbook whose sheets are read as they are looked at. Raises whatever openpyxl does for a broken one."""
    reader = _Reader(io.BytesIO(content), read_only=True, data_only=data_only, keep_links=False)
    reader.archive = BoundedParts(content)
    reader.read()
    return reader.wb
