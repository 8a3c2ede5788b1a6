"""The queue's pace on a clock whose seconds are floats."""

from __future__ import annotations

import time

from infra.local.cloud_tasks.paced import Pace


def test_what_is_missing_of_a_token_is_never_too_little_to_wait_for():
    pace = Pace(2.0, 2.0, 2.0)
    told_apart = time.get_clock_info("monotonic").resolution  # asyncio rounds its timers by it
    for missing in (0.5, 1e-3, 2e-6, 1e-6, 1e-9, 1.1e-9, 1e-12):
        pace.level, pace.at = 1 - missing, 28723.84
        wait = pace.wait(28723.84)
        assert wait == 0 or wait > told_apart, missing
