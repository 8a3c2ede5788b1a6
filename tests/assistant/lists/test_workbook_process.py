"""A workbook is read by a process of its own, which is ended when it takes too much."""

from __future__ import annotations

import io
import sys

import pytest
from openpyxl import Workbook

from shared.assistant.lists import workbook_process
from shared.assistant.lists.workbook_process import WorkbookReaderError
from shared.assistant.lists.workbook_reader import MOST_MEMORY, MOST_SECONDS, answer
from shared.domain.pasted_lists.file_trouble import FileTrouble, FileTroubleError

BOUNDED = "import resource as r, time; from shared.assistant.lists.workbook_reader import bounded; bounded();"


def _python(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


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
    assert answer(b"PK\x03\x04") == f'"{FileTrouble.BROKEN}"'
    reader = _python("from shared.assistant.lists.workbook_reader import answer; print(answer(b'PK'))")
    with pytest.raises(FileTroubleError) as told:
        workbook_process.sheets(b"", reader)
    assert told.value.trouble is FileTrouble.BROKEN


@pytest.mark.parametrize(
    "end", ["time.sleep(60)", "import os; os.kill(os.getpid(), 24)", "import os; os.kill(os.getpid(), 9)"]
)
def test_one_that_takes_too_long_is_ended(end: str) -> None:
    with pytest.raises(FileTroubleError) as told:
        workbook_process.sheets(b"", _python(f"import time; {end}"), seconds=0.5 if "sleep" in end else 30)
    assert told.value.trouble is FileTrouble.TOO_LONG


def test_it_has_little_time_little_memory_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret")
    bounds = "str([r.getrlimit(r.RLIMIT_CPU), r.getrlimit(r.RLIMIT_AS)])"
    said = f"import json, os; print(json.dumps([[{bounds}, sorted(os.environ)]]))"
    (sheet,) = workbook_process.sheets(b"", _python(BOUNDED + said))
    assert sheet.name == str([(MOST_SECONDS, MOST_SECONDS), (MOST_MEMORY, MOST_MEMORY)])
    assert "TELEGRAM_BOT_TOKEN" not in sheet.rows


def test_a_bug_of_ours_is_not_told_as_a_broken_file() -> None:
    with pytest.raises(WorkbookReaderError, match=r"^ended with 1: ZeroDivisionError$"):
        workbook_process.sheets(b"", _python("1 / 0"))
