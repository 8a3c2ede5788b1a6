"""A shop's own words of the trade (collection `trade_words`): lines that operators add, as the package has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from shared.domain.spelling.trade_words import TradeWords, package_words
from shared.store.collections import TRADE_WORDS
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork

MOST: Final = 300
"""Lines of a shop."""
LONGEST: Final = 120
"""Characters of a line."""
_KEY: Final = TRADE_WORDS.key("own")


def key() -> Key:
    """Where the lines are."""
    return _KEY


async def load(unit: UnitOfWork) -> tuple[str, ...]:
    """Return the lines, the newest first."""
    data = await unit.get(_KEY)
    return tuple(data["lines"]) if data else ()


def save(unit: UnitOfWork, lines: Iterable[str]) -> None:
    """Put the lines into the unit, which must have read them."""
    unit.put(_KEY, {"lines": list(lines)})


def of_queries(queries: Iterable[str], lines: Sequence[str]) -> tuple[str, ...]:
    """Return the lines that say something about any of these queries: they travel with their jobs."""
    asked = tuple(queries)
    return tuple(line for line in lines if any(map(TradeWords().with_lines([line]).says_of, asked)))


def known_with(lines: Sequence[str]) -> TradeWords:
    """Return the package's words, and these lines before them."""
    return package_words().with_lines(lines) if lines else package_words()
