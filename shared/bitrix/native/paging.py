"""Several pages of one list in one request: so many as its rows may fill.

See shared/bitrix/CORE.md, «Pages, counts, emptiness».
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.bitrix.fields import Row, need_id
from shared.bitrix.native.answers import Reader, left_out, listed, sensible
from shared.bitrix.portal import Answer, Command

PAGE = 50
_ID: Mapping[str, Reader] = {"id": lambda row: need_id(row, "id")}


def paged(key: str, first: Command, rows: int) -> dict[str, Command]:
    """Return the command for each page of so many rows, at least one; later pages have the key with their start."""
    later = {
        f"{key}_{start}": replace(first, params={**first.params, "start": start}) for start in range(PAGE, rows, PAGE)
    }
    return {key: first, **later}


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
