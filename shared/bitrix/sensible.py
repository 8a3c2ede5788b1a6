"""Rows of lists that make sense, and word to the log of those that do not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, rows
from shared.log_events import LogEvent, log_event

Reader = Callable[[Row], object]
"""Reads a field of a row; `BadAnswer` when it makes no sense."""

log = logging.getLogger(__name__)


def left_out(method: str, field: str) -> None:
    """Tell the log of what makes no sense: where it was, never what it was."""
    log_event(log, logging.WARNING, LogEvent.FIELD_UNREAD, "a field makes no sense", method=method, field=field)


def sensible(found: Sequence[Row], method: str, needed: Mapping[str, Reader]) -> list[Row]:
    """Return the rows whose needed fields can be read; of each other one the log is told the first that cannot.

    A record that makes no sense costs its own line, never the list.
    """
    kept = []
    for row in found:
        odd = next((field for field, read in needed.items() if not _is_readable(read, row)), None)
        if odd is None:
            kept.append(row)
        else:
            left_out(method, odd)
    return kept


def rows_that_are(row: Row, name: str, method: str) -> Sequence[Row]:
    """Return the rows of a list inside a record; what is no row, or no list, is left out and told of."""
    value = find(row, name)
    if isinstance(value, list):
        found = [item for item in value if isinstance(item, Mapping)]
        odd = len(found) < len(value)
    else:
        odd = bool(value) and not isinstance(value, Mapping)
        found = [] if odd else list(rows(value, name))
    if odd:
        left_out(method, name)
    return found


def _is_readable(read: Reader, row: Row) -> bool:
    try:
        read(row)
    except BadAnswer:
        return False
    return True
