"""When an update is sent again."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from infra.local.telegram.retry import Backoff, after_failure, retry_after_seconds


def dice_of(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - dice, not cryptography


def waits(count: int, seed: int = 1) -> list[int]:
    backoff, dice, seconds = Backoff(), dice_of(seed), []
    for _ in range(count):
        resend = after_failure(backoff, 0, dice)
        backoff = resend.backoff
        seconds.append(resend.wait)
    return seconds


def test_first_at_once_then_doubling():
    assert waits(7) == [0, 2, 4, 8, 16, 32, 64]


@given(st.integers())
def test_never_longer_than_two_minutes(seed: int):
    late = waits(20, seed)[8:]
    assert all(60 <= wait <= 120 for wait in late)


def test_retry_after_replaces_the_delay_and_does_not_grow_it():
    dice = dice_of(1)
    first = after_failure(Backoff(), 30, dice)
    assert first.wait == 30
    assert after_failure(first.backoff, 0, dice).wait == 2


def test_retry_after_is_at_most_an_hour():
    assert after_failure(Backoff(), 99_999, dice_of(1)).wait == 3600
    assert after_failure(Backoff(), -5, dice_of(1)).wait == 0


def test_only_whole_seconds_are_understood():
    assert retry_after_seconds("17") == 17
    assert retry_after_seconds("Mon, 23 Nov 2026 09:00:00 GMT") == 0
    assert retry_after_seconds("") == 0
    assert retry_after_seconds("-1") == 0
