"""Of many who ask alike one keeps the hints, for as long as they are kept."""

from __future__ import annotations

from shared.assistant.search.hint_turns import KEPT, HintTurns
from shared.domain.searches import hints_key
from tests.support.clock import START

DRILLS, SAWS = hints_key("дрель"), hints_key("пила")


def test_the_first_one_keeps_them_however_often_it_decides() -> None:
    turns = HintTurns()
    assert [turns.is_of(job, DRILLS, START) for job in ("one", "two", "one")] == [True, False, True]
    assert turns.is_of("two", SAWS, START)


def test_a_turn_is_over_when_the_hints_are() -> None:
    turns = HintTurns()
    turns.is_of("one", DRILLS, START)
    assert not turns.is_of("two", DRILLS, START + KEPT / 2)
    assert turns.is_of("two", DRILLS, START + KEPT)
