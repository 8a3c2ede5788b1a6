"""The token bucket that paces a queue (shared/pipeline/README.md, «Cloud Tasks»)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

# A token that is short of one by less than this is whole: datetimes have no finer grain than a microsecond.
_DUST = 1e-9
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Bucket:
    """How many tokens there were, and when."""

    tokens: float
    at: datetime


def default_burst(rate: float) -> int:
    """Return the burst the service promises at least: as many tokens as `rate` gives in a second, and never none."""
    return max(1, math.ceil(rate))


def refilled(bucket: Bucket, now: datetime, rate: float, size: float) -> Bucket:
    """Return the bucket as it is at `now` when it gained `rate` tokens a second and holds no more than `size`."""
    elapsed = max(0.0, (now - bucket.at).total_seconds())
    return Bucket(tokens=min(size, bucket.tokens + elapsed * rate), at=max(now, bucket.at))


def has_token(bucket: Bucket) -> bool:
    """Tell whether one dispatch may go."""
    return bucket.tokens >= 1 - _DUST


def taken(bucket: Bucket) -> Bucket:
    """Return the bucket after one dispatch."""
    return Bucket(tokens=max(0.0, bucket.tokens - 1), at=bucket.at)


def until_token(bucket: Bucket, rate: float) -> timedelta:
    """Return how long to wait for the next token; zero when there is one.

    Rounded up, so that waiting so long is always enough and never early.
    """
    if has_token(bucket):
        return timedelta(0)
    return timedelta(seconds=(1 - bucket.tokens) / rate) + _TICK
