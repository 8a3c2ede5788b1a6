from datetime import UTC, datetime, timedelta

import pytest

from infra.local.cloud_tasks.backoff import UNLIMITED, RetryRules, exhausted, interval, whole_seconds

START = datetime(2026, 3, 2, tzinfo=UTC)


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


@pytest.mark.parametrize(
    ("low", "high", "doublings", "expected"),
    [
        # The example of the documentation.
        (10, 300, 3, [10, 20, 40, 80, 160, 240, 300, 300]),
        (10, 300, 0, [10, 20, 30, 40, 50]),
        (1, 3600, 16, [1, 2, 4, 8, 16, 32, 64]),
        (5, 5, 16, [5, 5, 5]),
        (0, 60, 5, [0, 0, 0]),
    ],
)
def test_the_timetable_of_retries(low: int, high: int, doublings: int, expected: list[int]):
    rules = RetryRules(min_backoff=seconds(low), max_backoff=seconds(high), max_doublings=doublings)
    assert [interval(rules, failure).total_seconds() for failure in range(1, len(expected) + 1)] == expected


def test_a_thousand_doublings_stay_at_the_longest_pause():
    rules = RetryRules(max_doublings=1000)
    assert interval(rules, 900) == rules.max_backoff


@pytest.mark.parametrize(("given", "kept"), [(0.5, 0), (1, 1), (1.999, 1), (90.2, 90)])
def test_durations_are_cut_to_whole_seconds(given: float, kept: int):
    assert whole_seconds(seconds(given)) == seconds(kept)


@pytest.mark.parametrize(
    ("most", "longest", "attempts", "after", "over"),
    [
        (3, 0, 2, 999, False),
        (3, 0, 3, 0, True),
        (UNLIMITED, 0, 10_000, 10_000, False),
        (UNLIMITED, 60, 10_000, 59, False),
        (UNLIMITED, 60, 2, 60, True),
        # Both limits: both must be met.
        (3, 60, 3, 59, False),
        (3, 60, 2, 60, False),
        (3, 60, 3, 60, True),
    ],
)
def test_a_task_is_given_up_when_every_limit_that_is_set_is_met(
    most: int, longest: int, attempts: int, after: int, over: bool
):
    rules = RetryRules(max_attempts=most, max_retry_duration=seconds(longest))
    assert exhausted(rules, attempts, START, START + seconds(after)) is over
