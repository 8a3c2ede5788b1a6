"""The wrappers that a real portal's answers come in: `{"orders": […]}`, `{"order": {…}}`, or none."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from shared.bitrix.errors import BadAnswer
from shared.bitrix.fields import Row, find, has, need_id, one, rows, text
from shared.bitrix.portal import Answer

log = logging.getLogger(__name__)


def listed(answer: Answer, name: str) -> Sequence[Row]:
    """Return the rows of a list: `{name: […]}` or the list itself. PHP writes an empty map as `[]`."""
    result = answer.result
    if isinstance(result, list):
        return rows(result, name)
    if not isinstance(result, Mapping) or not has(result, name):
        raise BadAnswer(f"{name} is missing")
    return rows(find(result, name), name)


def made(answer: Answer, name: str, key: str) -> Row:
    """Return the record just made with our key.

    A portal that did not keep the key is reported only: the record is there, and to refuse it would make it again.
    """
    row = one(answer, name)
    if text(row, "xmlId") != key:
        log.error("the portal did not keep the key of %s %s: it cannot be looked up", name, need_id(row, "id"))
    return row
