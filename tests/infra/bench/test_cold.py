"""What the cold starts ask for is what they say: a search that is waiting, answered by its first and only permit.

A portal's three seconds are real ones in a process of its own, and pass on a busy machine while all is well. So the
search is answered here, by clients that wait; and the process meets it an hour before it is due.
"""

from __future__ import annotations

import base64
import pickle
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from infra.bench import cold
from infra.bench.outside import MESSAGES, KeptTasks, Outside, outside
from shared.entry import bitrix_call
from shared.entry.http import Incoming
from shared.settings import read_settings
from shared.store.memory import MemoryStore
from tests.support.clock import Clock
from tests.support.sandbox import Patient


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.now(UTC) + timedelta(hours=1))


async def searching(world: Outside, clock: Clock) -> cold.Start:
    starts = await cold.starts(world, partial(Patient, now=clock))
    return next(start for start in starts if "a search answered" in start.name)


async def test_the_search_ends_in_a_message(clock: Clock) -> None:
    async with outside() as world:
        search = await searching(world, clock)
        store = MemoryStore(clock)
        await store.commit(pickle.loads(base64.b64decode(search.request.records)))  # noqa: S301 - made here
        here = Patient(read_settings(world.variables), clock, store=store, queue=KeptTasks())
        asked = len(world.said)
        await bitrix_call.receive(here, Incoming({}, b"{}"))
        await here.close()
    assert MESSAGES & set(world.said[asked:])


async def test_a_process_of_its_own_takes_over_what_waits_and_is_measured(clock: Clock) -> None:
    async with outside() as world:
        search = await searching(world, clock)
        taken = await cold.measure(search, world)
    assert taken["memory"] > 10
    assert taken["CPU"] > 0
