import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.clock import ManualClock, SystemClock, settle, wait_for_signal, within
from tests.support.clock import SkippingClock


async def test_alarms_ring_in_order_each_at_its_own_time():
    clock, rung = ManualClock(), []
    start = clock.now()

    async def alarm(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        rung.append((name, (clock.now() - start).total_seconds()))

    tasks = [asyncio.create_task(alarm(name, seconds)) for name, seconds in (("b", 2), ("a", 1), ("c", 9))]
    await clock.advance(5)
    assert rung == [("a", 1), ("b", 2)]
    assert clock.now() == start + timedelta(seconds=5)
    await clock.advance(4)
    assert rung[-1] == ("c", 9)
    await asyncio.gather(*tasks)


async def test_an_alarm_set_by_an_alarm_rings_in_the_same_move():
    clock = ManualClock()

    async def twice() -> datetime:
        await clock.sleep(1)
        await clock.sleep(1)
        return clock.now()

    task = asyncio.create_task(twice())
    await clock.advance(10)
    assert task.result() == clock.now() - timedelta(seconds=8)


async def test_no_time_is_no_wait():
    clock = ManualClock()
    await clock.sleep(0)
    await clock.sleep(-3)


async def test_a_cancelled_alarm_does_not_ring():
    clock = ManualClock()
    task = asyncio.create_task(clock.sleep(1))
    await settle()
    task.cancel()
    await clock.advance(2)
    assert task.cancelled()


async def test_work_in_time_gives_its_result():
    assert await within(ManualClock(), 5, asyncio.sleep(0, "done")) == "done"


async def test_work_out_of_time_is_cancelled():
    clock, cancelled = ManualClock(), asyncio.Event()

    async def slow() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    task = asyncio.create_task(within(clock, 5, slow()))
    await clock.advance(5)
    with pytest.raises(TimeoutError):
        await task
    assert cancelled.is_set()


async def test_the_works_own_error_comes_through():
    async def stumble() -> None:
        raise LookupError("own")

    with pytest.raises(LookupError, match="own"):
        await within(ManualClock(), 5, stumble())


async def test_a_signal_ends_the_wait_before_the_time():
    clock, signal = ManualClock(), asyncio.Event()
    waits = [asyncio.create_task(wait_for_signal(clock, signal, seconds)) for seconds in (None, 10)]
    await settle()
    signal.set()
    await asyncio.gather(*waits)


async def test_the_real_clock_is_utc_and_goes_on():
    clock = SystemClock()
    before = clock.now()
    await clock.sleep(0.001)
    assert before.tzinfo is UTC
    assert clock.now() > before


async def test_what_is_skipped_before_a_sleep_begins_counts():
    clock = SkippingClock()
    sleep = asyncio.create_task(clock.sleep(3600))
    clock.skip(3600)  # the task has not taken its first step yet
    async with asyncio.timeout(60):
        await sleep
