"""The wrappers that a real portal's answers come in: `{"orders": […]}`, `{"order": {…}}`, or none."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence

from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, has, need_id, one, rows, text
from shared.bitrix.portal import Answer
from shared.log_events import LogEvent, log_event

Reader = Callable[[Row], object]
"""Reads a field of a row; `BadAnswer` when it makes no sense."""

log = logging.getLogger(__name__)


def listed(answer: Answer, name: str) -> Sequence[Row]:
    """Return the rows of a list: `{name: […]}` or the list itself. PHP writes an empty map as `[]`."""
    result = answer.result
    if isinstance(result, list):
        return rows(result, name)
    if not isinstance(result, Mapping) or not has(result, name):
        raise BadAnswer(f"{name} is missing")
    return rows(find(result, name), name)


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


def _is_readable(read: Reader, row: Row) -> bool:
    try:
        read(row)
    except BadAnswer:
        return False
    return True


def made(answer: Answer, name: str, key: str) -> Row:
    """Return the record just made with our key.

    A portal that did not keep the key is reported only: the record is there, and to refuse it would make it again.
    """
    row = one(answer, name)
    if text(row, "xmlId") != key:
        log.error("the portal did not keep the key of %s %s: it cannot be looked up", name, need_id(row, "id"))
    return row
