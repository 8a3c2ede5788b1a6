"""Queries with the goods that must be among the first five, and what an answer to one is worth.

A line of a file is `query | words; words`: right is every product whose name and article have all these words as they
stand; `|` again begins another kind of right ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FIRST = 5
"""Products that a master sees of what was found."""


@dataclass(frozen=True)
class Query:
    """What a master types. `right`: each a set of words of which a right product has all."""

    file: str
    text: str
    right: Sequence[Sequence[str]]

    def fits(self, name: str, article: str) -> bool:
        """Tell whether a product is a right one."""
        said = f"{name} · {article}".casefold()
        return any(all(words in said for words in kind) for kind in self.right)


@dataclass(frozen=True)
class Judged:
    """What was found for a query. `recall` is of the right ones, of five at most, those among the first five.

    `told`: the master is told that something else was looked for.
    """

    query: Query
    recall: float
    wrong_at_first: bool
    requests: int
    shown: Sequence[str]
    told: bool = False


def read_queries(folder: Path) -> Iterator[Query]:
    """Yield every query of the folder's text files."""
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                text, *kinds = line.split(" | ")
                right = [tuple(words.strip().casefold() for words in kind.split(";")) for kind in kinds]
                yield Query(path.name, text.strip(), right)


def judged(query: Query, shown: Sequence[tuple[str, str]], there: int, requests: int, *, told: bool = False) -> Judged:
    """Return what an answer is worth: `shown` are names and articles in order, `there` right ones in the catalogue."""
    first = [query.fits(*one) for one in shown[:FIRST]]
    recall = sum(first) / min(FIRST, there)
    return Judged(query, recall, not (first and first[0]), requests, [name for name, _ in shown[:FIRST]], told)
