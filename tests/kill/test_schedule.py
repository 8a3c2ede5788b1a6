"""One seed is one storm: everything is struck, and nothing long begins while something long lasts."""

from __future__ import annotations

from itertools import islice, pairwise

from tests.kill.schedule import LONG_BLOWS, Target, blows

PROCESSES = ("telegram_update", "bitrix_call 1", "bitrix_call 2")


def test_the_same_seed_is_the_same_storm():
    first, again, other = ([*islice(blows(seed, PROCESSES), 300)] for seed in (1, 1, 2))
    assert first == again != other


def test_blows_come_by_time_and_strike_everything():
    storm = [*islice(blows(5, PROCESSES), 600)]
    assert all(earlier.at <= later.at for earlier, later in pairwise(storm))
    assert {blow.target for blow in storm} == set(Target)
    assert {blow.name for blow in storm if blow.target is Target.PROCESS} == set(PROCESSES)


def test_long_blows_take_turns_and_leave_time_to_recover():
    storm = [blow for blow in islice(blows(5, PROCESSES), 2000) if blow.target is not Target.PROCESS]
    assert sorted(blow.target for blow in storm[: len(LONG_BLOWS)]) == sorted(LONG_BLOWS)
    assert all(later.at - earlier.at - earlier.seconds >= 40 for earlier, later in pairwise(storm))


def test_kills_are_a_few_seconds_apart_whatever_else_is_down():
    kills = [blow.at for blow in islice(blows(5, PROCESSES), 600) if blow.target is Target.PROCESS]
    assert all(2 < later - earlier < 5 for earlier, later in pairwise(kills))
