"""The real clock."""

from __future__ import annotations

from datetime import UTC, datetime

from infra.local.portal import SystemClock


async def test_the_real_clock_is_aware_and_goes_on():
    clock = SystemClock()
    before, moment = clock.monotonic(), datetime.now(UTC)
    await clock.sleep(0)
    assert clock.monotonic() >= before
    assert clock.now() >= moment
    assert clock.now().tzinfo is UTC
