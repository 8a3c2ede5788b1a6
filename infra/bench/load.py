"""How the system bears load: hundreds of masters for minutes, a storm of events, thousands of updates of one process.

What is counted does not depend on the machine: requests, errors, waits by a clock that skips, what a process holds.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from resource import getpagesize
from statistics import quantiles
from urllib.parse import urlencode

from infra.bench.day_people import FIRST, Crowd
from infra.bench.day_world import Town, living
from infra.bench.figures import Sheet
from infra.bench.inside import Inside, inside
from infra.local.sandbox import environment
from infra.local.skipping import run as run_skipping
from shared.domain import masters
from shared.domain.masters import Master
from shared.entry import bitrix_webhook
from shared.entry.http import Incoming
from shared.store.collections import INBOX_TELEGRAM, JOBS, SEARCHES
from shared.store.port import Delete
from shared.store.unit_of_work import UnitOfWork, decide

MASTERS, SECONDS, SEARCHES_EACH, ORDERS_SHARE = 500, 600, 2, 0.1
"""In ten minutes each master searches twice, and one in ten orders."""

ORDERS, EVENTS, PACE = 500, 5_000, 2
"""Of the storm: orders, events in all, and the requests a second that the portal bears."""

SWEEP = 10.0
"""Seconds after which what is asked is housekeeping's, which looks for what no event told of."""

UPDATES, SETTLED, PEOPLE, EVERY = 10_000, 1_000, 100, timedelta(minutes=6)
"""Of one process: updates, those after which it has all it ever will, people, and the time between two updates."""

SWEPT = (INBOX_TELEGRAM, JOBS, SEARCHES)
"""What grows with each update, and what Firestore deletes as it expires."""

FORM = {"content-type": "application/x-www-form-urlencoded"}
PAGE = 1_000
COLUMNS = ("case", "figure", "value", "goal")
NOTES = (
    "native dialect, 300 goods; waits are by the pace alone, on a clock that skips",
    "of one process: with both simulators and a store in memory, from which expired records are deleted",
)

Row = tuple[str, str, str, str]


async def run(rounds: int) -> Sheet:
    """Measure each part `rounds` times over with dice of its own."""
    rows: list[Row] = []
    for seed in range(rounds):
        rows += [
            *await asyncio.to_thread(run_skipping, crowd(seed)),
            *await asyncio.to_thread(run_skipping, storm(seed)),
            *await endurance(seed),
        ]
    return Sheet("load", COLUMNS, rows, rounds, NOTES)


@dataclass
class Errors(logging.Handler):
    """Counts what is logged as an error."""

    count: int = field(default=0)

    def __post_init__(self) -> None:
        super().__init__(logging.ERROR)

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - counted, whatever it says
        """Count it."""
        self.count += 1

    __hash__ = object.__hash__


@contextmanager
def _listening() -> Iterator[Errors]:
    errors, root = Errors(), logging.getLogger()
    root.addHandler(errors)
    try:
        yield errors
    finally:
        root.removeHandler(errors)


async def crowd(seed: int) -> list[Row]:
    """Have the masters search and order, each at moments of his own."""
    dice = random.Random(seed)
    with _listening() as errors:
        async with living(PACE, dice) as town:
            them = Crowd(town, dice)
            searches = [them.searches(dice.uniform(0, SECONDS)) for _ in range(MASTERS * SEARCHES_EACH)]
            orders = [them.orders(dice.uniform(0, SECONDS)) for _ in range(int(MASTERS * ORDERS_SHARE))]
            people = [asyncio.create_task(one) for one in (*searches, *orders)]
            await town.clock.sleep(SECONDS)
            requests = town.requests().all
            await asyncio.gather(*people)
            await town.rests()
    name = f"{MASTERS} masters for {SECONDS // 60} minutes"
    return [
        (name, "searches, p95", f"{_p95(them.found()):.1f} s", "≤ 5 s"),
        (name, "orders, p95", f"{_p95(them.ordered()):.1f} s", "≤ 15 s"),
        (name, "requests a second", f"{requests / SECONDS:.2f}", f"≤ {PACE}"),
        (name, "errors", str(errors.count), "0"),
    ]


