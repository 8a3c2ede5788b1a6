"""A hundred masters who all search at once for one of sixteen words: what they ask alike is asked once."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import timedelta

import pytest

from infra.local.portal.calls import CallRecord
from infra.local.sandbox import environment
from shared.domain import masters
from shared.domain.masters import Master
from shared.store.unit_of_work import UnitOfWork
from tests.support.clock import run
from tests.support.system import System, running_system
from tests.support.updates import message, person

MASTERS, WORDS = 100, 16
FIRST = 700_001
SECRET = {"X-Telegram-Bot-Api-Secret-Token": environment.SECRETS["TELEGRAM_WEBHOOK_SECRET"]}


async def _enrol(system: System, who: int) -> None:
    unit = UnitOfWork(system.here.store, system.clock.now)
    await masters.load(unit, who)
    Master(who, "17", "Иван", system.clock.now()).save(unit)
    await unit.commit()


async def _searches(system: System, who: int, words: str) -> None:
    update = {"update_id": who, "message": message(1, person(who), text=words)}
    await system.calls("telegram_update", json.dumps(update).encode(), SECRET)


async def _rush(dialect: str) -> list[CallRecord]:
    """Return the portal's requests of the rush."""
    async with running_system(dialect, random.Random(1)) as system:  # noqa: S311 - dice of a test
        names = [" ".join(one.name.split()[:3]) for one in system.portal.shop.catalogue.all()]
        words = list(dict.fromkeys(names))[:WORDS]
        people = range(FIRST, FIRST + MASTERS)
        for who in people:
            await _enrol(system, who)
        await asyncio.gather(*(_searches(system, who, words[who % WORDS]) for who in people))
        await system.rests()
        return system.portal.rest.calls.since()


@pytest.mark.parametrize(("dialect", "seconds"), [("contract", 2.0), ("native", 2.5)])
def test_what_is_asked_alike_is_asked_once(dialect: str, seconds: float) -> None:
    """Two requests for the names of sixteen words, two for their prices."""
    requests = run(_rush(dialect))
    assert len(requests) <= 4
    assert requests[-1].time - requests[0].time < timedelta(seconds=seconds)
