"""The reading of a workbook in a process of its own, which has little memory, little time and no secret.

However a workbook makes openpyxl work, it costs no more than that process, and nobody else waits for it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from shared.assistant.lists import workbook_reader
from shared.domain.pasted_lists.file_trouble import FileTrouble, FileTroubleError
from shared.domain.pasted_lists.sheet import Sheet

READER: Final = (sys.executable, "-m", workbook_reader.__name__)

SECONDS: Final = 7.5
"""Until it is killed, on a machine with other work too; how much of that it may compute it says itself."""

_KILLED: Final = (-signal.SIGXCPU, -signal.SIGKILL)


class WorkbookReaderError(Exception):
    """The reader ended as it never should: a bug of ours, whatever the file."""


def sheets(content: bytes, reader: Sequence[str] = READER, seconds: float = SECONDS) -> Sequence[Sheet]:
    """Return the sheets of a workbook. Raises FileTroubleError, and WorkbookReaderError."""
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, the file is its input
            reader, input=content, capture_output=True, timeout=seconds, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise FileTroubleError(FileTrouble.TOO_LONG) from None
    if done.returncode in _KILLED:
        raise FileTroubleError(FileTrouble.TOO_LONG)
    if done.returncode:
        # The error's text may hold what stands in the file.
        last = (done.stderr.decode(errors="replace").splitlines() or [""])[-1].partition(":")[0]
        raise WorkbookReaderError(f"ended with {done.returncode}: {last}")
    return _read(done.stdout)


def _read(answer: bytes) -> Sequence[Sheet]:
    said = json.loads(answer)
    if isinstance(said, str):
        raise FileTroubleError(FileTrouble(said))
    return [Sheet(name, rows) for name, rows in said]
