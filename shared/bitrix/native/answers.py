"""The wrappers that a real portal's answers come in: `{"orders": […]}`, `{"order": {…}}`, or none; lists by pages."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from shared.bitrix.fields import Row, listed, need_id, one, text, unwrapped
from shared.bitrix.portal import Answer
from shared.bitrix.sensible import Reader, left_out, rows_that_are, sensible

log = logging.getLogger(__name__)

_ID: Mapping[str, Reader] = {"id": lambda row: need_id(row, "id")}


def listed_rows(answer: Answer, name: str, method: str) -> Sequence[Row]:
    """Return the rows of a list without what is no row; `BadAnswer` when there is no list at all."""
    return rows_that_are({name: unwrapped(answer, name)}, name, method)


def rows_of(answers: Mapping[str, Answer], key: str, method: str, name: str) -> Sequence[Row]:
    """Return the rows of all pages that were asked for under a key, each once.

    What goes on behind the last page is missed, and the log is told: a list that is not whole is worth more than none.
    """
    pages = [answer for it, answer in answers.items() if it.partition("_")[0] == key]
    came = [row for page in pages for row in listed(page, name)]
    readable = sensible(came, method, _ID)
    # A portal that knows no second page here gives the first again.
    found = {need_id(row, "id"): row for row in readable}
    told = max((page.total for page in pages if page.total is not None), default=0)
    if pages[-1].next is not None or told > len(found) + len(came) - len(readable):
        left_out(method, "next")
    return list(found.values())


def made(answer: Answer, name: str, key: str) -> Row:
    """Return the record just made with our key.

    A portal that did not keep the key is reported only: the record is there, and to refuse it would make it again.
    """
    row = one(answer, name)
    if text(row, "xmlId") != key:
        log.error("the portal did not keep the key of %s %s: it cannot be looked up", name, need_id(row, "id"))
    return row
