"""When a failed attempt is tried again, and when no more (shared/pipeline/README.md, «Cloud Tasks», `retry_config`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

UNLIMITED = -1

# 2^40 times any pause is beyond every `max_backoff`; the cap keeps the arithmetic within floats.
_MOST_DOUBLINGS = 40


@dataclass(frozen=True)
class RetryRules:
    """A `RetryConfig`. The defaults are those of a queue made without one."""

    max_attempts: int = 100
    max_retry_duration: timedelta = timedelta(0)
    min_backoff: timedelta = timedelta(milliseconds=100)
    max_backoff: timedelta = timedelta(hours=1)
    max_doublings: int = 16


def whole_seconds(value: timedelta) -> timedelta:
    """Truncate as the service does with every duration of a `RetryConfig`: 0.5 s becomes 0 s."""
    return timedelta(seconds=value // timedelta(seconds=1))


def interval(rules: RetryRules, failures: int) -> timedelta:
    """Return the pause after the `failures`-th failed attempt, counted from 1.

    It starts at `min_backoff`, doubles `max_doublings` times, then grows by that last step each time, and stays at
    `max_backoff`: 10, 20, 40, 80, 160, 240, 300, 300… for 10 s, 300 s and 3 doublings.
    """
    doublings = min(failures - 1, rules.max_doublings, _MOST_DOUBLINGS)
    steps = 1 + max(0, failures - 1 - rules.max_doublings)
    seconds = rules.min_backoff.total_seconds() * 2.0**doublings * steps
    return timedelta(seconds=min(seconds, rules.max_backoff.total_seconds()))


def exhausted(rules: RetryRules, attempts: int, first_attempt: datetime, now: datetime) -> bool:
    """Tell whether a task that failed `attempts` times is given up.

    With a limit on attempts and one on time, both must be reached; a limit that is not set does not count.
    """
    tried_enough = rules.max_attempts != UNLIMITED and attempts >= rules.max_attempts
    if not rules.max_retry_duration:
        return tried_enough
    old_enough = now - first_attempt >= rules.max_retry_duration
    return old_enough and (tried_enough or rules.max_attempts == UNLIMITED)
