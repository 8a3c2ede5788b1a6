"""The bucket's law: in no stretch of t seconds more than size + rate·t dispatches."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.cloud_tasks.bucket import Bucket, default_burst, has_token, refilled, taken, until_token

START = datetime(2026, 3, 2, tzinfo=UTC)


def test_a_full_bucket_gives_its_size_at_once_and_then_nothing():
    bucket = Bucket(tokens=3, at=START)
    for _ in range(3):
        assert has_token(bucket)
        bucket = taken(bucket)
    assert not has_token(bucket)


def test_the_wait_at_half_a_token_a_second_is_two_seconds():
    empty = Bucket(tokens=0, at=START)
    assert until_token(empty, 0.5) == timedelta(seconds=2, microseconds=1)
    assert until_token(Bucket(tokens=1, at=START), 0.5) == timedelta(0)


@given(
    rate=st.floats(min_value=0.01, max_value=500),
    tokens=st.floats(min_value=0, max_value=0.999),
)
def test_waiting_as_long_as_told_is_enough(rate: float, tokens: float):
    bucket = Bucket(tokens=tokens, at=START)
    later = START + until_token(bucket, rate)
    assert has_token(refilled(bucket, later, rate, size=5))


def test_it_never_holds_more_than_its_size():
    bucket = refilled(Bucket(tokens=1, at=START), START + timedelta(days=1), rate=2, size=4)
    assert bucket.tokens == 4


def test_a_clock_that_jumps_back_takes_no_tokens_away():
    bucket = Bucket(tokens=2, at=START)
    assert refilled(bucket, START - timedelta(hours=1), rate=2, size=4) == bucket


@pytest.mark.parametrize(("rate", "burst"), [(0.1, 1), (0.5, 1), (1, 1), (2, 2), (2.5, 3), (500, 500)])
def test_the_default_burst_is_the_rate_rounded_up(rate: float, burst: int):
    assert default_burst(rate) == burst
