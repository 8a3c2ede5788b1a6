"""System throttling: a worker in trouble slows its whole queue (shared/pipeline/README.md, «Cloud Tasks»).

The service does not publish its algorithm, so this one is ours: simple, deterministic and of the same effect.

- An answer of 429 or 503 halves the queue's rate, down to 1/64, and shrinks the burst in proportion.
- So does a high error rate: more than half of the last 10 answers failed. Each stretch of 10 counts once.
- `Retry-After` (seconds or an HTTP date, at most an hour) on a 429 or 503 stops the queue until then.
- Every 10 seconds without a new reason the rate doubles again, up to the queue's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONG_AGO = datetime.min.replace(tzinfo=UTC)
SUCCESS = range(200, 300)
OVERLOAD = frozenset({429, 503})
DEEPEST = 6
RECOVERY = timedelta(seconds=10)
WINDOW = 10
LONGEST_RETRY_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Throttle:
    """What a queue remembers of its workers' troubles.

    `depth` is how often the rate was halved, as of `since`; `recent` holds the last answers, True for a failure.
    """

    depth: int = 0
    since: datetime = LONG_AGO
    blocked_until: datetime = LONG_AGO
    recent: tuple[bool, ...] = ()


def depth_at(throttle: Throttle, now: datetime) -> int:
    """Return how many halvings are in force at `now`."""
    if not throttle.depth:
        return 0
    return max(0, throttle.depth - max(0, (now - throttle.since) // RECOVERY))


def factor(throttle: Throttle, now: datetime) -> float:
    """Return what the queue's rate is multiplied by at `now`: 1 when all is well."""
    return 0.5 ** depth_at(throttle, now)


def next_change(throttle: Throttle, now: datetime) -> datetime | None:
    """Return when the rate doubles next; None when it is the queue's own."""
    if not depth_at(throttle, now):
        return None
    return throttle.since + RECOVERY * ((now - throttle.since) // RECOVERY + 1)


def after_answer(throttle: Throttle, status: int | None, now: datetime, retry_after: timedelta | None) -> Throttle:
    """Return the throttle after one answer; `status` is None when no answer came."""
    failed = status not in SUCCESS
    recent = (*throttle.recent, failed)[-WINDOW:]
    if status in OVERLOAD:
        slower = _slower(replace(throttle, recent=recent), now)
        return _blocked(slower, now, retry_after) if retry_after else slower
    if failed and len(recent) == WINDOW and sum(recent) * 2 > WINDOW:
        return _slower(replace(throttle, recent=()), now)
    return replace(throttle, recent=recent)


def read_retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Read a `Retry-After` header; None when there is none that makes sense. Never negative, at most an hour."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=min(int(text[:9]), LONGEST_RETRY_AFTER.total_seconds()))
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = moment.replace(tzinfo=moment.tzinfo or UTC) - now
    return min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def _slower(throttle: Throttle, now: datetime) -> Throttle:
    """Halve the rate once more and start the recovery anew."""
    return replace(throttle, depth=min(DEEPEST, depth_at(throttle, now) + 1), since=now)


def _blocked(throttle: Throttle, now: datetime, wait: timedelta) -> Throttle:
    """Stop the queue for `wait`, unless it is stopped for longer already."""
    return replace(throttle, blocked_until=max(throttle.blocked_until, now + wait))
