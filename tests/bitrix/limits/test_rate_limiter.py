"""The last guard of the pace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.limits import RateLimiter
from tests.support.clock import START

SECOND = timedelta(seconds=1)


def test_a_burst_and_then_the_pace() -> None:
    bucket = RateLimiter(rate=2, burst=3)
    assert [bucket.take(START) for _ in range(5)] == [True, True, True, False, False]
    assert not bucket.take(START + SECOND * 0.49)
    assert bucket.take(START + SECOND * 0.5)
    assert [bucket.take(START + SECOND * 1.5) for _ in range(3)] == [True, True, False]


def test_it_holds_no_more_than_the_burst() -> None:
    bucket = RateLimiter(rate=2, burst=3)
    bucket.take(START)
    later = START + timedelta(days=1)
    assert [bucket.take(later) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_goes_backwards_brings_nothing_and_takes_nothing() -> None:
    bucket = RateLimiter(rate=1, burst=1)
    assert bucket.take(START)
    assert not bucket.take(START - SECOND * 10)
    assert not bucket.take(START + SECOND * 0.5)
    assert bucket.take(START + SECOND)


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (2, 0)])
def test_a_bucket_without_a_bottom(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="bucket"):
        RateLimiter(rate, burst)


STEPS = st.lists(st.integers(0, 3000), min_size=1, max_size=200)


@given(steps=STEPS, rate=st.floats(0.1, 20), burst=st.integers(1, 50))
def test_never_more_than_the_burst_and_the_pace_allow(steps: list[int], rate: float, burst: int) -> None:
    bucket = RateLimiter(rate, burst)
    now, taken = START, 0
    for step in steps:
        now += timedelta(milliseconds=step)
        taken += bucket.take(now)
        assert taken <= burst + (now - START).total_seconds() * rate + 1e-6
