"""What the reading of pasted lists is worth, measured on the corpus."""

from __future__ import annotations

import sys

import pytest

from tests.corpus.lists.corpus import Case, Tally, cases, judged

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
