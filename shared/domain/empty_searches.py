"""The words that found nothing (collection `empty_searches`), counted until operators are told of them, once a week.

One record for all: a search that finds nothing is rare, and nobody's name is kept with it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from shared.domain.text import shorten
from shared.log_events import LogEvent, log_event
from shared.store.collections import EMPTY_SEARCHES
from shared.store.unit_of_work import UnitOfWork

MOST: Final = 300
"""Different words that are counted between two digests; what comes after them is only logged."""

TOP: Final = 10
EVERY: Final = timedelta(days=7)
_LENGTH: Final = 60
_PHONE: Final = re.compile(r"\+?\d(?:[\s()-]*\d){10,}")
"""Eleven digits or more are rather a person's phone than words to look for."""
_KEY: Final = EMPTY_SEARCHES.key("now")


def words_of(query: str) -> str:
    """Return what is kept of a query: nothing that could be a phone."""
    return shorten(" ".join(_PHONE.sub("…", query.casefold()).split()), _LENGTH)


async def note(unit: UnitOfWork, queries: Iterable[str], *, where: str) -> None:
    """Log and count queries that found nothing; `where` is «search» or «list»."""
    said = [words for query in queries if (words := words_of(query))]
    if not said:
        return
    for words in said:
        log_event(
            logging.getLogger(__name__), logging.INFO, LogEvent.SEARCH_EMPTY, "nothing found", words=words, where=where
        )
    data = await unit.get(_KEY) or {"since": unit.now, "counts": {}}
    counts = dict(data["counts"])
    for words in said:
        if words in counts or len(counts) < MOST:
            counts[words] = counts.get(words, 0) + 1
    unit.put(_KEY, {**data, "counts": counts}, ttl=EMPTY_SEARCHES.kept)


async def take_week(unit: UnitOfWork) -> Sequence[tuple[str, int]]:
    """Return the most frequent words with their counts and begin to count anew, if a week is over; else nothing."""
    data = await unit.get(_KEY)
    if data is None or unit.now - data["since"] < EVERY:
        return ()
    unit.put(_KEY, {"since": unit.now, "counts": {}}, ttl=EMPTY_SEARCHES.kept)
    return sorted(data["counts"].items(), key=lambda pair: (-pair[1], pair[0]))[:TOP]
