"""The program that reads one workbook (`shared.assistant.reader_process`)."""

from __future__ import annotations

from shared.assistant import reader_process
from shared.domain.pasted_lists.file_trouble import FileTrouble, FileTroubleError


def sheets_or_trouble(content: bytes) -> object:
    """Return a workbook's sheets, a list of names and rows, or the word for why it is not read."""
    from shared.domain.pasted_lists import workbooks  # noqa: PLC0415 - openpyxl: in this process alone

    try:
        return [[sheet.name, sheet.rows] for sheet in workbooks.sheets(content)]
    except FileTroubleError as error:
        return error.trouble
    except MemoryError:
        return FileTrouble.TOO_LONG


if __name__ == "__main__":
    reader_process.answer(sheets_or_trouble)
