"""What the reading of pasted lists is worth, measured on the corpus."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from shared.domain.pasted_lists.reading import WantedLine, read

FOLDER = Path(__file__).parent

SIGNS = {
    "⇥": "\t",
    "{nbsp}": "\u00a0",
    "{nnbsp}": "\u202f",
    "{zwsp}": "\u200b",
    "{bom}": "\ufeff",
    "{rlm}": "\u200f",
}
"""How the files show signs that cannot be seen."""


@dataclass(frozen=True)
class Expected:
    """A line's right value. `count` None: it must be asked; `options`: among these counts, if any are named."""

    text: str
    count: Decimal | None
    measure: str = ""
    options: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Case:
    """A list; `lines` None: it is none but a search."""

    file: str
    title: str
    text: str
    lines: tuple[Expected, ...] | None


@dataclass
class Tally:
    """Lines read right, wrong, and guessed: another count than the right one, or none, and nobody is asked."""

    right: int = 0
    wrong: int = 0
    silent: int = 0

    def add(self, other: Tally) -> None:
        self.right += other.right
        self.wrong += other.wrong
        self.silent += other.silent

    @property
    def share(self) -> float:
        return self.right / (self.right + self.wrong)


def cases() -> Iterator[Case]:
    """Yield every list of the corpus."""
    for path in sorted(FOLDER.glob("*.txt")):
        for block in path.read_text(encoding="utf-8").split("### ")[1:]:
            title, _, rest = block.partition("\n")
            text, _, right = rest.partition("\n---\n")
            for shown, sign in SIGNS.items():
                text = text.replace(shown, sign)
            yield Case(path.name, title, text, _expected(right.split("\n")))


def _expected(rows: list[str]) -> tuple[Expected, ...] | None:
    said = [row for row in rows if row.strip()]
    return None if said == ["search"] else tuple(map(_line, said))


def _line(row: str) -> Expected:
    text, _, wanted = row.rpartition(" | ")
    count, *more = wanted.split()
    if count == "?":
        return Expected(text, None, options=tuple(map(Decimal, more)))
    return Expected(text, Decimal(count), more[0] if more else "")


def judged(case: Case) -> Tally:
    """Return what the reading of a list is worth."""
    pasted = read(case.text)
    if pasted is None or case.lines is None:
        return Tally(right=1) if pasted is None and case.lines is None else Tally(wrong=len(case.lines or (1,)))
    tally = Tally()
    left = list(pasted.lines)
    for wanted in case.lines:
        known = next((line for line in left if line.text.casefold() == wanted.text.casefold()), None)
        if known is not None:
            left.remove(known)
        tally.add(_judged(wanted, known))
    return Tally(tally.right, tally.wrong + len(left), tally.silent)


def _judged(wanted: Expected, known: WantedLine | None) -> Tally:
    if known is None:
        return Tally(wrong=1, silent=1)
    if wanted.count is None:
        asked = bool(known.options) and set(wanted.options) <= set(known.options)
        return Tally(right=1) if asked else Tally(wrong=1, silent=0 if known.options else 1)
    if known.options:
        return Tally(wrong=1)
    right = (known.quantity, known.measure) == (min(wanted.count, Decimal(999)), wanted.measure)
    return Tally(right=1) if right else Tally(wrong=1, silent=1)


CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}: {case.title}")
def test_a_list_is_read_right(case: Case) -> None:
    assert judged(case).wrong == 0


def test_the_goals_are_held() -> None:
    tally = Tally()
    for case in CASES:
        tally.add(judged(case))
    lines = f"{tally.right} right, {tally.wrong} wrong, {tally.silent} silent guesses"
    sys.stdout.write(f"\n{len(CASES)} lists; lines: {lines}\n")
    assert tally.silent == 0
    assert tally.share >= 0.97
