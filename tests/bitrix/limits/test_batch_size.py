"""How the size of a batch follows the portal's speed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bitrix.limits import BatchSize
from shared.bitrix.limits.batch_size import GROWTH, STEP, Size
from tests.support.logs import Heard

TARGET = 2.1


@pytest.mark.parametrize(
    ("size", "commands", "seconds", "after"),
    [
        (20, 20, 0.5, 24),  # full, and room for more
        (20, 20, 1.74, 24),  # 24 would take 2.088 s
        (20, 20, 1.76, 20),  # 24 would take 2.112 s
        (20, 20, 2.1, 20),
        (20, 18, 0.5, 24),  # six operations of three commands: as full as it gets
        (20, 10, 0.5, 24),
        (20, 9, 0.1, 20),  # not half full: proves nothing
        (20, 1, 0.2, 20),
        (20, 20, 2.2, 19),
        (20, 20, 3.0, 14),
        (20, 20, 9.0, 10),  # half at most
        (20, 1, 2.5, 10),  # one slow command
        (20, 40, 3.0, 20),  # a batch from before the size fell
        (49, 49, 0.1, 50),
        (50, 50, 0.1, 50),
        (1, 1, 0.3, 5),
        (1, 1, 0.5, 1),
        (1, 1, 9.0, 1),
    ],
)
def test_after_a_batch(size: int, commands: int, seconds: float, after: int) -> None:
    assert Size(size, TARGET).after(commands, seconds).size == after


@pytest.mark.parametrize(
    ("commands", "seconds", "after"),
    [
        (20, 0.5, 50),
        (20, 0.8, 39),  # by what each took these take three quarters of the time
        (10, 0.1, 50),
        (20, 1.4, 24),
        (9, 0.1, 20),
        (20, 2.2, 19),
    ],
)
def test_before_any_batch_was_slow(commands: int, seconds: float, after: int) -> None:
    assert Size(20, TARGET, rising=True).after(commands, seconds).size == after


def test_a_slow_batch_ends_the_leaps() -> None:
    for slow in (Size(20, TARGET, rising=True).after(20, 2.2), Size(20, TARGET, rising=True).after_timeout()):
        assert slow.after(slow.size, 0.1).size == slow.size + STEP


@pytest.mark.parametrize(("size", "after"), [(50, 25), (25, 12), (3, 1), (2, 1), (1, 1)])
def test_after_a_timeout(size: int, after: int) -> None:
    assert Size(size, TARGET).after_timeout().size == after


BATCHES = st.lists(st.tuples(st.integers(1, 50), st.floats(0, 100), st.booleans()), max_size=100)


@given(batches=BATCHES, first=st.integers(-5, 100))
def test_the_size_stays_within_bounds_and_moves_in_steps_and_halves(
    batches: list[tuple[int, float, bool]], first: int
) -> None:
    size = BatchSize(first=first)
    for commands, seconds, timed_out in batches:
        before = size.size
        size.learn(commands, seconds, timed_out=timed_out)
        assert 1 <= size.size <= 50
        assert max(1, before // 3) <= size.size <= max(before + STEP, GROWTH * before)


@given(per_command=st.floats(0.005, 1.5), overhead=st.floats(0, 0.3))
def test_it_settles_where_batches_come_in_time(per_command: float, overhead: float) -> None:
    size = BatchSize(read_timeout=3.0)
    for _ in range(60):
        seconds = overhead + per_command * size.size
        size.learn(size.size, seconds, timed_out=seconds > 3.0)
    assert size.size == 1 or overhead + per_command * size.size <= 2.1 * (1 + 1 / size.size) + 1e-9
    assert size.size == 50 or (size.size + STEP) * (per_command + overhead / size.size) > 2.1


def test_each_change_is_counted(events: Heard) -> None:
    size = BatchSize(first=20)
    size.learn(20, 0.1, timed_out=False)
    size.learn(1, 0.1, timed_out=False)
    size.learn(24, 3.0, timed_out=True)
    assert [(entry["before"], entry["size"], entry["timed_out"]) for entry in events.fields("batch_size")] == [
        (20, 50, False),
        (50, 16, True),
    ]
