"""The program that reads one workbook: its bytes come in, its sheets or why there are none go out, as JSON.

Who starts it imports it for its name, so that it is among what is deployed.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from typing import Final

from shared.domain.pasted_lists.file_trouble import FileTrouble, FileTroubleError

MOST_SECONDS: Final = 3
"""Of computing, with what Python and openpyxl take to start; two thousand full rows take one."""

MOST_MEMORY: Final = 320 * 2**20


def bounded() -> None:
    """Bound what this process may take; macOS knows no bound of memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    with suppress(ValueError):
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def answer(content: bytes) -> str:
    """Return a workbook's sheets, a list of names and rows, or the word for why it is not read."""
    from shared.domain.pasted_lists import workbooks  # noqa: PLC0415 - openpyxl: in this process alone

    try:
        return json.dumps([[sheet.name, sheet.rows] for sheet in workbooks.sheets(content)])
    except FileTroubleError as error:
        return json.dumps(error.trouble)
    except MemoryError:
        return json.dumps(FileTrouble.TOO_LONG)


def main() -> None:
    """Read what stands at the input."""
    bounded()
    sys.stdout.write(answer(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
