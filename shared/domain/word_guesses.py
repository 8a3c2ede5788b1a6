"""What the words that found nothing may mean, as a digest told it to operators (collection `empty_searches`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.store.collections import EMPTY_SEARCHES
from shared.store.port import Key
from shared.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class WordGuess:
    """Words that found nothing, how often they were typed, and the line that may explain them; "" without a guess."""

    words: str
    count: int
    line: str = ""


@dataclass(frozen=True)
class WordGuesses:
    """All that one digest told; `id` travels in its buttons."""

    id: str
    rows: tuple[WordGuess, ...]

    def line(self, number: int) -> str:
        """Return the line of a button; "" for a number of none."""
        return self.rows[number].line if 0 <= number < len(self.rows) else ""


async def keep(unit: UnitOfWork, id_: str, rows: Sequence[WordGuess]) -> WordGuesses:
    """Keep for thirty days what a digest tells, for its buttons."""
    await unit.get(_key(id_))
    data = [{"words": row.words, "count": row.count, "line": row.line} for row in rows]
    unit.put(_key(id_), {"rows": data}, ttl=EMPTY_SEARCHES.kept)
    return WordGuesses(id_, tuple(rows))


async def load(unit: UnitOfWork, id_: str) -> WordGuesses | None:
    """Return what a digest told; None when it is too old."""
    data = await unit.get(_key(id_))
    return WordGuesses(id_, tuple(WordGuess(**row) for row in data["rows"])) if data else None


def _key(id_: str) -> Key:
    return EMPTY_SEARCHES.key(f"digest-{id_}")
