"""Several pages of one list in one request: so many as its rows may fill.

See shared/bitrix/README.md, «A quote».
"""

from __future__ import annotations

from dataclasses import replace

from shared.bitrix.portal import Command

PAGE = 50
"""Rows of a page, whatever is asked."""


def paged(key: str, first: Command, rows: int) -> dict[str, Command]:
    """Return the command for each page of so many rows, at least one; later pages have the key with their start."""
    later = {
        f"{key}_{start}": replace(first, params={**first.params, "start": start}) for start in range(PAGE, rows, PAGE)
    }
    return {key: first, **later}
