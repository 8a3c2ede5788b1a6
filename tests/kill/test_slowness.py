"""By a slowness everything in a process lasts longer: its clocks, and what it waits for."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta

import pytest

from tests.kill.slowness import SlowClock, Slowness

WAITS = """
import asyncio, time
from tests.kill.slowness import Slowness
real = time.time
Slowness(4.0, real()).begin()
began, told = real(), time.monotonic()
asyncio.run(asyncio.sleep(0.05))
print(real() - began, time.monotonic() - told)
"""


def test_a_process_waits_and_measures_by_it():
    told = subprocess.run([sys.executable, "-c", WAITS], check=True, capture_output=True, text=True).stdout.split()
    lasted, measured = map(float, told)
    assert lasted >= 0.2
    assert measured == pytest.approx(lasted / 4, abs=lasted / 10)


def test_moments_of_all_processes_are_the_same():
    slowness = Slowness(3.0, time.time() - 30)
    began = timedelta(seconds=slowness.since)
    assert slowness.now().timestamp() - began.total_seconds() == pytest.approx(10, abs=1)
    assert abs(SlowClock(slowness).now() - slowness.now()) < timedelta(seconds=1)
