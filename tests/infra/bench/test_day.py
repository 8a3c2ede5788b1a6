"""A moment of a busy hour is lived through: everybody is answered, and every request has a purpose."""

from __future__ import annotations

import pytest

from infra.bench import day
from infra.bench.day import WHOLE, Hour


def test_a_busy_moment() -> None:
    lived = day.live(Hour(30_000, 5, 9), 0.2)
    assert len(lived.waits) > 30
    assert lived.orders
    assert 0 < max(lived.waits) < 20
    assert sum(lived.requests.by_purpose.values()) == lived.requests.all > 20
    assert all(lived.requests.by_purpose[purpose] for purpose in ("names", "prices", "orders"))
    assert len(lived.row()) == len(day.COLUMNS)


def test_a_day_has_all_its_work() -> None:
    hours = [Hour(1_000, 2, hour) for hour in range(24)]
    assert sum(hour.searches * 3600 for hour in hours) == pytest.approx(1_000 * day.SEARCHES)
    assert sum(hour.orders * 3600 for hour in hours) == pytest.approx(1_000 * day.ORDERS)
    assert sum(day.SHARES.get(hour, day.NIGHT) for hour in range(24)) == WHOLE


def test_of_a_crowd_fewer_minutes_are_lived_through() -> None:
    assert Hour(1_000, 2, 9).minutes(10) == 10
    crowd = Hour(100_000, 2, 9)
    assert crowd.minutes(10) * 60 * crowd.searches == pytest.approx(day.MOST)
