"""The sheets of a workbook, read in a process that can be ended."""

from __future__ import annotations

from collections.abc import Sequence

from shared.assistant import reader_process
from shared.assistant.lists import workbook_reader
from shared.domain.pasted_lists.file_trouble import FileTrouble, FileTroubleError
from shared.domain.pasted_lists.sheet import Sheet


def sheets(content: bytes) -> Sequence[Sheet]:
    """Return the sheets of a workbook. Raises FileTroubleError, and ReaderError."""
    try:
        said = reader_process.read(reader_process.program_of(workbook_reader), content)
    except reader_process.TooMuchWorkError:
        raise FileTroubleError(FileTrouble.TOO_LONG) from None
    if isinstance(said, str):
        raise FileTroubleError(FileTrouble(said))
    return [Sheet(name, rows) for name, rows in said]
