"""A workbook is read by a process of its own, and what is wrong with it comes back in one word."""

from __future__ import annotations

import io

import pytest
from openpyxl import Workbook

from shared.assistant.lists import workbook_process
from shared.domain.pasted_lists.file_trouble import FileTrouble, FileTroubleError


def _saved(*rows: tuple[object, ...]) -> bytes:
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(target)
    return target.getvalue()


def test_what_the_process_reads_comes_back() -> None:
    (sheet,) = workbook_process.sheets(_saved(("Артикул", "Кол-во"), ("DF333DWYE", 2)))
    assert (sheet.name, [row[:2] for row in sheet.rows]) == ("Sheet", [["Артикул", "Кол-во"], ["DF333DWYE", "2"]])


def test_why_it_reads_nothing_comes_back() -> None:
    with pytest.raises(FileTroubleError) as told:
        workbook_process.sheets(b"PK\x03\x04")
    assert told.value.trouble is FileTrouble.BROKEN
