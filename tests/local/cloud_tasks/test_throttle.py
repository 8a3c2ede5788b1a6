from datetime import UTC, datetime, timedelta

import pytest

from infra.local.cloud_tasks.throttle import (
    DEEPEST,
    LONG_AGO,
    LONGEST_RETRY_AFTER,
    RECOVERY,
    WINDOW,
    Throttle,
    after_answer,
    factor,
    next_change,
    read_retry_after,
)

START = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.mark.parametrize("status", [429, 503])
def test_an_overloaded_worker_halves_the_rate_each_time(status: int):
    throttle = Throttle()
    for halvings in range(1, 4):
        throttle = after_answer(throttle, status, START, None)
        assert factor(throttle, START) == 0.5**halvings


def test_there_is_a_slowest_pace():
    throttle = Throttle()
    for _ in range(20):
        throttle = after_answer(throttle, 503, START, None)
    assert factor(throttle, START) == 0.5**DEEPEST


def test_the_rate_comes_back_step_by_step():
    throttle = after_answer(after_answer(Throttle(), 429, START, None), 429, START, None)
    assert factor(throttle, START + RECOVERY - timedelta(microseconds=1)) == 0.25
    assert next_change(throttle, START) == START + RECOVERY
    assert factor(throttle, START + RECOVERY) == 0.5
    assert next_change(throttle, START + RECOVERY) == START + 2 * RECOVERY
    assert factor(throttle, START + 2 * RECOVERY) == 1
    assert next_change(throttle, START + 2 * RECOVERY) is None


def test_a_new_overload_starts_the_recovery_anew():
    throttle = after_answer(after_answer(Throttle(), 503, START, None), 503, START, None)
    later = START + RECOVERY
    throttle = after_answer(throttle, 503, later, None)
    assert factor(throttle, later) == 0.25
    assert next_change(throttle, later) == later + RECOVERY


@pytest.mark.parametrize("status", [200, 204, 299, 400, 404, 500, 302, None])
def test_a_single_other_answer_changes_nothing(status: int | None):
    assert factor(after_answer(Throttle(), status, START, None), START) == 1


def test_a_high_error_rate_slows_once_per_window():
    throttle = Throttle()
    for _ in range(WINDOW - 1):
        throttle = after_answer(throttle, 500, START, None)
    assert factor(throttle, START) == 1
    throttle = after_answer(throttle, 500, START, None)
    assert factor(throttle, START) == 0.5
    throttle = after_answer(throttle, 500, START, None)
    assert factor(throttle, START) == 0.5


def test_half_of_the_answers_failing_is_not_yet_high():
    throttle = Throttle()
    for index in range(4 * WINDOW):
        throttle = after_answer(throttle, 500 if index % 2 else 200, START, None)
    assert factor(throttle, START) == 1


def test_retry_after_blocks_and_never_shortens():
    throttle = after_answer(Throttle(), 503, START, timedelta(seconds=30))
    assert throttle.blocked_until == START + timedelta(seconds=30)
    throttle = after_answer(throttle, 429, START, timedelta(seconds=5))
    assert throttle.blocked_until == START + timedelta(seconds=30)


def test_retry_after_counts_only_with_an_overload():
    assert after_answer(Throttle(), 500, START, timedelta(seconds=30)).blocked_until == LONG_AGO


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("0", timedelta(0)),
        (" 7 ", timedelta(seconds=7)),
        ("99999999999999999999", LONGEST_RETRY_AFTER),
        ("Mon, 02 Mar 2026 00:00:20 GMT", timedelta(seconds=20)),
        ("Mon, 02 Mar 2026 00:00:20 -0000", timedelta(seconds=20)),
        ("Sun, 01 Mar 2026 00:00:00 GMT", timedelta(0)),
        ("Mon, 02 Mar 2099 00:00:00 GMT", LONGEST_RETRY_AFTER),
    ],
)
def test_the_header_is_read(header: str | None, wait: timedelta | None):
    assert read_retry_after(header, START) == wait