async def storm(seed: int) -> list[Row]:
    """Have the orders made, then tell of each ten times at once."""
    dice = random.Random(seed)
    with _listening() as errors:
        async with living(PACE, dice) as town:
            them = Crowd(town, dice)
            await asyncio.gather(*(them.orders(4.0 * number) for number in range(ORDERS)))
            await town.rests()
            made = [order.id for order in town.portal.front.orders.all()]
            before = len(town.portal.rest.calls.since())
            events = [(made[number % len(made)], number // len(made)) for number in range(EVENTS)]
            await asyncio.gather(*(_tells(town, *event) for event in events))
            await town.rests()
            calls = town.portal.rest.calls.since()[before:]
    first = [call for call in calls if (call.time - calls[0].time).total_seconds() < SWEEP]
    name = f"{EVENTS:,} events of {len(made)} orders"
    return [
        (name, "requests", str(len(first)), "≤ 12"),
        (name, "commands", str(sum(max(1, len(call.commands)) for call in first)), f"≤ {ORDERS}"),
        (name, "requests for missed changes later", str(len(calls) - len(first)), "–"),
        (name, "errors", str(errors.count), "0"),
    ]


async def _tells(town: Town, order: str, moment: int) -> None:
    """Post that an order was saved, as the portal does."""
    parts = {
        "event": "ONSALEORDERSAVED",
        "data[FIELDS][ID]": order,
        "ts": str(int(town.clock.now().timestamp()) - moment),
        "auth[application_token]": environment.SECRETS["BITRIX_APPLICATION_TOKEN"],
        "auth[member_id]": environment.NATIVE.member_id,
    }
    await bitrix_webhook.receive(town.here, Incoming(FORM, urlencode(parts).encode()))


def _p95(waits: Sequence[float]) -> float:
    return quantiles(waits, n=20, method="inclusive")[18]


@dataclass(frozen=True)
class Held:
    """What a process holds: megabytes of memory, and open files."""

    memory: float
    files: int

    @classmethod
    def now(cls) -> Held:
        """Look, after what nobody holds is gone."""
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return cls(pages * getpagesize() / 2**20, len(list(Path("/proc/self/fd").iterdir())))


async def endurance(seed: int) -> list[Row]:
    """Have one process handle updates; compare what it holds in the end with what it held once it had begun."""
    dice = random.Random(seed)
    with _listening() as errors:
        async with inside() as here:
            for who in range(FIRST, FIRST + PEOPLE):
                await _comes_in(here, who)
            words = [" ".join(one.name.split()[:2]) for one in here.portal.shop.catalogue.all()]
            began = time.process_time()
            await _handle(here, SETTLED, words, dice)
            settled = Held.now()
            await _handle(here, UPDATES - SETTLED, words, dice)
            ended = Held.now()
            took = time.process_time() - began
    name = f"{UPDATES:,} updates of one process"
    return [
        (name, "memory", f"{settled.memory:.0f} → {ended.memory:.0f} MB", "+ 5 MB"),
        (name, "open files", f"{settled.files} → {ended.files}", "+ 0"),
        (name, "CPU of an update with its search", f"{1000 * took / UPDATES:.0f} ms", "–"),
        (name, "errors", str(errors.count), "0"),
    ]


async def _comes_in(here: Inside, who: int) -> None:
    async def make_decision(unit: UnitOfWork) -> None:
        await masters.load(unit, who)
        Master(who, "17", "Иван", unit.now).save(unit)

    await decide(here.store, here.clock.now, make_decision)


async def _handle(here: Inside, updates: int, words: Sequence[str], dice: random.Random) -> None:
    for number in range(updates):
        await here.says(FIRST + number % PEOPLE, dice.choice(words))
        await here.rests()
        here.clock.moved += EVERY
        here.portal.rest.calls.clear()
        if number % PEOPLE == 0:
            await _sweep(here)


async def _sweep(here: Inside) -> None:
    """Delete what has expired."""
    for collection in SWEPT:
        found = await here.store.page(collection.name, "", PAGE * 100)
        gone = [one for one in found if one.expires_at is not None and one.expires_at <= here.clock.now()]
        for one in gone:
            await here.store.commit([Delete(one.key, one.version)])
