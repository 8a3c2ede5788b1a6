"""The shapes that the spec's answers come in: bare, wrapped, and in either key casing."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from shared.bitrix.errors import BadAnswer, UnknownStatus
from shared.bitrix.fields import Row, find, has, need_id, need_row, rows
from shared.bitrix.portal import Answer
from shared.status import Status

log = logging.getLogger(__name__)


def listed(answer: Answer, *wrappers: str) -> Sequence[Row]:
    """Return the rows of a list: `{wrapper: […]}` under one of these names, or the list itself."""
    result = answer.result
    if isinstance(result, Mapping):
        if not any(has(result, name) for name in wrappers):
            raise BadAnswer(f"{wrappers[0]} is missing")
        result = find(result, *wrappers)
    return rows(result, wrappers[0])


def one(answer: Answer, wrapper: str) -> Row:
    """Return one record: `{wrapper: {…}}` or the record itself."""
    result = need_row(answer.result, wrapper)
    inner = find(result, wrapper)
    return inner if isinstance(inner, Mapping) else result


def made_id(result: object, wrapper: str, name: str) -> str:
    """Return the id of something just made: bare, `{"ORDER_ID": …}`, `{"id": …}` or `{"order": {"id": …}}`."""
    if isinstance(result, Mapping):
        inner = find(result, wrapper)
        return need_id(inner if isinstance(inner, Mapping) else result, name, "ID")
    return need_id({name: result}, name)


def status_of(code: str, statuses: Mapping[str, Status]) -> Status:
    """Return what a code means; `statuses` are the portal's own codes, in small letters. `UnknownStatus` for others."""
    if code.casefold() in statuses:
        return statuses[code.casefold()]
    try:
        return Status(code.upper())
    except ValueError:
        error = UnknownStatus(code)
    log.error("an order has the unknown status %s; add it to BITRIX_STATUS_MAP", error.status)
    raise error
